"""Where a submitted application stands, item by item: who is at work, since when, until when, what comes next."""

from dataclasses import dataclass

from guidance import releases
from guidance.prerequisites import barriers, needed

# The task's status (routing.models.TaskStatus, named by value: imports point left) and its place on the timeline.
_MARKS = {
    "waiting": "waiting",
    "received": "now",
    "accepted": "now",
    "granted": "done",
    "refused": "refused",
    "terminated": "refused",
}
OPEN = [status for status, mark in _MARKS.items() if mark in ("waiting", "now")]
DECIDED = [status for status in _MARKS if status not in OPEN]


@dataclass(frozen=True)
class Track:
    """One item's way. `task` is its approval task; `mark` the timeline's class."""

    task: object
    name: str
    mark: str
    waits_for: tuple  # names of items still open that it waits for
    next: str
    licence: object
    holder: object  # public_id of the enterprise, whose page shows the licence

    @property
    def is_open(self):
        return self.mark in ("waiting", "now")


def tracks_of(application):
    """Return {office: [Track, …]}, offices and items in the catalogue's order. Two queries, however many items."""
    tasks = {task.item_code: task for task in application.tasks.select_related("office", "item", "licence")}
    items = releases.load(application.release_id).items
    chosen = {code: items[code] for code in items if code in tasks}
    unfinished = {code for code, task in tasks.items() if task.status in OPEN}
    by_office = {}
    for code, item in chosen.items():
        by_office.setdefault(tasks[code].office, []).append(
            _track(tasks[code], item, chosen, unfinished, application.enterprise.public_id)
        )
    return by_office


def _track(task, item, chosen, unfinished, holder):
    before = barriers(item, chosen) if task.status == "waiting" else needed(item, chosen)
    waits_for = tuple(chosen[code].name for code in before if code in unfinished) if task.status in OPEN else ()
    return Track(
        task=task,
        name=item.name,
        mark=_MARKS[task.status],
        waits_for=waits_for,
        next=_next(task, waits_for),
        licence=getattr(task, "licence", None),
        holder=holder,
    )


def _next(task, waits_for):
    names = "、".join(f"“{name}”" for name in waits_for)
    if task.status == "waiting":
        return f"等{names or '前面的事项'}办好后自动转来，不用您做什么。"
    if task.status == "received":
        return "下一步：看材料是否齐全，决定受理。"
    if task.status == "accepted":
        return f"下一步：等{names}办好，然后作出决定。" if names else "下一步：审查，然后作出决定。"
    return ""
