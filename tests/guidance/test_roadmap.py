"""What starts when, what waits for what, and which items decide the end."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidance.prerequisites import barriers, gates
from guidance.roadmap import Span, days_of, roadmap
from guidance.schema import Catalogue
from guidance.schema.items import Commitment, Item, Prerequisite
from tests.guidance.conftest import DOCUMENTS

CATALOGUE = Catalogue.from_data(DOCUMENTS)


def item(code, days, before=(), together=(), **more):
    """A catalogue item that is not deferrable, so that `before` is a barrier."""
    waits = [Prerequisite(other, "before") for other in before] + [Prerequisite(one, "together") for one in together]
    basics = {"plain": "", "batch": 1, "department": f"局{code}", "level": "县级", "kind": "行政许可"}
    return Item(code=code, name=code, committed_days=days, prerequisites=tuple(waits), **basics, **more)


def drawn(*items, **more):
    found = roadmap({one.code: one for one in items}, **more)
    return found, {step.code: step for step in found.steps}


def span(step):
    return step.starts, step.worked, step.ends


@st.composite
def businesses(draw):
    """Items of which each may wait for earlier ones, as barrier or as gate."""
    items = {}
    for place in range(draw(st.integers(1, 8))):
        waits = {other: draw(st.sampled_from(["", "", "before", "together"])) for other in items}
        before, together = ([one for one in waits if waits[one] == how] for how in ("before", "together"))
        items[f"i{place}"] = item(f"i{place}", draw(st.integers(0, 5)), before, together)
    return items


def chains(items, last):
    """The length of every chain that ends with that item's result, tried one by one."""
    own = days_of(items[last])
    yield own
    for other in barriers(items[last], items):
        for length in chains(items, other):
            yield length + own
    for other in gates(items[last], items):
        yield from chains(items, other)


def test_items_that_wait_for_nothing_start_on_the_day_of_submission_side_by_side():
    found, steps = drawn(item("a", 5), item("b", 8))
    assert (span(steps["a"]), span(steps["b"]), found.total) == ((0, 5, 5), (0, 8, 8), 8)


def test_behind_a_barrier_the_work_starts_after_the_other_grant():
    _, steps = drawn(item("a", 5), item("b", 8, before=["a"]))
    assert span(steps["b"]) == (5, 13, 13)


def test_behind_a_gate_the_work_starts_at_once_and_only_the_result_waits():
    _, steps = drawn(item("a", 5), item("b", 2, together=["a"]))
    assert span(steps["b"]) == (0, 2, 5)


def test_a_barrier_waits_for_a_result_that_itself_waits_at_a_gate():
    found, steps = drawn(item("a", 5), item("b", 2, together=["a"]), item("c", 1, before=["b"]))
    assert (span(steps["c"]), found.chain) == ((5, 6, 6), ("a", "b", "c"))


def test_what_takes_no_days_is_done_the_same_day():
    found, steps = drawn(item("a", 0), item("b", 0, before=["a"]))
    assert (span(steps["b"]), found.total) == ((0, 0, 0), 0)


def test_a_prerequisite_that_is_not_chosen_holds_nothing_up():
    found, _ = drawn(item("b", 8, before=["a"]))
    assert (found.total, found.links) == (8, ())


def test_a_promise_has_its_own_days():
    quick = item("a", 20, commitment_allowed=True, commitment=Commitment(3, "after"))
    assert drawn(quick)[0].total == 20
    found, steps = drawn(quick, committed=["a"])
    assert (found.total, steps["a"].days, steps["a"].by_promise) == (3, 3, True)


def test_lanes_are_departments_in_the_order_in_which_they_begin_or_the_offices_named():
    items = item("a", 3), item("c", 1, before=["a"]), item("b", 1)
    assert [lane for lane, _ in drawn(*items)[0].lanes] == ["局a", "局b", "局c"]
    offices = {"a": "一局", "b": "二局", "c": "一局"}
    lanes = [(lane, [step.code for step in steps]) for lane, steps in drawn(*items, lanes=offices)[0].lanes]
    assert lanes == [("一局", ["a", "c"]), ("二局", ["b"])]


def test_what_has_ended_is_critical_no_more():
    spans = {"a": Span(0, 9, 9), "b": Span(9, 12, 12)}
    found, steps = drawn(item("a", 5), item("b", 3, before=["a"]), spans=spans, settled=["a"])
    assert (found.total, steps["a"].critical, steps["b"].critical) == (12, False, True)
    assert not found.links[0].critical


def test_of_the_results_that_one_waits_for_only_the_last_is_marked():
    found, _ = drawn(item("a", 3), item("b", 5), item("c", 2, together=["a", "b"]))
    assert {link.source: link.critical for link in found.links} == {"a": False, "b": True}


def test_nothing_chosen_is_an_empty_map():
    assert roadmap({}).total == 0


@settings(deadline=None)
@given(businesses())
def test_the_end_is_the_longest_of_all_chains(items):
    found = roadmap(items)
    assert found.total == max(length for code in items for length in chains(items, code))
    assert {step.code: step.ends for step in found.steps} == {code: max(chains(items, code)) for code in items}


@settings(deadline=None)
@given(businesses())
def test_an_item_is_critical_exactly_when_one_day_more_of_it_is_one_day_more_of_the_whole(items):
    found = roadmap(items)
    for step in found.steps:
        slower = items | {step.code: replace(items[step.code], committed_days=step.days + 1)}
        assert step.critical == (roadmap(slower).total == found.total + 1)


@settings(deadline=None)
@given(businesses())
def test_the_chain_shown_is_a_longest_one(items):
    found = roadmap(items)
    length = items[found.chain[0]].committed_days
    for before, after in zip(found.chain, found.chain[1:], strict=False):
        assert before in (*barriers(items[after], items), *gates(items[after], items))
        length += items[after].committed_days if before in barriers(items[after], items) else 0
    assert length == found.total


@settings(deadline=None)
@given(businesses())
def test_whoever_begins_with_a_longest_chain_finds_its_lines_marked(items):
    found = roadmap(items)
    marked = {(link.source, link.target) for link in found.links if link.critical}
    assert set(zip(found.chain, found.chain[1:], strict=False)) <= marked


@pytest.mark.parametrize("code", CATALOGUE.items)
def test_each_item_of_the_catalogue_alone_takes_its_own_days(code):
    assert roadmap({code: CATALOGUE.items[code]}).total == CATALOGUE.items[code].committed_days
