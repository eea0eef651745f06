"""What is measured of many runs: shares, means, medians and ratios, each with its 95 % interval.

Strikes of one run share its luck, so intervals of what is counted by strikes come from resampling whole
runs (bootstrap, fixed seed), or treat the strikes of a run as if they were one case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy.special import gammaincinv

from sim.rules.outcome import STRIKES
from sim.study.estimate import LEVEL, TWO_SIDED, UPPER_BOUND, Estimate, clopper_pearson, mean, probability, upper_bound

RESAMPLES, SEED = 1000, 20170608
BOOTSTRAP = "bootstrap of runs 95%"
CONDITIONAL = "exact conditional 95%"
NOTHING = Estimate(0, 0, np.nan, np.nan, np.nan, BOOTSTRAP)
TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
Statistic = Callable[[np.ndarray], np.ndarray]


def share(hits: np.ndarray) -> Estimate:
    """The share of cases, one a run, in which something is so: Clopper-Pearson."""
    return probability(int(hits.sum()), len(hits))


def average(values: np.ndarray) -> Estimate:
    """The mean of a value, one a run: Student's interval; nan is left out."""
    return mean(values)


def pooled_share(hits: np.ndarray, cases: np.ndarray) -> Estimate:
    """The share of cases where runs hold several: `hits` of `cases`, both one a run.

    Clopper-Pearson, as if all cases of a run were one: never too narrow, however alike they are.
    """
    runs, total = int((cases > 0).sum()), int(cases.sum())
    if total == 0:
        return NOTHING
    found = float(hits.sum() / total)
    if found == 0.0:
        return Estimate(runs, 0, 0.0, 0.0, upper_bound(runs), UPPER_BOUND)
    low, high = clopper_pearson(np.asarray(found * runs), np.asarray(runs))
    return Estimate(runs, int(hits.sum()), found, float(low), float(high), TWO_SIDED)


def strikes(rows: np.ndarray, field: str) -> np.ndarray:
    """One particular of the strikes written down, shape (runs, 5)."""
    return np.stack([rows[f"strike_{k}_{field}"] for k in range(1, STRIKES + 1)], axis=1)


def written_down(rows: np.ndarray) -> np.ndarray:
    """Which of a run's five places hold a strike, shape (runs, 5)."""
    return np.isfinite(strikes(rows, "minute"))


def quantile(values: np.ndarray, wanted: np.ndarray, part: float = 0.5) -> Estimate:
    """The value below which `part` of the wanted ones lie; both (runs, places), runs resampled whole.

    n is the number of runs that hold a wanted value.
    """
    wanted = wanted & np.isfinite(values)
    kept = wanted.any(axis=1)
    if not kept.any():
        return NOTHING
    run, place = np.nonzero(wanted[kept])
    found = values[kept][run, place].astype(float)
    order = np.argsort(found, kind="stable")
    found, run, runs = found[order], run[order], int(kept.sum())

    def weighted(weights: np.ndarray) -> float:
        gathered = np.cumsum(weights[run])
        return float(found[np.searchsorted(gathered, part * gathered[-1])])

    drawn = [weighted(weights) for weights in resamples(runs)]
    low, high = np.quantile(drawn, TAILS)
    return Estimate(runs, len(found), weighted(np.ones(runs, int)), float(low), float(high), BOOTSTRAP)


def ratio(above: np.ndarray, below: np.ndarray) -> Estimate:
    """Sum over sum, both one a run; n is the number of runs that add to the sum below."""
    return of_sums(np.stack([above, below], axis=1), lambda sums: sums[..., 0] / sums[..., 1], below > 0)


def of_sums(parts: np.ndarray, statistic: Statistic, cases: np.ndarray) -> Estimate:
    """A statistic of the columns' sums, `parts` (runs, columns), by resampling runs.

    `statistic` takes sums of shape (..., columns); `cases` are the runs that have something to say, and n.
    """
    n = int(cases.sum())
    if n == 0:
        return NOTHING
    with np.errstate(divide="ignore", invalid="ignore"):  # a resample without cases says nothing
        drawn = statistic(resampled_sums(parts))
        value = float(statistic(parts.sum(axis=0).astype(float)))
    low, high = np.nanquantile(drawn, TAILS) if np.isfinite(drawn).any() else (np.nan, np.nan)
    return Estimate(n, n, value, float(low), float(high), BOOTSTRAP)


def resampled_sums(parts: np.ndarray) -> np.ndarray:
    """Sums of the columns in each of the resamples, shape (resamples, columns)."""
    columns = parts.astype(float)
    return np.stack([weights @ columns for weights in resamples(len(parts))])


def resamples(runs: int) -> Iterator[np.ndarray]:
    """How often each run is drawn in each of the resamples; the same for the same number of runs."""
    dice = np.random.default_rng([SEED, runs])
    return (np.bincount(dice.integers(0, runs, runs), minlength=runs) for _ in range(RESAMPLES))


def rate_ratio(events: tuple[int, int], exposure: tuple[float, float]) -> Estimate:
    """How much more often an event comes in the first kind of time than in the second.

    Given their sum, the events of the first kind are binomial; Clopper-Pearson for their share carries over
    to the ratio (J. Przyborowski and H. Wilenski 1940, Biometrika 31, 313-323).  None of the second kind
    leaves the ratio unbounded above, its lower end finite.  n is the number of events.
    """
    total = sum(events)
    if total == 0 or min(exposure) <= 0:
        return NOTHING._replace(kind=CONDITIONAL)
    relative = exposure[1] / exposure[0]
    low, high = (float(end) for end in clopper_pearson(np.asarray(events[0]), np.asarray(total)))
    value = events[0] / events[1] * relative if events[1] else np.inf
    ends = (low / (1 - low) * relative, high / (1 - high) * relative if high < 1 else np.inf)
    return Estimate(total, events[0], value, *ends, CONDITIONAL)


def poisson_bound(expected: float) -> float:
    """How many times as many as expected there can be, if none was seen: 3.0 / expected."""
    return float(gammaincinv(1, LEVEL)) / expected
