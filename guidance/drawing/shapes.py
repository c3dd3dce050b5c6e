"""What a picture of the map consists of, in whole pixels from its upper left corner."""

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Text:
    """One line; y is its base line. css: a class of static/portal.css, which sets nothing that changes its width."""

    x: int
    y: int
    content: str
    size: int
    css: str = ""
    anchor: str = "start"


@dataclass(frozen=True)
class Rect:
    x: int
    y: int
    width: int
    height: int
    css: str = ""

    @property
    def right(self):
        return self.x + self.width

    @property
    def bottom(self):
        return self.y + self.height


@dataclass(frozen=True)
class Box:
    """One item: its frame, its words and its bars. rule: (x, y above, y below) of the line of today, or None."""

    code: str
    frame: Rect
    texts: tuple
    bars: tuple
    rule: tuple | None = None


@dataclass(frozen=True)
class Lane:
    frame: Rect
    texts: tuple


@dataclass(frozen=True)
class Arrow:
    """path: SVG path data of the line; head: points of its polygon; turns: the corners the line goes through."""

    path: str
    head: str
    css: str
    turns: tuple


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    start: Box
    end: Box
    lanes: tuple
    boxes: tuple
    arrows: tuple
    ticks: tuple  # Texts of the scale

    @property
    def strips(self):
        """((y, height), …) from top to bottom: where paper may break the picture, through no box and no word."""
        frames = [self.start.frame, *(box.frame for box in self.boxes), self.end.frame]
        middles = [(above.bottom + below.y) // 2 for above, below in pairwise(frames)]
        names = [text for lane in self.lanes for text in lane.texts]
        # The first box stays with the scale of days above it.
        cuts = [y for y in middles[1:] if not any(text.y - text.size <= y <= text.y + text.size for text in names)]
        edges = [0, *cuts, self.height]
        return tuple((top, bottom - top) for top, bottom in pairwise(edges))
