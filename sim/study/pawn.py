"""PAWN: how far the distribution of the shares at points moves when one input is held in a slice, from any points.

The distance is Kolmogorov's and Smirnov's between the points in a slice of the input and all points; of all slices the
median and the largest are told (F. Pianosi and T. Wagener 2018, Environmental Modelling & Software 108, 197-207).  It
needs no design of its own, takes inputs that are words, and needs no variance; but a distance is never below 0, so of
few points it lies high.  How high by chance alone is what an input reaches whose values are dealt out anew.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.study.luck import DEALS, SEED, TAILS, summed_up

SLICES, FEWEST_IN_SLICE = 10, 15  # of an input that is a number: at most so many, of so many points at least
FEWEST = 2 * FEWEST_IN_SLICE  # points


class Distances(NamedTuple):
    """`median` and `largest` of the slices, (inputs + 1, 3): estimate, low, high; last, inputs dealt out anew.

    Of those: the mean of many deals, and what 95 of 100 lie between, of the input that chance alone carries highest.
    `floors` (inputs,) is what 97.5 of 100 deals of each input's own values stay below, in the median.
    """

    median: np.ndarray
    largest: np.ndarray
    floors: np.ndarray


def slices_of(values: list[Any], slices: int = SLICES) -> np.ndarray:
    """The slice that each value lies in, or -1: one for each word or switch, else of about as many points each.

    A number with no more different values than slices has one for each value.
    """
    known = sorted(set(values))
    if len(known) <= slices or isinstance(values[0], bool | str):
        return np.array([known.index(value) for value in values])
    numbers = np.asarray(values, float)
    edges = np.quantile(numbers, np.linspace(0, 1, slices + 1))
    place = np.searchsorted(edges, numbers, side="right") - 1
    return np.where(place < slices, place, -1)  # SALib leaves the largest value out, and so do we


def apart(columns: list[list[Any]]) -> np.ndarray:
    """Which points to use, (points,) of bool: of those that hold the same draw, one.

    Points of a crossed or a Saltelli design come in groups with the same draws.  They are no separate evidence, and
    dealt out one by one they would put the floor too low.  A lever, which the design crosses with all that it has else,
    is no draw: its values come again, and every slice of it holds the same of all else.
    """
    points = len(columns[0])
    draws = [column for column in columns if not _is_crossed(column, columns)]
    keys = [column for column in draws if _is_fine(column)] + ([list(zip(*draws, strict=True))] if draws else [])
    kept = np.zeros(points, bool)
    seen: list[set[Any]] = [set() for _ in keys]
    for point in np.random.default_rng([SEED, points]).permutation(points):
        values = [key[point] for key in keys]
        if not any(value in known for value, known in zip(values, seen, strict=True)):
            kept[point] = True
            for value, known in zip(values, seen, strict=True):
                known.add(value)
    return kept


def _is_crossed(column: list[Any], columns: list[list[Any]]) -> bool:
    """Whether each of its values comes with everything that the other columns hold together."""
    others = [other for other in columns if other is not column]
    rest = set(zip(*others, strict=True)) if others else {()}
    return len(set(column)) * len(rest) == len(column)


def _is_fine(column: list[Any]) -> bool:
    """Whether two points hardly have the same value unless they were drawn together: many numbers, not all whole."""
    if isinstance(column[0], bool | str) or len(set(column)) <= FEWEST:
        return False
    return not all(float(value).is_integer() for value in column)


def distances_of(place: np.ndarray, shares: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The distance of each slice that holds points, (slices,); `place`, `shares` and `weights` are (points,)."""
    known, code = np.unique(shares, return_inverse=True)
    table = np.zeros((int(place.max()) + 1, len(known)))
    inside = place >= 0
    np.add.at(table, (place[inside], code[inside]), weights[inside])
    sizes = table.sum(axis=1)
    every = np.cumsum(np.bincount(code, weights)) / weights.sum()
    there = sizes > 0
    return np.abs(np.cumsum(table[there], axis=1) / sizes[there, None] - every).max(axis=1)


def distances(columns: list[list[Any]], shares: np.ndarray, resamples: int = DEALS) -> Distances:
    """Median and largest distance of every input; `columns` holds its values, one a point; `shares` is (points,)."""
    points = len(shares)
    slices = int(np.clip(points // FEWEST_IN_SLICE, 2, SLICES))
    places = [slices_of(column, slices) for column in columns]
    dice = np.random.default_rng([SEED, points])
    told = [_bootstrapped(place, shares, dice, resamples) for place in places]
    deals = np.array([_dealt(place, shares, dice, resamples) for place in places])
    highest = deals[deals[:, 0, 2].argmax()]
    median, largest = np.swapaxes([*told, highest], 0, 1)
    return Distances(median, largest, deals[:, 0, 2])


def _summary(place: np.ndarray, shares: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    found = distances_of(place, shares, weights)
    return float(np.median(found)), float(found.max())


def _bootstrapped(place: np.ndarray, shares: np.ndarray, dice: np.random.Generator, resamples: int) -> np.ndarray:
    """Estimate, low, high of median and largest, shape (2, 3); points are weighted as in a Bayesian bootstrap.

    What is resampled lies higher than the estimate, as that does than the truth; so far it is moved down.
    """
    estimate = np.array(_summary(place, shares, np.ones(len(shares))))
    drawn = np.array([_summary(place, shares, dice.exponential(size=len(shares))) for _ in range(resamples)])
    ends = estimate + np.quantile(drawn, TAILS, axis=0) - drawn.mean(axis=0)
    return np.column_stack([estimate, *np.maximum(ends, 0)])


def _dealt(place: np.ndarray, shares: np.ndarray, dice: np.random.Generator, resamples: int) -> np.ndarray:
    """Of an input whose values are dealt out anew: mean, and what 95 of 100 deals lie between, shape (2, 3)."""
    ones = np.ones(len(shares))
    return summed_up([np.array(_summary(dice.permutation(place), shares, ones)) for _ in range(resamples)])
