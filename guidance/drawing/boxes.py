"""One item's box: its name, what is said of it, and its bars on the scale of days. Pure."""

from dataclasses import dataclass

from guidance.drawing.arrows import least_height
from guidance.drawing.fitting import width, wrap
from guidance.drawing.shapes import Box, Rect, Text

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


def box_of(step, roadmap, card, frame, left, top, today):
    """Return the Box of a Step whose upper left corner is there, in that kind of picture."""
    wide = frame.width - PADDING - left
    room = (frame.text or wide) - 2 * PADDING
    texts, down = set_lines([step.name], NAME, room, left + PADDING, top + PADDING, "map__name")
    lines = [CRITICAL, *card.lines] if step.critical else card.lines
    if frame.text:
        lines = _joined(lines, room)
    more, down = set_lines(lines, LINE, room, left + PADDING, down, "map__line")
    chart = chart_of(frame, left)
    bottom = max(down if frame.text else down + PADDING // 2 + BAR, top + least_height(roadmap, step.code) - PADDING)
    height = bottom + PADDING - top
    bar = top + (height - BAR) // 2 if frame.text else bottom - BAR
    css = f"map__box{' map__box--critical' if step.critical else ''}{f' map__box--{card.tone}' if card.tone else ''}"
    rule = None if today is None else (place_of(today, roadmap, chart), bar - 3, bar + BAR + 3)
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


def chart_of(frame, left):
    """(first, last) x of the scale of days."""
    begin = left + frame.text if frame.text else left
    return begin + PADDING, frame.width - 2 * PADDING


def place_of(day, roadmap, chart):
    """The x of a day of the roadmap."""
    first, last = chart
    return first + round((last - first) * min(day, roadmap.total) / max(roadmap.total, 1))


def _bars(step, roadmap, chart, y):
    """The whole scale, the item's own work on it, and the time its result waits for others."""
    first, last = chart
    starts, worked, ends = (place_of(day, roadmap, chart) for day in (step.starts, step.worked, step.ends))
    yield Rect(first, y, last - first, BAR, "map__scale")
    # What is done the same day is a dot on the scale.
    begin = min(starts, last - 6)
    yield Rect(begin, y, max(worked - begin, 6), BAR, "map__bar")
    if ends > worked:
        yield Rect(worked, y, ends - worked, BAR, "map__bar-waits")


def set_lines(paragraphs, size, room, x, top, css):
    """Set text in lines; return (Texts, y below the last)."""
    texts, y = [], top
    for paragraph in paragraphs:
        for line in wrap(paragraph, size, room):
            texts.append(Text(x, y + size, line, size, css))
            y += size + LEADING
    return texts, y
