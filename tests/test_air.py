"""Escorts, probes of the zone's airspace, and what happens when flights meet (odd.md 7.9, 7.10)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.rules import air, roster
from sim.rules.draws import Clock
from sim.rules.names import Act, Kind, Mission, Posture, Principal
from sim.rules.outcome import Happening
from tests.staging import acts_of, first_of, put_out, send_home, stage

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6
SURE = ("air.intercept=1", "air.shot_down=1")


def probing(kind: Kind, *overrides: str, x_km: float = -35.0) -> tuple[Any, Any, Any, int, int]:
    """A flight that looks into the zone's airspace, and a coalition flight near it."""
    state, params, log = stage(*overrides)
    ours, theirs = first_of(state, Kind.STRIKE_FLIGHT), first_of(state, kind)
    put_out(state, theirs, x_km, 0.0, Posture.ON_STATION).mission = int(Mission.AIRSPACE)
    return state, params, log, ours, theirs


@pytest.mark.parametrize("kind", [Kind.REGIME_FLIGHT, Kind.RUSSIAN_FLIGHT])
def test_a_probe_that_is_met_is_turned_away(kind: Kind) -> None:
    """If this failed, aircraft in the zone would be shot down as a rule (C06: no shot)."""
    state, params, log, _, theirs = probing(kind, "air.intercept=1", "air.regime_weapons=0", "air.unsafe=0")
    air.meet(state, params, log, theirs)
    state.units[theirs].met = 0
    air.meet(state, params, log, theirs)  # met once more on its way out, it is not turned away again
    assert [act for act in acts_of(state, log) if act != Act.INTERCEPT] == [Act.TURNED_AWAY]
    assert state.units[theirs].posture == Posture.RETURNING
    assert state.outcome.happenings[Happening.AIRSPACE_MET].happened
    assert state.outcome.happenings[Happening.REGIME_AIR].count == 0


def test_probes_of_the_regime_are_shot_at_as_often_as_declared() -> None:
    """If this failed, Syrian jets would be safer or less safe in the zone than the parameter says."""
    state, params, log, ours, theirs = probing(
        Kind.REGIME_FLIGHT, "air.intercept=0.8", "air.regime_weapons=0.05", "air.shot_down=0"
    )
    runs = 3000
    for k in range(runs):
        state.step, state.units[theirs].posture = k, int(Posture.ON_STATION)
        air.encounter(state, params, log, (ours, theirs))
    met, shots = state.outcome.happenings[Happening.INTERCEPT].count, state.outcome.acts[Act.AIR_COMBAT]
    assert abs(met / runs - 0.8) < FALSE_ALARM * math.sqrt(0.16 / runs)
    assert abs(shots / met - 0.05) < FALSE_ALARM * math.sqrt(0.05 * 0.95 / met)
    assert state.outcome.acts[Act.TURNED_AWAY] == met - shots
    assert state.outcome.us_russia_air_hazard == 0.0


def test_a_flight_that_bombed_the_partner_is_fired_at_when_met() -> None:
    """If this failed, force that was allowed against aircraft would never be used, or its chance not be gathered."""
    state, params, log, ours, theirs = probing(Kind.RUSSIAN_FLIGHT, *SURE)
    state.units[theirs].hostile = True
    air.encounter(state, params, log, (ours, theirs))
    assert state.outcome.happenings[Happening.US_RUSSIA_AIR].count == 1
    assert state.outcome.us_russia_air_hazard == pytest.approx(1.0)
    assert not state.units[theirs].hostile


def test_one_of_two_that_fight_is_lost_and_the_other_is_not() -> None:
    """If this failed, air combat would cost nobody, or always the same side."""
    lost = {Principal.COALITION: 0, Principal.RUSSIA: 0}
    state, params, log, ours, theirs = probing(Kind.RUSSIAN_FLIGHT, *SURE)
    for k in range(40):
        state.step, state.now_min = k, 400.0 * k  # more than six hours apart: attacks of their own
        for i in (ours, theirs):
            if state.units[i].posture == Posture.DESTROYED:
                put_out(state, i, -35.0, 0.0, Posture.ON_STATION)
        before = {p: int(state.outcome.killed[p]) for p in lost}
        air.fight(state, params, log, (ours, theirs))
        gone = [i for i in (ours, theirs) if state.units[i].posture == Posture.DESTROYED]
        assert len(gone) == 1
        assert gone[0] not in [state.awake[n] for n in range(state.n_awake)]
        for p in lost:
            lost[p] += int(state.outcome.killed[p]) - before[p]
    assert lost[Principal.COALITION] + lost[Principal.RUSSIA] == 40
    assert min(lost.values()) > 3  # binomial(40, 1/2): below that with 2e-8
    attacks = state.outcome.happenings[Happening.ATTACK_BY_AIRCRAFT].count
    assert attacks == lost[Principal.COALITION]  # whoever fires first hits
    assert state.outcome.happenings[Happening.GENERAL_ESCALATION].count == 1


def test_whoever_a_lost_flight_was_sent_against_is_left_to_the_next_one() -> None:
    """If this failed, a column could enter the zone because the flight sent against it was shot down."""
    state, params, log, ours, theirs = probing(Kind.RUSSIAN_FLIGHT, *SURE)
    column = first_of(state, Kind.REGIME_COLUMN)
    put_out(state, column, -45.0, 0.0).flight = ours
    for k in range(40):
        state.step = k
        if state.units[theirs].posture == Posture.DESTROYED:
            put_out(state, theirs, -35.0, 0.0, Posture.ON_STATION)
        air.fight(state, params, log, (ours, theirs))
        assert (state.units[column].flight == -1) == (state.units[ours].posture == Posture.DESTROYED)
        if state.units[ours].posture == Posture.DESTROYED:
            return
    raise AssertionError("no coalition flight was lost in forty fights")


