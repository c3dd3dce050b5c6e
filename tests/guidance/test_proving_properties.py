"""On small catalogues of any shape the proof finds what playing everybody finds, and nothing else."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from guidance.engine import replay
from guidance.proving import prove
from guidance.schema.questions import Question, Rule, Theme
from tests.guidance import brute_force
from tests.guidance.small import businesses, catalogues, tried, what_follows


@st.composite
def themed_catalogues(draw):
    catalogue = draw(catalogues(most=3))
    business = draw(st.sampled_from(list(businesses(catalogue))))
    seeded = draw(st.sets(st.sampled_from(sorted(catalogue.questions))))
    seeds = {code: answer for code, answer in business.items() if code in seeded}
    theme = Theme("t0", "主题", "", tuple(draw(st.sets(st.sampled_from(["i0", "i1"])))), ("i0", "i1"), seeds)
    return replace(catalogue, themes={"t0": theme})


def code_in(finding):
    return finding.entry.partition("[")[2].removesuffix("]")


@tried(50)
@given(themed_catalogues())
def test_the_proof_finds_what_playing_everybody_finds(catalogue):
    found = {(one.check, code_in(one)) for one in prove(catalogue).violations}
    assert found == brute_force.violations(catalogue)


@tried(25)
@given(themed_catalogues())
def test_each_finding_has_a_path_that_somebody_goes(catalogue):
    for violation in prove(catalogue).violations:
        situation = replay(catalogue, violation.path)
        assert situation.dropped == ()
        assert [code for code in situation.path if code in violation.path] == list(violation.path)


@tried(25)
@given(catalogues(most=3))
def test_no_path_ends_while_an_outcome_is_open(catalogue):
    """Everybody answers what the engine asks and nothing else; at the end they are told what follows for them."""
    for business in businesses(catalogue):
        answers = {}
        while (code := (situation := replay(catalogue, answers)).next) is not None:
            answers[code] = business[code]
        needed, notices = what_follows(catalogue, business)
        assert list(situation.items) == [code for code, _ in needed]
        assert sorted((*situation.blocks, *situation.notices)) == notices
        for code, applying in needed:
            whens = [one.when for one in catalogue.items[code].conditions if one.when]
            assert [situation.facts.holds(when) for when in whens] == applying


def test_a_question_asked_after_every_answer_to_an_idle_one_is_found(catalogue):
    """Whatever is answered to the first, the second is asked; so the first need not be, and the second must."""
    either = {"any": [{"eq": ["first", True]}, {"eq": ["first", False]}]}
    questions = [Question("first", "", "", "boolean"), Question("second", "", "", "boolean", ask_when=either)]
    small = replace(
        catalogue,
        questions={question.code: question for question in questions},
        rules=(Rule("drainage-1", "drainage", "", "", {"eq": ["second", True]}),),
        notices={},
        items={"drainage": replace(catalogue.items["drainage"], materials=(), conditions=(), field_when={})},
        derived={},
        themes={},
    )
    assert replay(small, {}).next == "second"
    assert replay(small, {"second": True}).items == ("drainage",)
    assert [str(one).partition("：")[0] for one in prove(small).violations] == ["questions.yaml › questions[first]"]
