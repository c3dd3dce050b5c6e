"""Decision diagrams say of every business what the expressions say, and name only questions that matter."""

from hypothesis import given
from hypothesis import strategies as st

from guidance.reasoning.diagrams import Under, path_to
from guidance.schema.catalogue import Catalogue
from tests.guidance.small import asked_of, businesses, catalogues, holds, tried


@tried(50)
@given(catalogues(most=3))
def test_a_diagram_says_of_every_business_what_its_expression_says(catalogue):
    for business in businesses(catalogue):
        under, facts = Under(catalogue.diagrams, business), asked_of(catalogue, business)
        for rule in catalogue.rules:
            assert under.value(catalogue.diagrams.of(rule.when)) is holds(catalogue, rule.when, facts)


@tried(50)
@given(catalogues(most=3), st.data())
def test_a_diagram_names_the_questions_that_can_change_it_and_no_other(catalogue, data):
    everybody = list(businesses(catalogue))
    known = data.draw(st.sets(st.sampled_from(sorted(catalogue.questions))))
    given = {code: answer for code, answer in data.draw(st.sampled_from(everybody)).items() if code in known}
    ways = [one for one in everybody if given.items() <= one.items()]
    under, when = Under(catalogue.diagrams, given), catalogue.rules[0].when
    for code in catalogue.questions.keys() - known:
        rests = {}
        for one in ways:
            rest = tuple((other, str(answer)) for other, answer in one.items() if other != code)
            rests.setdefault(rest, set()).add(holds(catalogue, when, asked_of(catalogue, one)))
        changes = any(len(outcomes) > 1 for outcomes in rests.values())
        assert under.matters(code, catalogue.diagrams.of(when)) is changes


@tried(50)
@given(catalogues(most=3), st.booleans())
def test_a_path_leads_where_it_says_or_there_is_none(catalogue, wanted):
    diagrams, when = catalogue.diagrams, catalogue.rules[0].when
    path = path_to(diagrams, diagrams.of(when), wanted)
    outcomes = {
        holds(catalogue, when, asked_of(catalogue, one))
        for one in businesses(catalogue)
        if path is None or path.items() <= one.items()
    }
    assert outcomes == {not wanted} if path is None else {wanted}


def test_conditions_that_mean_the_same_are_one_diagram(catalogue):
    diagrams = catalogue.diagrams
    small, large = {"not": {"gte": ["area", 300]}}, {"gte": ["area", 300]}
    shop = {"eq": ["store_form", "shop"]}
    assert diagrams.of({"any": [small, large]}) is True
    assert diagrams.of({"gte": ["area", 1]}) is diagrams.asked("area")
    assert diagrams.of({"all": [shop, large]}) is diagrams.of({"eq": ["large_shop", True]})
    # Between two thresholds that leave no room for a whole number there is nobody.
    assert diagrams.of({"all": [{"gte": ["staff_count", 50]}, {"not": {"gte": ["staff_count", 49.5]}}]}) is False


def test_an_absent_question_makes_its_comparison_false(catalogue: Catalogue):
    online = Under(catalogue.diagrams, {"premises_type": "online_only"})
    assert online.value(catalogue.diagrams.of({"gte": ["area", 1]})) is False
    assert online.value(catalogue.diagrams.of({"not": {"gte": ["area", 1]}})) is True
