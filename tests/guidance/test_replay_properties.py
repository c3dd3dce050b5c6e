"""What holds for any answers on the real catalogue, tried on random ones."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from guidance.engine import replay
from guidance.expressions import UNKNOWN, evaluate, grounds
from guidance.schema import Catalogue
from tests.guidance.conftest import DOCUMENTS

CATALOGUE = Catalogue.from_data(DOCUMENTS)
# Numbers around the thresholds say more than numbers anywhere.
NUMBERS = [0, 1, 4, 5, 10, 14, 15, 49, 50, 99, 100, 199, 200, 299, 300, 800, 801, 4500, 4501]


def values_of(question):
    if question.type == "single":
        return st.sampled_from(question.values)
    if question.type == "multi":
        return st.lists(st.sampled_from(question.values), unique=True, max_size=4)
    if question.type == "boolean":
        return st.booleans()
    low, high = question.validation["min"], question.validation["max"]
    return st.sampled_from([number for number in NUMBERS if low <= number <= high])


some_answers = st.fixed_dictionaries(
    {}, optional={code: values_of(question) for code, question in CATALOGUE.questions.items()}
)


def finish(data, answers):
    """Answer at random what is still open, to the end."""
    answers = dict(answers)
    while (situation := replay(CATALOGUE, answers)).next:
        answers[situation.next] = data.draw(values_of(CATALOGUE.questions[situation.next]))
    return situation


@settings(deadline=None)
@given(some_answers, st.data())
def test_further_answers_only_settle_what_was_open(answers, data):
    """Adding answers takes back nothing that was certain, and needs nothing that was not at least possible."""
    before, after = replay(CATALOGUE, answers), finish(data, answers)
    assert set(before.items) <= set(after.items) <= {*before.items, *before.possible}
    assert set(before.blocks) <= set(after.blocks)
    assert set(before.notices) <= set(after.notices)
    assert set(before.dropped) <= set(after.dropped)
    settled = {code: value for code, value in before.facts.items() if value is not UNKNOWN}
    assert {code: after.facts.get(code) for code in settled} == settled


@settings(deadline=None)
@given(some_answers)
def test_while_something_is_unknown_a_question_is_next(answers):
    situation = replay(CATALOGUE, answers)
    assert (situation.next is None) == (UNKNOWN not in situation.facts.values())
    assert situation.next is not None or situation.possible == ()


@settings(deadline=None)
@given(some_answers, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_is_irrelevant(answers, random):
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert replay(CATALOGUE, dict(shuffled)) == replay(CATALOGUE, answers)


@settings(deadline=None)
@given(some_answers)
def test_what_is_dropped_makes_no_difference(answers):
    situation = replay(CATALOGUE, answers)
    again = replay(CATALOGUE, situation.answers)
    assert again.dropped == ()
    assert replace(again, dropped=situation.dropped) == situation


@settings(deadline=None)
@given(some_answers)
def test_the_grounds_alone_suffice_for_what_is_certain(answers):
    """With every other answer taken back, the rule still holds; so the reasons shown are reasons enough."""
    situation = replay(CATALOGUE, answers)
    for rule in CATALOGUE.rules:
        if evaluate(rule.when, situation.facts):
            kept = grounds(rule.when, situation.facts, CATALOGUE.expressions)
            facts = {code: value if code in kept else UNKNOWN for code, value in situation.facts.items()}
            for code in CATALOGUE.derived:
                facts[code] = UNKNOWN
            for _ in CATALOGUE.derived:
                outcomes = {code: evaluate(fact.expr, facts) for code, fact in CATALOGUE.derived.items()}
                facts |= {code: UNKNOWN if outcome is None else outcome for code, outcome in outcomes.items()}
            assert evaluate(rule.when, facts) is True


@settings(deadline=None)
@given(some_answers)
def test_an_item_is_never_both_certain_and_only_possible(answers):
    situation = replay(CATALOGUE, answers)
    assert not set(situation.items) & set(situation.possible)
    assert list(situation.items) == sorted(situation.reasons)
    assert list(situation.possible) == sorted(situation.possible)
