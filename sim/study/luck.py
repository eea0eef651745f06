"""Squares and products of chances, from runs, without what is luck.

A share of r runs is a chance plus noise, and the square of a share is too large by the variance of that noise.
Subtracting s^2 / r mends it where the runs of two points are independent.  Here they are not: replication k has the
same luck at every point, so the product of two shares is off by their covariance, which s^2 / r knows nothing about.
Products of two *different* replications are free of both, whatever points share: their mean over all ordered pairs is
unbiased for the product of the two chances (W. Hoeffding 1948, Annals of Mathematical Statistics 19, 293-325).  It
is the mean over all ways to split the replications into two halves, and for independent points the same as
subtracting s^2 / r.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from sim.study.estimate import LEVEL

FEWEST = 4  # replications: two for a product, and twice that for an input that changes nothing but the luck
RESAMPLES, DEALS, SEED = 1000, 400, 20170518
TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
Statistic = Callable[[np.ndarray, np.ndarray], np.ndarray]  # of weights of rows and of replications


def product(a: np.ndarray, b: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The product of two chances (or differences of chances); `a` and `b` of shape (..., r) are paired by replication.

    `weights` (r,) sum to 1; at least two of them are not 0.
    """
    return ((a @ weights) * (b @ weights) - (a * b) @ weights**2) / (1 - (weights**2).sum())


def equal(count: int) -> np.ndarray:
    """Weights of so many that all count the same."""
    return np.full(count, 1 / count)


def with_intervals(statistic: Statistic, rows: int, replications: int, resamples: int = RESAMPLES) -> np.ndarray:
    """Estimate, low and high of the 95 % interval of each number that a statistic gives: shape (numbers, 3).

    Two bootstraps, one of the rows and one of the replications, whose luck all rows share; how far their ends lie from
    the estimate is added in squares.  What is neither shared nor of a row is then counted twice, so that intervals are
    rather too wide than too narrow.
    """
    estimate = statistic(equal(rows), equal(replications))
    by_rows = [statistic(weights, equal(replications)) for weights in _reweighted(rows, resamples)]
    by_luck = [statistic(equal(rows), weights) for weights in _reweighted(replications, resamples)]
    ends = np.stack([np.quantile(drawn, TAILS, axis=0) for drawn in (by_rows, by_luck)])
    below, above = np.maximum(estimate - ends[:, 0], 0), np.maximum(ends[:, 1] - estimate, 0)
    return np.stack([estimate, estimate - np.hypot(*below), estimate + np.hypot(*above)], axis=1)


def _reweighted(count: int, times: int) -> Iterator[np.ndarray]:
    """Weights of the Bayesian bootstrap (D. B. Rubin 1981, Annals of Statistics 9, 130-134).

    No replication is drawn twice, for it would then be paired with itself.
    """
    dice = np.random.default_rng([SEED, count])
    for _ in range(times):
        weights = dice.exponential(size=count)
        yield weights / weights.sum()


def dealt(runs: np.ndarray, times: int = DEALS) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Runs (..., rows, r) in two halves (..., rows, r // 2), of different replications, dealt anew for every row.

    From one half to the other nothing has changed but the luck.  That is what a dummy input should change: a column of
    the design that enters no setting leaves the very same runs, and its index would be 0 however noisy all others are.
    """
    rows, r = runs.shape[-2:]
    dice = np.random.default_rng([SEED, rows, r])
    for _ in range(times):
        order = dice.random((rows, r)).argsort(axis=1)
        shuffled = np.take_along_axis(runs, np.broadcast_to(order, runs.shape), axis=-1)
        yield shuffled[..., : r // 2], shuffled[..., r // 2 : 2 * (r // 2)]


def summed_up(dummies: list[np.ndarray]) -> np.ndarray:
    """Of many dummies: their mean, and what 95 of 100 of them lie between; shape (numbers, 3)."""
    return np.stack([np.mean(dummies, axis=0), *np.quantile(dummies, TAILS, axis=0)], axis=1)
