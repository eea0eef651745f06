"""Approximate Bayesian computation from one table of prior draws: keep the nearest, and adjust them by regression.

Rejection (J. K. Pritchard et al. 1999, Mol. Biol. Evol. 16, 1791-1798) with the local-linear adjustment and
Epanechnikov weights of M. A. Beaumont, W. Zhang and D. J. Balding (2002), Genetics 162, 2025-2035.  One table answers
every observation: the record, other theories, and the hundreds of made-up records by which the method checks itself.

What is near is judged by what informs: directions of the summaries along which parameters change (semi-automatic
summaries, P. Fearnhead and D. Prangle 2012, J. R. Stat. Soc. B 74, 419-474), as many as chance alone would not show.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Lens:
    """How summaries are looked at: filled where absent, centred, turned into the directions that inform."""

    fill: np.ndarray  # (summaries,)
    absent: np.ndarray  # (flags,): the summaries that can be absent, each also told as a flag
    centre: np.ndarray  # (features,)
    turn: np.ndarray  # (features, directions)

    def see(self, summaries: np.ndarray) -> np.ndarray:
        """Places (draws, directions) of summaries (draws, summaries), nan where absent."""
        return (_features(summaries, self.fill, self.absent) - self.centre) @ self.turn


def _features(summaries: np.ndarray, fill: np.ndarray, absent: np.ndarray) -> np.ndarray:
    missing = np.isnan(summaries)
    return np.column_stack([np.where(missing, fill, summaries), missing[:, absent]])


def lens(summaries: np.ndarray, targets: np.ndarray) -> Lens:
    """The directions of summaries (draws, summaries) that tell of targets (draws, parameters) over a whole table.

    Reduced-rank regression: the fitted targets' principal directions, those whose variance exceeds what pure chance
    gives the largest of them (V. A. Marchenko and L. A. Pastur 1967); one at least.
    """
    fill = np.nan_to_num(np.nanmean(summaries, axis=0))
    absent = np.flatnonzero(np.isnan(summaries).any(axis=0))
    features = _features(summaries, fill, absent)
    features[:, features.std(axis=0) == 0] = 0.0
    centre = features.mean(axis=0)
    left, spread, right = np.linalg.svd(features - centre, full_matrices=False)
    real = spread > spread[0] * 1e-9
    left, spread, right = left[:, real], spread[real], right[real]
    wanted = (targets - targets.mean(axis=0)) / targets.std(axis=0)
    axes, strength, _ = np.linalg.svd(left.T @ wanted, full_matrices=False)
    edge = np.sqrt(left.shape[1]) + np.sqrt(targets.shape[1])
    kept = max(int((strength > edge).sum()), 1)
    return Lens(fill, absent, centre, (right.T / spread) @ (axes[:, :kept] * strength[:kept]))


@dataclass(frozen=True)
class Kept:
    """The nearest draws: their rows in the table, their weights (sum 1), how far they lie along each direction."""

    rows: np.ndarray
    weights: np.ndarray
    apart: np.ndarray  # (kept, directions)

    @property
    def effective(self) -> float:
        """How many equally weighted draws are worth as much."""
        return float(1 / (self.weights**2).sum())


def nearest(places: np.ndarray, observed: np.ndarray, keep: int, without: int | None = None) -> Kept:
    """The `keep` draws nearest to what was observed, weighted by Epanechnikov's kernel; both seen through one lens.

    `without` leaves one row out: a made-up record must not find itself.
    """
    apart = places - observed
    far = np.sqrt((apart**2).sum(axis=1))
    if without is not None:
        far[without] = np.inf
    rows = np.sort(np.argpartition(far, keep - 1)[:keep])
    radius = far[rows].max() * (1 + 1e-6) + 1e-12  # the farthest, and many as far, keep a little weight
    kernel = 1 - (far[rows] / radius) ** 2
    return Kept(rows, kernel / kernel.sum(), apart[rows])


def adjusted(offsets: np.ndarray, kept: Kept) -> np.ndarray:
    """Parameters of the kept draws, (kept, parameters), as if each had shown exactly what was observed.

    What the regression fits by chance is given back: residuals are stretched by the degrees of freedom it took.
    """
    design = np.column_stack([np.ones(len(offsets)), kept.apart])
    weighted = design * kept.weights[:, None]
    slopes = np.linalg.lstsq(design.T @ weighted, weighted.T @ offsets, rcond=None)[0]
    stretch = np.sqrt(kept.effective / max(kept.effective - design.shape[1], 1.0))
    return np.asarray(slopes[0] + (offsets - design @ slopes) * stretch)


def resampled(weights: np.ndarray, count: int, dice: np.random.Generator) -> np.ndarray:
    """`count` indices in proportion to weights: systematic resampling, which adds the least chance."""
    edges = np.cumsum(weights)
    picks = np.searchsorted(edges / edges[-1], (np.arange(count) + dice.random()) / count)
    return dice.permutation(np.minimum(picks, len(weights) - 1))


def place(truth: np.ndarray, values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The posterior probability of less than the truth, one for each parameter; uniform if the posterior is right."""
    return np.asarray(weights @ (values < truth))
