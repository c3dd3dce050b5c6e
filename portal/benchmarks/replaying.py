"""How long the engine takes to replay a full set of answers."""

import random
import statistics

from guidance import releases
from guidance.engine import replay
from portal.benchmarks.answering import anything, complete, everything
from portal.benchmarks.figures import median_and_p99, timed

_SETS_PER_THEME, _ROUNDS = 5, 20


def measure():
    catalogue = releases.load(releases.current().pk)
    sets = list(_answer_sets(catalogue))
    seconds = [timed(replay, catalogue, answers)[0] for _ in range(_ROUNDS) for answers in sets]
    longest = everything_answered(catalogue)
    yield (
        f"{len(sets)} sets of all {len(catalogue.themes)} themes, {statistics.mean(map(len, sets)):.0f} answers each",
        median_and_p99(seconds),
    )
    yield (
        f"the longest set, {len(longest)} answers",
        median_and_p99([timed(replay, catalogue, longest)[0] for _ in range(_ROUNDS * 20)]),
    )


def everything_answered(catalogue):
    return complete(catalogue, {}, everything)


def _answer_sets(catalogue):
    # The same sets in every run, so that two runs can be compared.
    choose = anything(random.Random(1))  # noqa: S311
    for theme in catalogue.themes.values():
        yield complete(catalogue, theme.seed_answers, everything)
        for _ in range(_SETS_PER_THEME - 1):
            yield complete(catalogue, theme.seed_answers, choose)
