"""Filing over the API, by the functions that the pages call (plan art. 14: the same standard in every channel)."""

from django.core.exceptions import ValidationError
from django.db import transaction

from guidance import releases
from guidance.engine import InvalidAnswer, clean_answer, replay
from guidance.models import GuidanceSession
from licensing import drafts, members, separating
from licensing.drafts import ChangedSinceSeen
from licensing.fields import clean_value
from licensing.finding import find_application
from licensing.models import Enterprise, Status
from licensing.plan import plan_for
from licensing.values import answer_of

_NOT_ASKED = "现在没有问这一题，或者它由登记信息决定"
# What JSON a value may be, by the type of its element; numbers and texts are read as if typed.
_TEXT = (str,)
_JSON = {"integer": (int, str), "decimal": (int, float, str), "boolean": (bool,)}


class Invalid(ValueError):
    """`errors`: {field: [sentences]}."""

    def __init__(self, errors):
        super().__init__("；".join(sentence for sentences in errors.values() for sentence in sentences))
        self.errors = errors


class Submitted(Exception):
    """It is no draft any more."""


@transaction.atomic
def create(user, *, answers, enterprise, premises, declined=(), item=""):
    """Return a new draft with its applicant and place. enterprise, premises: UUIDs. Raises Invalid.

    item: file this one alone, in the traditional way. Questions that are still open are told with the draft.
    """
    applicant = Enterprise.objects.for_applicant(user).filter(public_id=enterprise).first()
    # An agent for one shop files for that shop only.
    places = applicant and members.premises_for(user, applicant).select_related("division")
    place = applicant and places.filter(public_id=premises).first()
    if place is None:
        raise Invalid(
            {"premises" if applicant else "enterprise": ["您没有这个经营场所" if applicant else "您没有这个企业"]}
        )
    release = releases.current()
    try:
        situation = replay(releases.load(release.pk), answers)
    except InvalidAnswer as wrong:
        raise Invalid({f"answers.{wrong.question}": [wrong.message]}) from None
    begun = {"release": release, "answers": situation.answers, "declined": list(declined)}
    draft = (
        _alone(item, user, situation.answers) if item else drafts.start(GuidanceSession.objects.create(**begun), user)
    )
    return drafts.settle_at(drafts.apply_for(draft, applicant), place)


def _alone(item, user, answers):
    try:
        draft = separating.begin(item, user)
    except LookupError:
        raise Invalid({"item": ["没有这个事项"]}) from None
    draft.answers = answers
    draft.save(update_fields=["answers"])
    return draft


@transaction.atomic
def write(user, public_id, *, revision, values, answers):
    """Put values {element code: JSON value, None to empty it} and answers into the draft; return it.

    Judged like the form's fields, all or nothing. Raises Invalid, Submitted and, when the draft was saved since
    `revision`, ChangedSinceSeen.
    """
    draft = _draft(user, public_id)
    if revision != draft.revision:
        raise ChangedSinceSeen
    plan = _answered(draft, plan_for(draft), answers)
    drafts.fill(draft, plan, _cleaned(plan, values))
    draft.revision += 1
    draft.save(update_fields=["answers", "values", "revision", "updated_at"])
    return draft


@transaction.atomic
def agree(user, public_id, *, fingerprint, declined=None, committed=None):
    """Agree to the plan of that fingerprint, with these items filed elsewhere and these by promise; return the draft.

    Other items filed elsewhere make another plan, which is to be agreed to in turn. Raises Submitted,
    ChangedSinceSeen, drafts.NotCommittable.
    """
    draft = _draft(user, public_id)
    plan = plan_for(draft)
    if plan.fingerprint != fingerprint or plan.situation.next or not plan.chosen:
        raise ChangedSinceSeen
    if declined is not None and set(declined) != set(plan.declined):
        drafts.decline(draft, declined)
    else:
        drafts.agree(draft, plan)
        if committed is not None:
            drafts.commit(draft, committed, seen=fingerprint)
    return find_application(user, public_id)


def _draft(user, public_id):
    draft = find_application(user, public_id, lock=True)
    if draft.status != Status.DRAFT:
        raise Submitted
    return draft


def _answered(draft, plan, answers):
    """Put the answers into the draft and return the Plan that follows.

    A question that no page asks, since nothing hangs on it now, may be answered too: it may matter with the next
    answer. One that the answers rule out may not.
    """
    errors = {}
    for code, answer in answers.items():
        if code not in plan.catalogue.questions or code in plan.sealed:
            errors[f"answers.{code}"] = [_NOT_ASKED]
            continue
        try:
            draft.answers = draft.answers | {code: clean_answer(plan.catalogue.questions[code], answer)}
        except InvalidAnswer as wrong:
            errors[f"answers.{code}"] = [wrong.message]
    plan = plan_for(draft)
    errors |= {f"answers.{code}": [_NOT_ASKED] for code in answers if code in plan.situation.dropped}
    if errors:
        raise Invalid(errors)
    return plan


def _cleaned(plan, values):
    wanted = {one.code: one for one in plan.elements if plan.is_asked(one)}
    cleaned, errors = {}, {}
    for code, value in values.items():
        if code not in wanted:
            errors[f"values.{code}"] = ["现在不用填这一项"]
            continue
        try:
            cleaned[code] = value_of(wanted[code].element, value)
            _check_answer(plan, wanted[code].element, cleaned[code])
        except ValidationError as wrong:
            errors[f"values.{code}"] = wrong.messages
        except InvalidAnswer as wrong:
            errors[f"values.{code}"] = [wrong.message]
    if errors:
        raise Invalid(errors)
    return cleaned


def _check_answer(plan, element, value):
    """A value that is the answer to a question keeps the question's limits too, as on the form."""
    question = plan.question_of(element.code)
    if question and value is not None:
        clean_answer(question, answer_of(element, question, value, plan.situation.answers[question.code]))


def value_of(element, value):
    """Return the JSON value as the form would keep it. Raises ValidationError. None and empty texts empty it."""
    if value in (None, "", []):
        return None
    if element.type == "rows":
        _check_rows(element, value)
    elif element.type == "multichoice":
        _check(isinstance(value, list) and all(isinstance(one, str) for one in value), "一组文字")
    else:
        _check_one(element, value)
    # As if typed: a number of JSON may be written as no person would, 1e308 or 0.0.
    return clean_value(element, str(value) if isinstance(value, float) else value, required=False)


def _check_rows(element, rows):
    columns = {column.code: column for column in element.columns}
    _check(isinstance(rows, list) and all(isinstance(row, dict) for row in rows), "一组行，每行是“列：值”")
    for row in rows:
        _check(row.keys() <= columns.keys(), f"只有这些列的行：{'、'.join(columns)}")
        for code, cell in row.items():
            if cell is not None:
                _check_one(columns[code], cell)


def _check_one(element, value):
    kinds = _JSON.get(element.type, _TEXT)
    # JSON's true is a number to Python.
    fits = isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))
    _check(fits, "true 或者 false" if bool in kinds else "数字" if len(kinds) > 1 else "文字")


def _check(holds, kind):
    if not holds:
        raise ValidationError(f"这里要的是{kind}")
