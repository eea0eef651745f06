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
from typing import Any

import numpy as np
from scipy.special import betaln, xlog1py, xlogy

from sim.study.estimate import LEVEL

MIX = 0.5  # both parameters of the beta distribution
HALVINGS = 60  # of a bracket of width at most 1


def interval(events: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """The (low, high) after `events` of `n` runs: at all n together they hold the truth with a chance of `level`.

    Runs must be counted in an order that does not hang on what comes out of them.  Raises ValueError for
    counts that cannot be.
    """
    low, high = intervals(np.array([events]), np.array([n]), level)
    return float(low[0]), float(high[0])


def intervals(events: np.ndarray, n: np.ndarray, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """The same for many counts, each by itself; all of one shape."""
    if not ((events >= 0) & (events <= n)).all():
        wrong = int(np.flatnonzero((events < 0) | (events > n))[0])
        raise ValueError(f"{events[wrong]} events of {n[wrong]} runs")
    share = np.where(n > 0, events / np.maximum(n, 1), 0.5)
    return _edge(events, n, share, 0.0, level), _edge(events, n, share, 1.0, level)


def holds(events: Any, n: Any, p: Any, level: float = LEVEL) -> Any:
    """Whether p is in the interval after `events` of `n` runs; numbers or arrays."""
    seen = xlogy(events, p) + xlog1py(n - events, -p)  # minus infinity where p rules out what was seen
    return betaln(MIX + events, MIX + n - events) - betaln(MIX, MIX) - seen < -math.log1p(-level)


def _edge(events: np.ndarray, n: np.ndarray, inside: np.ndarray, end: float, level: float) -> np.ndarray:
    """Where the interval ends between the values `inside` and an end of [0, 1]: the outer end of the last bracket."""
    outer = np.full(np.shape(events), end)
    reached = holds(events, n, outer, level)
    for _ in range(HALVINGS):
        middle = (outer + inside) / 2
        within = holds(events, n, middle, level)
        outer, inside = np.where(within, outer, middle), np.where(within, middle, inside)
    return np.where(reached, end, outer)
