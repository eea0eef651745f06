"""Conditional Monte Carlo: the chance of a rare last step from the chances it had, never from whether it came.

At each meeting of a Russian and a coalition flight the rule book adds the probability h that it comes to air combat,
as the state stands before any draw of the meeting, to `us_russia_air_hazard` (sim/rules/air.py), whatever comes of it;
the run goes on.  So the sum H of a run is the compensator of its number N of combats (P. Bremaud 1981, Point Processes
and Queues, II): E H = E N exactly.  The chance of at least one is E min(N, 1) = E (H - max(N - 1, 0)), which is what is
averaged here: unbiased whether runs end at the first combat or not, and without the variance of whether h came true.
(S. Asmussen and P. W. Glynn 2007, Stochastic Simulation, V.4, on conditional Monte Carlo.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.errors import BadInput
from sim.study.estimate import Estimate, mean, probability

OUTCOME = "us_russia_air"
HAZARD = "us_russia_air_hazard"
FEWEST = 5.0  # runs that the estimate must rest on, as with events


class Conditional(NamedTuple):
    """Both estimates from the same runs.

    `gain` is the variance of plain Monte Carlo, p (1 - p), over that of the conditional estimate, a run; both take the
    same runs, so it is the gain for the same work.  `effective` is the number of runs that the sum rests on,
    (sum H)^2 / sum H^2 (L. Kish 1965, Survey Sampling, 8.2).
    """

    conditional: Estimate
    plain: Estimate
    gain: float
    effective: float

    @property
    def carried(self) -> bool:
        """Whether the sample carries more than a bound."""
        return self.effective >= FEWEST

    @property
    def enough(self) -> int:
        """Runs that would rest on enough of their kind, as far as these can tell."""
        return max(2, int(np.ceil(self.plain.n * 2 * FEWEST / max(self.effective, 1.0))))


def conditional(rows: np.ndarray) -> Conditional:
    """The chance of air combat between the US and Russia from outcome rows, shape (n,), n >= 2, at least.

    Raises `BadInput` for fewer.
    """
    if len(rows) < 2:
        raise BadInput(f"{len(rows)} run(s): at least 2 are needed; raise replications=N")
    hazard, count = rows[HAZARD].astype(float), rows[f"{OUTCOME}_count"]
    chances = hazard - np.maximum(count - 1, 0)
    told, plain = mean(chances), probability(int((count > 0).sum()), len(rows))
    told = told._replace(events=plain.events, low=max(0.0, told.low), high=min(1.0, told.high))
    spread, square = float(chances.var(ddof=1)), float((hazard**2).sum())
    gain = told.estimate * (1 - told.estimate) / spread if spread > 0 else np.nan
    return Conditional(told, plain, gain, float(hazard.sum()) ** 2 / square if square > 0 else 0.0)
