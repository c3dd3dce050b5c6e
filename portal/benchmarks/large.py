"""The public page where the register holds a whole province: 12 million enterprises with 17 million licences.

The same page is measured at 12 thousand first, in the same run, so that the quotient of the two is what size costs.
"""

import threading
import time
from itertools import pairwise

import psycopg2
from django.core.management import call_command
from django.db import connection

from portal.benchmarks import public_page
from portal.benchmarks.figures import shown

ENTERPRISES, SMALL = 12_000_000, 12_000
# Tokens asked for: many, so that at 12 million most pages are not the ones that were just read.
ASKED = 20_000
# As docker-compose.yml runs it; both sizes with both servers would take twice as long.
SERVER = "granian"
GOAL = 1.15
# Measured: rows with their indexes, and the WAL and the sorting beside them.
BYTES_EACH, BYTES_BESIDE, SECONDS_EACH = 1900, 6 << 30, 45e-6
# What a server of a city would be given, and nothing that slows a filling down and is not read.
POSTGRES = ("shared_buffers=3GB", "maintenance_work_mem=768MB", "max_wal_size=4GB", "wal_level=minimal")
POSTGRES += ("max_wal_senders=0", "autovacuum=off", "checkpoint_timeout=30min", "effective_cache_size=12GB")
SLICE = 1_000_000

# For five of twelve enterprises a licence more, or three, for their shop. Codes are as random as real ones: 192 bits.
_TABLES = {
    "licensing_enterprise": """
        INSERT INTO licensing_enterprise (id, public_id, public_token, uscc, name, entity_type, legal_representative,
            address, scope, register, added_at, verified_at, rejection_reason)
        SELECT n, gen_random_uuid(), translate(left(encode(sha256(int8send(n)), 'base64'), 32), '+/', '-_'),
            '91441702' || lpad(n::text, 9, '0') || 'X', '阳江市好味道餐饮有限公司' || n, 'company', '李四',
            '阳江市江城区漠江路' || n || '号', '餐饮服务；食品销售；住宿服务', '{}', now(), now(), ''
        FROM generate_series(%(first)s, %(last)s) n""",
    "licensing_premises": """
        INSERT INTO licensing_premises (id, public_id, enterprise_id, name, division_id, address)
        SELECT n, gen_random_uuid(), n, '总店', %(division)s, '阳江市江城区漠江路' || n || '号'
        FROM generate_series(%(first)s, %(last)s) n""",
    "certificates_licence": """
        INSERT INTO certificates_licence (id, public_id, holder_id, premises_id, item_code, name, number, identifier,
            authority, issued_on, valid_until, scope, face, status, version, created_at)
        SELECT n * 4 + k, gen_random_uuid(), n, CASE WHEN k > 0 THEN n END,
            CASE k WHEN 0 THEN 'business-registration' ELSE 'food-operation' END,
            CASE k WHEN 0 THEN '营业执照' ELSE '食品经营许可证' END, 'JY1441702' || n || '-' || k,
            '1.2.156.3005.2.11100000MB0307858C055.11441702007333013N.'
                || upper(left(md5(n || '-' || k), 20)) || '.001.X',
            '江城区市场监督管理局', '2024-05-06',
            CASE k WHEN 0 THEN NULL WHEN 3 THEN date '2025-05-05' ELSE date '2099-05-05' END,
            '热食类食品制售；冷食类食品制售', '{}', 'valid', 1, now()
        FROM generate_series(%(first)s, %(last)s) n,
            generate_series(0, CASE n %% 12 WHEN 0 THEN 3 WHEN 4 THEN 1 WHEN 8 THEN 1 ELSE 0 END) k""",
}
# Two at a time; each line is one connection's work.
_SHARES = ["licensing_enterprise", "licensing_premises"], ["certificates_licence"]
# All indexes but the primary key and what foreign keys stand on, a constraint's by the constraint: (name, statement
# that drops it, that makes it).
_INDEXES = """
    SELECT relation.relname,
        CASE WHEN con.oid IS NULL THEN format('DROP INDEX %%I', relation.relname)
        ELSE format('ALTER TABLE %%s DROP CONSTRAINT %%I', indrelid::regclass, con.conname) END,
        CASE WHEN con.oid IS NULL THEN pg_get_indexdef(indexrelid)
        ELSE format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', indrelid::regclass, con.conname,
            pg_get_constraintdef(con.oid)) END
    FROM pg_index JOIN pg_class relation ON relation.oid = indexrelid
    LEFT JOIN pg_constraint con ON con.conindid = indexrelid AND con.contype = 'u'
    WHERE indrelid = %s::regclass AND NOT indisprimary
    AND NOT EXISTS (SELECT FROM pg_constraint other WHERE other.conindid = indexrelid AND other.contype = 'f')
    ORDER BY 1
"""


