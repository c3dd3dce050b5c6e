"""`manage.py check_invariants` as an operator runs it: what it says, how it exits, and that it changes nothing."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from licensing import log
from licensing.models import LogEntry
from portal.management.commands import check_invariants
from tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def submitted(catalogue):
    """An application that its log tells of, and that nobody has announced."""
    application = ApplicationFactory(submitted=True)
    with transaction.atomic():
        log.record(application, "application.submitted", from_status="draft", to_status="submitted")
    return application


def test_it_says_what_holds_and_how_much_was_looked_at(submitted, capsys):
    call_command("check_invariants", only=["I3", "I10"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:4] for line in lines if "application's" in line] == [["I3", "holds", "1", "rows"]] * 2


def test_it_names_what_does_not_hold_and_exits_with_1(submitted, capsys):
    with pytest.raises(CommandError, match="one_event_per_submission") as told:
        call_command("check_invariants")
    assert told.value.returncode == 1
    assert f"{submitted.number}: 0 events tell that it was submitted" in capsys.readouterr().out


def test_it_gives_a_worker_its_time(submitted, capsys):
    call_command("check_invariants", only=["I1"])
    with pytest.raises(CommandError, match="one_task_per_item"):
        call_command("check_invariants", only=["I1"], settle=0)
    assert f"{submitted.number}: no task for food-operation" in capsys.readouterr().out


def test_it_names_twenty_and_counts_all(catalogue, capsys):
    for _ in range(23):
        ApplicationFactory(submitted=True)
    with pytest.raises(CommandError):
        call_command("check_invariants", only=["I3"])
    said = capsys.readouterr().out
    assert said.count("its log ends with nothing") == 20
    assert "and 3 more" in said


def test_it_cannot_write(submitted):
    check_invariants._look()
    with pytest.raises(Exception, match="read-only transaction"):
        LogEntry.objects.create(application=submitted, sequence=2, at=submitted.submitted_at)
    connection.close()


@pytest.mark.parametrize("options", [{"only": ["I99"]}, {"settle": -1}])
def test_what_it_does_not_understand_is_not_run(db, options):
    with pytest.raises(CommandError) as told:
        call_command("check_invariants", **options)
    assert told.value.returncode == 2


def test_it_tells_of_its_progress_when_asked_to(submitted, capsys):
    call_command("check_invariants", only=["I10"], verbosity=2)
    assert "of 2: what_was_signed_stays" in capsys.readouterr().err
