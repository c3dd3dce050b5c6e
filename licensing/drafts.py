"""Keeping a draft: begun once for a guidance session; who applies where, what was answered, typed and agreed to."""

from django.db import transaction

from guidance import releases
from guidance.canonical import fingerprint
from guidance.engine import clean_answer
from licensing import fetching
from licensing.disputes import UNCHANGING
from licensing.files import uploads
from licensing.known_answers import known_answers
from licensing.models import Application, Enterprise, Membership, Purpose, Status, StoredFile, UntrustworthyEntry
from licensing.plan import KNOWN, plan_for
from licensing.values import answer_of


class TakenByAnother(Exception):
    """The guidance session already led another person to an application."""


class ChangedSinceSeen(Exception):
    """The draft is no longer what the page showed."""


class NotDisputable(Exception):
    """Nothing is known, by now, that the applicant could find wrong."""


class NotCommittable(Exception):
    """An item that cannot be filed by promise (告知承诺), or an enterprise that may not give one (plan arts. 9, 16)."""


@transaction.atomic
def start(session, user):
    """Return the session's one application: begun now, or as it stands, with what was answered since taken over.

    Raises TakenByAnother.
    """
    taken = {"answers": session.answers, "declined": session.declined}
    # Of two clicks at once the unique session lets one create; the other waits for it, then finds the row.
    draft, begun = Application.objects.get_or_create(
        guidance=session,
        defaults={"filer": user, "release": session.release, "wizard": {"taken": taken}} | taken,
    )
    if begun:
        agree(draft, plan_for(draft))
        return draft
    if not Application.objects.for_applicant(user).filter(pk=draft.pk).exists():
        raise TakenByAnother
    if draft.status == Status.DRAFT:
        _take_over(_locked(draft), taken)
    return draft


def _take_over(draft, taken):
    """Bring in what the person changed in the questions since the draft began; what the form changed stays."""
    before = draft.wizard.get("taken", {"answers": {}, "declined": []})
    if before == taken:
        return
    changed = {code: value for code, value in taken["answers"].items() if before["answers"].get(code) != value}
    gone = before["answers"].keys() - taken["answers"].keys()
    draft.answers = {code: value for code, value in draft.answers.items() if code not in gone} | changed
    if before["declined"] != taken["declined"]:
        draft.declined = taken["declined"]
    draft.wizard["taken"] = taken
    _save(draft, "answers", "declined", "wizard")


@transaction.atomic
def apply_for(draft, enterprise):
    """The application is this enterprise's; its premises must then be one of its own.

    One about a licence stays its holder's.
    """
    draft = _locked(draft)
    if draft.purpose != Purpose.NEW:
        return draft
    if draft.enterprise_id != enterprise.pk:
        # What was wrong about the one's register says nothing of the other's.
        draft.disputes = {}
    draft.enterprise = enterprise
    if draft.premises and draft.premises.enterprise_id != enterprise.pk:
        draft.premises = None
    _know(draft)
    _save(draft, "enterprise", "premises", "disputes", "answers", "wizard")
    return draft


@transaction.atomic
def found_enterprise(draft, user, name):
    """The application is for an enterprise still to be registered; a second click renames the first one's."""
    draft = _locked(draft)
    if draft.purpose != Purpose.NEW:
        return draft
    own = draft.enterprise
    if own and own.founding and own.applications.count() == 1:
        own.name = name
        own.save(update_fields=["name"])
        return draft
    founded = Enterprise.objects.create(name=name, added_by=user)
    Membership.objects.create(user=user, enterprise=founded)
    return apply_for(draft, founded)


@transaction.atomic
def settle_at(draft, premises):
    draft = _locked(draft)
    if is_settled(draft):
        return draft
    # Another tab may have chosen another enterprise meanwhile; then its premises are asked for.
    if premises.enterprise_id == draft.enterprise_id:
        draft.premises = premises
        _know(draft)
        _save(draft, "premises", "answers", "wizard")
        plan = plan_for(draft)
        if plan.is_agreed(draft):
            fetching.ask(draft, plan)
    return draft


def _know(draft):
    """Note what is known of enterprise and place, so that no question asks it; forget what was known of others."""
    stale, own = draft.wizard.get(KNOWN, {}), draft.wizard.get("taken", {}).get("answers", {})
    draft.answers = {
        code: answer
        for code, answer in draft.answers.items()
        if code in own or code not in stale or stale[code][0] != answer
    }
    catalogue = releases.load(draft.release_id)
    draft.wizard[KNOWN] = known_answers(draft.enterprise, draft.premises, catalogue)


def is_settled(draft):
    """Is it about a licence, which is held for one place and no other?"""
    return draft.purpose != Purpose.NEW and draft.premises_id is not None


