"""Splitting (分办): one task per chosen item, each at its office, all in one transaction and a constant of queries."""

from django.db import transaction

from guidance import releases
from guidance.models import Item
from guidance.offices import offices_for
from guidance.prerequisites import barriers
from licensing import log
from licensing.models import Application, Status
from routing.counting import clock_detail, recount, rules
from routing.models import ApprovalTask, TaskStatus


class NoOffice(LookupError):
    """The city has no office for an item. Submission refuses such an item, so this is a change of offices since."""


@transaction.atomic
def split_application(application_id):
    """Give every office its tasks and set the application at work; a second run changes nothing.

    Raises NoOffice, changing nothing: the delivery is tried again, then parked and logged as an error.
    """
    applications = Application.objects.select_for_update(of=["self"], no_key=True)
    application = applications.select_related("premises__division__parent").get(pk=application_id)
    if application.status != Status.SUBMITTED:
        return
    catalogue = releases.load(application.release_id)
    chosen = {code: catalogue.items[code] for code in application.snapshot["chosen"]}
    tasks = _tasks(application, chosen)
    ApprovalTask.objects.bulk_create(tasks)
    Application.objects.filter(pk=application.pk, status=Status.SUBMITTED).update(status=Status.IN_PROGRESS)
    log.record_many(application, [_created(task) for task in tasks] + [_AT_WORK])


_AT_WORK = {"event": "application.split", "from_status": Status.SUBMITTED, "to_status": Status.IN_PROGRESS}


def receive(task, at, by):
    """Let the task's clocks run from `at`: when its papers were complete, not when a worker came to it. by: Rules."""
    task.received_at = task.complete_at = at
    recount(task, by)


def _created(task):
    return {
        "event": "task.created",
        "item_code": task.item_code,
        "to_status": task.status,
        "detail": clock_detail(task) | {"office": task.office.name},
    }


def _tasks(application, chosen):
    offices = offices_for(chosen.values(), application.premises.division)
    rows = {row.code: row for row in Item.objects.filter(release=application.release_id, code__in=chosen)}
    by, tasks = rules(), []
    for code, item in chosen.items():
        if offices[code] is None:
            raise NoOffice(f"no office for {code} in division {application.premises.division.code}")
        task = ApprovalTask(
            application=application,
            item=rows[code],
            item_code=code,
            office=offices[code],
            by_commitment=application.snapshot["items"][code].get("committed", False),
        )
        if barriers(item, chosen):
            task.status = TaskStatus.WAITING
        else:
            receive(task, application.submitted_at, by)
        tasks.append(task)
    return tasks
