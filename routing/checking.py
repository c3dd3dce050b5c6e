"""告知承诺 (plan art. 9): a promise decided at once is checked afterwards; a false one is put right or annulled."""

import hashlib

from django import forms
from django.db import transaction
from django.utils import timezone

from exchange import outbox
from licensing import log
from licensing.forms.text import VisibleField
from licensing.models import UntrustworthyEntry
from licensing.wording import day_text
from routing import calendar, documents, terms
from routing.clock import WORKING_DAYS, due_on
from routing.forms import RefusalForm
from routing.models import AfterCheck, CheckStatus
from routing.moves import OFFICER, not_entitled
from routing.moving import Step, claim, hold_post, issue, lock, perform
from routing.refusals import AlreadyDecided, NotAllowed, cleaned

# One not drawn may be looked at all the same: somebody complains, an inspector passes by.
TO_CHECK = (CheckStatus.PENDING, CheckStatus.NOT_SAMPLED)
FOUND_FALSE = (CheckStatus.RECTIFYING, CheckStatus.RECTIFIED, CheckStatus.FAILED, CheckStatus.ANNULLED)


class FindingForm(forms.Form):
    """Licensing Law art. 61: what an inspection has seen is written down, also when all is well."""

    finding = VisibleField(
        label="核查情况",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="写明什么时候、怎样核查，看到了什么。",
        error_messages={"required": "请写明核查情况。"},
    )


def begin(task):
    """Order the check of a task just granted by promise; the share of checks that the city sets is drawn by risk.

    Whoever was found false before is always checked; otherwise the task's random public_id decides, so that nobody
    can choose and a second run draws the same. The caller holds the transaction of the grant.
    """
    within = task.as_catalogued.commitment.verify_within
    if not within:
        return None
    due = due_on(timezone.localdate(), within["value"], within["unit"], calendar.load()).day
    status = CheckStatus.PENDING if _drawn(task) else CheckStatus.NOT_SAMPLED
    check = AfterCheck.objects.create(task=task, due_on=due, status=status)
    _record(check, "check.ordered", None, "", {"due_on": due.isoformat()})
    return check


def _drawn(task):
    share = terms.load()["check_share"]
    return share is None or place_of(task.public_id) < share or _found_false_before(task.application.enterprise)


def _found_false_before(enterprise):
    """By a check, or before a decision: that has put it on the list, where what has run out still counts as risk."""
    checks = AfterCheck.objects.filter(task__application__enterprise=enterprise, status__in=FOUND_FALSE)
    listed = UntrustworthyEntry.objects.filter(uscc=enterprise.uscc) if enterprise.uscc else None
    return checks.exists() or (listed is not None and listed.exists())


def place_of(public_id):
    """A number from 0 to 99 that only the random id decides."""
    return int.from_bytes(hashlib.sha256(public_id.bytes).digest()[:4], "big") % 100


