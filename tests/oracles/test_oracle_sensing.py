"""Glimpses: a unit that stands where it is is seen in each step with one chance, whatever went before.

`test_rules.py` holds the mean against the closed form for the orbit alone, with budgets that are no draws.
Here the model draws, several sensors look, and all of the law is compared: when a unit is first seen, and
how much of the time it is followed.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.rules import sensing
from sim.rules.names import Kind
from tests.oracles.chances import FALSE_ALARM, RARE, fits, post, rows_of, z_of_mean, z_of_share
from tests.staging import stage

pytestmark = [pytest.mark.interpreted, pytest.mark.boundscheck]

PLACE = (-18.0, 9.0)  # within reach of orbit, garrison and a flight, which all stand over the garrison
PER_MIN, REACHES, STILL, DARK, CONVOY, TRACK_MIN = 0.05, (80.0, 25.0, 60.0), 0.5, 0.3, 0.6, 30.0


@pytest.mark.parametrize(("step_min", "night"), [(5, False), (5, True), (15, False)])
def test_a_standing_unit_is_glimpsed_as_the_closed_form_says(step_min: int, night: bool) -> None:
    """If this failed, columns would be found sooner or later, or followed longer, than reach and light allow.

    First seen in step k with (1 - p)^(k-1) p, p = 1 - exp(-h dt), h the sum over sensors of (1 - (d/R)^2); followed at
    any later time unless the last track_min of glimpses all failed.  The mean step of first sight is held too: a hazard
    a quarter too high is noticed.  Seen to fail with hazard that is carried over from one sighting to the next, with
    1 - d / R for 1 - (d / R)^2, with a track that is lost a step late, and without the night.
    """
    runs, steps, kept = 40, 24, math.floor(TRACK_MIN / step_min)
    state, params, log = stage(
        "scenario=quiet", f"step_min={step_min}", f"sensing.hazard_per_min={PER_MIN}", "scenario.strike_flights=1",
        f"sensing.orbit_km={REACHES[0]}", f"sensing.garrison_km={REACHES[1]}", f"sensing.flight_km={REACHES[2]}",
        f"sensing.static_signature={STILL}", f"sensing.night_factor={DARK}", f"sensing.convoy_signature={CONVOY}",
        f"sensing.track_min={TRACK_MIN}", "scenario.militia_convoys=36", "scenario.partner_patrols=0",
    )  # fmt: skip
    rows, first, followed = rows_of(state, [Kind.MILITIA_CONVOY]), np.zeros(steps + 1, int), 0
    for i in rows:
        post(state, i, PLACE)
    state.is_day = not night
    for run in range(runs):
        state.step = 1000 * (run + 1) - 1  # each run is another stretch of steps: other draws
        for i in rows:
            state.units[i].tracked = False
            sensing.see(state, params, log, i, 0.0)
            state.units[i].tracked, state.units[i].seen_min = False, -1.0
        unseen = set(rows)
        for k in range(steps):
            state.step = 1000 * (run + 1) + k
            state.now_min = step_min * float(state.step)
            sensing.sensing(state, params, log)
            now = {i for i in unseen if state.units[i].tracked}
            first[k] += len(now)
            unseen -= now
        first[steps] += len(unseen)
        followed += sum(state.units[i].tracked for i in rows)
    away2 = PLACE[0] ** 2 + PLACE[1] ** 2
    hazard = PER_MIN * CONVOY * STILL * (DARK if night else 1.0) * sum(max(0.0, 1.0 - away2 / r**2) for r in REACHES)
    p, n = 1.0 - math.exp(-hazard * step_min), runs * len(rows)
    law = np.array([*(p * (1.0 - p) ** k for k in range(steps)), (1.0 - p) ** steps])
    assert fits(first, law) > RARE
    assert abs(z_of_mean(np.repeat(np.arange(steps + 1), first), float(np.arange(steps + 1) @ law))) < FALSE_ALARM
    assert abs(z_of_share(followed, n, 1.0 - (1.0 - p) ** (kept + 1))) < FALSE_ALARM