def needs(enterprises):
    """(bytes of disk, seconds) that this size takes, both rough."""
    return enterprises * BYTES_EACH + BYTES_BESIDE * (enterprises > SLICE), 240 + enterprises * SECONDS_EACH


def measure(enterprises=ENTERPRISES):
    call_command("collectstatic", verbosity=0, interactive=False)
    compared = []
    for count in (min(SMALL, enterprises // 2), enterprises):
        yield from fill(count)
        compared.append(list(public_page.compare(public_page.tokens(min(ASKED, count)), [SERVER])))
        yield from public_page.shown_rows(compared[-1])
    yield from slow_downs(*compared)


def slow_downs(small, large):
    """How much slower each way of answering is in the large table: rows for two lists of Comparisons."""
    for before, after in zip(small, large, strict=True):
        for name, quotient in (
            ("requests/s", before.rate / after.rate),
            ("p99", after.p99 / before.p99),
            ("requests/s of the bare view", before.bare_rate / after.bare_rate),
        ):
            goal = f"   (goal {GOAL} or less)" if name == "requests/s" else ""
            yield f"{SERVER}: slower in the large table, {after.what}: {name}", f"{quotient:.2f} times{goal}"


def fill(enterprises):
    """Fill the three tables up to that many enterprises; yields what was done and the disk it took."""
    begun = time.monotonic()
    first = _number("SELECT coalesce(max(id), 0) FROM licensing_enterprise") + 1
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO guidance_division (code, name) VALUES ('bench', '江城区') ON CONFLICT DO NOTHING")
    division = _number("SELECT min(id) FROM guidance_division")
    threads = [_Filling(tables, first, enterprises, division) for tables in _SHARES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
        if thread.error:
            raise RuntimeError(f"the tables could not be filled: {thread.error}")
    licences = _number("SELECT count(*) FROM certificates_licence")
    size = _number("SELECT pg_database_size(current_database())")
    what = f"{enterprises:,} enterprises with {licences:,} licences"
    yield what, f"{shown(time.monotonic() - begun)}, {size / 1e9:.1f} GB (triggers asleep)"


class _Filling(threading.Thread):
    """Fills some tables, one after the other, on a connection of its own; `error` tells what went wrong."""

    def __init__(self, tables, first, last, division):
        super().__init__(daemon=True)
        self.tables, self.first, self.last, self.division, self.error = tables, first, last, division, None

    def run(self):
        try:
            # Without the ten seconds that Django's own connections give a statement.
            database = psycopg2.connect(**connection.get_connection_params() | {"options": ""})
            database.autocommit = True
            with database.cursor() as cursor:
                # Constraints hold, but foreign keys and triggers sleep: nobody listens for pages that change.
                cursor.execute("SET session_replication_role = replica")
                for table in self.tables:
                    self._fill(cursor, table)
            database.close()
        except psycopg2.Error as error:
            self.error = error

    def _fill(self, cursor, table):
        cursor.execute(_INDEXES, [table])
        indexes = cursor.fetchall()
        for _, drop, _ in indexes:
            cursor.execute(drop)
        for first, after in pairwise([*range(self.first, self.last + 1, SLICE), self.last + 1]):
            cursor.execute(_TABLES[table], {"first": first, "last": after - 1, "division": self.division})
            self._tell(table, f"{after - 1:,} of {self.last:,}")
        for name, _, create in indexes:
            cursor.execute(create)
            self._tell(table, name)
        # The next one that is entered by hand takes the number after these.
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")  # noqa: S608
        cursor.execute(f"VACUUM ANALYZE {table}")

    def _tell(self, table, what):
        if self.last >= SLICE:
            print(f"    {time.strftime('%H:%M:%S')}  {table}: {what}", flush=True)


def _number(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
