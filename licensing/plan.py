"""What an application asks for today, replayed whenever an answer, a value or the holder changes."""

import functools
from dataclasses import dataclass

from guidance import releases
from guidance.canonical import fingerprint
from guidance.engine import Situation, replay
from guidance.narrowing import narrowed
from guidance.requirements import may_commit
from guidance.schema import Catalogue
from licensing.disputes import corrected, standing
from licensing.merging import merge_elements, merge_materials, steps_of
from licensing.models import Mode, Purpose
from licensing.prefilling import held_licences, known_values
from licensing.registration import REGISTRATION
from licensing.values import allowed_answers, answers_told, filling_question, values_of

# In a draft's `wizard`: the item that single_of() names; and what need not be asked, {question: [answer, Source]}.
SINGLE = "single"
KNOWN = "known"


@dataclass(frozen=True, eq=False)
class Plan:
    """A pure value. Codes of items are in the catalogue's order; required = chosen + held + blocked + declined."""

    catalogue: Catalogue
    situation: Situation
    required: tuple
    held: tuple  # needed, and already held for these premises: nothing to file
    blocked: tuple  # needed, but a block notice forbids them
    declined: tuple  # needed, but filed elsewhere (另行办理)
    chosen: tuple
    committable: tuple  # chosen, and the applicant may file them by promise (告知承诺)
    committed: tuple  # of these, the ones the applicant does
    licences: frozenset  # codes of all items whose licence is held, needed or not
    elements: tuple  # WantedElement: the union, each once
    materials: tuple  # WantedMaterial: likewise
    known: dict  # {element code: Prefilled}: shown, not asked
    disputed: dict  # {code: {"value", "reason", "was"}} of the known ones that the applicant says are wrong
    values: dict  # {element code: value} of the elements above as they stand now
    sealed: frozenset  # questions that a register answers, so nobody edits them here
    told: frozenset = frozenset()  # questions answered by what the form or an earlier source says, not by the person

    @functools.cached_property
    def steps(self):
        return steps_of(self.catalogue, self.elements)

    @functools.cached_property
    def form_steps(self):
        """The steps that have something to ask."""
        return tuple(step for step in self.steps if self.asked(step))

    def asked(self, step):
        return tuple(wanted for wanted in step.wanted if self.is_asked(wanted))

    def is_asked(self, wanted):
        return not wanted.element.system_filled and wanted.code not in self.known

    def is_typed(self, wanted):
        """Does the applicant write it here: neither known nor told by an answer?"""
        return self.is_asked(wanted) and self.question_of(wanted.code) is None

    def is_disputable(self, code):
        """May the applicant say that this known value is wrong?"""
        return code in self.known and self.catalogue.elements[code].type != "rows"

    def question_of(self, code):
        """The answered question that this element is, or None."""
        return filling_question(self.catalogue, self.situation, code)

    def names(self, codes):
        return [self.catalogue.items[code].name for code in codes]

    def as_agreed(self):
        """What the applicant agrees to, as JSON: kept with the application to tell later what has changed."""
        return {
            "items": list(self.chosen),
            "committed": list(self.committed),
            "elements": {wanted.code: wanted.required for wanted in self.elements},
            "materials": [wanted.code for wanted in self.materials],
            "path": list(self.situation.path),
        }

    @functools.cached_property
    def fingerprint(self):
        return fingerprint(self.as_agreed())

    def is_agreed(self, application):
        # A draft older than the choice of the way has none: it agreed to the ordinary way for all.
        return self.situation.next is None and {"committed": []} | application.agreed_plan == self.as_agreed()


def plan_for(application):
    """Return today's Plan. Queries: the enterprise and premises where not loaded yet, one for the licences."""
    return plan_on(releases.load(application.release_id), application, held_licences(application))


