"""An application's status follows from its tasks' alone."""

import pytest

from licensing.models import Status
from routing.models import ENDED, OPEN, TaskStatus
from routing.outcome import status_of


def test_without_tasks_it_is_submitted():
    assert status_of([]) == Status.SUBMITTED


@pytest.mark.parametrize("still_open", OPEN)
@pytest.mark.parametrize("other", TaskStatus)
def test_with_an_open_task_it_is_in_progress_whatever_the_others_are(still_open, other):
    assert status_of([other, still_open]) == Status.IN_PROGRESS


def test_withdrawn_is_what_was_withdrawn_as_a_whole():
    assert status_of([TaskStatus.WITHDRAWN, TaskStatus.WITHDRAWN]) == Status.WITHDRAWN


@pytest.mark.parametrize("ended", [status for status in ENDED if status != TaskStatus.WITHDRAWN])
def test_with_one_other_end_it_is_completed(ended):
    assert status_of([ended]) == Status.COMPLETED
    assert status_of([TaskStatus.WITHDRAWN, ended]) == Status.COMPLETED
