"""A condition that no machine can work with is refused where it stands, in a moment, and never hangs a publication."""

import pytest

from guidance.linting import lint
from guidance.proving import prove
from guidance.reasoning import diagrams
from guidance.schema import Catalogue
from tests.guidance import broken

YES = {"type": "boolean", "group": "附加", "help": "看看就知道。", "fills": []}


@pytest.fixture
def documents():
    return broken.pickle.loads(broken._real_catalogue())


def ask(documents, code, when=None, **more):
    documents["questions"]["questions"].append(
        YES | {"code": code, "text": f"有{code}吗？", "ask_when": when, "facts": [code]} | more
    )


def needs(documents, when):
    rules = documents["questions"]["rules"]
    rules.append(rules[0] | {"when": when})


def chain(documents, length):
    """Questions each asked only where the one before is answered yes."""
    for place in range(length):
        ask(documents, f"c{place}", {"eq": [f"c{place - 1}", True]} if place else None)
    needs(documents, {"eq": [f"c{length - 1}", True]})


def crossing(documents, pairs):
    """Any of so many pairs of options; none stands beside its partner, so that all that was chosen must be kept."""
    options = [{"value": f"o{place}", "label": f"第{place}样"} for place in range(2 * pairs)]
    ask(documents, "many", type="multi", options=options)
    both = [[{"contains": ["many", f"o{one}"]}, {"contains": ["many", f"o{one + pairs}"]}] for one in range(pairs)]
    needs(documents, {"any": [{"all": pair} for pair in both]})


def test_questions_that_hang_on_each_other_without_end_are_refused(documents):
    chain(documents, 3000)
    [problem] = lint(documents)
    assert "太复杂" in problem.message
    assert problem.entry.startswith("questions[c")


def test_a_chain_that_people_could_answer_is_not(documents):
    chain(documents, 40)
    assert lint(documents) == []
    assert prove(Catalogue.from_data(documents)).is_sound


def test_options_crossed_beyond_any_machine_are_refused(documents):
    crossing(documents, 30)
    [problem] = lint(documents)
    assert "交叉的选项太多" in problem.message
    assert problem.key == "when"


def test_what_is_too_large_only_together_ends_the_proof_with_a_violation(documents, monkeypatch):
    monkeypatch.setattr(diagrams, "MOST_NODES", 100)
    monkeypatch.setattr(diagrams, "MOST_NODES_A_QUESTION", 0)
    [violation] = prove(Catalogue.from_data(documents)).violations
    assert "太复杂" in violation.message
