"""What flights do over their targets, and what is said afterwards (odd.md 7.5, 7.8)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.rules import engagement
from sim.rules.legs import set_leg
from sim.rules.names import Act, Kind, Mission, Posture, Principal, Rung
from sim.rules.outcome import Happening
from tests.staging import acts_of, events_of, first_of, put_out, raider_of, stage

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6
FLIGHT = 2


def over(kind: Kind, side: Principal, rung: Rung, *overrides: str) -> tuple[Any, Any, Any, int]:
    """A flight that has come to a unit inside the zone, with a rung to use."""
    state, params, log = stage(*overrides)
    i = first_of(state, kind, side)
    unit = put_out(state, i, -45.0, 0.0, Posture.MOVING)
    unit.inside, unit.flight, unit.ordered, unit.tracked = True, FLIGHT, int(rung), True
    unit.believed = int(side)
    sent = state.units[FLIGHT]
    sent.posture, sent.task, sent.target = int(Posture.TASKED), int(rung), i
    set_leg(state, FLIGHT, -45.0, 0.0, 0.0, 0.0)
    return state, params, log, i


@pytest.mark.parametrize(
    ("rung", "act", "window"),
    [(Rung.SHOW_OF_FORCE, Act.SHOW_OF_FORCE, 60.0), (Rung.WARNING_SHOTS, Act.WARNING_SHOTS, 30.0)],
)
def test_a_warning_is_seen_counted_and_given_its_time(rung: Rung, act: Act, window: float) -> None:
    """If this failed, a unit would be warned without noticing, or struck before it could turn back."""
    state, params, log, i = over(
        Kind.MILITIA_CONVOY, Principal.MILITIA, rung,
        "roe.window_sd=0", "roe.show_window_min=60", "roe.shots_window_min=30",
    )  # fmt: skip
    state.now_min = 5.0
    engagement.engagement(state, params, log)
    unit = state.units[i]
    assert acts_of(state, log) == [act]
    assert (unit.signal, unit.rung, unit.signals, unit.rung_due_min) == (rung, rung, 1 << rung, window)
    assert state.outcome.signals[rung - 1] == 1
    assert state.dyads[Principal.MILITIA].level == 3  # a display, no use of force


def test_a_crew_may_see_in_time_whom_it_was_sent_against() -> None:
    """If this failed, every mistake on the ground would end in bombs."""
    for clears, act in ((1, Act.RECOGNISED), (0, Act.STRIKE)):
        state, params, log, i = over(Kind.PARTNER_PATROL, Principal.OPPOSITION, Rung.STRIKE, f"sensing.clears={clears}")
        state.units[i].believed = int(Principal.MILITIA)
        engagement.carry_out(state, params, log, FLIGHT)
        assert acts_of(state, log)[0] == act
        assert state.units[i].believed == Principal.OPPOSITION


def test_close_air_support_kills_as_declared() -> None:
    """If this failed, raids on the garrison would be decided by other numbers than declared (7.8)."""
    state, params, log, i = over(Kind.ISIS_RAID, Principal.ISIS, Rung.STRIKE, "raids.close_air_support_killed=6")
    runs, dead = 500, 0
    for k in range(runs):
        state.step, state.units[i].fighters, state.units[i].flight = k, 500, FLIGHT
        sent = state.units[FLIGHT]
        sent.posture, sent.task, sent.target = int(Posture.TASKED), int(Rung.STRIKE), i
        engagement.carry_out(state, params, log, FLIGHT)
        dead += 500 - state.units[i].fighters
    assert abs(dead / runs - 6.0) < FALSE_ALARM * math.sqrt(6.0 / runs)


def test_a_raid_that_is_wiped_out_from_the_air_is_no_more() -> None:
    """If this failed, a raid of nobody would come to the gate and set off its car bomb."""
    state, params, log, i = over(Kind.ISIS_RAID, Principal.ISIS, Rung.STRIKE, "raids.close_air_support_killed=30")
    state.units[i].fighters = 1
    engagement.carry_out(state, params, log, FLIGHT)
    assert state.units[i].posture == Posture.DESTROYED
    assert state.outcome.killed[Principal.ISIS] == 1


def test_a_drone_is_shot_at_and_not_bombed() -> None:
    """If this failed, a drone would be struck like a column."""
    state, params, log, i = over(Kind.PRO_REGIME_DRONE, Principal.HEZBOLLAH, Rung.STRIKE)
    state.units[i].hostile = True
    engagement.carry_out(state, params, log, FLIGHT)
    assert acts_of(state, log) == [Act.SHOOT_DOWN]


def test_what_is_destroyed_or_broken_is_out_of_it() -> None:
    """If this failed, a column that lost everything would drive on."""
    state, params, log, i = over(Kind.MILITIA_CONVOY, Principal.MILITIA, Rung.STRIKE, "engagement.killed_per_bomb=5")
    state.units[i].fighters = 1
    engagement.carry_out(state, params, log, FLIGHT)
    assert state.units[i].posture == Posture.DESTROYED
    state, params, log, i = over(
        Kind.MILITIA_CONVOY,
        Principal.MILITIA,
        Rung.STRIKE,
        "engagement.killed_per_bomb=5",
        "engagement.break_point=0.05",
    )
    state.units[i].fighters, state.units[i].vehicles = 60, 12
    state.now_min = 5.0  # the bombs fell at 0, within the step
    engagement.carry_out(state, params, log, FLIGHT)
    assert state.units[i].posture == Posture.WITHDRAWING
    assert acts_of(state, log)[:2] == [Act.STRIKE, Act.WITHDRAWS]
    assert state.units[i].leg_start_min == 5.0, "nobody drives back before it stands where it was struck"


def test_earth_movers_are_lost_before_trucks_and_counted() -> None:
    """If this failed, equipment lost would not add up."""
    state, params, _, i = over(Kind.REGIME_COLUMN, Principal.REGIME, Rung.STRIKE, "engagement.destroy=1")
    unit = state.units[i]
    unit.vehicles, unit.earth_movers, unit.fighters = 3, 1, 100
    engagement.bomb(state, params, i, 0)
    assert (unit.earth_movers, unit.vehicles, state.outcome.vehicles_lost) == (0, 2, 2)


@pytest.mark.parametrize(("chance", "suspended"), [(0.0, 0), (0.5, 1)])
def test_after_a_strike_there_are_words_and_the_line_may_be_suspended(chance: float, suspended: int) -> None:
    """If this failed, the line could not be lost as in April 2017 (S07), or every strike would cost it."""
    state, params, log, i = over(
        Kind.MILITIA_CONVOY, Principal.MILITIA, Rung.STRIKE, f"line.suspension_chance={chance}"
    )
    state.principals[Principal.MILITIA].fear = 1.0
    for k in range(20):
        state.step = k
        if state.line_open:
            engagement.speak(state, params, log, i, 0.0)
    told = acts_of(state, log)
    assert told[:2] == [Act.STATEMENT, Act.CONDEMNATION]
    assert told.count(Act.LINE_SUSPENDED) == state.outcome.happenings[Happening.LINE_SUSPENDED].count == suspended
    assert state.line_open != bool(suspended)
    said = told.count(Act.STATEMENT)
    assert state.principals[Principal.MILITIA].fear == pytest.approx(params.escalation.statement_fear**said)


def test_a_strike_on_those_who_were_let_help_themselves_is_told_apart() -> None:
    """If this failed, P11 (helped, then struck) would be counted for whoever is struck."""
    for until, count in ((100.0, 1), (-1.0, 0)):
        state, params, log, i = over(Kind.MILITIA_CONVOY, Principal.MILITIA, Rung.STRIKE)
        state.principals[Principal.MILITIA].helped_until_min = until
        state.units[i].help_until_min = 1.0
        engagement.carry_out(state, params, log, FLIGHT)
        assert state.outcome.happenings[Happening.HELPED_THEN_STRUCK].count == count
        assert state.support == 1.0
        assert (state.outcome.entries_struck, state.outcome.strikes_on[Principal.MILITIA]) == (1, 1)


def test_one_group_is_counted_once_in_six_hours() -> None:
    """If this failed, follow-up bombs would make three ground strikes of one (odd.md 9)."""
    state, params, log, i = over(Kind.REGIME_COLUMN, Principal.REGIME, Rung.STRIKE, "engagement.break_point=1")
    for minute, count in ((0.0, 1), (300.0, 1), (700.0, 2)):
        state.units[i].vehicles, state.units[i].fighters, state.units[i].posture = 40, 900, int(Posture.MOVING)
        engagement.strike(state, params, log, (FLIGHT, i), minute)
        assert state.outcome.happenings[Happening.STRIKE_GROUND].count == count
    kept = state.outcome.strikes[0]
    assert (kept.minute, kept.distance_km, kept.on) == (0.0, pytest.approx(45.0), Principal.REGIME)
    assert kept.killed == events_of(state, log)[0].value
    assert state.units[i].mission != Mission.RAID
    assert raider_of(state, Principal.PARTNER) > 0
