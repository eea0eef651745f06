"""An interval of a probability that holds at every look at once, however often and whenever one looks.

An interval for one look fails when it is looked at after every batch: sooner or later chance carries it
past the truth.  The beta-binomial confidence sequence does not.  Under the truth p the ratio

    R = B(a + events, b + n - events) / (B(a, b) p^events (1 - p)^(n - events))

is a martingale with mean 1, so by J. Ville (1939) it ever reaches 1 / alpha with a chance of at most alpha;
the values of p whose ratio is still below that are the interval.  H. Robbins (1970), Annals of Mathematical
Statistics 41, 1397-1409; here with a = b = 1/2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from scipy.special import betaln, xlog1py, xlogy

from sim.study.estimate import LEVEL

MIX = 0.5  # both parameters of the beta distribution
HALVINGS = 60  # of a bracket of width at most 1


def interval(events: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """The (low, high) after `events` of `n` runs: at all n together they hold the truth with a chance of `level`.

    Runs must be counted in an order that does not hang on what comes out of them.  Raises ValueError for
    counts that cannot be.
    """
    if not 0 <= events <= n:
        raise ValueError(f"{events} events of {n} runs")
    share = events / n if n else 0.5

    def inside(p: float) -> bool:
        return bool(holds(events, n, p, level))

    return (0.0 if inside(0.0) else _edge(inside, 0.0, share)), (1.0 if inside(1.0) else _edge(inside, 1.0, share))


def holds(events: Any, n: Any, p: Any, level: float = LEVEL) -> Any:
    """Whether p is in the interval after `events` of `n` runs; numbers or arrays."""
    seen = xlogy(events, p) + xlog1py(n - events, -p)  # minus infinity where p rules out what was seen
    return betaln(MIX + events, MIX + n - events) - betaln(MIX, MIX) - seen < -math.log1p(-level)


def _edge(inside: Callable[[float], bool], outer: float, inner: float) -> float:
    """Where the interval ends between a value outside of it and one inside; the outer end of the last bracket."""
    for _ in range(HALVINGS):
        middle = (outer + inner) / 2
        outer, inner = (outer, middle) if inside(middle) else (middle, inner)
    return outer
