"""Sobol' indices of a chance: what share of its variance between points each input makes.

first  alone: Var(E[p | x_i]) / Var(p)
total  alone and together with others: E[Var(p | all but x_i)] / Var(p)

p is the chance at a point, not the outcome of a run, so luck is no part of it.  Points are those of A. Saltelli et al.
(2010), Computer Physics Communications 181, 259-270, estimators theirs (first) and of M. J. W. Jansen (1999), Computer
Physics Communications 117, 35-43 (total), with every product taken as `sim.study.luck` says.  Without noise they are
SALib's to the last digits.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.study.luck import RESAMPLES, dealt, equal, product, summed_up, with_intervals


class Indices(NamedTuple):
    """`first` and `total` of shape (inputs + 1, 3): estimate, low, high of the 95 % interval; `variance` (3,) of p.

    The last row is that of dummies: their mean, and what 95 of 100 of them lie between.  `luck` is the share of the
    variance between the shares at different points that was noise, and taken out.
    """

    first: np.ndarray
    total: np.ndarray
    variance: np.ndarray
    luck: float


class Moments(NamedTuple):
    """Variance of the chance, and the parts of it that inputs make: a number, and two arrays of shape (inputs,)."""

    variance: np.float64
    first: np.ndarray
    total: np.ndarray


def sample(inputs: int, rows: int, seed: int) -> np.ndarray:
    """Saltelli's points in the unit cube, shape (inputs + 2, rows, inputs): A, B, then A with one column of B.

    A and B are the halves of scrambled Sobol' points in twice as many dimensions; more rows go on where fewer ended.
    """
    from scipy.stats import qmc

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # any number is allowed, powers of two are balanced best
        unit = qmc.Sobol(2 * inputs, seed=seed).random(rows)
    a, b = unit[:, :inputs], unit[:, inputs:]
    mixed = np.repeat(a[None], inputs, axis=0)
    for k in range(inputs):
        mixed[k, :, k] = b[:, k]
    return np.concatenate([a[None], b[None], mixed])


def moments(runs: np.ndarray, rows: np.ndarray, weights: np.ndarray) -> Moments:
    """What inputs make of the variance; `runs` (inputs + 2, rows, r), weights of the rows and of the replications."""
    a, b, mixed = runs[0], runs[1], runs[2:]
    change, middle = mixed - a, rows @ (a + b) / 2
    square = (product(a, a, weights) + product(b, b, weights)) / 2
    centre = np.broadcast_to(rows @ runs.mean(axis=0), (len(mixed), runs.shape[2]))
    first = product(np.broadcast_to(b, change.shape), change, weights) @ rows
    first -= product(centre, rows @ change, weights)
    variance = rows @ square - product(middle, middle, weights)
    return Moments(variance, first, product(change, change, weights) @ rows / 2)


def indices(runs: np.ndarray, resamples: int = RESAMPLES) -> Indices:
    """Indices of all inputs and, last, of dummies; `runs` (inputs + 2, rows, r) of 0 and 1, or of any numbers.

    Needs at least `luck.FEWEST` replications and two rows.
    """
    inputs, rows, r = len(runs) - 2, *runs.shape[1:]

    def statistic(row: np.ndarray, weights: np.ndarray) -> np.ndarray:
        found = moments(runs, row, weights)
        return np.concatenate([[found.variance], found.first / found.variance, found.total / found.variance])

    with np.errstate(divide="ignore", invalid="ignore"):  # of no variance at all there are no shares: nan
        told = with_intervals(statistic, rows, r, resamples)
        dummies = summed_up(list(of_dummies(runs, told[0, 0])))
    first, total = np.vstack([told[1 : inputs + 1], dummies[:1]]), np.vstack([told[inputs + 1 :], dummies[1:]])
    shares = float(runs[:2].mean(axis=2).var())
    return Indices(first, total, told[0], 1 - told[0, 0] / shares if shares > 0 else math.nan)


def of_dummies(runs: np.ndarray, variance: np.float64) -> Iterator[np.ndarray]:
    """First and total index of inputs that change nothing but the luck, (2,) each, as noisy as those of real ones.

    Half as many replications are noisier: a sum of products by sqrt(r (r - 1) / h (h - 1)), a sum by sqrt(r / h).
    """
    r, half = runs.shape[2], runs.shape[2] // 2
    alone, both = math.sqrt(half / r), math.sqrt(half * (half - 1) / (r * (r - 1)))
    weights, centre = equal(half), runs.mean()
    for first, second in dealt(runs[:2]):
        change, b = second[0] - first[0], (first[1] + second[1]) / 2
        products = product(b - centre, change, weights).mean(), product(change, change, weights).mean() / 2
        yield np.array([alone * products[0], both * products[1]]) / variance
