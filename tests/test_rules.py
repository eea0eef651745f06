"""Rules of memory, motion and the air against closed forms, on a stage where everything else stands still."""

from __future__ import annotations

import math

import pytest

from sim.rules import (
    acts,
    air,
    command,
    environment,
    escalation,
    legs,
    movement,
    sensing,
)
from sim.rules.draws import Clock
from sim.rules.names import Act, Kind, Mission, Posture, Principal
from tests.staging import events_of, first_of, put_out, stage


def test_tension_halves_in_its_half_life() -> None:
    """If this failed, the memory of a clash would last longer or shorter than declared."""
    state, params, _ = stage("escalation.tension_half_life_days=10")
    acts.strain(state, params, acts.US_RUSSIA, 2.0, 0.0)
    assert acts.tension(state, params, acts.US_RUSSIA, 10 * 1440.0) == pytest.approx(1.0, rel=1e-12)
    acts.strain(state, params, acts.US_RUSSIA, 1.0, 10 * 1440.0)
    assert acts.tension(state, params, acts.US_RUSSIA, 20 * 1440.0) == pytest.approx(1.0, rel=1e-12)
    assert state.dyads[acts.US_RUSSIA].peak_tension == 2.0


@pytest.mark.parametrize("step_min", [1, 5, 15])
def test_fear_and_anger_halve_whatever_the_step(step_min: int) -> None:
    """If this failed, a finer step would make people forget faster."""
    state, params, log = stage(f"step_min={step_min}", "theory.fear_half_life_days=2", "theory.anger_half_life_days=7")
    state.principals[Principal.MILITIA].fear = state.principals[Principal.MILITIA].anger = 1.0
    for _ in range(2 * 1440 // step_min):
        environment.environment(state, params, log)
    assert state.principals[Principal.MILITIA].fear == pytest.approx(0.5, rel=1e-9)
    assert state.principals[Principal.MILITIA].anger == pytest.approx(0.5 ** (2 / 7), rel=1e-9)


def test_the_corridor_gains_value_as_isis_and_raqqa_fall() -> None:
    """If this failed, the drive to the border would not follow the war that drives it (odd.md 7.1)."""
    state, params, log = stage("environment.isis_days=60", "environment.raqqa_days=60")
    for _ in range(28 * 288):
        environment.environment(state, params, log)
    expected = 0.5 + 0.5 * (1.0 - math.exp(-28 / 60))
    assert state.corridor_value == pytest.approx(expected, rel=1e-9)
    state.border_reached = True
    environment.environment(state, params, log)
    assert state.corridor_value == pytest.approx(0.5 * expected, rel=1e-4)


def test_blood_angers_allies_once_and_in_proportion() -> None:
    """If this failed, one strike would count twice, or an ally's dead would not count (odd.md 7.12 check: 0.945)."""
    state, params, _ = stage("scenario=may_june_2017")
    acts.suffer(state, params, Principal.MILITIA, 7, 0)
    assert state.principals[Principal.MILITIA].anger == pytest.approx(1.35)
    assert state.principals[Principal.HEZBOLLAH].anger == pytest.approx(0.945)
    assert state.principals[Principal.REGIME].anger == pytest.approx(0.675)
    assert [state.principals[p].fear for p in (Principal.MILITIA, Principal.HEZBOLLAH)] == [1.0, 0.0]


def sighting_share(x_km: float, minutes: int, columns: int = 4000) -> float:
    """Share of so many regime columns standing at a place that the orbit sees within some minutes."""
    seen = 0
    state, params, log = stage(
        "scenario.strike_flights=0", "scenario.civil_traffic=0", "step_min=5", "sensing.hazard_per_min=0.2"
    )
    column = first_of(state, Kind.REGIME_COLUMN)
    unit = put_out(state, column, x_km, 0.0)
    state.is_day = True
    for k in range(columns):
        unit.tracked, unit.sensed = False, 0.0
        unit.sense_budget = -math.log((k + 0.5) / columns)  # stratified: no luck in this test
        state.n_events = 0
        for _ in range(minutes // 5):
            sensing.sensing(state, params, log)
            if unit.tracked:
                seen += 1
                break
    return seen / columns


@pytest.mark.parametrize(("x_km", "minutes"), [(-40.0, 30), (-60.0, 60), (-79.0, 60)])
def test_detection_has_its_closed_form(x_km: float, minutes: int) -> None:
    """If this failed, columns would be found sooner or later than the declared hazard says (odd.md 7.4)."""
    hazard = 0.2 * (1.0 - (x_km / 80.0) ** 2) * 0.6  # orbit, standing still, by day
    assert sighting_share(x_km, minutes) == pytest.approx(1.0 - math.exp(-hazard * minutes), abs=1e-3)


def test_nobody_is_seen_beyond_reach() -> None:
    """If this failed, the coalition would act on units it cannot know of."""
    assert sighting_share(-80.5, 600, columns=200) == 0.0


def test_missions_come_as_often_as_declared() -> None:
    """If this failed, the whole standoff would run faster or slower than the record (odd.md 7.2)."""
    quiet = ("theory.beta_fear=0", "theory.beta_anger=0", "command.patron_weight=0", "environment.corridor_floor=1")
    declared = ("command.regime_per_day=0.27", "command.militia_per_day=0.75", "command.hezbollah_per_day=0.09")
    state, params, _ = stage(*quiet, *declared)
    for p, per_day in ((Principal.REGIME, 0.27), (Principal.MILITIA, 0.75), (Principal.HEZBOLLAH, 0.09)):
        state.corridor_value = 1.0
        assert command.missions_per_day(state, params, p) == pytest.approx(per_day, rel=1e-12)


def test_fear_lowers_and_anger_raises_the_rate_of_missions() -> None:
    """If this failed, the theories would not differ in what they say a strike does."""
    state, params, _ = stage("theory=mixed")
    before = command.missions_per_day(state, params, Principal.MILITIA)
    state.principals[Principal.MILITIA].fear = 1.0
    afraid = command.missions_per_day(state, params, Principal.MILITIA)
    state.principals[Principal.MILITIA].anger = 1.0
    both = command.missions_per_day(state, params, Principal.MILITIA)
    assert afraid == pytest.approx(before * math.exp(-0.7), rel=1e-12)
    assert both == pytest.approx(afraid * 1.2, rel=1e-12)


@pytest.mark.parametrize("kind", [Kind.REGIME_COLUMN, Kind.MILITIA_CONVOY, Kind.HEZBOLLAH_TEAM])
def test_a_withdrawing_unit_goes_home_and_rests(kind: Kind) -> None:
    """If this failed, units that turned back would stay in the desert for ever."""
    state, params, log = stage("scenario=quiet")
    i = first_of(state, kind)
    unit = state.units[i]
    unit.mission, unit.speed_km_h = int(Mission.PUSH), 30.0
    legs.begin_anew(state, i)
    unit.waypoint = 1
    legs.head_for(state, i, params.world.route_x_km[0][1], params.world.route_y_km[0][1], 0.0)
    for _ in range(100):
        state.step += 1
        state.now_min = 5.0 * state.step
        movement.movement(state, params, log)
    assert unit.posture != Posture.RESTING
    legs.turn_back(state, params, i, state.now_min)
    for _ in range(150):
        state.step += 1
        state.now_min = 5.0 * state.step
        movement.movement(state, params, log)
    assert unit.posture == Posture.RESTING
    assert (state.x_km[i], state.y_km[i]) == pytest.approx((unit.base_x_km, unit.base_y_km))


def test_an_entry_is_dated_when_the_ring_is_crossed() -> None:
    """If this failed, hours from entry to strike would be off by up to a step."""
    state, params, log = stage("scenario=quiet", "roe.zone_radius_km=50")
    i = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, i, -60.0, 0.0, Posture.MOVING)
    unit.mission, unit.route, unit.waypoint = int(Mission.DASH), 0, 2
    legs.set_leg(state, i, -20.0, 0.0, 0.0, 40.0)  # one kilometre a minute
    state.now_min = 12.0
    movement.movement(state, params, log)
    entry = events_of(state, log)[0]
    assert (entry.act, entry.minute, unit.entered_min) == (Act.ENTRY, pytest.approx(10.0), pytest.approx(10.0))
    assert state.outcome.closest_km == pytest.approx(48.0)


def test_restraint_breaks_at_the_red_line() -> None:
    """If this failed, retaliation would come without cause or never (odd.md 7.12)."""
    state, params, _ = stage("theory.beta_fear=0", "restraint.retaliation_per_day=1")  # as odd.md has its check
    for anger, per_day in ((0.95, 0.013), (1.24, 0.030), (2.03, 0.25)):
        state.principals[Principal.HEZBOLLAH].anger = anger
        assert escalation.retaliations_per_day(state, params) == pytest.approx(per_day, rel=0.05)
    state.principals[Principal.HEZBOLLAH].threat_until_min = 1e9
    assert escalation.retaliations_per_day(state, params) == pytest.approx(1.5 * 0.2478, rel=0.01)


def test_a_threat_comes_only_above_half_the_red_line() -> None:
    """If this failed, threats would be noise and not a sign of anger."""
    state, params, log = stage()
    mood = state.principals[Principal.HEZBOLLAH]
    state.budget[Clock.THREAT] = 1e-9
    mood.anger = 1.19
    escalation.escalation(state, params, log)
    assert state.n_events == 0
    mood.anger = 1.21
    escalation.escalation(state, params, log)
    assert events_of(state, log)[0].act == Act.THREAT


def test_meetings_in_the_air_add_their_exact_hazard() -> None:
    """If this failed, the rarest outcome, too rare to be seen, would be estimated wrongly (odd.md 7.10)."""
    state, params, log = stage("scenario.strike_flights=1", "air.intercept=0.8", "air.unsafe=0.1", "air.weapons=0.001")
    ours, theirs = first_of(state, Kind.STRIKE_FLIGHT), first_of(state, Kind.RUSSIAN_FLIGHT)
    put_out(state, theirs, -30.0, 0.0, Posture.ON_STATION)
    air.meet(state, params, log, theirs)
    assert state.outcome.us_russia_air_hazard == pytest.approx(0.8 * 0.1 * 0.001, rel=1e-12)
    air.meet(state, params, log, theirs)  # the same pair meets once a sortie
    assert state.outcome.us_russia_air_hazard == pytest.approx(0.8 * 0.1 * 0.001, rel=1e-12)
    assert state.units[theirs].met == 1 << ours


def test_jets_that_pass_within_a_step_meet() -> None:
    """If this failed, flights at 67 km a step would jump over one another."""
    state, params, log = stage("air.encounter_km=5", "scenario.strike_flights=1")
    theirs = first_of(state, Kind.RUSSIAN_FLIGHT)
    unit = put_out(state, theirs, -33.0, 2.0, Posture.MOVING)
    legs.set_leg(state, theirs, 33.0, 2.0, 0.0, 5.0)
    state.now_min = 5.0
    state.x_km[theirs], state.y_km[theirs] = 33.0, 2.0
    air.meet(state, params, log, theirs)
    assert unit.met > 0


def test_hazards_stay_finite_under_extreme_tension() -> None:
    """If this failed, air combat would become impossible just where it is likeliest."""
    state, params, log = stage("air.unsafe_tension=3", "air.weapons_tension=1", "scenario.strike_flights=1")
    acts.strain(state, params, acts.US_RUSSIA, 1e6, 0.0)
    theirs = first_of(state, Kind.RUSSIAN_FLIGHT)
    put_out(state, theirs, -30.0, 0.0, Posture.ON_STATION)
    air.meet(state, params, log, theirs)
    assert state.outcome.us_russia_air_hazard == pytest.approx(0.8, rel=1e-9)


@pytest.mark.parametrize(
    ("posture", "inside", "group", "helped"),
    [
        (Posture.HELD, True, 1, True),
        (Posture.WITHDRAWING, True, 1, False),
        (Posture.HELD, False, 1, False),
        (Posture.HELD, True, 2, False),
    ],
)
def test_help_goes_only_to_those_who_still_need_it(posture: Posture, inside: bool, group: int, helped: bool) -> None:
    """If this failed, columns would be sent to join units that went home, or others in the same row."""
    state, params, log = stage()
    caller = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, caller, -45.0, 0.0, posture)
    unit.inside, unit.group = inside, group
    side = state.principals[Principal.MILITIA]
    side.reinforce_min, side.reinforce_for, side.reinforce_group = 0.0, caller, 1
    state.now_min = 5.0
    command.command(state, params, log)
    assert any(u.mission == Mission.REINFORCE for u in state.units[: state.n_units]) == helped
