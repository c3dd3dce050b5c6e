"""The map of several items (一企一图): what starts when, what waits for what, which of them decide the end. Pure.

Time is counted in working days after submission. An item starts when all its barriers are granted; its grant comes when
its own work is done and all its gates are granted (guidance.prerequisites).
"""

from dataclasses import dataclass
from graphlib import TopologicalSorter
from operator import add

from guidance.prerequisites import barriers, gates


@dataclass(frozen=True)
class Span:
    """When the work on an item starts, when it is done, and when the result is there, which may wait for others."""

    starts: object
    worked: object
    ends: object


@dataclass(frozen=True)
class Link:
    """`target` waits for `source`: as a whole behind a barrier, else only its result does."""

    source: str
    target: str
    is_barrier: bool
    critical: bool


@dataclass(frozen=True)
class Step:
    """One item on the map. starts, worked, ends: working days after submission, as in its Span."""

    code: str
    name: str
    lane: str
    days: int  # promised working days; 0: the same day
    by_promise: bool
    starts: int
    worked: int
    ends: int
    barriers: tuple  # codes
    gates: tuple  # codes
    # One day more of its own work is one day more of the whole.
    critical: bool


@dataclass(frozen=True)
class Roadmap:
    steps: tuple  # lane by lane, the lanes by when they begin
    links: tuple
    total: int  # the day of the last result
    chain: tuple  # codes of one longest chain, in its order

    @property
    def lanes(self):
        """[(lane, its Steps)] from top to bottom."""
        lanes = {}
        for step in self.steps:
            lanes.setdefault(step.lane, []).append(step)
        return list(lanes.items())


def roadmap(items, committed=(), *, lanes=None, spans=None, settled=()):
    """Return the Roadmap of the chosen items, {code: catalogue item}.

    committed: codes of those filed by promise, with their own days. lanes: {code: name}, else the departments.
    spans: {code: Span in days} where something is known already, else every item starts as early as it can.
    settled: codes of items that have ended, which hold up nothing any more. Raises graphlib.CycleError.
    """
    days = {code: days_of(item, by_promise=code in committed) for code, item in items.items()}
    spans = spans or schedule(items, days, 0, add)
    total = max((span.ends for span in spans.values()), default=0)
    latest = _latest(items, spans, total)
    slack = {code: latest[code] - span.worked for code, span in spans.items()}
    critical = {code for code in items if slack[code] == 0 and code not in settled}
    steps = [
        Step(
            code=code,
            name=item.name,
            lane=lanes[code] if lanes else item.department,
            days=days[code],
            by_promise=code in committed,
            starts=spans[code].starts,
            worked=spans[code].worked,
            ends=spans[code].ends,
            barriers=tuple(barriers(item, items)),
            gates=tuple(gates(item, items)),
            critical=code in critical,
        )
        for code, item in items.items()
    ]
    links = _links(items, spans, latest, set(settled))
    return Roadmap(tuple(_in_lanes(steps)), tuple(links), total, _chain(items, spans))


def days_of(item, *, by_promise=False):
    """The promised working days of the item, on the path chosen for it."""
    return item.commitment.committed_days if by_promise and item.commitment else item.committed_days


def schedule(items, days, start, later, known=None):
    """Return {code: Span}: each item as early as its barriers and gates let it.

    Moments are days or dates. start: before it nothing begins; later(moment, number of working days) is a moment too.
    known: {code: (starts, worked, is it over?)} for items at work: what is over waits for nothing any more.
    """
    spans, known = {}, known or {}
    for code in _in_order(items):
        starts = max([start, *(spans[other].ends for other in barriers(items[code], items))])
        starts, worked, over = known.get(code) or (starts, later(starts, days[code]), False)
        results = [] if over else [spans[other].ends for other in gates(items[code], items)]
        spans[code] = Span(starts, worked, max([worked, *results]))
    return {code: spans[code] for code in items}


def _in_order(items):
    """The codes, each after what it waits for."""
    before = {code: [*barriers(item, items), *gates(item, items)] for code, item in items.items()}
    return list(TopologicalSorter(before).static_order())


def _latest(items, spans, total):
    """{code: the last day on which its result may come without making the whole longer}."""
    latest = dict.fromkeys(items, total)
    for code in reversed(_in_order(items)):
        started = latest[code] - (spans[code].worked - spans[code].starts)
        for other in barriers(items[code], items):
            latest[other] = min(latest[other], started)
        for other in gates(items[code], items):
            latest[other] = min(latest[other], latest[code])
    return latest


def _links(items, spans, latest, settled):
    for code, item in items.items():
        tight = latest[code] == spans[code].ends
        for other in barriers(item, items):
            held_up = tight and spans[code].worked == latest[code] and spans[other].ends == spans[code].starts
            yield Link(other, code, True, held_up and other not in settled)
        for other in gates(item, items):
            held_up = tight and spans[other].ends == spans[code].ends
            yield Link(other, code, False, held_up and not {code, other} & settled)


def _in_lanes(steps):
    """Lanes by when their first item begins, items within them likewise; else in the catalogue's order."""
    first = {}
    for step in steps:
        first[step.lane] = min(step.starts, first.get(step.lane, step.starts))
    places = {lane: (first[lane], place) for place, lane in enumerate(first)}
    return sorted(steps, key=lambda step: (places[step.lane], step.starts))


def _chain(items, spans):
    """Walk back from the last result to the submission, along what it waited for."""
    if not items:
        return ()
    code, chain = max(items, key=lambda code: spans[code].ends), []
    while code:
        chain.append(code)
        if spans[code].ends > spans[code].worked:
            waited, moment = gates(items[code], items), spans[code].ends
        else:
            waited, moment = barriers(items[code], items), spans[code].starts
        code = next((other for other in waited if spans[other].ends == moment), None)
    return tuple(reversed(chain))
