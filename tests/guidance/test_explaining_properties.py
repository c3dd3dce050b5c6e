"""The smallest change, held against trying every change there is."""

import functools
import itertools

from hypothesis import given
from hypothesis import strategies as st

from guidance.asking import drawn
from guidance.engine import replay
from guidance.explaining.changes import smallest
from guidance.explaining.whys import MOST_CHANGES, Explainer
from guidance.schema import Catalogue
from tests.guidance.conftest import DOCUMENTS
from tests.guidance.small import ANSWERS, catalogues, tried

CATALOGUE = Catalogue.from_data(DOCUMENTS)


def some_answers(catalogue):
    every = {code: st.sampled_from(ANSWERS[one.type]) for code, one in catalogue.questions.items()}
    return st.fixed_dictionaries({}, optional=every)


def steps_to(question, old, new):
    """An option taken away or added is a step; so is any other answer."""
    return len(set(old or ()) ^ set(new)) if question.type == "multi" else 1


def without(catalogue, answers, code):
    situation = replay(catalogue, answers)
    return code not in (*situation.items, *situation.possible)


def tried_out(catalogue, answers, does):
    """(questions changed, steps) of the smallest change that does it, by trying all; None if two answers do not."""
    for size in range(1, MOST_CHANGES + 1):
        found = []
        for chosen in itertools.combinations(catalogue.questions.values(), size):
            for values in itertools.product(*(ANSWERS[one.type] for one in chosen)):
                change = dict(zip((one.code for one in chosen), values, strict=True))
                other = all(answers.get(one) != value for one, value in change.items())
                if other and does(answers | change):
                    found.append(measured(catalogue, answers, change))
        if found:
            return min(found)
    return None


def measured(catalogue, answers, change):
    steps = (steps_to(catalogue.questions[code], answers.get(code), value) for code, value in change.items())
    return len(change), sum(steps)


@tried(30)
@given(st.data())
def test_on_small_catalogues_no_change_that_drops_an_item_is_smaller(data):
    catalogue = data.draw(catalogues(most=3))
    situation = replay(catalogue, data.draw(some_answers(catalogue)))
    explainer = Explainer(catalogue, situation)
    for code in situation.items:
        drop = explainer.drop_by(code)
        found = drop and measured(catalogue, situation.answers, drop.answers)
        drops = functools.partial(without, catalogue, code=code)
        assert found == tried_out(catalogue, situation.answers, drops)
        assert drop is None or without(catalogue, situation.answers | drop.answers, code)


@tried(25)
@given(st.data())
def test_on_small_catalogues_whatever_is_named_as_doing_the_same_does(data):
    catalogue = data.draw(catalogues(most=3))
    situation = replay(catalogue, data.draw(some_answers(catalogue)))
    for code in situation.items:
        diagram = catalogue.reach.items[code].diagram(catalogue.diagrams)
        for way in smallest(catalogue, diagram, situation.answers, False, MOST_CHANGES):
            for changed, instead in way.instead.items():
                for value in named(catalogue.questions[changed], situation.answers.get(changed), instead):
                    assert without(catalogue, situation.answers | way.answers | {changed: value}, code)


def named(question, old, instead):
    """The answers of a small catalogue that `instead` (guidance.explaining.changes.Way) stands for."""
    if question.type == "number":
        return [value for value in ANSWERS["number"] if instead.holds(value)]
    if question.type == "multi":
        return [sorted(set(old or ()) - set(removed) | set(added)) for added, removed in instead]
    return instead


@tried(25)
@given(st.data())
def test_on_small_catalogues_what_would_make_an_item_needed_does_and_nothing_smaller(data):
    catalogue = data.draw(catalogues(most=3))
    situation = replay(catalogue, data.draw(some_answers(catalogue)))
    explainer = Explainer(catalogue, situation)
    for code in set(catalogue.items) - set(situation.items):
        for need in explainer.why_not(code):
            rule = catalogue.diagrams.of(need.rule.when)
            holds = functools.partial(holds_for_certain, catalogue, rule)
            assert holds(situation.answers | need.answers) or rule is False
            found = measured(catalogue, situation.answers, need.answers)
            if need.steps:
                assert tried_out(catalogue, situation.answers, holds) == (
                    found if len(need.steps) <= MOST_CHANGES else None
                )


def holds_for_certain(catalogue, diagram, answers):
    return replay(catalogue, answers).facts.under.value(diagram) is True


def test_on_the_real_catalogue_a_drop_drops_and_no_single_answer_does_with_less():
    for business in drawn(CATALOGUE, 40, seed=6):
        situation = finished(business)
        explainer = Explainer(CATALOGUE, situation)
        for code in situation.items:
            drop = explainer.drop_by(code)
            assert drop is None or without(CATALOGUE, situation.answers | drop.answers, code)
            smallest_so_far = drop and measured(CATALOGUE, situation.answers, drop.answers)
            for change in single_changes(situation.answers):
                if smallest_so_far is None or measured(CATALOGUE, situation.answers, change) < smallest_so_far:
                    assert not settled_without(situation.answers | change, code), change


def finished(business):
    """The Situation of one who answers what is asked, to the end."""
    answers = {}
    while (situation := replay(CATALOGUE, answers)).next:
        answers[situation.next] = business[situation.next]
    return situation


def settled_without(answers, code):
    under = replay(CATALOGUE, answers).facts.under
    return under.value(CATALOGUE.reach.items[code].diagram(CATALOGUE.diagrams)) is False


def single_changes(answers):
    """Another answer to one question: of a number both sides of its thresholds, of a multi one option more or less."""
    for question in CATALOGUE.questions.values():
        old = answers.get(question.code)
        for value in other_answers(question, old):
            if value != old:
                yield {question.code: value}


def other_answers(question, old):
    if question.type == "number":
        low, high = question.validation["min"], question.validation["max"]
        around = (n + step for n in (1, 5, 10, 15, 50, 100, 200, 300, 800, 4500) for step in (-1, 0, 1))
        return [low, high, *(n for n in around if low <= n <= high)]
    if question.type == "multi":
        kept = old or []
        toggled = (set(kept) ^ {other} for other in question.values)
        return [[], *([value for value in question.values if value in chosen] for chosen in toggled)]
    return question.values or [False, True]
