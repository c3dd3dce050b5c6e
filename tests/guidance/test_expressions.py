import copy
import itertools
import pickle

import pytest

from guidance.expressions import UNKNOWN, evaluate, grounds, mentioned

TRUE, FALSE, OPEN = {"eq": ["yes", True]}, {"eq": ["no", True]}, {"eq": ["open", True]}
FACTS = {"yes": True, "no": False, "open": UNKNOWN}
VALUES = {"T": (TRUE, True), "F": (FALSE, False), "U": (OPEN, None)}


@pytest.mark.parametrize(
    ("operator", "table"), [("all", "TT=T TF=F TU=U FF=F FU=F UU=U"), ("any", "TT=T TF=T TU=T FF=F FU=U UU=U")]
)
def test_all_and_any_follow_kleenes_tables(operator, table):
    for (left, right), result in (row.split("=") for row in table.split()):
        for parts in itertools.permutations([VALUES[left][0], VALUES[right][0]]):
            assert evaluate({operator: list(parts)}, FACTS) is VALUES[result][1]


def test_not_unknown_is_unknown():
    assert [evaluate({"not": expression}, FACTS) for expression in (TRUE, FALSE, OPEN)] == [False, True, None]


COMPARISONS = [
    ("eq", "a", "a", "b"),
    ("in", ["a", "b"], "a", "c"),
    ("gte", 10, 10, 9.99),
    ("contains", "a", ["b", "a"], ["b"]),
    ("contains", "a", ["a"], []),
]


@pytest.mark.parametrize(("operator", "wanted", "fits", "fails"), COMPARISONS)
def test_a_comparison_is_false_when_absent_and_unknown_when_open(operator, wanted, fits, fails):
    expression = {operator: ["fact", wanted]}
    assert evaluate(expression, {"fact": fits}) is True
    assert evaluate(expression, {"fact": fails}) is False
    assert evaluate(expression, {}) is False
    assert evaluate({"not": expression}, {}) is True
    assert evaluate(expression, {"fact": UNKNOWN}) is None


def test_unknown_stays_itself_through_copies_and_pickles():
    assert copy.deepcopy(UNKNOWN) is UNKNOWN
    assert pickle.loads(pickle.dumps(UNKNOWN)) is UNKNOWN


def test_mentioned_names_each_fact_of_a_nested_expression():
    nested = {"all": [TRUE, {"not": {"any": [{"gte": ["area", 3]}, {"in": ["kind", ["a"]]}]}}]}
    assert mentioned(nested) == {"yes", "area", "kind"}


DERIVED = {"either": {"any": [{"eq": ["a", 1]}, {"eq": ["b", 1]}]}}
GROUNDS = [
    # Of an `any`, the parts that hold.
    ({"any": [{"eq": ["a", 1]}, {"eq": ["b", 1]}]}, {"a": 1, "b": 2}, {"a"}),
    ({"any": [{"eq": ["a", 1]}, {"eq": ["b", 1]}]}, {"a": 1, "b": 1}, {"a", "b"}),
    # Of an `all` that fails, the parts that fail.
    ({"not": {"all": [{"eq": ["a", 1]}, {"eq": ["b", 1]}]}}, {"a": 1, "b": 2}, {"b"}),
    # A derived fact stands for its own grounds, whether it holds or not.
    ({"eq": ["either", True]}, {"a": 2, "b": 1, "either": True}, {"b"}),
    ({"not": {"eq": ["either", True]}}, {"a": 2, "b": 2, "either": False}, {"a", "b"}),
    # A question that is not asked has no answer that could be a ground.
    ({"not": {"eq": ["either", True]}}, {"a": 2, "either": False}, {"a"}),
]


@pytest.mark.parametrize(("expression", "facts", "expected"), GROUNDS)
def test_grounds_are_the_answers_that_make_it_so(expression, facts, expected):
    assert evaluate(expression, facts) is True
    assert grounds(expression, facts, DERIVED) == expected
