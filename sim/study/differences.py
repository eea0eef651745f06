"""How much likelier a clash is in one arm than in the other, from runs paired by seed.

The interval of a difference of paired proportions is put together from the exact ones of the two chances that only
one arm has the outcome, by the method of variance estimates recovery (MOVER) of G. Y. Zou and A. Donner (2008),
Statistics in Medicine 27, 1693-1702, with Clopper-Pearson's limits.  Where one of the two was never seen it is that
for the other; it holds the truth in 95 of 100 studies at least (tests/test_compare.py), which formulas with half a run
added do not where few pairs differ.  Whether a difference is too small to matter is asked by two one-sided tests
(D. J. Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680): it is, at 5 %, where the 90 %
interval lies within the margin.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.study.estimate import LEVEL, clopper_pearson

FEW = 5  # events in either arm; of fewer there is only a bound
EQUIVALENCE = 0.90  # level of the interval that has to lie within the margin


class Difference(NamedTuple):
    """What pairs of runs say of one outcome: chance in a and b, b - a with its 95 % interval.

    `events` are those of a and b; `inner` is the 90 % interval; `gain` how many times as many unpaired runs would
    have been needed (nan where nothing varies); `differing` the pairs that come out differently; `bound` says that
    one arm has fewer than five events, and the interval is only what the two chances can be apart.
    """

    n: int
    events: tuple[int, int]
    chances: tuple[float, float]
    difference: float
    low: float
    high: float
    inner: tuple[float, float]
    gain: float
    differing: int
    bound: bool


def of_happening(a: np.ndarray, b: np.ndarray) -> Difference:
    """Of an outcome that happens or not; `a` and `b`, shape (n,), are paired by place."""
    n, events = len(a), (int(a.sum()), int(b.sum()))
    only_b, only_a = int((b & ~a).sum()), int((a & ~b).sum())
    chances, bound = (events[0] / n, events[1] / n), min(events) < FEW
    low, high = _apart(events, n) if bound else interval(only_a, only_b, n, LEVEL)
    inner = (low, high) if bound else interval(only_a, only_b, n, EQUIVALENCE)
    gain = gained(a, b)
    return Difference(n, events, chances, chances[1] - chances[0], low, high, inner, gain, only_a + only_b, bound)


def interval(only_a: int, only_b: int, n: int, level: float) -> tuple[float, float]:
    """Of P(b) - P(a), from the pairs in which only one of them happened, of n."""
    p, q = only_a / n, only_b / n
    lows, highs = clopper_pearson(np.array([only_a, only_b]), np.asarray(n), level)
    alike = (
        math.sqrt(p * q / ((1 - p) * (1 - q))) if p < 1 and q < 1 else 0.0
    )  # minus the correlation of the two counts

    def reach(below: float, above: float) -> float:
        return math.sqrt(below**2 + above**2 + 2 * alike * below * above)

    return q - p - reach(q - lows[1], highs[0] - p), q - p + reach(highs[1] - q, p - lows[0])


def _apart(events: tuple[int, int], n: int) -> tuple[float, float]:
    """How far apart two chances can be: exact intervals of both, which together hold in at least 95 of 100 studies."""
    low, high = clopper_pearson(np.asarray(events), np.asarray(n), (1 + LEVEL) / 2)
    return float(low[1] - high[0]), float(high[1] - low[0])


def gained(a: np.ndarray, b: np.ndarray) -> float:
    """The variance of b - a with unpaired runs over that with these pairs; nan where no pair differs."""
    first, second = a.astype(float), b.astype(float)
    apart = float((second - first).var())
    return float(first.var() + second.var()) / apart if apart > 0 else math.nan


def verdict(found: Difference, margin: float) -> str:
    """What may be said: which arm has more, that the difference does not matter, or how many pairs would settle it."""
    small = -margin < found.inner[0] and found.inner[1] < margin
    if found.low > 0 or found.high < 0:
        return f"{'more' if found.low > 0 else 'less'} in b" + (", by less than the margin" if small else "")
    if found.bound:
        return "too few events" + ("; less than the margin" if small else "")
    return "no difference that matters" if small else f"open; about {pairs_wanted(found, margin):,} pairs"


def pairs_wanted(found: Difference, margin: float) -> int:
    """Pairs after which the interval would leave out 0, or lie within the margin, if the estimate stays."""
    size, needed = abs(found.difference), []
    if size > 0:
        needed.append((found.high - found.low) / 2 / size)
    if size < margin:
        needed.append((found.inner[1] - found.inner[0]) / 2 / (margin - size))
    return _rounded(found.n * min(needed) ** 2) if needed else 0


def runs_for_few(found: Difference) -> int | None:
    """Runs of each arm after which five events are to be expected in both; None where one arm has none."""
    fewest = min(found.events)
    return _rounded(found.n * FEW / fewest) if fewest else None


def _rounded(count: float) -> int:
    """Up to two significant digits."""
    unit = 10 ** max(0, math.floor(math.log10(max(count, 1))) - 1)
    return math.ceil(count / unit) * unit
