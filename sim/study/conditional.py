"""Conditional Monte Carlo: the chance of a rare last step from the chances it had, never from whether it came.

At each meeting of a Russian and a coalition flight the rule book adds the probability h that it comes to air combat,
as the state stands before any draw of the meeting, to `us_russia_air_hazard` (sim/rules/air.py), whatever comes of it;
the run goes on.  So the sum H of a run is the compensator of its number N of combats (P. Bremaud 1981, Point Processes
and Queues, II): E H = E N exactly.  The chance of at least one is E min(N, 1) = E (H - max(N - 1, 0)), which is what is
averaged here: unbiased whether runs end at the first combat or not, and without the variance of whether h came true.
(S. Asmussen and P. W. Glynn 2007, Stochastic Simulation, V.4, on conditional Monte Carlo.)

Student's interval of that average would be narrow and false where the heavy term was not met: a Russian flight that
has used force is met with weapons, at a chance near 1, and brings in one meeting what a thousand others do.  So runs
are told apart by their sum: *heavy* from `HEAVY` on.  Let a run be stopped before the meeting that would make it heavy.
Until there the rule above holds, and beyond there it is in a heavy run, so that

    P(N >= 1)  <=  E(H; not heavy) + (1 + HEAVY) P(heavy),

where the first is averaged, and the second is counted, with an exact bound also where no run was heavy.  The two limits
are taken at half the error each (C. E. Bonferroni 1936), and the lower one is that of the first alone.  With as many
heavy runs as an average can rest on, Student's interval of all is told.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.config.parameters import Parameters
from sim.errors import BadInput
from sim.study.estimate import LEVEL, Estimate, clopper_pearson, mean, probability

OUTCOME = "us_russia_air"
HAZARD = "us_russia_air_hazard"
FEWEST = 20.0  # runs that an average must rest on before Student's interval is believed
TELLING = 3.0  # runs that the sum rests on before they tell how many more are wanted
HEAVY = 0.1  # gathered chance of a run from which on it is counted, not averaged
MIXED = "t interval of the ordinary runs, exact bound for heavy ones, together 95%"


class Conditional(NamedTuple):
    """Both estimates from the same runs.

    `gain` is the variance of plain Monte Carlo, p (1 - p), over that of the conditional estimate, a run; both take the
    same runs, so it is the gain for the same work.  `effective` is the number of runs that the sum over ordinary runs
    rests on, (sum H)^2 / sum H^2 (L. Kish 1965, Survey Sampling, 8.2).  `heavy` is how many runs were heavy;
    `allowed` is what the upper limit allows for such runs.
    """

    conditional: Estimate
    plain: Estimate
    gain: float
    effective: float
    heavy: int
    allowed: float

    @property
    def carried(self) -> bool:
        """Whether the sample carries more than a bound."""
        return self.effective >= FEWEST

    @property
    def enough(self) -> int | None:
        """Runs that would rest on enough of their kind, as far as these can tell; None: they rest on too few for it."""
        if self.effective < TELLING:
            return None
        return int(np.ceil(self.plain.n * 2 * FEWEST / self.effective))


def may_be_heavy(config: Parameters) -> bool:
    """Whether one meeting may be near certain to come to shots: a Russian flight is answered with force
    (sim/rules/support.py), or its cover is contested (sim/rules/air.py).
    """
    roe = config.roe
    answered = roe.answer_russian_air > 0 or (roe.answer_own and roe.answer_own_russian > 0)
    return bool(answered or config.scenario.russian_air_cover)


def conditional(rows: np.ndarray, *, may_be_heavy: bool = True) -> Conditional:
    """The chance of air combat between the US and Russia from outcome rows, shape (n,), n >= 2.

    Raises `BadInput` for fewer.
    """
    if len(rows) < 2:
        raise BadInput(f"{len(rows)} run(s): at least 2 are needed; raise replications=N")
    hazard, count = rows[HAZARD].astype(float), rows[f"{OUTCOME}_count"]
    chances = hazard - np.maximum(count - 1, 0)
    plain = probability(int((count > 0).sum()), len(rows))
    heavy = hazard >= HEAVY
    allow = may_be_heavy and heavy.sum() < FEWEST
    told, allowed = _allowing(chances, heavy) if allow else (mean(chances), 0.0)
    told = told._replace(events=plain.events, low=max(0.0, told.low), high=min(1.0, told.high))
    spread, rest = float(chances.var(ddof=1)), hazard[~heavy] if allow else hazard
    gain = told.estimate * (1 - told.estimate) / spread if spread > 0 else np.nan
    square = float((rest**2).sum())
    effective = float(rest.sum()) ** 2 / square if square > 0 else 0.0
    return Conditional(told, plain, gain, effective, int(heavy.sum()), allowed)


def _allowing(chances: np.ndarray, heavy: np.ndarray) -> tuple[Estimate, float]:
    """The estimate, with what its upper limit allows for heavy runs."""
    level = (1 + LEVEL) / 2
    ordinary = mean(np.where(heavy, 0.0, chances), level)
    _, most = clopper_pearson(
        np.asarray(heavy.sum()), np.asarray(len(heavy)), 2 * level - 1
    )  # its upper limit alone is of `level`
    allowed = (1 + HEAVY) * float(most)
    return ordinary._replace(estimate=float(chances.mean()), high=ordinary.high + allowed, kind=MIXED), allowed
