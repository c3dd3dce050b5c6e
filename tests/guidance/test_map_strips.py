"""The strips in which paper takes the picture of the map: all of it, and none ends within a box or a word."""

from tests.guidance.test_roadmap_pictures import ITEMS, blocks, frames, picture


@frames
def test_paper_breaks_the_map_between_boxes(frame):
    drawn = picture(set(ITEMS), frame)
    ends = [top + height for top, height in drawn.strips]
    assert [top for top, _ in drawn.strips] == [0, *ends[:-1]]
    assert ends[-1] == drawn.height
    assert len(ends) > len(ITEMS) - 4
    whole = [box.frame for box in drawn.boxes] + blocks(drawn)
    assert not [(one, end) for one in whole for end in ends[:-1] if one.y < end < one.bottom]
