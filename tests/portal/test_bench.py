"""The figures themselves are for `make bench`; here only that what it measures is the real thing."""

import pytest
from django.core.management import CommandError, call_command

from portal.benchmarks import filing, load, splitting, wizard
from portal.benchmarks.figures import percentile


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
