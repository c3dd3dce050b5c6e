"""An officer's moves: accept (受理), grant (准予), refuse (不予). Each is one transaction with log row and event."""

from django.db import IntegrityError, transaction
from django.db.models.fields.json import KT
from django.utils import timezone

from exchange import outbox
from licensing import log
from licensing.models import Application
from licensing.registration import REGISTRATION, NotRegistrable, register
from routing import calendar, receipt
from routing.forms import FaceForm, RefusalForm
from routing.models import ApprovalTask, TaskStatus
from routing.prerequisites import open_prerequisites


class NotAllowed(Exception):
    """The message is a sentence for the officer; nothing was changed."""


class AlreadyDecided(NotAllowed):
    """A colleague, or a refused prerequisite, was faster."""


class InvalidFace(NotAllowed):
    """errors: {key of the face: [sentences]}."""

    def __init__(self, errors):
        super().__init__("".join(sentence for sentences in errors.values() for sentence in sentences))
        self.errors = errors


@transaction.atomic
def accept(task, officer):
    """Accept a received task; the statutory clock starts unless it ran from receipt. Raises NotAllowed."""
    task = _claim(task, officer, TaskStatus.RECEIVED)
    receipt.accept(task, task.as_catalogued, timezone.now(), calendar.load())
    _move(task, TaskStatus.RECEIVED, ["accepted_at", *receipt.CLOCK_FIELDS])
    _log(task, officer, "task.accepted", TaskStatus.RECEIVED, receipt.clock_detail(task))
    return task


@transaction.atomic
def grant(task, officer, face):
    """Grant an accepted task with its licence's face (see FaceForm). 设立登记 registers the enterprise with it.

    Raises NotAllowed; InvalidFace names the keys that are wrong.
    """
    task = _claim(task, officer, TaskStatus.ACCEPTED)
    if waits_for := open_prerequisites(task):
        names = "、".join(f"“{other.item.name}”" for other in waits_for)
        raise NotAllowed(f"要先办成{names}，才能作出这项决定。")
    item = task.as_catalogued
    task.face = _cleaned(FaceForm(item, face)).face
    _check_number(task)
    if item.code == REGISTRATION:
        _register(task, officer)
    _decide(task, officer, TaskStatus.GRANTED, ["face"], {"number": task.face.get("number", "")})
    return task


@transaction.atomic
def refuse(task, officer, reason):
    """Refuse an accepted task. Raises NotAllowed, also without a reason (Licensing Law art. 38)."""
    task = _claim(task, officer, TaskStatus.ACCEPTED)
    task.reason = _cleaned(RefusalForm({"reason": reason})).cleaned_data["reason"]
    _decide(task, officer, TaskStatus.REFUSED, ["reason"], {"reason": task.reason})
    return task


def _claim(task, officer, expected):
    """Lock the application, then return the task as it is now, if this officer may move it from `expected`."""
    # The application first and always: whoever changes one of its tasks waits here, so no two lock crosswise.
    Application.objects.select_for_update(no_key=True).only("pk").get(pk=task.application_id)
    own = ApprovalTask.objects.for_officer(officer).select_related("application__enterprise", "item", "office")
    now = own.filter(pk=task.pk).first()
    if now is None:
        raise NotAllowed("您现在没有这个机关的岗位，不能办理这件。")
    if _is_party(officer, now.application):
        raise NotAllowed("您是这件申请的申请人一方，应当回避，请交给同事办理。")
    if now.status != expected:
        raise _overtaken(now)
    return now


def _is_party(officer, application):
    return application.filer_id == officer.pk or application.enterprise.memberships.filter(user=officer).exists()


def _overtaken(task):
    if task.status == TaskStatus.WAITING:
        return NotAllowed("前置事项还没有办成，这件还不能办理。")
    last = task.application.log.filter(item_code=task.item_code).select_related("actor").last()
    if task.status == TaskStatus.RECEIVED:
        return NotAllowed("这件还没有受理，请先受理。")
    if last is None or last.actor is None:
        return AlreadyDecided(f"这件已经{task.status_text}，没有再改动。")
    at = timezone.localtime(last.at)
    return AlreadyDecided(f"{last.actor} 已在 {at:%m月%d日 %H:%M} 把这件办为“{task.status_text}”，您的操作没有生效。")


def _cleaned(form):
    if not form.is_valid():
        raise InvalidFace({name: list(errors) for name, errors in form.errors.items()})
    return form


def _check_number(task):
    """A number already given to another licence of this office is a slip of the pen: tell it now, not when issuing."""
    number = task.face.get("number")
    same = {"item_code": task.item_code, "number": number}
    granted = ApprovalTask.objects.alias(number=KT("face__number")).filter(office=task.office, **same)
    if number and (granted.exists() or task.office.licences.filter(**same).exists()):
        raise InvalidFace({"number": [f"编号“{number}”已经用在本机关的另一份证照上，请核对。"]})


def _register(task, officer):
    application, face = task.application, task.face
    values = application.snapshot["values"] | {"establish_date": face["issued_on"]}
    try:
        register(application.enterprise, face["uscc"], face["name"], values, officer)
    except NotRegistrable as conflict:
        raise InvalidFace({"uscc": [str(conflict)]}) from conflict


def _decide(task, officer, outcome, fields, detail):
    task.status, task.decided_at, task.decided_by = outcome, timezone.now(), officer
    try:
        with transaction.atomic():
            _move(task, TaskStatus.ACCEPTED, ["decided_at", "decided_by", *fields])
    except IntegrityError:
        # Two officers, two applications, one number in the same second: the unique constraint stands last.
        raise InvalidFace({"number": ["这个编号刚刚用在另一份证照上，请核对。"]}) from None
    _log(task, officer, f"task.{outcome}", TaskStatus.ACCEPTED, detail)
    outbox.emit("task.decided", task_id=task.pk, application_id=task.application_id)


def _move(task, expected, fields):
    """One conditional UPDATE: whatever has come between, a task is decided once."""
    values = {field: getattr(task, field) for field in ["status", *fields]}
    if not ApprovalTask.objects.filter(pk=task.pk, status=expected).update(**values):
        raise AlreadyDecided("这件刚刚被别人办理，您的操作没有生效。")


def _log(task, officer, event, from_status, detail):
    log.record(
        task.application,
        event,
        actor=officer,
        item_code=task.item_code,
        from_status=from_status,
        to_status=task.status,
        detail=detail,
    )
