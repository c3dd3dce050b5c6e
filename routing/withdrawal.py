"""What a withdrawal would mean, told before it is confirmed. Reads only."""

from guidance import releases
from licensing.models import Status
from routing.models import OPEN, TaskStatus
from routing.prerequisites import consequences
from routing.withdrawing import failures


def open_items(application):
    """Return {item code: name} of what can still be withdrawn, in the order chosen; before the split that is all."""
    statuses = _statuses(application)
    items = releases.load(application.release_id).items
    return {code: items[code].name for code in application.chosen if statuses.get(code) in OPEN}


def meaning_of(application, codes):
    """Return names: {"withdrawn", "ended": those that need a withdrawn one, "going_on", "settled": those decided}."""
    items, statuses = releases.load(application.release_id).items, _statuses(application)
    chosen = {code: items[code] for code in statuses}
    after = statuses | dict.fromkeys(codes, TaskStatus.WITHDRAWN)
    ended, _ = consequences(chosen, after)
    groups = {
        "withdrawn": codes,
        "ended": list(ended),
        "going_on": [code for code, status in after.items() if status in OPEN and code not in ended],
        "settled": [code for code, status in statuses.items() if status not in OPEN],
    }
    return {group: [items[code].name for code in members] for group, members in groups.items()}


def failed_tasks(application):
    """The tasks that failed by themselves, for which the rest was held."""
    tasks = {task.item_code: task for task in application.tasks.select_related("item", "office").order_by("pk")}
    items = releases.load(application.release_id).items
    statuses = {code: task.status for code, task in tasks.items()}
    return [tasks[code] for code in failures({code: items[code] for code in tasks}, statuses)]


def _statuses(application):
    if application.status == Status.SUBMITTED:
        return dict.fromkeys(application.chosen, TaskStatus.RECEIVED)
    return dict(application.tasks.order_by("pk").values_list("item_code", "status"))
