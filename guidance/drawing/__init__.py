"""The map as a picture: one box an item, full-width on a phone, beside a scale of days where there is room. Pure.

Time runs along the bars within the boxes; arrows run in a gutter at their left. The width of letters is estimated
(fitting), so that no text meets another, whatever is chosen.
"""

from guidance.drawing.arrows import arrows, gutter
from guidance.drawing.boxes import (
    CRITICAL,
    GAP,
    LEADING,
    LINE,
    PADDING,
    SMALL,
    Card,
    Frame,
    box_of,
    chart_of,
    place_of,
    set_lines,
)
from guidance.drawing.fitting import width
from guidance.drawing.shapes import Box, Lane, Picture, Rect, Text

__all__ = ["CRITICAL", "NARROW", "WIDE", "Card", "draw"]

NARROW = Frame(width=358, lane=0, text=0)
WIDE = Frame(width=1024, lane=176, text=392)


def draw(roadmap, cards, frame, *, start, end, today=None):
    """Return the Picture of a Roadmap. cards: {code: Card}; start, end: (words, …) of its two ends, one a line.

    today: the day of the roadmap that is marked, or None.
    """
    lines = gutter(roadmap)
    left = frame.lane + lines.width + (PADDING if frame.lane or lines.width else 0)
    first = _bookend("start", start, 0, frame)
    down = first.frame.bottom + GAP
    ticks = _ticks(roadmap, frame, left, down)
    down += SMALL + LEADING
    lanes, boxes = [], []
    for name, steps in roadmap.lanes:
        lane, inside = _lane(name, steps, roadmap, cards, frame, left, down, today)
        lanes.append(lane)
        boxes += inside
        down = lane.frame.bottom + GAP
    last = _bookend("end", end, down, frame)
    frames = {box.code: box.frame for box in boxes}
    drawn = arrows(roadmap, lines, frames)
    return Picture(frame.width, last.frame.bottom + 2, first, last, *map(tuple, (lanes, boxes, drawn, ticks)))


def _bookend(code, words, down, frame):
    """Where it starts and where it ends."""
    texts, y = set_lines(words, LINE, frame.width - 2 * PADDING, PADDING, down + PADDING, "map__bookend")
    return Box(code, Rect(0, down, frame.width, y + PADDING - down, "map__bookend-frame"), tuple(texts), ())


def _lane(name, steps, roadmap, cards, frame, left, top, today):
    """Return the Lane and its Boxes."""
    room = frame.lane - 2 * PADDING if frame.lane else frame.width - left - PADDING
    texts, below = set_lines([name], LINE, room, PADDING if frame.lane else left, top + PADDING, "map__lane")
    down, boxes = (top + PADDING if frame.lane else below + PADDING // 2), []
    for step in steps:
        boxes.append(box_of(step, roadmap, cards[step.code], frame, left, down, today))
        down = boxes[-1].frame.bottom + GAP
    bottom = max(down - GAP, below) + PADDING
    return Lane(Rect(0, top, frame.width, bottom - top, "map__lane-frame"), tuple(texts)), boxes


def _ticks(roadmap, frame, left, top):
    """The days of the scale: both its ends, and where there is room some between."""
    chart, y = chart_of(frame, left), top + SMALL
    yield Text(chart[0], y, "提交", SMALL, "map__tick")
    last = f"第 {roadmap.total} 个工作日" if roadmap.total else "当天"
    yield Text(chart[1], y, last, SMALL, "map__tick", "end")
    if frame.text:
        every = next(step for step in (1, 2, 5, 10, 20, 50, 100, 500, 10**6) if roadmap.total / step <= 8)
        for day in range(every, roadmap.total, every):
            x = place_of(day, roadmap, chart)
            if chart[0] + 45 < x < chart[1] - width(last, SMALL) - 30:
                yield Text(x, y, str(day), SMALL, "map__tick", "middle")
