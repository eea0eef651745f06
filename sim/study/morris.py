"""Elementary effects: how far a chance moves when one input alone moves, from many starts.

mu*    mean of the absolute effects, sigma their standard deviation between starts: large where the effect hangs on the
       other inputs or is no straight line (M. D. Morris 1991, Technometrics 33, 161-174; F. Campolongo, J. Cariboni
       and A. Saltelli 2007, Environmental Modelling & Software 22, 1509-1518).

An effect is the change of the chance per whole width of the input's interval, or from one word to another; the change
is divided by how far the input really moved, for whole numbers are rounded.  Luck is taken out of sigma as
`sim.study.luck` says.  An absolute value takes luck in, whatever one does: mu* and its interval lie above 0 for an
input that changes nothing but the luck.  So such an input is given beside the others, and whether an effect is told
from nothing is asked of the mean square of effects, which luck can be taken out of.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.study.luck import RESAMPLES, dealt, equal, product, summed_up, with_intervals

LEVELS = 4  # values of an input, evenly from one end to the other
STEP = 2 / 3  # of the whole width: LEVELS / (2 (LEVELS - 1))


class Effects(NamedTuple):
    """`mu_star` and `sigma` of shape (inputs + 1, 3): estimate, low, high of the 95 % interval; last, dummies.

    `square` (inputs, 3) is the mean square of effects without luck, which may come out below 0.
    """

    mu_star: np.ndarray
    sigma: np.ndarray
    square: np.ndarray


def sample(inputs: int, rows: int, seed: int) -> np.ndarray:
    """Trajectories in the unit cube, shape (inputs + 1, rows, inputs): from each point to the next one input moves.

    Every trajectory begins at a random place of the grid and moves every input once, up or down, in random order; more
    trajectories go on where fewer ended.
    """
    dice = np.random.default_rng(seed)
    unit = np.empty((inputs + 1, rows, inputs))
    for row in range(rows):
        low = dice.integers(0, LEVELS // 2, inputs) / (LEVELS - 1)
        up = dice.integers(0, 2, inputs).astype(bool)
        place = np.where(up, low, low + STEP)
        unit[0, row] = place
        for number, moved in enumerate(dice.permutation(inputs), 1):
            place[moved] = low[moved] + (STEP if up[moved] else 0.0)
            unit[number, row] = place
    return unit


def effects_of(unit: np.ndarray, runs: np.ndarray) -> np.ndarray:
    """The effect of each input in each trajectory and replication, (inputs, rows, r); `runs` (inputs + 1, rows, r).

    `unit` (inputs + 1, rows, inputs) is where the inputs stood, in units of their whole width.
    """
    steps, changes = np.diff(unit, axis=0), np.diff(runs, axis=0)
    which = np.abs(steps).argmax(axis=2)
    sizes = np.take_along_axis(steps, which[..., None], axis=2)
    found = np.empty_like(changes)
    np.put_along_axis(found, which[..., None], changes / sizes, axis=0)
    return found


def effects(unit: np.ndarray, runs: np.ndarray, resamples: int = RESAMPLES) -> Effects:
    """mu* and sigma of all inputs and of dummies; `unit` (inputs + 1, rows, inputs), `runs` (inputs + 1, rows, r)."""
    found = effects_of(unit, runs)
    inputs, rows, r = found.shape

    def statistic(row: np.ndarray, weights: np.ndarray) -> np.ndarray:
        square = product(found, found, weights) @ row
        return np.concatenate([np.abs(found @ weights) @ row, spread(found, row, weights), square])

    mu_star, sigma, square = with_intervals(statistic, rows, r, resamples).reshape(3, inputs, 3)
    dummies = summed_up(list(of_dummies(runs[0])))
    mu_star, sigma = (np.maximum(told, 0) for told in (mu_star, sigma))
    return Effects(np.vstack([mu_star, dummies[:1]]), np.vstack([sigma, dummies[1:]]), square)


def of_dummies(starts: np.ndarray) -> Iterator[np.ndarray]:
    """mu* and sigma, at the starts, of inputs that change nothing but the luck: (2,) each, as noisy as of others."""
    rows, half = len(starts), starts.shape[1] // 2
    for first, second in dealt(starts):
        effect = (second - first) / math.sqrt(2) / STEP  # half the replications have twice the variance
        yield np.array([np.abs(effect.mean(axis=1)).mean(), spread(effect, equal(rows), equal(half))])


def spread(found: np.ndarray, rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Standard deviation of effects (..., rows, r) between rows without what is luck; 0 where all of it may be."""
    middle = rows @ found
    variance = product(found, found, weights) @ rows - product(middle, middle, weights)
    return np.sqrt(np.maximum(variance, 0.0) / (1 - (rows**2).sum()))
