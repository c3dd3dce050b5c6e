"""From an answer to the next question, which is a replay of all answers so far: what a page of the questionnaire costs.

On the catalogue in force, on one of the size a province reports, and on a small one of the same shape: the quotient of
the last two is what size costs.
"""

import gc
import os
import statistics
import time
from pathlib import Path

from guidance import releases
from guidance.asking import drawn
from guidance.engine import replay
from guidance.proving import prove
from guidance.schema import Catalogue
from portal.benchmarks import province
from portal.benchmarks.figures import median_and_p99, shown, timed

GOAL_MS, GOAL_TIMES = 1, 10
BUSINESSES = 200
# As large as the catalogue in force.
SMALL = 46, 40
_STEP = 10


def measure():
    yield from _rows(_Answering(releases.load(releases.current().pk)))


def measure_province(items=province.ITEMS, questions=province.QUESTIONS):
    small = _Answering(Catalogue.from_data(province.documents(*SMALL)))
    yield from _rows(small)
    before = _resident()
    catalogue, seconds = _loaded(items, questions)
    yield f"{items:,} items and {questions:,} questions: made from parsed documents", shown(seconds)
    yield "what wakes what, worked out before the first answer", shown(timed(lambda: catalogue.reach)[0])
    yield "memory of the release, documents let go (resident)", f"{(_resident() - before) / 1e6:.0f} MB"
    large = _Answering(catalogue)
    yield from _rows(large)
    yield from _quotients(small, large)
    yield "memory with the diagrams that these answers called for", f"{(_resident() - before) / 1e6:.0f} MB"
    begun = time.perf_counter()
    proof = prove(catalogue)
    what = f"proof of {sum(proof.checks.values()):,} statements, {len(proof.violations)} of them wrong"
    yield what, shown(time.perf_counter() - begun)
    yield (
        f"memory with all {proof.diagrams:,} diagrams, {proof.nodes:,} nodes",
        f"{(_resident() - before) / 1e6:.0f} MB",
    )


class _Answering:
    """Random businesses answer to the end; `first` and `again` are [(number of answers given, seconds)]."""

    def __init__(self, catalogue):
        self.catalogue, self.first, self.again = catalogue, [], []
        replay(catalogue, {})
        for business in drawn(catalogue, BUSINESSES):
            paths = list(self._answer(business))
            self.again += [(len(answers), timed(replay, catalogue, answers)[0]) for answers in paths]

    def _answer(self, business):
        answers, code = {}, ""
        while code is not None:
            seconds, situation = timed(replay, self.catalogue, answers)
            self.first.append((len(answers), seconds))
            yield dict(answers)
            if (code := situation.next) is not None:
                answers[code] = business[code]

    def median(self, answers):
        """Median seconds where that many, or up to _STEP more, answers were given; None where too few."""
        seconds = [one for given, one in self.first if answers <= given < answers + _STEP]
        return statistics.median(seconds) if len(seconds) >= BUSINESSES // _STEP else None


def _rows(answering):
    items = f"{len(answering.catalogue.items):,} items"
    times = f"{len(answering.first):,} times"
    goal = f"   (goal {GOAL_MS} ms)"
    yield f"{items}: next question, {times}", median_and_p99([one for _, one in answering.first]) + goal
    yield f"{items}: the same answers again", median_and_p99([one for _, one in answering.again])
    for given in range(0, max(given for given, _ in answering.first), _STEP):
        if median := answering.median(given):
            yield f"{items}: with {given} to {given + _STEP - 1} answers given", f"median {shown(median)}"


def _quotients(small, large):
    goal = f"   (goal {GOAL_TIMES} or less)"
    one, other = (statistics.median(seconds for _, seconds in each.first) for each in (small, large))
    yield "slower in the large catalogue, which asks more", f"{other / one:.1f} times{goal}"
    for given in (0, _STEP):
        if small.median(given) and large.median(given):
            times = large.median(given) / small.median(given)
            yield f"slower with {given} to {given + _STEP - 1} answers given", f"{times:.1f} times{goal}"


def _loaded(items, questions):
    """Return (Catalogue, seconds it took to make it)."""
    documents = province.documents(items, questions)
    seconds, catalogue = timed(releases.made, documents)
    del documents
    gc.collect()
    return catalogue, seconds


def _resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
