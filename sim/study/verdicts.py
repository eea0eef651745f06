"""Whether a pattern holds: an estimate with its interval, held against a bound."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from sim.study.estimate import TWO_SIDED, UPPER_BOUND, Estimate
from sim.study.measures import CONDITIONAL

HOLDS, FAILS, CANNOT_TELL = "holds", "fails", "cannot tell"
EXACT = {TWO_SIDED, UPPER_BOUND, CONDITIONAL}  # intervals that are right for any number of cases
FEWEST = 30  # runs with a case that the other intervals need
MOST_HISTORIES = 10_000_000  # nobody runs more


class Verdict(NamedTuple):
    """One of holds, fails, cannot tell; and why it cannot be told."""

    word: str
    why: str = ""


def judge(found: Estimate, low: float, high: float, histories: int) -> Verdict:
    """Whether the interval lies inside [low, high], outside, or neither.

    Where it cannot be told: how many histories would be needed.
    """
    if not found.n or math.isnan(found.estimate):
        return Verdict(CANNOT_TELL, f"no case in {histories:,} histories")
    if found.kind not in EXACT and found.n < FEWEST:
        needed = _about(histories * FEWEST / found.n)
        return Verdict(CANNOT_TELL, f"only {found.n} runs have a case, {FEWEST} are needed: {needed}")
    if low <= found.low and found.high <= high:
        return Verdict(HOLDS)
    if found.high < low or found.low > high:
        return Verdict(FAILS)
    return Verdict(CANNOT_TELL, f"the interval straddles the bound: {_about(_needed(found, low, high, histories))}")


def _needed(found: Estimate, low: float, high: float, histories: int) -> float:
    """Histories after which the interval would no longer reach across a bound, if the estimate stays."""
    if math.isinf(found.estimate):  # none of the rarer kind: the lower end grows with the number of cases
        return histories * low / found.low if found.low > 0 else math.inf
    crossed = [low] * (found.low < low <= found.high) + [high] * (found.low <= high < found.high)
    return max(histories * _times(found, end) for end in crossed)


def _times(found: Estimate, end: float) -> float:
    """How many times as many cases bring an end of the interval back to this side of a bound.

    Intervals shrink with the root of the number of cases, but in proportion to it where all cases are alike.
    """
    distance = abs(found.estimate - end)
    if distance == 0.0:
        return math.inf
    times = abs((found.low if end < found.estimate else found.high) - found.estimate) / distance
    alike = found.kind in EXACT and found.estimate in (0.0, 1.0)
    return max(1.0, times if alike else times**2)


def _about(histories: float) -> str:
    """A number of histories to two digits, rounded up."""
    if not histories < MOST_HISTORIES:
        return "the estimate lies on it, no number of histories would decide"
    unit = 10 ** max(0, math.floor(math.log10(histories)) - 1)
    return f"about {math.ceil(histories / unit) * unit:,} histories"


def worst(verdicts: Iterable[str]) -> str:
    """The verdict on a pattern that has several parts."""
    words = set(verdicts)
    return next(word for word in (FAILS, CANNOT_TELL, HOLDS) if word in words)
