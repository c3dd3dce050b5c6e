"""How far along somebody is: a promise about the questions still to come, so it is held against what then comes."""

from statistics import mean

from guidance.asking import asked, drawn
from guidance.engine import replay
from guidance.progress import progress
from guidance.schema import Catalogue
from tests.guidance.conftest import DOCUMENTS

CATALOGUE = Catalogue.from_data(DOCUMENTS)


def along(business, known):
    """The Progress at each question the person is asked."""
    answers = dict(known)
    for code in asked(CATALOGUE, business, known):
        yield progress(replay(CATALOGUE, answers), code, known)
        answers[code] = business[code]


def test_the_number_of_questions_told_is_right_by_little_more_than_one_on_average():
    misses = []
    for business in drawn(CATALOGUE, 40, seed=3):
        told = [one.total for one in along(business, {})]
        misses += [abs(total - len(told)) for total in told]
    assert mean(misses) < 1.5


def test_what_a_theme_answered_is_not_counted():
    theme = CATALOGUE.themes["convenience-store"]
    for business in drawn(CATALOGUE, 5):
        told = list(along(business, theme.seed_answers))
        assert [one.place for one in told] == list(range(1, len(told) + 1))


def test_going_back_counts_from_the_question_that_is_looked_at():
    business = next(drawn(CATALOGUE, 1))
    codes = asked(CATALOGUE, business)
    situation = replay(CATALOGUE, {code: business[code] for code in codes})
    for place, code in enumerate(codes, start=1):
        now = progress(situation, code, {})
        assert (now.place, now.total) == (place, len(codes))
