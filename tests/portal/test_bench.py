"""The figures themselves are for `make bench`; here only that what it measures is the real thing."""

import re
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from portal.benchmarks import filing, large, load, place, public_page, splitting, wizard
from portal.benchmarks.figures import percentile
from tests.factories import EnterpriseFactory


def test_submitting_and_splitting_cost_the_same_queries_for_four_items_and_for_forty(catalogue):
    district = filing.open_offices()
    queries = {}
    # The day's first number costs queries of its own, so the first size comes twice.
    for serial, size in enumerate([splitting.SIZES[0], *splitting.SIZES]):
        application, user = filing.draft(size, district, serial)
        queries[size] = splitting.queries(application, user)
        application.refresh_from_db()
        assert len(application.chosen) == application.tasks.count() == size
    assert len(set(queries.values())) == 1


def test_a_page_of_the_form_costs_the_same_queries_for_four_items_and_for_forty(catalogue):
    district = filing.open_offices()
    counted = []
    for size in wizard.SIZES:
        page = wizard.page_of(size, district)
        page.save()
        counted.append((wizard.queries(page.show), wizard.queries(page.save)))
    assert len(set(counted)) == 1, counted


def test_the_bare_view_answers_beside_the_real_addresses(db, settings, client):
    settings.ROOT_URLCONF = "portal.benchmarks.urls"
    assert client.get("/bare/unknown/").content == b"0"


def test_a_percentile_is_one_of_the_figures():
    assert percentile(range(100, 0, -1), 0.99) == 100
    assert percentile([3, 1, 2], 0.5) == 2


def test_the_load_generator_counts_answers_that_are_not_200(live_server):
    port = live_server.thread.port
    good, bad = load.run(port, ["/healthz"] * 2, 0.3), load.run(port, ["/e/unknown/"] * 2, 0.3)
    assert len(good.seconds) > 0 == good.errors
    assert bad.errors == len(bad.seconds) > 0


def test_it_measures_in_no_database_but_its_own(db):
    with pytest.raises(CommandError, match="portal_bench"):
        call_command("bench", "replay", "--here")
    with pytest.raises(CommandError, match="no section walk"):
        call_command("bench", "walk")


@pytest.mark.django_db(transaction=True)
def test_the_large_table_is_filled_in_shares_with_pages_that_answer_and_every_index(client):
    indexes = _indexes()
    for count in (60, 240):
        [(what, _)] = large.fill(count)
        assert what == f"{count} enterprises with {count * 17 // 12} licences"
    assert _indexes() == indexes
    tokens = public_page.tokens(3)
    assert all(re.fullmatch(r"[\w-]{32}", token) for token in tokens)
    for token in tokens:
        assert client.get(reverse("certificates:public", args=[token])).status_code == 200
    assert EnterpriseFactory().pk > 240


def test_the_large_benchmark_says_what_disk_it_needs_and_begins_with_too_little_of_it_nowhere(capsys, monkeypatch):
    monkeypatch.setattr(place.shutil, "disk_usage", lambda folder: SimpleNamespace(free=10**9))
    with pytest.raises(CommandError, match="1 GB free, 29 GB are needed"):
        call_command("bench", "large")
    assert "needs 29 GB below /var/tmp" in capsys.readouterr().out


def test_what_size_costs_is_told_of_each_way_of_answering():
    small = public_page.Comparison("granian", "hot", bare_rate=100, rate=120, bare_p99=0.01, p99=0.01, short_rate=90)
    twice = public_page.Comparison("granian", "hot", bare_rate=80, rate=60, bare_p99=0.01, p99=0.02, short_rate=70)
    assert [figure[:4] for _, figure in large.slow_downs([small], [twice])] == ["2.00", "2.00", "1.25"]


def _indexes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        return cursor.fetchall()
