"""What every oracle needs: how far a sample may lie from a closed form, and a bare world to put units into."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import stats

from sim.rules import step as rule_book
from sim.rules.legs import begin_anew, set_leg
from sim.rules.names import NEVER, Kind, Posture

FALSE_ALARM = 4.89  # standard errors: two-sided probability of 1e-6
RARE = 1e-6


def z_of_share(count: int, n: int, p: float) -> float:
    """How many standard errors a binomial count lies from its expectation."""
    return (count - n * p) / math.sqrt(n * p * (1.0 - p))


def z_of_mean(sample: Sequence[float] | np.ndarray, mean: float) -> float:
    """How many standard errors, estimated from the sample, its average lies from an expectation."""
    values = np.asarray(sample, float)
    return float((values.mean() - mean) / (values.std(ddof=1) / math.sqrt(len(values))))


def fits(counts: Sequence[int] | np.ndarray, chances: Sequence[float] | np.ndarray) -> float:
    """Chi-square p-value of counts against chances that sum to 1; thin cells are thrown together."""
    counts, chances = np.asarray(counts, float), np.asarray(chances, float)
    assert abs(chances.sum() - 1.0) < 1e-9
    assert counts[chances == 0.0].sum() == 0, "something impossible happened"
    expected = chances * counts.sum()
    thick = expected >= 5.0
    got, due = list(counts[thick]), list(expected[thick])
    if expected[~thick].sum() > 0.0:
        got.append(counts[~thick].sum())
        due.append(expected[~thick].sum())
        if due[-1] < 5.0 and len(due) > 1:
            last_got, last_due = got.pop(), due.pop()
            smallest = due.index(min(due))
            got[smallest] += last_got
            due[smallest] += last_due
    return float(stats.chisquare(got, due).pvalue) if len(due) > 1 else 1.0


def rows_of(state: Any, kinds: Sequence[Kind]) -> list[int]:
    """All rows of some kinds, in row order."""
    return [i for i in range(state.n_units) if state.units[i].kind in kinds]


def post(state: Any, i: int, place: tuple[float, float], posture: Posture = Posture.HELD) -> Any:
    """Row i leaves its base anew, draws its first detection budget, and stands at a place for good."""
    begin_anew(state, i)
    unit = state.units[i]
    state.x_km[i], state.y_km[i] = place
    set_leg(state, i, place[0], place[1], 0.0, NEVER)
    unit.posture, unit.due_min, unit.vehicles, unit.fighters = int(posture), NEVER, 4, 16
    return unit


def live(state: Any, params: Any, log: Any, minutes: float) -> None:
    """A whole run of the rule book, or a part of one, as a batch makes it."""
    rule_book.run(state, params, log, round(minutes / params.step_min))
