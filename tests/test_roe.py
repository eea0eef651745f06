"""Keys, points, skipped rungs, authority and patience under each set of rules (odd.md 7.6)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.rules import keys, line, response, roe
from sim.rules.names import NEVER, Act, Kind, Mission, Posture, Principal, Rung, Skip
from tests.staging import acts_of, events_of, first_of, put_out, stage

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6


def inside(*overrides: str, posture: Posture = Posture.MOVING, x_km: float = -44.0) -> tuple[Any, Any, Any, int]:
    """A convoy of light vehicles in the zone, seen."""
    state, params, log = stage(*overrides)
    i = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, i, x_km, 0.0, posture)
    unit.inside, unit.tracked, unit.mission = abs(x_km) < params.roe.zone_radius_km, True, int(Mission.PUSH)
    return state, params, log, i


DEPTH = 11.0 / 55.0


@pytest.mark.parametrize(
    ("overrides", "change", "points"),
    [
        ((), {}, 0.8 + DEPTH),
        (("scenario.leaflets_standing=true",), {}, 1.0 + DEPTH),
        ((), {"posture": Posture.HELD}, DEPTH),
        ((), {"speed_km_h": 60.0}, 0.8 + 0.5 + DEPTH),
        ((), {"tanks": 1}, 0.8 + 0.5 + DEPTH),
        ((), {"posture": Posture.DIGGING}, 1.0 + DEPTH),
        ((), {"mission": Mission.REINFORCE}, 0.8 + 1.0 + DEPTH),
        ((), {"help_until_min": 1e9}, 0.8 + 0.5 + DEPTH),
        ((), {"believed": Principal.HEZBOLLAH}, 1.5 * (0.8 + DEPTH)),
        (("scenario=less_hesitant",), {"believed": Principal.HEZBOLLAH}, 4.5 * (0.8 + DEPTH)),
        (("roe=exclusion_zone",), {"posture": Posture.HELD}, 1.0 + DEPTH),
    ],
)
def test_behaviour_scores_the_points_it_is_worth(
    overrides: tuple[str, ...], change: dict[str, Any], points: float
) -> None:
    """If this failed, units would be struck for something other than what they do (odd.md 7.6)."""
    state, params, _, i = inside(*overrides)
    state.units[i].speed_km_h = 10.0
    for name, value in change.items():
        setattr(state.units[i], name, value)
    assert keys.points(state, params, i) == pytest.approx(points, rel=1e-12)


@pytest.mark.parametrize(("stake", "points"), [(0.0, 0.0), (1.0, 3.0)])
def test_under_denial_the_way_to_the_border_is_hostile_outside_too(stake: float, points: float) -> None:
    """If this failed, `denial` would deny nothing (S48), or whatever the garrison is worth."""
    state, params, _, i = inside("roe=denial", f"environment.coalition_stake={stake}", x_km=-60.0)
    unit = state.units[i]
    unit.mission = int(Mission.BYPASS)
    assert keys.is_denied(params, unit)
    assert keys.points(state, params, i) == pytest.approx(points)
    unit.posture = int(Posture.HELD)
    assert not keys.is_denied(params, unit)


def test_an_ultimatum_runs_out() -> None:
    """If this failed, whoever stays would never have to leave (S57, S74)."""
    state, params, _, i = inside("roe=ultimatum", posture=Posture.HELD)
    state.units[i].entered_min = 0.0
    for hours, turned in ((23.9, False), (24.1, True)):
        state.now_min = 60.0 * hours
        assert keys.key_turns(state, params, i) == turned


def test_what_merely_stands_is_called_about_daily_and_gets_leaflets_after_nine_days() -> None:
    """If this failed, the nineteen days inside would have passed in silence (S25-S28)."""
    state, params, log, _ = inside(posture=Posture.HELD)
    for _ in range(10 * 288):
        state.step += 1
        state.now_min += 5.0
        roe.roe(state, params, log)
        line.line(state, params, log)
        response.response(state, params, log)
    calls = acts_of(state, log).count(Act.LINE_CALL)
    assert calls == 10
    leaflets = next(event for event in events_of(state, log) if event.act == Act.LEAFLETS)
    assert leaflets.minute == pytest.approx(216 * 60.0, abs=5.0)
    assert state.leaflets
    assert state.outcome.static_h == pytest.approx(240.0)
    assert state.outcome.active_h == 0.0


def test_a_closing_unit_is_called_about_once_from_outside() -> None:
    """If this failed, nobody would be told before he enters, or everybody all the time."""
    state, params, log, i = inside(x_km=-70.0)
    for _ in range(50):
        state.now_min += 5.0
        roe.roe(state, params, log)
        state.units[i].call_due_min = NEVER
    assert acts_of(state, log) == [Act.LINE_CALL]
    state.x_km[i], state.units[i].called_min = -76.0, -NEVER
    roe.roe(state, params, log)
    assert acts_of(state, log) == [Act.LINE_CALL]


@pytest.mark.parametrize(("reason", "p"), [(Skip.IMPATIENCE, 1 - math.exp(-0.8 * 2)), (Skip.LEAFLETS, 0.6)])
def test_rungs_are_skipped_for_a_reason_and_as_often_as_declared(reason: Skip, p: float) -> None:
    """If this failed, warnings would not grow fewer after defiance and leaflets (P5)."""
    state, params, _, i = inside("roe.impatience=0.8", "roe.leaflet_skip=0.6", x_km=-54.0)
    state.units[i].speed_km_h = 5.0
    state.defiance = 2.0 if reason == Skip.IMPATIENCE else 0.0
    state.leaflets = reason == Skip.LEAFLETS
    runs = 3000
    for k in range(runs):
        state.step = k
        roe.is_skipped(state, params, i, Rung.SHOW_OF_FORCE)
    assert abs(state.outcome.skipped[reason] / runs - p) < FALSE_ALARM * math.sqrt(p * (1 - p) / runs)


def test_urgency_is_the_way_to_the_inner_line_against_window_and_flight() -> None:
    """If this failed, the reckoning of 8 June (no time to warn) would be arbitrary."""
    state, params, _, i = inside(x_km=-40.0)
    unit = state.units[i]
    unit.mission, unit.speed_km_h = int(Mission.DASH), 60.0
    assert roe.minutes_to_inner_line(state, params, i) == pytest.approx(20.0)
    assert roe.is_urgent(state, params, i, 10.1)  # with ten minutes for the flight
    assert not roe.is_urgent(state, params, i, 9.9)
    assert roe.cannot_wait(state, params, i)
    unit.mission = int(Mission.PUSH)
    assert roe.minutes_to_inner_line(state, params, i) == pytest.approx(80.0)
    unit.posture = int(Posture.HELD)
    assert not roe.is_urgent(state, params, i, 1e6)


def test_off_site_approval_takes_its_time_and_self_defence_does_not_wait() -> None:
    """If this failed, `higher_authority` would change nothing, or tie hands under fire (S60, S61)."""
    state, params, log, i = inside("roe=higher_authority", "roe.window_sd=0")
    unit = state.units[i]
    unit.ordered = int(Rung.STRIKE)
    assert not roe.has_authority(state, params, log, i)
    assert unit.authority_min == pytest.approx(60.0)
    state.now_min = 60.0
    assert roe.has_authority(state, params, log, i)
    assert acts_of(state, log) == [Act.AUTHORISED]
    unit.hostile = True
    assert roe.has_authority(state, params, log, i)
    unit.hostile, unit.ordered = False, int(Rung.SHOW_OF_FORCE)
    assert roe.has_authority(state, params, log, i)


def test_without_a_flight_nothing_but_a_call_is_decided() -> None:
    """If this failed, a decision would be drawn again in every step until it is the worst."""
    state, params, log, i = inside("scenario.strike_flights=0", "roe.impatience=0")
    unit = state.units[i]
    unit.rung = int(Rung.LINE_CALL)
    roe.climb(state, params, log, i)
    assert (unit.ordered, state.n_events) == (Rung.NONE, 0)
    unit.rung, unit.speed_km_h = int(Rung.NONE), 5.0
    roe.climb(state, params, log, i)
    assert acts_of(state, log) == [Act.LINE_CALL]


@pytest.mark.parametrize(
    ("override", "lost"),
    [("line.through_when_suspended=0", 1.0), ("line.misplaced=1", 2.0), ("line.dissuasion=0", 3.0)],
)
def test_a_call_is_lost_for_the_reason_given(override: str, lost: float) -> None:
    """If this failed, the deconfliction line could not fail, or would fail for the wrong reason (S04)."""
    state, params, log, i = inside("scenario=line_suspended", override)
    state.line_open = "through" not in override
    roe.call(state, params, log, i, 0.0)
    state.now_min = state.units[i].call_due_min
    line.line(state, params, log)
    last = events_of(state, log)[-1]
    assert (last.act, last.value, state.outcome.calls_lost) == (Act.CALL_LOST, lost, 1)
    assert state.units[i].signal == Rung.NONE


def test_a_unit_on_its_way_home_is_not_talked_to_or_signalled() -> None:
    """If this failed, Russia would be asked to turn back who has turned back."""
    state, params, log, i = inside()
    unit = state.units[i]
    roe.call(state, params, log, i, 0.0)
    unit.posture, state.now_min = int(Posture.WITHDRAWING), unit.call_due_min
    line.line(state, params, log)
    unit.signal = int(Rung.SHOW_OF_FORCE)
    response.response(state, params, log)
    assert (unit.signal, acts_of(state, log)) == (Rung.NONE, [Act.LINE_CALL])