@transaction.atomic
def answer(draft, code, value):
    """Keep one answer; those no longer asked fall away. Return the new Plan. Raises InvalidAnswer."""
    draft = _locked(draft)
    plan = plan_for(draft)
    draft.answers = draft.answers | {code: clean_answer(plan.catalogue.questions[code], value)}
    draft.wizard.get(KNOWN, {}).pop(code, None)
    plan = plan_for(draft)
    draft.answers = plan.situation.answers
    _save(draft, "answers", "wizard")
    return plan


@transaction.atomic
def decline(draft, codes):
    """Keep which needed items are filed elsewhere; return the new Plan."""
    draft = _locked(draft)
    plan = plan_for(draft)
    draft.declined = [code for code in plan.required if code in codes]
    _save(draft, "declined")
    return plan_for(draft)


def agree(draft, plan):
    """The applicant agreed to this plan."""
    draft.agreed_plan = plan.as_agreed()
    draft.chosen, draft.committed = list(plan.chosen), list(plan.committed)
    draft.answers = plan.situation.answers
    _save(draft, "agreed_plan", "chosen", "committed", "answers")
    # Asked while the form is still being filled, the sources have answered when the papers' page is opened.
    fetching.ask(draft, plan)


@transaction.atomic
def commit(draft, codes, *, seen):
    """File these items by promise (告知承诺) and the others the ordinary way; agree to the plan that follows.

    seen: the fingerprint of the plan on which the choice was made. Raises ChangedSinceSeen, and NotCommittable for an
    item that does not allow a promise or an enterprise that may give none; then nothing is changed.
    """
    draft = _locked(draft)
    plan = plan_for(draft)
    if plan.fingerprint != seen or not plan.is_agreed(draft):
        raise ChangedSinceSeen
    if not set(codes) <= set(plan.committable) or (codes and UntrustworthyEntry.objects.bars(draft.enterprise)):
        raise NotCommittable
    draft.committed = [code for code in plan.committable if code in codes]
    agree(draft, plan_for(draft))


def fill(draft, plan, written):
    """Put a step's values {element code: value or None} into the draft, not saved yet; return the new Plan.

    An element that is an answer becomes the answer, and answers that are no longer asked fall away.
    """
    answers, values = dict(plan.situation.answers), dict(draft.values)
    for code, value in written.items():
        if value in (None, []):
            values.pop(code, None)
        else:
            values[code] = value
        question = plan.question_of(code)
        if question and value is not None:
            element = plan.catalogue.elements[code]
            answers[question.code] = answer_of(element, question, value, answers[question.code])
    draft.answers, draft.values = answers, values
    plan = plan_for(draft)
    draft.answers = plan.situation.answers
    return plan


@transaction.atomic
def dispute(draft, code, value, reason, *, seen):
    """Keep what the applicant says instead of the known value of this element.

    value: as the element's field cleaned it; seen: the `version_of` what the page showed. The same sent twice is kept
    once. Raises ChangedSinceSeen when another tab was faster, and NotDisputable; then nothing is changed.
    """
    draft = _locked(draft)
    plan = plan_for(draft)
    if not plan.is_disputable(code) or code in UNCHANGING:
        raise NotDisputable
    said = {"value": value, "reason": reason, "was": plan.known[code].value}
    if plan.disputed.get(code) == said:
        return
    if version_of(plan, code) != seen:
        raise ChangedSinceSeen
    draft.disputes = plan.disputed | {code: said}
    _save(draft, "disputes")


@transaction.atomic
def take_back(draft, code):
    """What is registered is right after all."""
    draft = _locked(draft)
    if code in draft.disputes:
        draft.disputes = {other: said for other, said in draft.disputes.items() if other != code}
        _save(draft, "disputes")


def version_of(plan, code):
    """A hash of what is known of the element and said instead of it, by which a second tab finds out."""
    known = plan.known.get(code)
    return fingerprint({"known": known and known.value, "said": plan.disputed.get(code)})


@transaction.atomic
def delete(draft):
    """Delete a draft with its papers."""
    draft = _locked(draft)
    uploads.remove(StoredFile.objects.filter(materials__application=draft))
    draft.delete()


def _locked(draft):
    """The draft's row, this transaction's own. Raises Application.DoesNotExist when it was submitted meanwhile."""
    drafts = Application.objects.drafts().select_related("enterprise", "premises__division", "release")
    drafts.lock(pk=draft.pk)
    return drafts.get(pk=draft.pk)


def _save(draft, *fields):
    # Every save counts, so that a form opened before it is told of it.
    draft.revision += 1
    draft.save(update_fields=[*fields, "revision", "updated_at"])