def plan_on(catalogue, application, licences):
    """Return the application's Plan as this catalogue and these held licences would have it. Raises InvalidAnswer."""
    held = {licence.item_code for licence in licences}
    enterprise = application.enterprise
    if enterprise and enterprise.verified_at:
        held.add(REGISTRATION)
    answers, declined = application.answers, application.declined
    # What is registered must not stand in the way of a question that has other answers now.
    register, _refused = allowed_answers(catalogue, answers_of(enterprise))
    if application.purpose != Purpose.NEW:
        # The licence that is carried on or altered is held, and is filed for all the same.
        held.discard(single_of(application))
    if single := single_of(application):
        declined = [code for code in catalogue.items if code != single]
        # Another release may not have the item: then there is nothing to file.
        catalogue = narrowed(catalogue, single) if single in catalogue.items else catalogue
        answers, register = _asked_in(catalogue, answers), _asked_in(catalogue, register)
    earlier = {code: answer for code, (answer, _source) in application.wizard.get(KNOWN, {}).items()}
    return make_plan(
        catalogue,
        answers,
        application.values,
        declined=declined,
        committed=application.committed,
        licences=held,
        known=known_values(application, licences, catalogue),
        disputes=application.disputes,
        register=register,
        earlier=earlier,
    )


def single_of(application):
    """The code of the one item filed the traditional way (双轨, plan art. 21), or None.

    A draft keeps it from its first page, before any answer says that the item is needed; one submitted has chosen it.
    """
    if application.mode != Mode.TRADITIONAL:
        return None
    return application.wizard.get(SINGLE) or (application.chosen[0] if len(application.chosen) == 1 else None)


def _asked_in(catalogue, answers):
    return {code: answer for code, answer in answers.items() if code in catalogue.questions}


def answers_of(enterprise):
    """Return {question: answer} that the choice of the enterprise settles."""
    if enterprise is None:
        return {}
    settled = {"has_licence": "none" if enterprise.founding else "have"}
    if enterprise.verified_at and enterprise.entity_type:
        settled["entity_type"] = enterprise.entity_type
    return settled


def make_plan(
    catalogue,
    answers,
    values,
    *,
    declined=(),
    committed=(),
    licences=frozenset(),
    known=None,
    disputes=None,
    register=None,
    earlier=None,
):
    """Return the Plan. answers, values: as the application keeps them; register: answers that override them.

    earlier: answers known from elsewhere. They and the form's values answer a question that would be asked now.

    disputes: what the applicant says instead of a known value. It is the form's value; the register's answer stays.

    committed: codes of items to be filed by promise; those that do not allow it now go the ordinary way.

    Raises InvalidAnswer for an answer that this catalogue does not allow.
    """
    known, register = known or {}, register or {}
    stated = answers_told(catalogue, values | {code: one.value for code, one in known.items()})
    spared, _refused = allowed_answers(catalogue, (earlier or {}) | stated)
    situation = _replayed(catalogue, answers | register, spared)
    codes = _codes(catalogue, situation, licences, declined)
    items = [catalogue.items[code] for code in codes["chosen"]]
    committable = tuple(item.code for item in items if may_commit(item, situation.facts))
    by_promise = tuple(code for code in committable if code in committed)
    elements = merge_elements(catalogue, items, situation.facts)
    known = {wanted.code: known[wanted.code] for wanted in elements if wanted.code in known}
    disputed = standing(disputes or {}, known)
    now = values_of(catalogue, situation, elements, values, corrected(known, disputed))
    # Which papers are asked for follows the register too, whatever is said against it.
    registered = {code: known[code].value for code in disputed}
    return Plan(
        catalogue=catalogue,
        situation=situation,
        **codes,
        committable=committable,
        committed=by_promise,
        licences=frozenset(licences),
        elements=elements,
        materials=merge_materials(catalogue, items, situation.facts, now | registered, by_promise),
        known=known,
        disputed=disputed,
        values=now,
        sealed=frozenset(register),
        told=frozenset(situation.answers) - answers.keys() - register.keys(),
    )


def _replayed(catalogue, answers, spared):
    """Return the Situation; a question that comes up and is answered in `spared` is not asked."""
    situation = replay(catalogue, answers)
    while situation.next in spared:
        situation = replay(catalogue, situation.answers | {situation.next: spared[situation.next]})
    return situation


def _codes(catalogue, situation, licences, declined):
    """The Plan's required = chosen + held + blocked + declined."""
    required = tuple(code for code in catalogue.items if code in situation.items)
    held = tuple(code for code in required if code in licences)
    blocked = tuple(code for code in required if code in situation.blocked_items and code not in held)
    left = [code for code in required if code not in {*held, *blocked}]
    return {
        "required": required,
        "held": held,
        "blocked": blocked,
        "declined": tuple(code for code in left if code in declined),
        "chosen": tuple(code for code in left if code not in declined),
    }
