"""Having connected sources asked for papers (材料免提交), so that the applicant need not bring them.

Nothing is asked for an enterprise that no clerk confirmed, and nothing is ever said to be found that no source said.
"""

from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from exchange import outbox, sharing
from exchange.models import Source
from licensing.models import Application, SharedRecord, SharedState
from licensing.papers.ladder import askable

# With the outbox's pauses, three tries take less than SharedRecord waits for an answer.
TRIES = 3
_ASKED = ["source", "holder_code", "premises", "reason", "state", "answer", "tries", "asked_at", "answered_at"]
# Between two clicks on "ask again".
_PAUSE = timedelta(minutes=1)


@transaction.atomic
def ask(application, plan, *, again=False):
    """Have every source that may know a paper of this draft asked, once for a holder and a place; return how many.

    again: also those that did not know it, or gave no answer, a while ago.
    """
    Application.objects.drafts().lock(pk=application.pk)
    wanted = open_questions(application, plan, again=again)
    now = timezone.now()
    records = SharedRecord.objects.bulk_create(
        [_record(application, plan, code, source, now) for code, source in wanted.items()],
        update_conflicts=True,
        unique_fields=["application", "code"],
        update_fields=_ASKED,
    )
    outbox.emit_many("paper.wanted", [{"record_id": record.pk} for record in records])
    return len(records)


def open_questions(application, plan, *, again=False):
    """Return {code of a paper: the Source to ask}, without what was asked already; again: as in ask()."""
    enterprise = application.enterprise
    if not sharing.available() or not (enterprise and enterprise.verified_at and application.premises_id):
        return {}
    sources = {source.code: source for source in Source.objects.filter(active=True)}
    if not sources:
        return {}
    asked = {record.code: record for record in application.shared_records.all()}
    questions = {}
    for code, known_as in askable(application, plan).items():
        source = next((sources[one] for one in known_as if one in sources), None)
        if source and not _settled(asked.get(code), application, again):
            questions[code] = source
    return questions


@outbox.outside
def fetch(record_id):
    """Ask the source of this record and keep what it answers. Raises sharing.Unanswered while it may be tried again."""
    record = _waiting(record_id)
    if record is None:
        return
    # Another click may ask anew while this waits for its answer; then the answer belongs to the older question.
    same = SharedRecord.objects.filter(pk=record.pk, state=SharedState.ASKED, asked_at=record.asked_at)
    same.update(tries=F("tries") + 1)
    try:
        licence = sharing.ask(record.source, _question(record))
    except sharing.Unanswered as failure:
        if record.tries + 1 < TRIES:
            raise
        state, answer = SharedState.FAILED, {"failure": str(failure)}
    else:
        state, answer = _judged(licence)
    same.update(state=state, answer=answer, answered_at=timezone.now())


def _waiting(record_id):
    records = SharedRecord.objects.filter(pk=record_id, state=SharedState.ASKED)
    return records.select_related("source", "premises__division", "application").first()


def _settled(record, application, again):
    """Need nobody ask now?"""
    if record is None or not record.is_about(application):
        return False
    if record.waiting or record.counts or not again:
        return True
    return bool(record.answered_at) and record.answered_at > timezone.now() - _PAUSE


def _record(application, plan, code, source, now):
    return SharedRecord(
        application=application,
        code=code,
        source=source,
        holder_code=application.enterprise.uscc,
        premises_id=application.premises_id,
        reason=_reason(plan, code),
        asked_at=now,
    )


def _reason(plan, code):
    """用证事由: for which items the paper is needed."""
    wanted = next((one for one in plan.materials if one.code == code), None)
    names = plan.names(wanted.items if wanted else plan.chosen)
    return f"申请办理{'、'.join(names)}，核对申请材料"[:200]


def _question(record):
    premises = record.premises
    return sharing.Question(
        holder_code=record.holder_code,
        type_code=record.source.type_code,
        division=premises.division.code,
        address=premises.address,
        reason=record.reason,
        case=record.application.draft_code,
    )


def _judged(licence):
    """(state, answer) of what a source said: a licence that is not in force stands for no paper."""
    if licence is None:
        return SharedState.MISSING, {}
    ended = licence.valid_until and licence.valid_until < timezone.localdate()
    in_force = licence.status == sharing.VALID and not ended
    answer = {name: _plain(value) for name, value in asdict(licence).items()}
    return SharedState.FOUND if in_force else SharedState.MISSING, answer


def _plain(value):
    return value.isoformat() if hasattr(value, "isoformat") else value
