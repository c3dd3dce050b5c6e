"""The map as a picture: one box an item, full-width on a phone, beside a scale of days where there is room. Pure.

Time runs along the bars within the boxes; arrows run in a gutter at their left. The width of letters is estimated
(fitting), so that no text meets another, whatever is chosen.
"""

from dataclasses import dataclass

from guidance.drawing.arrows import arrows, gutter, least_height
from guidance.drawing.fitting import width, wrap
from guidance.drawing.shapes import Box, Lane, Picture, Rect, Text

NAME, LINE, SMALL = 17, 15, 14
LEADING = 8  # of a line, beyond its size
PADDING, GAP = 10, 10
BAR = 12
CRITICAL = "◆ 决定总时间"


@dataclass(frozen=True)
class Card:
    """What a box says under its name, line by line; tone: the class of what has become of it, "" for nothing yet."""

    lines: tuple
    tone: str = ""


@dataclass(frozen=True)
class Frame:
    """A kind of picture. lane: width of the column of lanes, 0: their names stand above; text: width of the words
    within a box, 0: all of it, the bars below."""

    width: int
    lane: int
    text: int


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
    texts, y = _set(words, LINE, frame.width - 2 * PADDING, PADDING, down + PADDING, "map__bookend")
    return Box(code, Rect(0, down, frame.width, y + PADDING - down, "map__bookend-frame"), tuple(texts), ())


def _lane(name, steps, roadmap, cards, frame, left, top, today):
    """Return the Lane and its Boxes."""
    room = frame.lane - 2 * PADDING if frame.lane else frame.width - left - PADDING
    texts, below = _set([name], LINE, room, PADDING if frame.lane else left, top + PADDING, "map__lane")
    down, boxes = (top + PADDING if frame.lane else below + PADDING // 2), []
    for step in steps:
        boxes.append(_box(step, roadmap, cards[step.code], frame, left, down, today))
        down = boxes[-1].frame.bottom + GAP
    bottom = max(down - GAP, below) + PADDING
    return Lane(Rect(0, top, frame.width, bottom - top, "map__lane-frame"), tuple(texts)), boxes


def _box(step, roadmap, card, frame, left, top, today):
    wide = frame.width - PADDING - left
    room = (frame.text or wide) - 2 * PADDING
    texts, down = _set([step.name], NAME, room, left + PADDING, top + PADDING, "map__name")
    lines = [CRITICAL, *card.lines] if step.critical else card.lines
    if frame.text:
        lines = _joined(lines, room)
    more, down = _set(lines, LINE, room, left + PADDING, down, "map__line")
    chart = _chart(frame, left)
    bottom = max(down if frame.text else down + PADDING // 2 + BAR, top + least_height(roadmap, step.code) - PADDING)
    height = bottom + PADDING - top
    bar = top + (height - BAR) // 2 if frame.text else bottom - BAR
    css = f"map__box{' map__box--critical' if step.critical else ''}{f' map__box--{card.tone}' if card.tone else ''}"
    rule = None if today is None else (_place(today, roadmap, chart), bar - 3, bar + BAR + 3)
    return Box(
        step.code,
        Rect(left, top, wide, height, css),
        (*texts, *more),
        tuple(_bars(step, roadmap, chart, bar)),
        rule,
    )


def _joined(lines, room):
    """Short lines one after the other, as many as there is room for."""
    joined = []
    for line in lines:
        if joined and width(f"{joined[-1]} · {line}", LINE) <= room:
            line = f"{joined.pop()} · {line}"
        joined.append(line)
    return joined


def _chart(frame, left):
    """(first, last) x of the scale of days."""
    begin = left + frame.text if frame.text else left
    return begin + PADDING, frame.width - 2 * PADDING


def _place(day, roadmap, chart):
    first, last = chart
    return first + round((last - first) * min(day, roadmap.total) / max(roadmap.total, 1))


def _bars(step, roadmap, chart, y):
    """The whole scale, the item's own work on it, and the time its result waits for others."""
    first, last = chart
    starts, worked, ends = (_place(day, roadmap, chart) for day in (step.starts, step.worked, step.ends))
    yield Rect(first, y, last - first, BAR, "map__scale")
    # What is done the same day is a dot on the scale.
    begin = min(starts, last - 6)
    yield Rect(begin, y, max(worked - begin, 6), BAR, "map__bar")
    if ends > worked:
        yield Rect(worked, y, ends - worked, BAR, "map__bar-waits")


def _ticks(roadmap, frame, left, top):
    """The days of the scale: both its ends, and where there is room some between."""
    chart, y = _chart(frame, left), top + SMALL
    yield Text(chart[0], y, "提交", SMALL, "map__tick")
    last = f"第 {roadmap.total} 个工作日" if roadmap.total else "当天"
    yield Text(chart[1], y, last, SMALL, "map__tick", "end")
    if frame.text:
        every = next(step for step in (1, 2, 5, 10, 20, 50, 100, 500, 10**6) if roadmap.total / step <= 8)
        for day in range(every, roadmap.total, every):
            x = _place(day, roadmap, chart)
            if chart[0] + 45 < x < chart[1] - width(last, SMALL) - 30:
                yield Text(x, y, str(day), SMALL, "map__tick", "middle")


def _set(paragraphs, size, room, x, top, css):
    """Set text in lines; return (Texts, y below the last)."""
    texts, y = [], top
    for paragraph in paragraphs:
        for line in wrap(paragraph, size, room):
            texts.append(Text(x, y + size, line, size, css))
            y += size + LEADING
    return texts, y
