"""What the statuses of its tasks make of an application: the one rule for gathering it and for checking it later."""

from licensing.models import Status
from routing.models import OPEN, TaskStatus


def status_of(statuses):
    """Return the licensing Status of a submitted application whose tasks have these statuses. Pure.

    Not split yet: submitted. Withdrawn is what was withdrawn as a whole; with one decision among them it is completed.
    """
    statuses = set(statuses)
    if not statuses:
        return Status.SUBMITTED
    if statuses.intersection(OPEN):
        return Status.IN_PROGRESS
    return Status.WITHDRAWN if statuses == {TaskStatus.WITHDRAWN} else Status.COMPLETED
