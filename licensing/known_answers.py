"""Answers that nobody has to give again: of the register, of held licences, of what was filed for the shop before.

The surest source wins: the register, then the premises, then a licence held there, then the applications filed for the
same premises. What a question of today's catalogue does not allow is left out, so the question is asked.
"""

from guidance.models import Source
from licensing.models import Status
from licensing.plan import answers_of
from licensing.prefilling import LICENCE, PREMISES, fits, held_at, known_of, on_faces
from licensing.values import allowed_answers, answers_told

# Who opens a second counter filed for it lately; older filings say little of how the shop is today.
_EARLIER_LOOKED_AT = 5
_SOURCES = {LICENCE: Source.REGISTER, PREMISES: Source.PREMISES}


def known_answers(enterprise, premises, catalogue):
    """Return {question: (answer, Source)} of an enterprise at these premises, or None for no place yet.

    Three queries at most: licences, applications, the premises' division. Nothing but its kind is taken from an
    enterprise that nobody confirmed yet.
    """
    told = {}
    if enterprise.trusted:
        told |= _filed(enterprise, premises, catalogue)
        told |= _told_by(Source.LICENCE, on_faces(held_at(enterprise, premises)), catalogue)
    known = known_of(enterprise, premises)
    for source in (PREMISES, LICENCE):
        values = {code: one.value for code, one in known.items() if one.source == source}
        told |= _told_by(_SOURCES[source], values, catalogue)
    told |= _all_from(Source.REGISTER, answers_of(enterprise))
    allowed, _refused = allowed_answers(catalogue, {code: answer for code, (answer, _source) in told.items()})
    return {code: (allowed[code], told[code][1]) for code in catalogue.questions if code in allowed}


def _filed(enterprise, premises, catalogue):
    """What was answered, or typed into the form, for the same premises: the latest of it."""
    if premises is None:
        return {}
    filed = enterprise.applications.exclude(status=Status.DRAFT).filter(premises=premises)
    latest = filed.order_by("-submitted_at", "-pk").values_list("answers", "values")[:_EARLIER_LOOKED_AT]
    told = {}
    for answers, values in reversed(latest):
        told |= _told_by(Source.EARLIER, values, catalogue) | _all_from(Source.EARLIER, answers)
    return told


def _told_by(source, values, catalogue):
    # A value of another release, or of an old licence, may be none of this element's.
    fitting = {code: value for code, value in values.items() if _fits(catalogue, code, value)}
    return _all_from(source, answers_told(catalogue, fitting))


def _fits(catalogue, code, value):
    return code in catalogue.elements and fits(catalogue.elements[code], value)


def _all_from(source, answers):
    return {code: (answer, source) for code, answer in answers.items()}
