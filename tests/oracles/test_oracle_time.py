"""What time does by itself: fading to the last digit, and stays of exponential length.

`test_rules.py` looks at fear, anger and tension to nine digits, `test_movement.py` at the mean stays that are
declared; here everything that fades is held to 1e-12, and stays are lived through.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.rules import environment, legs, movement
from sim.rules.acts import US_RUSSIA, strain, tension
from sim.rules.names import Kind, Mission, Posture, Principal
from tests.oracles.chances import FALSE_ALARM, post, rows_of, z_of_mean
from tests.staging import stage

pytestmark = [pytest.mark.interpreted, pytest.mark.boundscheck]

HALF_LIVES = ("theory.fear_half_life_days=2", "theory.anger_half_life_days=7", "roe.defiance_half_life_days=3")


@pytest.mark.parametrize(
    ("what", "days"),
    [("fear", 2), ("struck_belief", 2), ("tolerated_belief", 2), ("support", 2), ("defiance", 3), ("anger", 7)],
)
def test_whatever_fades_is_halved_in_its_half_life(what: str, days: int) -> None:
    """If this failed, memory would depend on the length of a step, or one feeling fade like another.

    To 1e-12, after one half-life and after two.  Seen to fail with defiance that fades like fear, and with
    `math.exp(-days / half_life)` in `fill_fading`.
    """
    state, params, log = stage("scenario=quiet", "step_min=15", *HALF_LIVES)
    holder = state if hasattr(state, what) else state.principals[Principal.HEZBOLLAH]
    setattr(holder, what, 1.0)
    for left in (0.5, 0.25):
        for _ in range(days * 96):
            environment.environment(state, params, log)
        assert getattr(holder, what) == pytest.approx(left, rel=1e-12)


def test_tension_and_the_wars_fade_by_the_clock() -> None:
    """If this failed, tension would last while nobody looks, or the wars against ISIS end with the number of steps.

    To 1e-12.  Seen to fail with tension that is counted from the start of the run and not from its last change, and
    with Raqqa falling as fast as ISIS.
    """
    state, params, log = stage(
        "scenario=quiet", "step_min=15", "escalation.tension_half_life_days=5", "environment.isis_days=50",
        "environment.raqqa_days=25", "environment.raqqa_weight=0.25", "environment.corridor_floor=0.4",
    )  # fmt: skip
    strain(state, params, US_RUSSIA, 3.0, 1440.0)
    for day in range(1, 11):
        for _ in range(96):
            environment.environment(state, params, log)
        isis, raqqa = math.exp(-day / 50.0), math.exp(-day / 25.0)
        assert (state.isis_control, state.raqqa_left) == pytest.approx((isis, raqqa), rel=1e-12)
        assert state.corridor_value == pytest.approx(1.0 - 0.6 * (0.75 * isis + 0.25 * raqqa), rel=1e-12)
        if day >= 2:
            left = 3.0 * 0.5 ** ((day - 1) / 5.0)
            assert tension(state, params, US_RUSSIA, state.now_min) == pytest.approx(left, rel=1e-12)


@pytest.mark.parametrize(
    ("mission", "means"),
    [
        (Mission.PUSH, [60.0 * 12.0]),
        (Mission.PROBE, [6.0]),  # less than half a step
        (Mission.FORTIFY, [60.0 * 6.0, 60.0 * 12.0]),
        (Mission.RAID, [60.0 * 3.0]),
    ],
)
def test_stays_are_exponential_and_end_on_the_minute(mission: Mission, means: list[float]) -> None:
    """If this failed, a static presence would last a fixed time, or be rounded up by a step at each turn.

    The whole stay, in minutes, is exponential, or the sum of two where digging goes first (by Kolmogorov and
    Smirnov); the outcome keeps the longest.  Seen to fail with a stay begun at `now_min` for `minute` (`hold`), and
    with digging that lasts `hold_days`.
    """
    runs, lasted, longest = 8, [], 0.0
    state, params, log = stage(
        "scenario=quiet", "step_min=15", "command.hold_days=0.5", "command.look_hours=0.1", "command.dig_hours=6",
        "raids.ambush_hours=3", "scenario.militia_convoys=36", "scenario.strike_flights=0",
        "scenario.partner_patrols=0",
    )  # fmt: skip
    rows, home = rows_of(state, [Kind.MILITIA_CONVOY]), state.n_awake
    for run in range(runs):
        state.n_awake, began = home, {}
        state.step = 10_000 * (run + 1)
        state.now_min = 15.0 * float(state.step)
        for k, i in enumerate(rows):
            unit = post(state, i, (-46.0, 0.0), Posture.MOVING)
            began[i] = state.now_min + 15.0 * (k + 0.5) / len(rows)  # arrivals at all times of a step
            unit.mission, unit.goal_km, unit.waypoint, unit.speed_km_h, unit.inside = int(mission), 45.0, 2, 30.0, True
            legs.set_leg(state, i, -45.0, 0.0, began[i] - 2.0, began[i])
        while any(state.units[i].posture != Posture.WITHDRAWING for i in began):
            state.step += 1
            state.now_min += 15.0
            movement.movement(state, params, log)
            for i in [i for i in began if state.units[i].posture == Posture.WITHDRAWING]:
                lasted.append(state.units[i].leg_start_min - began.pop(i))
    law = stats.expon(scale=means[0]).sf
    if len(means) == 2:
        a, b = means
        law = lambda t: (b * np.exp(-t / b) - a * np.exp(-t / a)) / (b - a)  # noqa: E731 - two stays after one another
    assert stats.kstest(lasted, lambda t: 1.0 - law(t)).pvalue > 1e-6
    assert abs(np.mean(lasted) - math.fsum(means)) < FALSE_ALARM * math.sqrt(sum(m * m for m in means) / len(lasted))
    if mission == Mission.PUSH:
        longest = max(lasted) / 60.0
        assert state.outcome.static_unstruck_h == pytest.approx(longest, rel=1e-9)


@pytest.mark.parametrize("begins", ["at its goal", "dug in", "told to stop"])
def test_a_held_unit_stays_as_long_whatever_made_it_stop(begins: str) -> None:
    """If this failed, units that stop when warned would stand longer or shorter than those that came to stay.

    Mean of 5,000 stays: one 15 % longer is off by ten standard errors.  Seen to fail with 1.15 x `hold_days`, and with
    a stay of its own for those who are told to stop.
    """
    state, params, log = stage("scenario=quiet", "command.hold_days=0.5", "scenario.militia_convoys=36")
    rows, home, stays = rows_of(state, [Kind.MILITIA_CONVOY]), state.n_awake, []
    posture = {"at its goal": Posture.MOVING, "dug in": Posture.DIGGING, "told to stop": Posture.MOVING}[begins]
    for run in range(5000 // len(rows) + 1):
        state.n_awake, state.step = home, 1000 * (run + 1)
        for i in rows:
            unit = post(state, i, (-45.0, 0.0), posture)
            unit.mission, unit.goal_km, unit.waypoint = int(Mission.PUSH), 45.0, 2
            if begins == "told to stop":
                legs.stop(state, params, i, 7.0)
            else:
                movement.go_on(state, params, log, i, 7.0)
            assert unit.posture == Posture.HELD
            stays.append(unit.due_min - 7.0)
    mean = 60.0 * 12.0
    assert abs(z_of_mean(stays, mean)) < FALSE_ALARM
    assert stats.kstest(stays, stats.expon(scale=mean).cdf).pvalue > 1e-6
