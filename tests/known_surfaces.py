"""Surfaces whose sensitivity is known, with and without luck."""

from __future__ import annotations

import numpy as np
from scipy.special import expit


def without_luck(shares):
    """The same in four replications: nothing is noise."""
    return np.repeat(np.asarray(shares, float)[..., None], 4, axis=-1)


def of_matrices(function, unit):
    """A function of the last axis at every place."""
    return without_luck(function(unit))


def ishigami(unit):
    """T. Ishigami and T. Homma (1990), a = 7, b = 0.1."""
    x = np.pi * (2 * unit - 1)
    return np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


def chance(unit):
    """A chance that three inputs move much, some and a little, and the fourth hardly."""
    return expit(-2.2 + 2.6 * unit[..., 0] + 1.3 * unit[..., 1] + 0.65 * unit[..., 2] + 0.06 * unit[..., 3])


def bernoulli(unit, replications, kind, seed=1):
    """Runs at all places; their luck is `shared` by all points, `own` at each, or shared in half of the runs."""
    p, dice = chance(unit), np.random.default_rng(seed)
    shared = dice.random(replications)
    own = dice.random((*p.shape, replications))
    same = {"shared": 1.0, "own": 0.0, "half": 0.5}[kind]
    return (np.where(dice.random(own.shape) < same, shared, own) < p[..., None]).astype(float)
