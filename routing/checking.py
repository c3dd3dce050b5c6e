"""告知承诺 (plan art. 9): a promise decided at once is checked afterwards; a false one is put right or annulled."""

import hashlib

from django.db import transaction
from django.utils import timezone

from licensing import log
from licensing.models import UntrustworthyEntry
from routing import calendar, documents, terms
from routing.clock import WORKING_DAYS, due_on
from routing.forms import RefusalForm
from routing.models import AfterCheck, CheckStatus
from routing.moves import Step, claim, issue, lock, perform
from routing.refusals import NotAllowed, cleaned


def begin(task):
    """Order the check of a task just granted by promise; the share of checks that the city sets is drawn by risk.

    Whoever was found false before is always checked; otherwise the task's random public_id decides, so that nobody
    can choose and a second run draws the same.
    """
    within = task.as_catalogued.commitment.verify_within
    if not within:
        return None
    today = timezone.localdate()
    due = due_on(today, within["value"], within["unit"], calendar.load()).day
    status = CheckStatus.PENDING if _drawn(task) else CheckStatus.NOT_SAMPLED
    return AfterCheck.objects.create(task=task, due_on=due, status=status)


def _drawn(task):
    share = terms.load()["check_share"]
    false_before = AfterCheck.objects.filter(
        task__application__enterprise=task.application.enterprise_id,
        status__in=[CheckStatus.RECTIFYING, CheckStatus.RECTIFIED, CheckStatus.FAILED, CheckStatus.ANNULLED],
    )
    return share is None or false_before.exists() or place_of(task.public_id) < share


def place_of(public_id):
    """A number from 0 to 99 that only the random id decides."""
    return int.from_bytes(hashlib.sha256(public_id.bytes).digest()[:4], "big") % 100


@transaction.atomic
def end_false_promise(task, officer, reason):
    """End a task whose promise is found false before the decision, and list the enterprise. Raises NotAllowed."""
    task = claim(task, officer, "end_false_promise")
    reason = cleaned(RefusalForm({"reason": reason})).cleaned_data["reason"]
    task.reason = f"作出的承诺不实：{reason}"
    row = perform("end_false_promise", Step(task, {"reason": task.reason}, documents.termination(task)), officer)
    list_as_untrustworthy(
        task, task.reason, f"{task.office.name}终止办理通知书 {task.application.number}-{row.sequence}", officer
    )
    return task


def list_as_untrustworthy(task, reason, source, officer):
    """Put the enterprise on the list; a founder without a USCC cannot be listed. The caller holds the transaction."""
    enterprise = task.application.enterprise
    if enterprise.uscc:
        UntrustworthyEntry.objects.create(
            uscc=enterprise.uscc, name=enterprise.name, reason=reason, source=source, entered_by=officer
        )


@transaction.atomic
def pass_check(check, officer, finding=""):
    """The promise is true. Raises NotAllowed."""
    check = _claim(check, officer, CheckStatus.PENDING)
    return _settle(check, officer, CheckStatus.PASSED, "check.passed", finding)


@transaction.atomic
def order_rectification(check, officer, finding):
    """The promise is not true: the enterprise is told to put it right in the city's term. Raises NotAllowed."""
    check = _claim(check, officer, CheckStatus.PENDING)
    finding = cleaned(RefusalForm({"reason": finding})).cleaned_data["reason"]
    days = terms.load()["rectify_days"] or 0
    check.rectify_by = due_on(timezone.localdate(), days, WORKING_DAYS, calendar.load()).day
    document = documents.rectification(check.task, finding, check.rectify_by)
    return _settle(check, officer, CheckStatus.RECTIFYING, "check.failed", finding, document)


@transaction.atomic
def confirm_rectified(check, officer, finding):
    """What was wrong has been put right; the licence stays. Raises NotAllowed."""
    check = _claim(check, officer, CheckStatus.RECTIFYING)
    return _settle(check, officer, CheckStatus.RECTIFIED, "check.rectified", f"{check.finding}\n{finding}".strip())


@transaction.atomic
def find_unrectified(check, officer, finding):
    """It has not been put right: what was granted is to be annulled (certificates.ending). Raises NotAllowed."""
    check = _claim(check, officer, CheckStatus.RECTIFYING)
    if timezone.localdate() <= check.rectify_by:
        raise NotAllowed(f"整改期限到 {check.rectify_by}，还没有到期。")
    finding = cleaned(RefusalForm({"reason": finding})).cleaned_data["reason"]
    return _settle(check, officer, CheckStatus.FAILED, "check.unrectified", f"{check.finding}\n{finding}")


def _claim(check, officer, expected):
    lock(check.task.application_id)
    own = AfterCheck.objects.filter(task__office__posts__user=officer)
    now = own.select_related("task__application__enterprise", "task__item", "task__office").filter(pk=check.pk).first()
    if now is None:
        raise NotAllowed("您现在没有这个机关的岗位，不能办理这件。")
    if now.task.application.enterprise.memberships.filter(user=officer).exists():
        raise NotAllowed("您是这件申请的申请人一方，应当回避，请交给同事办理。")
    if now.status != expected:
        raise NotAllowed(f"这次核查现在是“{now.get_status_display()}”，您的操作没有生效。")
    return now


def _settle(check, officer, status, event, finding, document=None):
    before, check.status, check.finding = check.status, status, finding
    check.checked_by, check.checked_at = officer, timezone.now()
    if status in (CheckStatus.PASSED, CheckStatus.RECTIFIED):
        check.closed_at = check.checked_at
    check.save()
    task = check.task
    row = log.record(
        task.application,
        event,
        actor=officer,
        item_code=task.item_code,
        from_status=before,
        to_status=status,
        detail={"reason": finding} if finding else {},
    )
    if document:
        issue([(document, row)], officer)
    return check
