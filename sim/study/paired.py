"""Runs of two points with the same seeds: how alike they come out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.study.precision import paired_correlation

ENOUGH = 20  # events and as many runs without, among the pairs, for a correlation to be told


class Pairs(NamedTuple):
    """Paired runs that a pilot has, and the correlation of their outcomes; None where there is too little to tell."""

    number: int
    correlation: float | None


def pairs_of(happened: np.ndarray, well: np.ndarray) -> Pairs:
    """Neighbouring points paired by replication; `happened` and `well` (did the run go well): (replications, points).

    The outcomes are held against the mean of their own point, so that points which differ do not count as alike.
    """
    first, second = happened[:, :-1], happened[:, 1:]
    both = well[:, :-1] & well[:, 1:]
    if both.sum() < 2:
        return Pairs(int(both.sum()), None)
    events = min(first[both].sum(), second[both].sum())
    none = min((1 - first[both]).sum(), (1 - second[both]).sum())
    if min(events, none) < ENOUGH:
        return Pairs(int(both.sum()), None)
    means = np.where(well, happened, np.nan)
    around = happened - np.nanmean(means, axis=0)
    return Pairs(int(both.sum()), paired_correlation(around[:, :-1][both], around[:, 1:][both]))
