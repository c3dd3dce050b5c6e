"""What a connected source answered about a paper, in words for the applicant and the officer."""

from django.utils import timezone

from licensing.models import How
from licensing.wording import day_text

# The steps that an answer spares, or that follow where none came.
_SPARED = (How.DEPARTMENT, How.PROMISE, How.UPLOAD)


def found(record):
    """Number, validity, issuer, source and day of a licence that counts."""
    return f"{record.source.name}已查到：{record.in_words}（{_asked_on(record)}查询）"


def told(how, note, record):
    """What to put into a Paper, met like that, of the record about it or None: {field: value}."""
    if record is None or how not in (How.SHARED, *_SPARED):
        return {}
    if how == How.SHARED or record.waiting:
        return {"record": record}
    return {"record": record, "note": "；".join(filter(None, [note, _not_found(record)]))}


def _not_found(record):
    if record.answered_nothing:
        return f"{record.source.name}没有回应，没有查成"
    if record.in_words:
        return f"{record.source.name}里的{record.in_words}现在无效"
    return f"{record.source.name}没有查到（{_asked_on(record)}查询）"


def _asked_on(record):
    return day_text(timezone.localdate(record.answered_at))
