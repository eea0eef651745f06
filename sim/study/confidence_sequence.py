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
    bound = -math.log1p(-level)
    share = events / n if n else 0.5

    def inside(p: float) -> bool:
        return _log_ratio(events, n, p) < bound

    low = 0.0 if inside(0.0) else _edge(0.0, share, inside_is_high=True, events=events, n=n, bound=bound)
    high = 1.0 if inside(1.0) else _edge(share, 1.0, inside_is_high=False, events=events, n=n, bound=bound)
    return low, high


def _edge(low: float, high: float, *, inside_is_high: bool, events: int, n: int, bound: float) -> float:
    """Where the ratio crosses the bound between two values of p; the outer end of the last bracket."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if (_log_ratio(events, n, middle) < bound) == inside_is_high:
            high = middle
        else:
            low = middle
    return low if inside_is_high else high


def _log_ratio(events: int, n: int, p: float) -> float:
    """The logarithm of the ratio; infinite where p rules out what was seen."""
    seen = float(xlogy(events, p) + xlog1py(n - events, -p))
    return float(betaln(MIX + events, MIX + n - events) - betaln(MIX, MIX)) - seen
