"""An officer's queue: what their offices have to do, by due date."""

from django.db.models import Count, F, Q
from django.utils import timezone

from guidance.models import Office
from routing.models import ApprovalTask, TaskStatus

AT_WORK = [TaskStatus.RECEIVED, TaskStatus.ACCEPTED]
# What an officer may look at: its name, the statuses in it.
STATES = {
    "todo": ("待办", AT_WORK),
    "received": ("待受理", [TaskStatus.RECEIVED]),
    "accepted": ("待决定", [TaskStatus.ACCEPTED]),
    "waiting": ("等待前置事项", [TaskStatus.WAITING]),
    "decided": ("已办结", [TaskStatus.GRANTED, TaskStatus.REFUSED, TaskStatus.TERMINATED]),
    "all": ("全部", TaskStatus.values),
}


def queue_for(user, state, text=""):
    """Return the tasks of the user's offices in that state (a key of STATES), the earliest due date first."""
    tasks = ApprovalTask.objects.for_officer(user).filter(status__in=STATES[state][1])
    if text:
        tasks = tasks.matching(text)
    order = [F("decided_at").desc()] if state == "decided" else [F("committed_due_on").asc(nulls_last=True)]
    return tasks.select_related("application__enterprise", "item", "office").order_by(*order, "pk")


def figures_for(user):
    """Return the user's offices, each with the numbers of tasks: received, accepted, waiting, due_today, overdue."""
    today = timezone.localdate()
    at_work = Q(tasks__status__in=AT_WORK, tasks__clock_stopped=False)
    return Office.objects.filter(posts__user=user).annotate(
        received=Count("tasks", filter=Q(tasks__status=TaskStatus.RECEIVED)),
        accepted=Count("tasks", filter=Q(tasks__status=TaskStatus.ACCEPTED)),
        waiting=Count("tasks", filter=Q(tasks__status=TaskStatus.WAITING)),
        due_today=Count("tasks", filter=at_work & Q(tasks__committed_due_on=today)),
        overdue=Count("tasks", filter=at_work & Q(tasks__committed_due_on__lt=today)),
    )
