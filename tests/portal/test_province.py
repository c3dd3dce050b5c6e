"""The made-up catalogue of a province's size: what is measured on it must be worth measuring."""

import random
import statistics
import sys

from guidance.asking import asked, drawn
from guidance.engine import replay
from guidance.expressions import mentioned
from guidance.proving import prove
from guidance.schema import Catalogue
from portal.benchmarks import province, questioning
from portal.benchmarks.answering import anything, complete
from tests.guidance.conftest import DOCUMENTS


def test_it_is_the_same_in_every_run_and_as_large_as_asked_for():
    documents = province.documents(items=60, questions=45)
    assert documents == province.documents(items=60, questions=45)
    assert len(documents["items"]["items"]) == 60
    assert len(documents["questions"]["questions"]) == 45
    assert documents != province.documents(items=60, questions=45, seed=2)


def test_a_small_one_has_the_shape_of_the_real_one():
    catalogue = Catalogue.from_data(DOCUMENTS)
    made = Catalogue.from_data(province.documents(len(catalogue.items), len(catalogue.questions)))
    for what in ("items", "questions", "rules", "notices", "derived"):
        assert len(getattr(made, what)) == len(getattr(catalogue, what))
    papers, real_papers = (sum(len(item.materials) for item in one.items.values()) for one in (made, catalogue))
    assert 0.9 < papers / real_papers < 1.1


def test_its_questionnaire_is_sound_and_comes_to_its_end():
    made = Catalogue.from_data(province.documents(items=300, questions=90))
    assert prove(made).violations == ()
    asked = complete(made, {"sectors": ["s0"]}, anything(random.Random(1)))
    assert len(asked) > 5


def test_an_area_stands_in_many_rules_each_time_beside_an_answer_of_one_trade():
    documents = province.documents(items=500, questions=120)
    rules = [rule["when"] for rule in documents["questions"]["rules"]]
    with_area = [when for when in rules if "area" in mentioned(when)]
    assert len(with_area) > 10
    assert all(len(mentioned(when)) == 2 for when in with_area)


def test_ten_times_the_items_are_no_more_work_for_an_answer():
    """Counted in calls of functions, which are the same on any machine, over the same number of answers given."""
    small, large = (
        _calls(Catalogue.from_data(province.documents(items, questions)))
        for items, questions in ((200, 60), (2000, 600))
    )
    assert large < 1.5 * small


def _calls(catalogue):
    """The median of calls that a replay of one to ten answers makes, the second time."""
    counted = []
    for business in drawn(catalogue, 15):
        answers = {}
        for code in asked(catalogue, business)[:10]:
            answers[code] = business[code]
            counted.append(_calls_of(catalogue, answers))
    return statistics.median(counted)


def _calls_of(catalogue, answers):
    calls = 0

    def called(frame, event, argument):
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        replay(catalogue, answers)
    finally:
        sys.setprofile(before)
    return calls


def test_the_rows_of_the_bench_say_what_size_costs(monkeypatch):
    monkeypatch.setattr(questioning, "BUSINESSES", 20)
    rows = dict(questioning.measure_province(items=300, questions=90))
    assert "slower in the large catalogue, which asks more" in rows
    assert any("0 of them wrong" in row for row in rows)
