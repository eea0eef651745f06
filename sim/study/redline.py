"""Where to run next so that the line at which a chance crosses a bound is found with few runs.

The straddle rule of B. Bryan, J. Schneider, R. C. Nichol, C. J. Miller, C. R. Genovese and L. Wasserman (2005), Active
learning for identifying function level boundaries, Advances in Neural Information Processing Systems 18: next is the
place where the interval of the surface reaches farthest over the bound, to both sides.  Points of one batch are chosen
one after the other, each as if those before it had been run: their luck moves the mean, and not the variance.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit
from scipy.stats import qmc

from sim.study.kriging import Surface, Z

FIRST, BATCH = 16, 8  # points of the first look, and of each further one
ACROSS = 33  # places along each axis where a further point may come


def first_points(samples: int, seed: int) -> np.ndarray:
    """Where to begin: a Latin hypercube in the unit square, (points, 2)."""
    return latin_hypercube(min(FIRST, samples), seed)


def latin_hypercube(samples: int, seed: int) -> np.ndarray:
    """So many points in the unit square, one in each slice of either axis, (samples, 2)."""
    return np.asarray(qmc.LatinHypercube(2, seed=seed).random(samples))


def places(across: int = ACROSS) -> np.ndarray:
    """The middles of a fine grid of squares, (across * across, 2); the second axis varies fastest."""
    middle = (np.arange(across) + 0.5) / across
    return np.stack(np.meshgrid(middle, middle, indexing="ij"), axis=-1).reshape(-1, 2)


def straddling(surface: Surface, free: np.ndarray, bound: float, runs: int, count: int) -> list[int]:
    """Which `count` of the places `free` (m, 2) of the unit square are next, each with so many runs."""
    mean, _ = surface.at(free)
    covariance = surface.covariance(free)
    noise = 1 / (runs * np.maximum(expit(mean) * expit(-mean), 1e-3))  # of the logit of a share
    chosen: list[int] = []
    for _ in range(min(count, len(free))):
        deviation = np.sqrt(np.maximum(np.diagonal(covariance), 0.0))
        reach = Z * deviation - np.abs(mean - logit(bound))
        reach[chosen] = -np.inf
        best = int(np.argmax(reach))
        chosen.append(best)
        column = covariance[:, best].copy()
        covariance -= np.outer(column, column) / (column[best] + noise[best])
    return chosen
