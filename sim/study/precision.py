"""How sure a number of runs will make us: widths of intervals to expect, and the smallest difference seen."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln, ndtri, xlog1py, xlogy

from sim.study.estimate import LEVEL, clopper_pearson

POWER = 0.8
REACH_SD, LEAST_REACH = 10, 60  # of counts around the mean; what lies outside weighs less than 1e-15
HALVINGS = 60


def expected_interval(p: float, n: int) -> tuple[float, float, float]:
    """Of the Clopper-Pearson interval after n runs of an event with probability p: low and high at the expected
    count (rounded to a whole number), and the expected half width over all counts.
    """
    count = round(n * p)
    low, high = clopper_pearson(np.asarray(count), np.asarray(n))
    reach = REACH_SD * np.sqrt(n * p * (1 - p)) + LEAST_REACH
    k = np.arange(max(0, int(n * p - reach)), min(n, int(n * p + reach)) + 1)
    lows, highs = clopper_pearson(k, np.asarray(n))
    return float(low), float(high), float((binomial(k, n, p) * (highs - lows) / 2).sum())


def binomial(k: np.ndarray, n: int, p: float) -> np.ndarray:
    """The chance of k events in n runs."""
    return np.exp(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + xlogy(k, p) + xlog1py(n - k, -p))


def chance_of_none(p: float, n: int) -> float:
    """The chance that n runs show no event at all."""
    return float(np.exp(n * np.log1p(-p)))


def smallest_difference(p: float, n: int, correlation: float = 0.0) -> float | None:
    """The smallest rise from probability p that n pairs of runs show with a power of 80 %, two-sided at 5 %.

    The test is McNemar's; the pairs needed are those of R. J. Connor (1987), Biometrics 43, 207-211:
    n = (z(0.975) sqrt(s) + z(0.8) sqrt(s - d^2))^2 / d^2 with d the difference and s the chance that the runs of
    a pair differ, which is p(1 - q) + q(1 - p) less twice their covariance (q = p + d), but never less than d.
    `correlation` is that of the paired outcomes.  None where n pairs show not even a rise to 1.
    """
    low, high = 0.0, 1.0 - p
    if _pairs_needed(p, high, correlation) > n:
        return None
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _pairs_needed(p, middle, correlation) > n else (low, middle)
    return high


def _pairs_needed(p: float, difference: float, correlation: float) -> float:
    q = p + difference
    covariance = correlation * np.sqrt(p * (1 - p) * q * (1 - q))
    differing = max(p * (1 - q) + q * (1 - p) - 2 * covariance, difference)
    z_level, z_power = ndtri((1 + LEVEL) / 2), ndtri(POWER)
    spread = np.sqrt(max(differing - difference**2, 0.0))
    return float((z_level * np.sqrt(differing) + z_power * spread) ** 2 / difference**2)


def paired_correlation(first: np.ndarray, second: np.ndarray) -> float | None:
    """The correlation of two columns of happenings (0 or 1) of paired runs; None where one never varies."""
    if len(first) < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    return float(np.corrcoef(first, second)[0, 1])
