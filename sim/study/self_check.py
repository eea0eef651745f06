"""Does the calibration find what is so?  Histories of the table whose parameters are known stand in for the record.

They are taken from among the draws nearest to the record, where the answer is needed (D. Prangle et al. 2014, Aust.
N. Z. J. Stat. 56, 309-329); where the truth ranks in its own posterior must be uniform (S. Talts et al. 2018,
arXiv:1804.06788).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from sim.study.abc_regression import Kept, adjusted, nearest, place
from sim.study.estimate import Estimate, mean, probability

MOCK, BINS, SEED = 400, 10, 20170518
LEVELS = (0.5, 0.9)


@dataclass(frozen=True)
class SelfCheck:
    """Places (records, parameters) of the truth in the posteriors of made-up records, and what they found of theory."""

    places: np.ndarray
    weight_of_truth: Estimate  # mean weight of the theory that made the record
    truth_first: Estimate  # share of records in which it had the greatest

    def coverage(self, level: float, which: np.ndarray) -> Estimate:
        """How often intervals of a level held the truth, over these parameters; the records are the cases."""
        return mean((abs(self.places[:, which] - 0.5) < level / 2).mean(axis=1))

    @property
    def p_uniform(self) -> np.ndarray:
        """Chance of a rank histogram as uneven as each parameter's, if ranks are uniform (chi-square)."""
        return uniformity(self.places)


def uniformity(places: np.ndarray) -> np.ndarray:
    """p-value of Pearson's chi-square of `BINS` equal bins, for each column of places in [0, 1]."""
    expected = len(places) / BINS
    bins = np.minimum((places * BINS).astype(int), BINS - 1)
    counts = np.stack([np.bincount(column, minlength=BINS) for column in bins.T])
    return np.asarray(chdtrc(BINS - 1, ((counts - expected) ** 2).sum(axis=1) / expected))


def checked(places: np.ndarray, offsets: np.ndarray, theories: np.ndarray, kept: Kept) -> SelfCheck:
    """Calibrate to `MOCK` of the kept histories, each left out of the table, as to the record.

    `places` (draws, directions) are the table seen through its lens; all arrays are over the whole table.
    """
    dice = np.random.default_rng(SEED)
    mocked = dice.choice(kept.rows, min(MOCK, len(kept.rows)), replace=False)
    found, weights, first = [], [], []
    for row in mocked:
        near = nearest(places, places[row], len(kept.rows), without=int(row))
        found.append(place(offsets[row], adjusted(offsets[near.rows], near), near.weights))
        shares = np.bincount(theories[near.rows], near.weights, theories.max() + 1)
        weights.append(shares[theories[row]])
        first.append(shares.argmax() == theories[row])
    return SelfCheck(np.array(found), mean(np.array(weights)), probability(int(np.sum(first)), len(first)))
