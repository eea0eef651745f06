"""Numbers, means and sums of squares of every outcome at every point, gathered part by part.

Memory is that of the points and not of the runs.  Parts are put together as by T. F. Chan, G. H. Golub and
R. J. LeVeque (1983), American Statistician 37, 242-247, in the order of the parts, so the bits are the same
whenever the parts are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from sim.run.columns import COLUMNS
from sim.study.estimate import Estimate, mean_of, probability


class Moments:
    """Of one outcome: `n` values, their `total` and `mean`, and `m2`, the sum of squares around it; shape (points,)."""

    def __init__(self, points: int, kind: type) -> None:
        self.kind = kind
        self.n, self.total = np.zeros(points, np.int64), np.zeros(points, np.int64)
        self.mean, self.m2 = np.zeros(points), np.zeros(points)

    def add(self, point: np.ndarray, values: np.ndarray) -> None:
        """Take in the values of some runs and the point of each; nan, which is what never happened, is left out."""
        if self.kind is float:
            known = np.isfinite(values)
            point, values = point[known], values[known]
        n = np.bincount(point, minlength=len(self.n))
        sums = np.bincount(point, values.astype(float), len(n))
        mean = sums / np.maximum(n, 1)
        m2 = np.bincount(point, (values - mean[point]) ** 2, len(n))
        together = np.maximum(self.n + n, 1)
        apart = mean - self.mean
        self.m2 += m2 + apart**2 * self.n * n / together
        self.mean += apart * n / together
        self.total += n if self.kind is float else np.rint(sums).astype(np.int64)
        self.n += n

    def estimate(self, point: int) -> Estimate:
        """What is known at a point: the probability of a happening, the mean of a count or of a measured value."""
        n, total = int(self.n[point]), int(self.total[point])
        if self.kind is bool:
            return probability(total, n)
        middle = total / max(n, 1) if self.kind is int else float(self.mean[point])
        return mean_of(n, total, middle, float(self.m2[point]), counted=self.kind is int)


def gathered(parts: Iterable[np.ndarray], points: int, names: Iterable[str]) -> dict[str, Moments]:
    """The moments of these outcomes over the runs of all parts, each with fields `point` and the outcomes."""
    found = {name: Moments(points, COLUMNS[name]) for name in names}
    for runs in parts:
        point = np.ascontiguousarray(runs["point"])
        for name, moments in found.items():
            moments.add(point, runs[name])
    return found


def estimates(found: dict[str, Moments], point: int) -> Iterator[tuple[str, Estimate]]:
    """Each outcome with what is known of it at a point."""
    for name, moments in found.items():
        yield name, moments.estimate(point)
