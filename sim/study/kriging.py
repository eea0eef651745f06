"""A chance as a smooth surface over two settings, learnt from counts of runs at points: kriging of its logit.

A Gaussian process with binomial counts, by Laplace's approximation: C. E. Rasmussen and C. K. I. Williams (2006),
Gaussian Processes for Machine Learning, MIT Press, sections 3.4 and 3.5 (algorithms 3.1 and 3.2), with a Matern
covariance of smoothness 5/2 that has a length for each axis.  Lengths and scale are those of a fixed list that explain
the counts best, so that the same counts give the same surface.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
from scipy.special import expit, gammaln, ndtri

from sim.study.estimate import LEVEL

LENGTHS = (0.1, 0.2, 0.4, 0.8, 1.6)  # of the square's side
SCALES = (1.0, 2.0, 4.0)  # of the logit
USUAL = (0.4, 2.0, 0.7)  # beforehand: length, scale, and the standard deviation of the logarithm of each
LEVEL_SD = 2.0  # of the logit's level over the whole square
STEPS, HALVINGS, ENOUGH = 40, 8, 1e-9  # of Newton's method
Z = float(ndtri((1 + LEVEL) / 2))


class Surface(NamedTuple):
    """What is known of the logit: at points `x` (n, 2) of the unit square, with `lengths` (2,) and `scale`.

    `pull` (n,) are the weights of the mean, `root` (n,) and `lower` (n, n) those of the variance.
    """

    x: np.ndarray
    lengths: np.ndarray
    scale: float
    level: float
    pull: np.ndarray
    root: np.ndarray
    lower: np.ndarray

    def at(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of the logit at places (m, 2) of the unit square, each (m,)."""
        near, share = self._reach(places)
        spread = self.scale**2 + LEVEL_SD**2 - (share**2).sum(axis=0)
        return self.level + near @ self.pull, np.sqrt(np.maximum(spread, 1e-12))

    def covariance(self, places: np.ndarray) -> np.ndarray:
        """Covariance of the logit between places, (m, m)."""
        _, share = self._reach(places)
        return covariances(places, places, self.lengths, self.scale) - share.T @ share

    def _reach(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        near = covariances(places, self.x, self.lengths, self.scale)
        return near, np.linalg.solve(self.lower, self.root[:, None] * near.T)

    def interval(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The chance at places, each (m,): middle, low and high of the 95 % interval at each place by itself."""
        mean, deviation = self.at(places)
        return expit(mean), expit(mean - Z * deviation), expit(mean + Z * deviation)


def covariances(a: np.ndarray, b: np.ndarray, lengths: np.ndarray, scale: float) -> np.ndarray:
    """Covariance of the logit between places (n, 2) and (m, 2): shape (n, m)."""
    far = np.sqrt(5.0) * np.sqrt((((a[:, None] - b[None]) / lengths) ** 2).sum(axis=-1))
    return LEVEL_SD**2 + scale**2 * (1 + far + far**2 / 3) * np.exp(-far)


def learnt(x: np.ndarray, events: np.ndarray, runs: np.ndarray) -> Surface:
    """The surface behind `events` of `runs`, both (n,), at points `x` (n, 2) of the unit square."""
    level = float(np.log((events.sum() + 0.5) / (runs.sum() - events.sum() + 0.5)))
    settings = list(itertools.product(LENGTHS, LENGTHS, SCALES))
    tried = np.array([covariances(x, x, np.array(one[:2]), one[2]) for one in settings])
    pull, root, lower, fit = _mode(tried, level, events, runs)
    best = int(np.argmax(fit + [_usual(one) for one in settings]))
    first, second, scale = settings[best]
    return Surface(x, np.array([first, second]), scale, level, pull[best], root[best], lower[best])


def _usual(setting: tuple[float, float, float]) -> float:
    """How likely lengths and a scale are beforehand: the logarithm of a log-normal density, a constant left out."""
    length, scale, spread = USUAL
    return -sum(np.log(one / usual) ** 2 for one, usual in zip(setting, (length, length, scale), strict=True)) / (
        2 * spread**2
    )


def _mode(k: np.ndarray, level: float, events: np.ndarray, runs: np.ndarray) -> tuple[np.ndarray, ...]:
    """The likeliest logits under each covariance of `k` (settings, n, n), and how well each explains the counts."""
    pull = np.zeros(k.shape[:2])
    score = _score(k, pull, level, events, runs)
    for _ in range(STEPS):
        wanted = _newton(k, pull, level, events, runs)[0]
        step = np.ones(len(k))
        for _ in range(HALVINGS):
            trial = pull + step[:, None] * (wanted - pull)
            found = _score(k, trial, level, events, runs)
            worse = found < score - ENOUGH
            if not worse.any():
                break
            step = np.where(worse, step / 2, step)
        better = found > score
        done = (found - score).max() < ENOUGH
        pull, score = np.where(better[:, None], trial, pull), np.maximum(score, found)
        if done:
            break
    _, root, lower = _newton(k, pull, level, events, runs)
    return pull, root, lower, score - np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)


def _score(k: np.ndarray, pull: np.ndarray, level: float, events: np.ndarray, runs: np.ndarray) -> np.ndarray:
    """Logarithm of likelihood times prior, (settings,)."""
    f = np.einsum("sij,sj->si", k, pull)
    ways = gammaln(runs + 1) - gammaln(events + 1) - gammaln(runs - events + 1)
    seen = (ways + events * (level + f) - runs * np.logaddexp(0.0, level + f)).sum(axis=1)
    return np.asarray(seen - (pull * f).sum(axis=1) / 2)


def _newton(
    k: np.ndarray, pull: np.ndarray, level: float, events: np.ndarray, runs: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where a step of Newton's method leads, the roots of the weights, the Cholesky factor of I + root K root."""
    f = np.einsum("sij,sj->si", k, pull)
    p = expit(level + f)
    weight = runs * np.maximum(p * (1 - p), 1e-10)
    root = np.sqrt(weight)
    lower = np.linalg.cholesky(np.eye(k.shape[1]) + root[:, :, None] * k * root[:, None, :])
    b = weight * f + events - runs * p
    kb = root * np.einsum("sij,sj->si", k, b)
    solved = np.linalg.solve(np.swapaxes(lower, 1, 2), np.linalg.solve(lower, kb[..., None]))[..., 0]
    return b - root * solved, root, lower
