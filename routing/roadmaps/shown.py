"""The map as the pages show it: twice as a picture and once as a table, all from the same words."""

from dataclasses import dataclass
from datetime import date

from guidance.drawing import NARROW, WIDE, Card, draw
from guidance.roadmap import Roadmap, Step


@dataclass(frozen=True)
class Row:
    """One item in words: a box of the picture and a row of the table, which say the same."""

    step: Step
    begins: str  # what its work starts after
    waits: str  # what its result waits for besides, or ""
    limit: str
    result: str  # when it is there, or will be
    state: str = ""
    tone: str = ""  # done / failed / stands: the class of its box

    @property
    def card(self):
        return Card(tuple(filter(None, (self.state, self.limit, self.result))), self.tone)


@dataclass(frozen=True)
class Map:
    """What the page shows. rows: in the picture's order; finish: when all results are there, a sentence."""

    roadmap: Roadmap
    rows: tuple
    start: str
    finish: str
    finish_on: date
    notes: tuple  # what may still move the date, sentences
    names: dict  # {code: name}
    today: int | None = None

    @property
    def chain(self):
        """The names of one longest chain, in its order."""
        return [self.names[code] for code in self.roadmap.chain]

    @property
    def has_ties(self):
        """Does what is critical reach beyond that chain: is there another as long?"""
        return not {step.code for step in self.roadmap.steps if step.critical} <= set(self.roadmap.chain)

    @property
    def pictures(self):
        """[(name, Picture)]: one for a phone, one for where there is room."""
        return [(name, self._draw(frame)) for name, frame in (("narrow", NARROW), ("wide", WIDE))]

    @property
    def has_barriers(self):
        return any(link.is_barrier for link in self.roadmap.links)

    @property
    def has_gates(self):
        return not all(link.is_barrier for link in self.roadmap.links)

    def _draw(self, frame):
        cards = {row.step.code: row.card for row in self.rows}
        return draw(self.roadmap, cards, frame, start=(self.start,), end=(self.finish,), today=self.today)
