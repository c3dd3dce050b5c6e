"""A question is asked exactly while some answer to it can change what follows: held against trying every answer."""

from hypothesis import given
from hypothesis import strategies as st

from guidance.engine import replay
from guidance.recommendation import remarks_of
from guidance.requirements import conditions_of
from tests.guidance.small import ANSWERS, asked_of, businesses, catalogues, holds, tried, what_follows


def told(catalogue, situation):
    """What the situation says, in the words of what_follows."""
    needed = [
        (code, [one in conditions_of(item, situation) for one in item.conditions if one.when])
        for code, item in catalogue.items.items()
        if code in situation.items
    ]
    return needed, [code for code in catalogue.notices if code in situation.blocks + situation.notices]


def answered_as(catalogue, business, ahead=()):
    """Yield the situation before each question that the business is asked, and at the end."""
    answers = {code: business[code] for code in ahead}
    while (situation := replay(catalogue, answers)).next:
        yield situation
        assert situation.next not in answers
        answers[situation.next] = business[situation.next]
    yield situation


@tried(60)
@given(catalogues(), st.data())
def test_what_is_not_asked_changes_nothing(catalogue, data):
    """Whoever answers only what is asked gets what answering everything would give, whatever is known ahead."""
    ahead = data.draw(st.sets(st.sampled_from(sorted(catalogue.questions))))
    for business in data.draw(some_of(catalogue)):
        *_, end = answered_as(catalogue, business, ahead)
        assert told(catalogue, end) == what_follows(catalogue, business)
        assert end.possible == ()


@tried(60)
@given(catalogues(most=3), st.data())
def test_each_question_asked_can_change_something(catalogue, data):
    """For some way of answering the rest, two answers to the question make a difference."""
    ahead = data.draw(st.sets(st.sampled_from(sorted(catalogue.questions))))
    for situation in answered_as(catalogue, data.draw(some_of(catalogue))[0], ahead):
        if situation.next:
            kind = catalogue.questions[situation.next].type
            assert any(
                what_follows(catalogue, one) != what_follows(catalogue, one | {situation.next: answer})
                for one in businesses(catalogue)
                if situation.answers.items() <= one.items()
                for answer in ANSWERS[kind]
            )


@tried(40)
@given(catalogues(most=3), st.data())
def test_what_is_certain_or_possible_on_the_way_is_so(catalogue, data):
    """Certain is what every way of answering the rest needs, possible what some way does."""
    for situation in answered_as(catalogue, data.draw(some_of(catalogue))[0]):
        ways = [one for one in businesses(catalogue) if situation.answers.items() <= one.items()]
        needed = [{code for code, _ in what_follows(catalogue, one)[0]} for one in ways]
        assert set(situation.items) <= set.intersection(*needed)
        assert set(situation.items) | set(situation.possible) == set.union(*needed)


@tried(25)
@given(catalogues(), st.data())
def test_what_is_told_as_a_reason_or_cause_is_so_whatever_was_left_unasked(catalogue, data):
    """A reason may only be assumed where none is certain; a cause is always an answer that was given."""
    for business in data.draw(some_of(catalogue)):
        *_, end = answered_as(catalogue, business)
        same = [one for one in businesses(catalogue) if end.answers.items() <= one.items()]
        for code, reasons in end.reasons.items():
            rules = [rule for rule in catalogue.rules if rule.item == code]
            certain = [
                rule.because
                for rule in rules
                if all(holds(catalogue, rule.when, asked_of(catalogue, one)) for one in same)
            ]
            assert [reason.because for reason in reasons] == certain or not certain
            assert all(set(reason.causes) <= end.answers.keys() for reason in reasons)
        assert len(remarks_of(catalogue, end)) == len(end.blocks + end.notices)


def some_of(catalogue):
    everybody = list(businesses(catalogue))
    return st.lists(st.sampled_from(everybody), min_size=3, max_size=3)