@pytest.mark.parametrize(("cover", "away"), [(False, None), (True, 45.0)])
def test_escorts_stay_out_of_the_zone_unless_russia_gives_cover_there(cover: bool, away: float | None) -> None:
    """If this failed, every escort would meet the coalition inside the zone, or air cover would cover nobody."""
    state, params, log = stage(*(("scenario=russian_air_cover",) if cover else ()))
    column = first_of(state, Kind.REGIME_COLUMN)
    i = first_of(state, Kind.RUSSIAN_FLIGHT)
    for y_km in (0.0, 7.0, -13.0, 21.0, 33.3):
        put_out(state, column, -math.sqrt(45.0**2 - y_km**2), y_km, Posture.MOVING).mission = int(Mission.PUSH)
        air.escort(state, params, log)
        unit = state.units[i]
        over = math.hypot(unit.leg_x1_km, unit.leg_y1_km)
        assert over == pytest.approx(away) if away else over > params.roe.zone_radius_km + 0.1
        send_home(state, i)
        send_home(state, column)


def test_without_anybody_to_escort_sorties_hold_over_the_highway() -> None:
    """If this failed, a lone sortie would fly to where a unit at rest is."""
    state, params, log = stage()
    i = first_of(state, Kind.RUSSIAN_FLIGHT)
    air.escort(state, params, log)
    checkpoint = (params.world.route_x_km[0][1], params.world.route_y_km[0][1])
    assert (state.units[i].leg_x1_km, state.units[i].leg_y1_km) == pytest.approx(checkpoint)
    air.escort(state, params, log)
    air.escort(state, params, log)  # a third one finds no pair
    assert (acts_of(state, log), state.outcome.rows_lacking) == ([Act.SORTIE, Act.SORTIE], 1)


@pytest.mark.parametrize(
    ("clock", "kind", "mission"),
    [
        (Clock.RUSSIAN_SORTIE, Kind.RUSSIAN_FLIGHT, Mission.ESCORT),
        (Clock.RUSSIAN_AIRSPACE, Kind.RUSSIAN_FLIGHT, Mission.AIRSPACE),
        (Clock.REGIME_AIRSPACE, Kind.REGIME_FLIGHT, Mission.AIRSPACE),
    ],
)
def test_each_clock_of_the_air_sends_its_own_flight(clock: Clock, kind: Kind, mission: Mission) -> None:
    """If this failed, a clock would ring and nobody, or somebody else, would fly."""
    state, params, log = stage()
    state.budget[clock] = 0.0
    air.air(state, params, log)
    up = [u for u in state.units[: state.n_units] if roster.is_guest_flight(u) and u.posture == Posture.MOVING]
    assert [(u.kind, u.mission) for u in up] == [(kind, mission)]
    if mission == Mission.AIRSPACE:
        assert math.hypot(up[0].leg_x1_km, up[0].leg_y1_km) == pytest.approx(params.air.probe_km)


@pytest.mark.parametrize(("line_open", "factor"), [(True, 1.0), (False, 2.0)])
@pytest.mark.parametrize(("mission", "over"), [(Mission.ESCORT, 1.0), (Mission.SUPPORT, 3.0)])
def test_silence_and_bombs_on_partners_make_intercepts_unsafe(
    line_open: bool, factor: float, mission: Mission, over: float
) -> None:
    """If this failed, a closed line or support of those who are struck would endanger nobody (odd.md 7.10)."""
    state, params, _, _, theirs = probing(Kind.RUSSIAN_FLIGHT)
    state.line_open, state.units[theirs].mission = line_open, int(mission)
    odds = 0.1 / 0.9 * factor * over
    unsafe, weapons = air.danger(state, params, theirs)
    assert (unsafe, weapons) == (pytest.approx(odds / (1 + odds), rel=1e-12), pytest.approx(1e-3, rel=1e-12))


def test_contested_air_cover_makes_weapons_likelier() -> None:
    """If this failed, "Moscow must expect air combat" would be a phrase (seed, Hof)."""
    state, params, _, _, theirs = probing(Kind.RUSSIAN_FLIGHT, "scenario=russian_air_cover")
    assert air.danger(state, params, theirs)[1] == pytest.approx(20 * 1e-3, rel=1e-12)


def test_the_air_phase_goes_on_after_a_flight_is_lost() -> None:
    """If this failed, a flight shot down would hide the next one from the coalition in that step."""
    state, params, log = stage(*SURE, "scenario.strike_flights=1", "air.encounter_km=5")
    flights = [i for i in range(state.n_units) if state.units[i].kind == Kind.REGIME_FLIGHT]
    for k in range(60):
        state.step = k
        for i in (2, *flights):
            if state.units[i].posture in (Posture.DESTROYED, Posture.RESTING):
                put_out(state, i, 0.0, 0.0, Posture.ON_STATION)
            state.units[i].posture, state.units[i].met, state.units[i].hostile = int(Posture.ON_STATION), 0, True
        before = state.outcome.happenings[Happening.INTERCEPT].count
        air.air(state, params, log)
        met = state.outcome.happenings[Happening.INTERCEPT].count - before
        assert met == (1 if state.units[2].posture == Posture.DESTROYED and state.units[flights[1]].met == 0 else 2)
