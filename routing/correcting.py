"""补正 (Licensing Law art. 32(4)): one notice with all points, the applicant's answer, or the end without one."""

from django.db import transaction
from django.utils import timezone

from routing import documents
from routing.clock import WORKING_DAYS, due_on
from routing.counting import recount_as_recorded, rules
from routing.models import About, ApprovalTask, Correction, CorrectionPoint, TaskStatus, Term
from routing.moves import Step, claim, lock, perform
from routing.refusals import NotAllowed


@transaction.atomic
def ask(task, officer, points):
    """Ask for a correction, all points at once; returns the Correction. Raises NotAllowed.

    points: [{"about": About, "code", "label", "text", "arises_from": pk of an earlier point or None}]. A second notice
    may only name points that arise from what was resubmitted. The answer is due by the city's term, where one is set.
    """
    task = claim(task, officer, "ask_correction")
    if not points:
        raise NotAllowed("请至少写一点需要补正的内容。")
    earlier = {point.pk for point in answered_points(task)}
    round_number = task.corrections.count() + 1
    if round_number > 1 and any(point.get("arises_from") not in earlier for point in points):
        raise NotAllowed("补正应当一次告知。再次告知只能针对申请人补正时新提交的内容，请逐点指明由哪一点引起。")
    task.assignee = task.assignee or officer
    correction = _issue(task, officer, round_number)
    rows = CorrectionPoint.objects.bulk_create(
        [
            CorrectionPoint(
                correction=correction,
                number=number,
                round=round_number,
                about=point["about"],
                code=point.get("code", ""),
                label=point["label"],
                text=point["text"],
                arises_from_id=point.get("arises_from") if round_number > 1 else None,
            )
            for number, point in enumerate(points, start=1)
        ]
    )
    task.clock_stopped = True
    document = documents.correction(task, rows, correction.answer_due_on)
    perform("ask_correction", Step(task, {"round": round_number, "points": len(rows)}, document), officer)
    return correction


def answered_points(task):
    """The points of this task's answered corrections: a later notice may arise from them."""
    answered = CorrectionPoint.objects.filter(correction__task=task, correction__answered_at__isnull=False)
    return answered.order_by("correction__round", "number")


def open_correction(task):
    return task.corrections.filter(answered_at=None, closed_at=None).first()


@transaction.atomic
def answer(task, user, answers, save_files=None):
    """Answer the open correction; the task goes back to its officer and the five days begin anew. Raises NotAllowed.

    answers: {point number: {"answer": text, "value": JSON value of an element}}. save_files(correction) is called
    under the lock to attach what was uploaded: {point number: [StoredFile]}.
    """
    task = claim(task, user, "answer_correction")
    correction = open_correction(task)
    if correction.answer_due_on and timezone.localdate() > correction.answer_due_on:
        raise NotAllowed("补正期限已经过了，这件不能再补正；需要办理的，可以重新申请。")
    points = list(correction.points.all())
    files = save_files(correction) if save_files else {}
    for point in points:
        given = answers.get(point.number, {})
        point.answer, point.value = given.get("answer", ""), given.get("value")
        if not (point.answer or point.value is not None or files.get(point.number)):
            raise NotAllowed(f"第 {point.number} 点还没有补正：{point.label}。")
    CorrectionPoint.objects.bulk_update(points, ["answer", "value"])
    _attach(task, points, files)
    correction.answered_at, correction.answered_by = timezone.now(), user
    correction.save(update_fields=["answered_at", "answered_by"])
    # Complete only now: the promised days and a statutory limit from receipt count from here.
    task.complete_at = correction.answered_at
    recount_as_recorded(task, rules(), answered=True)
    perform("answer_correction", Step(task, {"round": correction.round}), user)
    return task


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
    _return(task, "lapse_correction", f"补正期限到 {correction.answer_due_on} 为止，申请人没有补正。", None)


def _return(task, move, reason, actor):
    task.corrections.filter(answered_at=None, closed_at=None).update(closed_at=timezone.now())
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


def _attach(task, points, files):
    """Keep the new files with their point, and with the paper itself: each office that asks for it sees them."""
    materials = {material.code: material for material in task.application.materials.all()}
    for point in points:
        if given := files.get(point.number):
            point.files.add(*given)
            if point.about == About.MATERIAL and point.code in materials:
                materials[point.code].files.add(*given)
