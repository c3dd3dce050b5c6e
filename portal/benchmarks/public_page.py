"""The public page beside a bare view of the same rows: same server, same middleware, same run, rounds interleaved."""

import statistics

from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from portal.benchmarks import load
from portal.benchmarks.figures import percentile, shown
from portal.benchmarks.processes import SERVERS, web

ENTERPRISES, ASKED = 20_000, 500
ROUNDS, SECONDS = 7, 2
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


def measure():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO guidance_division (code, name) VALUES ('bench', '江城区') ON CONFLICT DO NOTHING")
        cursor.execute(_FILL, {"count": ENTERPRISES})
        cursor.execute("ANALYZE")
        cursor.execute("SELECT public_token FROM licensing_enterprise WHERE verified_at IS NOT NULL LIMIT %s", [ASKED])
        tokens = [token for (token,) in cursor.fetchall()]
    call_command("collectstatic", verbosity=0, interactive=False)
    paths = {
        "bare view": [reverse("bare", args=[token], urlconf="portal.benchmarks.urls") for token in tokens],
        "public page": [reverse("certificates:public", args=[token]) for token in tokens],
    }
    for server in SERVERS:
        with web(server) as port:
            yield from _compare(server, port, paths)


def _compare(server, port, paths):
    outcomes = {name: [] for name in paths}
    for _ in range(ROUNDS + 1):
        for name, asked in paths.items():
            outcomes[name].append(load.run(port, asked, SECONDS))
    rates = {}
    for name, rounds in outcomes.items():
        rounds = rounds[1:]  # The first round warms the processes up.
        if errors := sum(one.errors for one in rounds):
            raise RuntimeError(f"{errors} answers of {server} were not 200")
        rates[name] = statistics.median(one.rate for one in rounds)
        p99 = percentile([second for one in rounds for second in one.seconds], 0.99)
        yield f"{server}: {name}", f"median {rates[name]:,.0f} requests/s   p99 {shown(p99)}"
    yield f"{server}: public page / bare view", f"{rates['public page'] / rates['bare view']:.2f}   (goal 0.6)"