@transaction.atomic
def end_false_promise(task, head, reason):
    """End a task whose promise is found false before the decision, and list the enterprise. Raises NotAllowed."""
    task = claim(task, head, "end_false_promise")
    reason = cleaned(RefusalForm({"reason": reason})).cleaned_data["reason"]
    task.reason = f"作出的承诺不实：{reason}"
    row = perform("end_false_promise", Step(task, {"reason": task.reason}, documents.termination(task)), head)
    list_as_untrustworthy(
        task, task.reason, f"{task.office.name}终止办理通知书 {task.application.number}-{row.sequence}", head
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
def pass_check(check, officer, finding):
    """The promise is true. Raises NotAllowed, InvalidInput."""
    check = _claim(check, officer, TO_CHECK)
    return _settle(check, officer, CheckStatus.PASSED, "check.passed", _cleaned(finding))


@transaction.atomic
def order_rectification(check, officer, finding):
    """The promise is not true: the enterprise is told to put it right in the city's term. Raises NotAllowed."""
    check = _claim(check, officer, TO_CHECK)
    finding, days = _cleaned(finding), terms.load()["rectify_days"]
    if not days:
        raise NotAllowed("本市还没有设定整改期限，请市级管理员先在“期限和阈值”里设定。")
    check.rectify_by = due_on(timezone.localdate(), days, WORKING_DAYS, calendar.load()).day
    document = documents.rectification(check.task, finding, check.rectify_by)
    outbox.emit("check.rectification_ordered", check_id=check.pk)
    return _settle(check, officer, CheckStatus.RECTIFYING, "check.failed", finding, document)


@transaction.atomic
def confirm_rectified(check, officer, finding):
    """What was wrong has been put right; the licence stays. Raises NotAllowed, InvalidInput."""
    check = _claim(check, officer, [CheckStatus.RECTIFYING])
    return _settle(check, officer, CheckStatus.RECTIFIED, "check.rectified", _cleaned(finding))


@transaction.atomic
def find_unrectified(check, officer, finding):
    """It has not been put right: what was granted is to be annulled (certificates.annulling). Raises NotAllowed."""
    check = _claim(check, officer, [CheckStatus.RECTIFYING])
    if why := still_rectifying(check):
        raise NotAllowed(why)
    return _settle(check, officer, CheckStatus.FAILED, "check.unrectified", _cleaned(finding))


def still_rectifying(check):
    """Return a sentence while the term for putting it right runs, or ""."""
    if check.rectify_by and timezone.localdate() <= check.rectify_by:
        return f"整改期限到{day_text(check.rectify_by)}，还没有到期。"
    return ""


def annul(check, head, reason):
    """A FAILED check ends with the annulment; returns the LogEntry. The caller holds the lock and has asked who may."""
    if not AfterCheck.objects.filter(pk=check.pk, status=CheckStatus.FAILED).update(
        status=CheckStatus.ANNULLED, closed_at=timezone.now()
    ):
        raise AlreadyDecided("这次核查刚刚被别人办理，您的操作没有生效。")
    check.status = CheckStatus.ANNULLED
    return _record(check, "check.annulled", head, CheckStatus.FAILED, {"reason": reason})


def objection(check, user):
    """Return why the user may make no move on the check, a sentence for them, or ""."""
    return not_entitled(check.task, user, OFFICER)


def _claim(check, officer, sources):
    lock(check.task.application_id)
    related = ("task__application__enterprise", "task__item", "task__office")
    now = AfterCheck.objects.select_related(*related).get(pk=check.pk)
    hold_post(now.task.office_id, officer)
    if why := objection(now, officer):
        raise NotAllowed(why)
    if now.status not in sources:
        raise AlreadyDecided(f"这次核查现在是“{now.get_status_display()}”，您的操作没有生效。")
    return now


def _cleaned(finding):
    return cleaned(FindingForm({"finding": finding})).cleaned_data["finding"]


def _settle(check, officer, status, event, finding, document=None):
    before, check.status = check.status, status
    check.finding = f"{check.finding}\n{finding}".strip()
    check.checked_by, check.checked_at = officer, timezone.now()
    if status in (CheckStatus.PASSED, CheckStatus.RECTIFIED):
        check.closed_at = check.checked_at
    changed = {name: getattr(check, name) for name in _FIELDS}
    # The lock has let nobody in between; were it ever forgotten, no row would match.
    if not AfterCheck.objects.filter(pk=check.pk, status=before).update(**changed):
        raise AlreadyDecided("这次核查刚刚被别人办理，您的操作没有生效。")
    detail = {"reason": finding} | ({"until": check.rectify_by.isoformat()} if document else {})
    row = _record(check, event, officer, before, detail)
    if document:
        issue([(document, row)], officer)
    return check


_FIELDS = ["status", "finding", "rectify_by", "checked_by", "checked_at", "closed_at"]


def _record(check, event, actor, before, detail):
    return log.record(
        check.task.application,
        event,
        actor=actor,
        item_code=check.task.item_code,
        from_status=before,
        to_status=check.status,
        detail=detail,
    )
