"""Estimates from independent runs, each with its interval.

Probabilities carry the interval of C. J. Clopper and E. S. Pearson (1934), Biometrika 26, 404-413:
exact, so it holds the truth in at least 95 of 100 studies however rare the event.  Where the event
was never seen there is no estimate to print, only how likely it can be at most.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import bdtr, betaincinv, stdtrit

LEVEL = 0.95
TWO_SIDED = "clopper-pearson 95%"
UPPER_BOUND = "one-sided 95% upper bound"
MEAN = "mean, t interval 95%"
ORDER = "order statistics 95%"


class Estimate(NamedTuple):
    """A number learnt from n runs: the estimate, its interval [low, high] and the kind of interval."""

    n: int
    events: int
    estimate: float
    low: float
    high: float
    kind: str


def clopper_pearson(events: np.ndarray, n: np.ndarray, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Two-sided exact interval (low, high) of a probability; `events` of `n`, numbers or arrays."""
    events, n = np.broadcast_arrays(np.asarray(events, float), np.asarray(n, float))
    tail = (1 - level) / 2
    some, not_all = np.maximum(events, 0.5), np.minimum(events, n - 0.5)  # betaincinv wants positive arguments
    low = np.where(events > 0, betaincinv(some, n - some + 1, tail), 0.0)
    high = np.where(events < n, betaincinv(not_all + 1, n - not_all, 1 - tail), 1.0)
    return low, high


def upper_bound(n: int, level: float = LEVEL) -> float:
    """The probability that an event never seen in n runs can have at most: about 3 / n."""
    return float(-np.expm1(np.log1p(-level) / n))


def probability(events: int, n: int) -> Estimate:
    """The probability of an event seen in `events` of `n` runs.

    Two-sided Clopper-Pearson; never seen: the one-sided bound, labelled so, and no estimate but 0.
    (The bound is the tighter promise: an event about as frequent as it is missed by either in up to
    7.5 of 100 studies, and by the two-sided interval alone in at most 5.)  No run at all says
    nothing: [0, 1].
    """
    if n == 0:
        return Estimate(0, 0, np.nan, 0.0, 1.0, TWO_SIDED)
    if events == 0:
        return Estimate(n, 0, 0.0, 0.0, upper_bound(n), UPPER_BOUND)
    low, high = clopper_pearson(np.asarray(events), np.asarray(n))
    return Estimate(n, events, events / n, float(low), float(high), TWO_SIDED)


def mean(values: np.ndarray, level: float = LEVEL) -> Estimate:
    """The mean of a count or a measured value, with Student's interval; nan (never happened) is left out.

    A count that was 0 in every run gets the one-sided bound of a Poisson mean instead, about 3 / n.
    Fewer than two values have no interval (nan).
    """
    counted = bool(np.issubdtype(values.dtype, np.integer))
    kept = values if counted else values[np.isfinite(values)]
    n, total = len(kept), int(kept.sum()) if counted else len(kept)
    middle = float(kept.mean()) if n else np.nan
    return mean_of(n, total, middle, float(((kept - middle) ** 2).sum()), counted=counted, level=level)


def mean_of(n: int, total: int, middle: float, squares: float, *, counted: bool, level: float = LEVEL) -> Estimate:
    """The same from the number of values, their total (of a measured value: their number), their mean, and the sum
    of their squared distances from it; `counted` says that they are counts.
    """
    if n < 2:
        return Estimate(n, total, middle if n else np.nan, np.nan, np.nan, MEAN)
    if counted and total == 0:
        return Estimate(n, 0, 0.0, 0.0, float(-np.log(1 - level) / n), UPPER_BOUND)
    error = float(np.sqrt(squares / (n - 1) / n))
    reach = float(stdtrit(n - 1, (1 + level) / 2)) * error
    return Estimate(n, total, middle, middle - reach, middle + reach, MEAN)


def quantile(values: np.ndarray, share: float, level: float = LEVEL) -> Estimate:
    """The value below which this share of the runs lies, between two order statistics; nan is left out.

    Whatever the distribution: the number of values below the true quantile is binomial, so the values of these ranks
    hold it between them in at least `level` of studies (W. R. Thompson 1936, Ann. Math. Statist. 7, 122-128).
    An end that so few values do not have is infinite.
    """
    kept = np.sort(values[np.isfinite(values)])
    n, tail = len(kept), (1 - level) / 2
    if not n:
        return Estimate(0, 0, np.nan, np.nan, np.nan, ORDER)
    below = bdtr(np.arange(n + 1), n, share)  # chance that so many values or fewer lie below the quantile
    first, last = int(np.searchsorted(below, tail)), int(np.searchsorted(below, 1 - tail)) + 1  # ranks, from 1
    low = float(kept[first - 1]) if first >= 1 else -np.inf
    high = float(kept[last - 1]) if last <= n else np.inf
    return Estimate(n, n, float(np.quantile(kept, share)), low, high, ORDER)


class Incidence(NamedTuple):
    """Share of runs in which each cause came first, by each time; all of shape (times, causes)."""

    share: np.ndarray
    low: np.ndarray
    high: np.ndarray


def cumulative_incidence(first_min: np.ndarray, at_min: np.ndarray) -> Incidence:
    """Cumulative incidence by cause: has cause j come, and come first, by each time.

    `first_min` (runs, causes): minute of the first event of each cause, nan if never; of causes in the
    same minute the first column counts.  Nothing but the common horizon censors a run, so the share of
    runs is the Aalen-Johansen estimate, and its interval is Clopper-Pearson's at each time by itself.
    """
    runs, causes = first_min.shape
    times = np.where(np.isnan(first_min), np.inf, first_min)
    first, cause = times.min(axis=1), times.argmin(axis=1)
    events = np.empty((len(at_min), causes), np.int64)
    for j in range(causes):
        mine = np.sort(first[(cause == j) & np.isfinite(first)])
        events[:, j] = np.searchsorted(mine, at_min, side="right")
    low, high = clopper_pearson(events, np.asarray(runs))
    return Incidence(events / runs, low, high)
