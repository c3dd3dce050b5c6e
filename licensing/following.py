"""Where a submitted application stands, item by item: who is at work, since when, until when, what comes next."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from guidance import releases
from guidance.prerequisites import barriers, needed
from licensing.models import Application, How, Status, SubmittedMaterial
from licensing.wording import day_text

# The task's status (routing.models.TaskStatus, named by value: imports point left), its place on the timeline and
# the colour of its tag.
_MARKS = {
    "waiting": ("waiting", "outline"),
    "received": ("now", "blue"),
    "correction": ("now", "amber"),
    "accepted": ("now", "blue"),
    "granted": ("done", "green"),
    "refused": ("refused", "red"),
    "declined": ("refused", "red"),
    "returned": ("refused", "red"),
    "withdrawn": ("withdrawn", "outline"),
    "terminated": ("refused", "red"),
}
OPEN = ["waiting", "received", "correction", "accepted"]
ENDED = [status for status in _MARKS if status not in OPEN]
# What an end without a grant leaves to do; a refusal's remedies stand in its document.
_AFTERWARDS = {
    "refused": "条件具备以后，可以重新申请；不服的，决定书里写了怎样申请复议或者起诉。",
    "returned": "把问题解决以后，可以重新申请。",
    "terminated": "条件具备以后，可以重新申请。",
    "withdrawn": "已按您的要求撤回；需要办的，可以重新申请。",
}


@dataclass(frozen=True)
class Standing:
    """How an application as a whole is called, and the colour of its tag."""

    text: str
    tone: str


@dataclass(frozen=True)
class Track:
    """One item's way. `task` is its approval task; `mark` the timeline's class, `tone` the colour of its tag."""

    task: object
    name: str
    mark: str
    tone: str
    waits_for: tuple  # names of items still open that it waits for
    next: str
    licence: object
    holder: object  # public_id of the enterprise, whose page shows the licence
    correction: object  # the open notice to put right (补正), or None
    owed: tuple  # deferrals (容缺) not supplied yet
    stops: tuple  # open clock stops
    check: str  # how the check of a promise stands, in words
    documents: tuple

    @property
    def is_open(self):
        return self.task.status in OPEN

    @property
    def held(self):
        """Does it stand still until the applicant decides?"""
        return any(stop.kind == "hold" for stop in self.stops)


def tracks_of(application):
    """Return {office: [Track, …]}, in the catalogue's order. The number of queries does not depend on the items."""
    rows = application.tasks.select_related("office", "item", "licence", "after_check")
    rows = rows.prefetch_related("stops", "corrections", "documents", "deferrals__material")
    tasks = {task.item_code: task for task in rows}
    items = releases.load(application.release_id).items
    chosen = {code: items[code] for code in items if code in tasks}
    unfinished = {code for code, task in tasks.items() if task.status in OPEN}
    by_office = {}
    for code, item in chosen.items():
        by_office.setdefault(tasks[code].office, []).append(
            _track(tasks[code], item, chosen, unfinished, application.enterprise.public_id)
        )
    return by_office


def owed_by(tracks):
    """Return the deferrals (容缺) to supply, one a paper: the earliest due of those who want it."""
    owed = sorted((deferral for track in tracks for deferral in track.owed), key=lambda deferral: deferral.due_on)
    return list({deferral.material_id: deferral for deferral in reversed(owed)}.values())[::-1]


def counted(applications):
    """Annotate what standing_of() and the list read: all_tasks, ended, granted, to_correct, owing (容缺) and held."""
    owed = SubmittedMaterial.objects.filter(application=OuterRef("pk"), how=How.DEFERRED, supplied_at=None)
    on_hold = Application.objects.filter(pk=OuterRef("pk"), tasks__stops__kind="hold", tasks__stops__ended_on=None)
    return applications.annotate(
        all_tasks=Count("tasks"),
        ended=Count("tasks", filter=Q(tasks__status__in=ENDED)),
        granted=Count("tasks", filter=Q(tasks__status="granted")),
        to_correct=Count("tasks", filter=Q(tasks__status="correction")),
        owing=Exists(owed),
        held=Exists(on_hold),
    )


def standing_of(application):
    """Return the Standing of a counted() application: 已办结 is green only when everything was granted."""
    if application.status == Status.COMPLETED:
        return _result(application.granted, application.all_tasks)
    if application.status == Status.IN_PROGRESS and application.to_correct:
        return Standing("等您补正", "amber")
    if application.status == Status.IN_PROGRESS and application.held:
        return Standing("等您决定", "amber")
    tones = {Status.DRAFT: "amber", Status.WITHDRAWN: "outline"}
    return Standing(application.get_status_display(), tones.get(application.status, "blue"))


def _result(granted, total):
    if granted == total:
        return Standing("已办结", "green")
    return Standing("已办结，部分办成", "outline") if granted else Standing("已办结，没有办成", "red")


def _track(task, item, chosen, unfinished, holder):
    before = barriers(item, chosen) if task.status == "waiting" else needed(item, chosen)
    waits_for = tuple(chosen[code].name for code in before if code in unfinished) if task.status in OPEN else ()
    mark, tone = _MARKS[task.status]
    running = task.status in OPEN
    return Track(
        task=task,
        name=item.name,
        mark=mark,
        tone=tone,
        waits_for=waits_for,
        next=_next(task, waits_for),
        licence=getattr(task, "licence", None),
        holder=holder,
        correction=next((one for one in task.corrections.all() if not one.answered_at and not one.closed_at), None),
        owed=tuple(one for one in task.deferrals.all() if not one.supplied_at) if running else (),
        stops=tuple(stop for stop in task.stops.all() if not stop.ended_on) if running else (),
        check=_check(task),
        documents=tuple(task.documents.all()),
    )


def _next(task, waits_for):
    names = "、".join(f"“{name}”" for name in waits_for)
    if task.status == "waiting":
        return f"等{names or '前面的事项'}办好后自动转来，不用您做什么。"
    if task.status == "received":
        return "下一步：部门看材料是否齐全，决定是否受理。"
    if task.status == "correction":
        return "有内容要您补齐改正，一次列全了。补正以后接着办，期限重新算。"
    if task.status == "accepted":
        return f"下一步：等{names}办好，然后部门作出决定。" if names else "下一步：部门审查，然后作出决定。"
    if task.status == "declined":
        return f"可以向{task.right_authority}申请。" if task.right_authority else ""
    return _AFTERWARDS.get(task.status, "")


def _check(task):
    """The check of a promise (告知承诺) after the grant, as far as the applicant is told of it."""
    check = getattr(task, "after_check", None)
    if check is None:
        return ""
    if check.status == "pending":
        return f"按告知承诺办成，部门最晚{day_text(check.due_on)}来核查，请配合。"
    if check.status == "rectifying":
        until = f"请最晚在{day_text(check.rectify_by)}（含当天）整改好，到期没有整改的将撤销。"
        return f"核查发现与承诺不符：{check.finding} {until}"
    return {
        "passed": "承诺已经核查，情况属实。",
        "rectified": "核查发现的问题已经整改合格。",
        "failed": "核查发现与承诺不符，到期没有整改，正在办理撤销。",
        "annulled": "因承诺不实，已经撤销。",
    }.get(check.status, "")
