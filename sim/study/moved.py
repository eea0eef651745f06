"""Which parameters the record moves, and which stay what they were: assumptions.

How far a parameter has moved is told by the information gained, as between two normal distributions: half of
sd^2 + shift^2 - 1 - log sd^2, in nats, of offsets that were standard normal.  What chance alone gives is measured, not
assumed: the same draws are dealt anew to the same histories, so that nothing can be learnt, and the analysis is
repeated.  A parameter is *moved* where it gained more than all but a share `FALSE_ALARMS` of such analyses give to the
luckiest of its family, and where that is enough to matter.  There are two families, so that those of which it was said
before any data were seen that they can be moved (docs/odd.md, 4) need not be told from two hundred others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.study.abc_regression import Kept, adjusted

NAMED = (  # beforehand
    *("command.regime_per_day", "command.militia_per_day", "command.hezbollah_per_day", "command.push_share"),
    *("responses.go_on", "roe.call_window_min", "roe.show_window_min", "roe.shots_window_min", "roe.impatience"),
    *("restraint.anger_per_killed", "restraint.retaliation_per_day", "command.hold_days"),
)
DEALS, SEED = 400, 20170608
FALSE_ALARMS = 0.025  # of analyses in which nothing can be learnt, those that call any of a family moved
NEAREST = 5  # parameters that are shown where none is moved
SHIFT, NARROWER = 0.25, 0.9  # less of a shift (prior sd) and a wider posterior (share of the prior's sd) do not matter


@dataclass(frozen=True)
class Movement:
    """What the record did to each parameter: arrays (parameters,)."""

    shift: np.ndarray  # of the mean, in standard deviations of the prior
    width: np.ndarray  # standard deviation, as a share of the prior's
    gained: np.ndarray  # nats
    chance: np.ndarray  # nats that chance alone gives the luckiest of its family

    @property
    def moved(self) -> np.ndarray:
        """Which parameters are moved; all others are assumptions."""
        matters = (abs(self.shift) >= SHIFT) | (self.width <= NARROWER)
        return (self.gained > self.chance) & matters

    @property
    def shown(self) -> list[int]:
        """The moved parameters, those that gained most first; where none is moved, the nearest to it."""
        order = [int(k) for k in np.argsort(-self.gained / self.chance)]
        return [k for k in order if self.moved[k]] or order[:NEAREST]


def movement(offsets: np.ndarray, kept: Kept, named: np.ndarray) -> Movement:
    """What became of the offsets (kept, parameters) of the kept draws; `named` are those of the first family."""
    shift, width, gained = _gained(adjusted(offsets, kept), kept.weights)
    dice = np.random.default_rng(SEED)
    dealt = np.stack([_gained(adjusted(dice.permutation(offsets), kept), kept.weights)[2] for _ in range(DEALS)])
    chance = np.empty(len(named))
    for family in (named, ~named):
        if family.any():
            chance[family] = np.quantile(dealt[:, family].max(axis=1), 1 - FALSE_ALARMS)
    return Movement(shift, width, gained, chance)


def _gained(values: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, standard deviation and information gained of each parameter."""
    mean = weights @ values
    sd = np.sqrt(weights @ (values - mean) ** 2)
    return mean, sd, (sd**2 + mean**2 - 1) / 2 - np.log(sd)
