"""How near to what is asked about a history of the model has come: the score by which its paths are split.

The best score would be the chance itself to come there from here.  Splitting is right with any, and good with one near
to that.
"""

from __future__ import annotations

import numpy as np
from scipy.special import betainc

from sim.run.batch import replicate
from sim.run.splitting import Climb, Rung
from sim.study.designs import Point

GOAL = 0.0  # the score of who has come there; everybody else's is below
LEVELS = 20  # whose chances are told
PILOT = 256  # runs, from which the pace of an outcome is read
STEADY = 1e4  # shape of a rate that is the same in all runs
ESCALATION: tuple[Rung, ...] = (  # what leads up to what is rare: a column, the weight of each, the most that counts
    ("strike_ground_count", 1, 6),
    ("attack_on_coalition_count", 1, 6),
    ("highest_level_regime", 1, 4),
    ("highest_level_militia", 1, 4),
    ("highest_level_hezbollah", 1, 4),
    ("highest_level_russia", 1, 4),
)


def climber(point: Point, column: str, count: int, threads: int = 1) -> Climb:
    """The model at a point as a process that is split by how near it has come.

    An outcome that is to come about several times is its own ladder, and its score the logarithm of the chance that the
    rest comes in the time that is left.  One that is to come once is led up to by `ESCALATION`, rung by rung.
    """
    rungs, steps = rungs_of(column, count), point.scenario.steps
    if count > 1:
        pilot = replicate(point.scenario, replications=PILOT, seed=point.seed, threads=threads)
        worth = chance_left(count, steps, pilot[column])
    else:
        worth = np.repeat(np.arange(-float(rungs[0][1]), GOAL + 1)[:, None], steps + 1, axis=1)
    return Climb(point.scenario, rungs, worth, point.seed, threads)


def rungs_of(column: str, count: int) -> list[Rung]:
    """The ladder; an outcome that is to come once weighs more than all that leads up to it."""
    helping = [rung for rung in ESCALATION if rung[0] != column] if count == 1 else []
    return [(column, 1 + sum(weight * most for _, weight, most in helping), count), *helping]


def chance_left(count: int, steps: int, pilot: np.ndarray) -> np.ndarray:
    """Logarithm of the chance to come to `count` by the last step, (count + 1, steps + 1): of each height and step.

    As if each run had a steady rate of its own, drawn from a gamma distribution with the mean and the variance of
    `pilot`, counts of whole runs: then what is still to come is negative binomial, given what has come so far
    (M. Greenwood and G. U. Yule 1920, Journal of the Royal Statistical Society 83, 255-279).
    """
    mean = max(float(pilot.mean()), 1 / len(pilot))
    shape = min(STEADY, mean**2 / max(float(pilot.var()) - mean, mean**2 / STEADY))
    scale = shape / mean  # runs whose counts would tell the rate as well as the prior does
    come, past = np.arange(count)[:, None], np.linspace(0, 1, steps + 1)[None, :]
    with np.errstate(divide="ignore"):
        left = np.log(betainc(count - come, shape + come, (1 - past) / (scale + 1)))
    return np.vstack([left, np.full((1, steps + 1), GOAL)])


def levels_of(process: Climb) -> list[float]:
    """The scores whose chances are told, evenly from that of the start to the goal, which is last."""
    return np.linspace(process.worth[0, 0], GOAL, LEVELS + 1)[1:].tolist()
