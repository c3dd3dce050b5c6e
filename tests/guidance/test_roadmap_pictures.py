"""The picture of the map: whatever is chosen, nothing lies over anything else and every word can be read."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidance.drawing import CRITICAL, NARROW, WIDE, Card, draw
from guidance.drawing.arrows import ports
from guidance.drawing.fitting import width, wrap
from guidance.drawing.shapes import Rect
from guidance.roadmap import roadmap
from guidance.schema import Catalogue
from tests.guidance.conftest import DOCUMENTS
from tests.guidance.small import tried

ITEMS = Catalogue.from_data(DOCUMENTS).items
CARD = Card(("待补齐材料，黄牌：过了承诺的日期", "告知承诺，25 个工作日", "今天补正的话，预计2027年12月28日"), "stands")
choices = st.sets(st.sampled_from(list(ITEMS)), min_size=1)
frames = pytest.mark.parametrize("frame", [NARROW, WIDE], ids=["narrow", "wide"])


def picture(codes, frame, today=None):
    found = roadmap({code: item for code, item in ITEMS.items() if code in codes})
    return draw(
        found, dict.fromkeys(codes, CARD), frame, start=("12月8日提交申请",), end=("12月28日全部办完",), today=today
    )


def overlap(one, other):
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def within(inner, outer):
    return outer.x <= inner.x and inner.right <= outer.right and outer.y <= inner.y and inner.bottom <= outer.bottom


def place(text):
    """The rectangle that a text takes at most."""
    wide = round(width(text.content, text.size))
    left = {"start": text.x, "middle": text.x - wide // 2, "end": text.x - wide}[text.anchor]
    return Rect(left, text.y - text.size, wide, text.size + 4)


def blocks(drawn):
    """Everything that must keep apart: boxes, their bars, all words."""
    boxes = [drawn.start, *drawn.boxes, drawn.end]
    texts = [text for box in boxes for text in box.texts] + [text for lane in drawn.lanes for text in lane.texts]
    return [place(text) for text in (*texts, *drawn.ticks)]


@frames
@tried(30)
@given(codes=choices)
def test_boxes_and_words_lie_in_the_picture_and_apart(frame, codes):
    drawn = picture(codes, frame)
    whole = Rect(0, 0, drawn.width, drawn.height)
    frames = [box.frame for box in (drawn.start, *drawn.boxes, drawn.end)]
    assert all(within(one, whole) for one in (*frames, *blocks(drawn), *(lane.frame for lane in drawn.lanes)))
    assert not any(overlap(one, other) for one, other in combinations(frames, 2))
    assert not any(overlap(one.frame, other.frame) for one, other in combinations(drawn.lanes, 2))
    assert not any(overlap(one, other) for one, other in combinations(blocks(drawn), 2))
    for box in drawn.boxes:
        scale, *bars = box.bars
        assert all(within(place(text), box.frame) and not overlap(place(text), scale) for text in box.texts)
        assert within(scale, box.frame)
        assert all(within(bar, scale) for bar in bars)


@frames
@tried(30)
@given(codes=choices)
def test_arrows_meet_no_box_and_no_word_on_their_way(frame, codes):
    drawn = picture(codes, frame)
    left = drawn.boxes[0].frame.x
    words = [place(text) for lane in drawn.lanes for text in lane.texts]
    for arrow in drawn.arrows:
        assert all(x <= left for x, _ in arrow.turns)
        trunk = Rect(arrow.turns[1][0] - 2, 0, left - arrow.turns[1][0], drawn.height)
        assert trunk.x >= 0
        assert not any(overlap(trunk, word) for word in words)


@frames
@tried(30)
@given(codes=choices)
def test_no_two_lines_of_different_sources_run_over_each_other(frame, codes):
    drawn, lines, ends = picture(codes, frame), {}, []
    for arrow in drawn.arrows:
        (start, (x, top), (_, bottom), end), kind = arrow.turns, arrow.css.split()[1]
        lines.setdefault((start, kind), []).append((x, min(top, bottom), max(top, bottom)))
        ends.append(end)
    assert len(ends) == len(set(ends))
    for (_, some), (_, others) in combinations(lines.items(), 2):
        assert not any(x == y and top <= low and high <= bottom for x, top, bottom in some for y, high, low in others)


@frames
@tried(15)
@given(codes=choices)
def test_every_item_has_its_box_in_the_lane_of_its_department_with_all_its_words(frame, codes):
    drawn = picture(codes, frame)
    assert {box.code for box in drawn.boxes} == codes
    for box in drawn.boxes:
        words = "".join(text.content for text in box.texts).replace(" ", "")
        lane = next(lane for lane in drawn.lanes if within(box.frame, lane.frame))
        assert ITEMS[box.code].name in words
        assert all(line.replace(" ", "") in words for line in CARD.lines)
        assert "".join(text.content for text in lane.texts) == ITEMS[box.code].department


@tried(15)
@given(choices)
def test_on_a_phone_no_letter_is_smaller_than_14_pixels(codes):
    drawn = picture(codes, NARROW)
    boxes = [drawn.start, *drawn.boxes, drawn.end, *drawn.lanes]
    assert drawn.width == 358
    assert min(text.size for one in boxes for text in one.texts) >= 14
    assert min(text.size for text in drawn.ticks) >= 14


def test_what_decides_the_end_says_so_in_words_and_by_its_frame():
    drawn = picture({"food-operation", "seal-engraving"}, NARROW)
    marked = {box.code: CRITICAL in [text.content for text in box.texts] for box in drawn.boxes}
    assert marked == {box.code: "critical" in box.frame.css for box in drawn.boxes}
    assert marked["food-operation"]
    assert not marked["seal-engraving"]


def test_barriers_and_gates_are_two_kinds_of_lines():
    drawn = picture({"business-registration", "bank-account", "food-operation"}, WIDE)
    kinds = sorted(arrow.css.split()[1] for arrow in drawn.arrows)
    assert kinds == ["map__arrow--barrier", "map__arrow--gate"]


def test_a_box_has_an_end_for_each_line_that_arrives_and_one_for_each_kind_that_leaves():
    chosen = {"business-registration", "bank-account", "food-operation"}
    found = roadmap({code: item for code, item in ITEMS.items() if code in chosen})
    assert ports(found, "business-registration") == (0, 2)
    assert ports(found, "bank-account") == ports(found, "food-operation") == (1, 0)


def test_where_nothing_waits_the_boxes_take_the_whole_width():
    drawn = picture({"food-operation"}, NARROW)
    assert drawn.arrows == ()
    assert drawn.boxes[0].frame.x <= 10


def test_today_is_a_line_across_every_scale():
    drawn = picture({"food-operation", "fire-safety-check"}, WIDE, today=3)
    assert all(box.rule for box in drawn.boxes)
    assert len({box.rule[0] for box in drawn.boxes}) == 1


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("食品经营许可", ["食品经营", "许可"]),
        ("经营许可（食品）", ["经营许可", "（食品）"]),
        ("第 25 个工作日", ["第 25", "个工作日"]),
        ("最晚12月8日", ["最晚", "12月8日"]),
        ("", []),
    ],
)
def test_lines_break_between_characters_but_neither_in_numbers_and_dates_nor_before_closing_marks(text, lines):
    assert wrap(text, 10, 40) == lines


@given(st.text(alphabet="食品经营许可（）“”，。 ABC0123456789"))
def test_no_line_is_wider_than_its_room_and_no_character_is_lost(text):
    lines = wrap(text, 16, 120)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line, 16) <= 120 for line in lines)
