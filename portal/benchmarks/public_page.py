"""The public page beside a bare view of the same rows: same server, same run, rounds interleaved.

The bare view runs twice: through all middleware, as any view of the portal would, and by the page's own short way.

To measure it at another size: fill the tables otherwise and hand compare() some tokens of theirs.
"""

import statistics
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from portal.benchmarks import load
from portal.benchmarks.figures import percentile, shown
from portal.benchmarks.processes import SERVERS, web

ENTERPRISES, ASKED = 20_000, 500
# Codes that are asked for again and again, so that the page is always kept.
HOT = 20
# Short and many: on a machine with other work a round and its neighbour meet the same of it.
ROUNDS, SECONDS = 15, 1
GOALS, GOAL_P99 = {"not cached": 0.8, "hot": 1.2}, 1.5
# Seven licences each: one of the enterprise, six of its shop, the last of them expired.
_FILL = """
    INSERT INTO licensing_enterprise (public_id, public_token, uscc, name, entity_type, legal_representative, address,
        scope, register, added_at, verified_at, rejection_reason)
    SELECT gen_random_uuid(), md5(n::text), lpad(n::text, 18, '0'), '阳江市好味道餐饮有限公司' || n, 'company', '',
        '阳江市江城区漠江路' || n,
        '餐饮服务；食品销售；住宿服务', '{}', now(), now(), '' FROM generate_series(1, %(count)s) n;
    INSERT INTO licensing_premises (public_id, enterprise_id, name, division_id, address)
    SELECT gen_random_uuid(), id, '总店', (SELECT min(id) FROM guidance_division), address FROM licensing_enterprise
    WHERE verified_at IS NOT NULL;
    INSERT INTO certificates_licence (public_id, holder_id, premises_id, item_code, name, number, authority, issued_on,
        valid_until, scope, face, status, version, created_at)
    SELECT gen_random_uuid(), enterprise_id, CASE WHEN n > 1 THEN id END, 'item-' || n, '食品经营许可证',
        'JY' || enterprise_id || '-' || n, '江城区市场监督管理局', '2024-05-06',
        CASE n WHEN 1 THEN NULL WHEN 7 THEN date '2025-05-05' ELSE date '2099-05-05' END,
        '热食类食品制售；冷食类食品制售', '{}', 'valid', 1, now()
    FROM licensing_premises, generate_series(1, 7) n;
"""


@dataclass
class Comparison:
    """Of one server: requests a second (medians of the rounds) and p99 in seconds, of the bare views and the page."""

    server: str
    what: str
    bare_rate: float
    rate: float
    bare_p99: float
    p99: float
    short_rate: float

    @property
    def rate_ratio(self):
        return self.rate / self.bare_rate

    @property
    def p99_ratio(self):
        return self.p99 / self.bare_p99


def measure():
    fill()
    call_command("collectstatic", verbosity=0, interactive=False)
    yield from shown_rows(compare(tokens()))


def fill(count=ENTERPRISES):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO guidance_division (code, name) VALUES ('bench', '江城区') ON CONFLICT DO NOTHING")
        cursor.execute(_FILL, {"count": count})
        cursor.execute("ANALYZE")


def tokens(count=ASKED):
    """Codes of confirmed enterprises, spread over the table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM licensing_enterprise WHERE verified_at IS NOT NULL")
        first, last = cursor.fetchone()
        cursor.execute(
            "SELECT public_token FROM licensing_enterprise WHERE id = ANY(%s) AND verified_at IS NOT NULL",
            [[first + number * (last - first) // count for number in range(count)]],
        )
        return [token for (token,) in cursor.fetchall()]


def compare(tokens, servers=tuple(SERVERS)):
    """Comparisons: each server without its cache over all codes, and with it over the first HOT of them."""
    for server in servers:
        for what, asked, cache in (("not cached", tokens, "0"), ("hot", tokens[:HOT], "1")):
            with web(server, PUBLIC_CACHE=cache) as port:
                yield _compared(server, what, port, asked)


def shown_rows(comparisons):
    for one in comparisons:
        yield f"{one.server}: bare view", f"median {one.bare_rate:,.0f} requests/s   p99 {shown(one.bare_p99)}"
        yield f"{one.server}: public page, {one.what}", f"median {one.rate:,.0f} requests/s   p99 {shown(one.p99)}"
        goal = GOALS[one.what]
        yield f"{one.server}: requests/s, {one.what} / bare view", f"{one.rate_ratio:.2f}   (goal {goal} or more)"
        short = f"{one.rate / one.short_rate:.2f}   (bare view {one.short_rate:,.0f} requests/s)"
        yield f"{one.server}: requests/s, {one.what} / bare view by the same short way", short
        yield f"{one.server}: p99, {one.what} / bare view", f"{one.p99_ratio:.2f}   (goal {GOAL_P99} or less)"


def _compared(server, what, port, asked):
    paths = {
        "bare": [reverse("bare", args=[token], urlconf="portal.benchmarks.urls") for token in asked],
        "bare-short": [reverse("bare-short", args=[token], urlconf="portal.benchmarks.urls") for token in asked],
        "page": [reverse("certificates:public", args=[token]) for token in asked],
    }
    outcomes = {name: [] for name in paths}
    for _ in range(ROUNDS + 1):
        for name, addresses in paths.items():
            outcomes[name].append(load.run(port, addresses, SECONDS))
    figures = {}
    for name, rounds in outcomes.items():
        rounds = rounds[1:]  # The first round warms the processes up.
        if errors := sum(one.errors for one in rounds):
            raise RuntimeError(f"{errors} answers of {server} were not 200")
        seconds = [second for one in rounds for second in one.seconds]
        figures[name] = statistics.median(one.rate for one in rounds), percentile(seconds, 0.99)
    (bare_rate, bare_p99), (rate, p99) = figures["bare"], figures["page"]
    return Comparison(server, what, bare_rate, rate, bare_p99, p99, figures["bare-short"][0])
