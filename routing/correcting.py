"""补正 (Licensing Law art. 32(4)): one notice with all points, the applicant's answer, or the end without one."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from exchange import outbox
from licensing.files import uploads
from licensing.wording import day_text
from routing import deferring, documents
from routing.clock import WORKING_DAYS, due_on
from routing.conditions import is_barred
from routing.correctable import correctable
from routing.counting import recount_as_recorded, rules
from routing.models import About, ApprovalTask, Correction, CorrectionPoint, TaskStatus, Term
from routing.moving import Step, claim, lock, perform
from routing.refusals import NotAllowed


@transaction.atomic
def ask(task, officer, points):
    """Ask for a correction, all points at once; returns the Correction. Raises NotAllowed.

    points: [{"about": About, "code", "label", "text", "arises_from": pk of an earlier point or None}]. A second notice
    may only name points that arise from what was resubmitted. The answer is due by the city's term, where one is set.
    """
    task = claim(task, officer, "ask_correction")
    round_number = task.corrections.count() + 1
    _check_points(task, points, round_number)
    task.assignee = task.assignee or officer
    if task.by_commitment and is_barred(task):
        # Plan art. 16: no promise counts any more; the papers are asked for and the ordinary limit runs.
        task.by_commitment = False
        recount_as_recorded(task, rules())
    correction = _issue(task, officer, round_number)
    rows = _write(correction, points)
    task.clock_stopped = True
    document = documents.correction(task, rows, correction.answer_due_on)
    perform("ask_correction", Step(task, {"round": round_number, "points": len(rows)}, document), officer)
    outbox.emit("task.correction_asked", task_id=task.pk, application_id=task.application_id)
    return correction


def _check_points(task, points, round_number):
    if not points:
        raise NotAllowed("请至少写一点需要补正的内容。")
    if not all(point["label"].strip() and point["text"].strip() for point in points):
        raise NotAllowed("请写明每一点要补正什么。")
    if any(point["about"] != About.OTHER and not _is_asked_for(task, point) for point in points):
        raise NotAllowed("只能要求补正本事项要求填写的内容和材料；决定办哪些事项的内容不能补正。")
    earlier = {point.pk for point in answered_points(task)}
    if round_number > 1 and any(point.get("arises_from") not in earlier for point in points):
        raise NotAllowed("补正应当一次告知。再次告知只能针对申请人补正时新提交的内容，请逐点指明由哪一点引起。")


def _is_asked_for(task, point):
    if point["about"] == About.MATERIAL:
        return point.get("code") in task.application.snapshot["items"][task.item_code]["materials"]
    return point.get("code") in correctable(task)


def answered_points(task):
    """The points that were answered last: a further notice may only arise from them, all others had their turn."""
    answered = CorrectionPoint.objects.filter(correction__task=task, correction__answered_at__isnull=False)
    last = task.corrections.filter(answered_at__isnull=False).aggregate(last=Max("round"))["last"]
    return answered.filter(round=last).order_by("number")


def open_correction(task):
    return task.corrections.filter(answered_at=None, closed_at=None).first()


@transaction.atomic
def answer(task, user, answers, files=None):
    """Answer the open correction; the task goes back to its officer and the five days begin anew. Raises NotAllowed.

    answers: {point number: {"answer": text, "value": JSON value of an element}}; files: {point number: [StoredFile]},
    beside those that keep() has already put there.
    """
    task, correction = _answerable(task, user)
    points, files = list(correction.points.prefetch_related("files")), files or {}
    for point in points:
        given = answers.get(point.number, {})
        point.answer = given.get("answer", "")
        point.value = given.get("value") if point.about == About.ELEMENT else None
        files[point.number] = [*point.files.all(), *files.get(point.number, [])]
        if not (point.answer or point.value is not None or files[point.number]):
            raise NotAllowed(f"第 {point.number} 点还没有补正：{point.label}。")
    CorrectionPoint.objects.bulk_update(points, ["answer", "value"])
    _attach(task, points, files, user)
    correction.answered_at, correction.answered_by = timezone.now(), user
    correction.save(update_fields=["answered_at", "answered_by"])
    # Complete only now: the promised days and a statutory limit from receipt count from here.
    task.complete_at = correction.answered_at
    recount_as_recorded(task, rules(), answered=True)
    perform("answer_correction", Step(task, {"round": correction.round}), user)
    return task


@transaction.atomic
def keep(task, user, files):
    """Keep files at the points of the open correction until it is answered: another field was wrong. Raises NotAllowed.

    files: {point number: [StoredFile]}. Nobody opens them before the answer; the same file sent twice is kept once.
    """
    _, correction = _answerable(task, user)
    for point in correction.points.prefetch_related("files"):
        known = {file.blob_id for file in point.files.all()}
        fresh = {file.blob_id: file for file in files.get(point.number, []) if file.blob_id not in known}
        uploads.remove(file for file in files.get(point.number, []) if file not in fresh.values())
        point.files.add(*fresh.values())


@transaction.atomic
def drop(task, user, public_id):
    """Remove a kept file from the open correction again; public_id: as text, of any other file nothing happens."""
    _, correction = _answerable(task, user)
    for point in correction.points.prefetch_related("files"):
        uploads.remove(file for file in point.files.all() if str(file.public_id) == public_id)


def is_late(correction):
    return correction.answer_due_on is not None and timezone.localdate() > correction.answer_due_on


def _answerable(task, user):
    """Return the claimed task and its open correction, within its term."""
    task = claim(task, user, "answer_correction")
    correction = open_correction(task)
    if is_late(correction):
        raise NotAllowed("补正期限已经过了，这件不能再补正；需要办理的，可以重新申请。")
    return task, correction


@transaction.atomic
def close(task, officer):
    """Return a task whose correction has no term set: the officer ends it by notice. Raises NotAllowed."""
    task = claim(task, officer, "close_correction")
    return _return(task, "close_correction", "申请人没有按照补正告知补正。", officer)


def lapsed(today):
    """Tasks whose correction was not answered in its term."""
    late = Correction.objects.filter(answered_at=None, closed_at=None, answer_due_on__lt=today)
    return ApprovalTask.objects.filter(status=TaskStatus.CORRECTION, pk__in=late.values("task"))


@transaction.atomic
def lapse(task):
    """Return a task whose correction term has run out. A second run changes nothing."""
    lock(task.application_id)
    correction = open_correction(task)
    if not correction or not correction.answer_due_on or timezone.localdate() <= correction.answer_due_on:
        return
    task = claim(task, None, "lapse_correction")
    _return(task, "lapse_correction", f"补正期限到{day_text(correction.answer_due_on)}为止，申请人没有补正。", None)


def _return(task, move, reason, actor):
    task.reason = reason
    perform(move, Step(task, {"reason": reason}, documents.returned(task)), actor)
    return task


def _issue(task, officer, round_number):
    by = rules()
    term = Term.objects.filter(code="correction_days").first()
    due = term and term.value and due_on(timezone.localdate(), term.value, WORKING_DAYS, by.calendar).day
    return Correction.objects.create(
        task=task,
        round=round_number,
        issued_by=officer,
        issued_at=timezone.now(),
        answer_due_on=due or None,
        term_basis=term.basis if due else "",
    )


def _write(correction, points):
    return CorrectionPoint.objects.bulk_create(
        CorrectionPoint(
            correction=correction,
            number=number,
            round=correction.round,
            about=point["about"],
            code=point.get("code", ""),
            label=point["label"],
            text=point["text"],
            # In the first notice there is nothing yet that a point could arise from.
            arises_from_id=point.get("arises_from") if correction.round > 1 else None,
        )
        for number, point in enumerate(points, start=1)
    )


def _attach(task, points, files, user):
    """Keep the new files with their point, and with the paper itself: each office that asks for it sees them."""
    materials = {material.code: material for material in task.application.materials.all()}
    for point in points:
        if given := files.get(point.number):
            point.files.add(*given)
            if point.about == About.MATERIAL and point.code in materials:
                materials[point.code].files.add(*given)
                deferring.record_supply(task.application, materials[point.code], user)
