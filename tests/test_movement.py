"""Legs, bounds, stays and journeys of all who move (odd.md 7.3)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.rules import legs, movement, raids
from sim.rules.names import Act, Kind, Mission, Posture, Principal
from sim.rules.outcome import Happening
from tests.staging import acts_of, first_of, put_out, raider_of, stage

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6
M2 = 0


def on_the_road(mission: Mission, goal_km: float, *overrides: str) -> tuple[Any, Any, Any, int]:
    """A column that has left Zaza for a goal on the highway."""
    state, params, log = stage("scenario=quiet", *overrides)
    i = first_of(state, Kind.REGIME_COLUMN)
    legs.begin_anew(state, i)
    unit = state.units[i]
    unit.mission, unit.route, unit.waypoint, unit.goal_km = int(mission), M2, 1, goal_km
    unit.speed_km_h, unit.vehicles, unit.fighters = 30.0, 9, 36
    legs.head_for(state, i, params.world.route_x_km[M2][1], params.world.route_y_km[M2][1], 0.0)
    return state, params, log, i


def go(state: Any, params: Any, log: Any, steps: int) -> None:
    """Let time pass for those who move."""
    for _ in range(steps):
        state.step += 1
        state.now_min = state.step * params.step_min
        movement.movement(state, params, log)


@pytest.mark.parametrize(
    ("mission", "goal_km", "posture", "act"),
    [
        (Mission.PROBE, 45.0, Posture.HELD, Act.ENTRY),
        (Mission.PUSH, 30.0, Posture.HELD, Act.ENTRY),
        (Mission.FORTIFY, 45.0, Posture.DIGGING, Act.DIGS_IN),
        (Mission.REINFORCE, 45.0, Posture.HELD, Act.REINFORCEMENT),
        (Mission.RETALIATE, 20.0, Posture.HALTED, Act.ENTRY),
        (Mission.MISSILES, 38.0, Posture.HALTED, Act.ENTRY),
        (Mission.RAID, 38.0, Posture.HALTED, Act.ENTRY),
    ],
)
def test_a_unit_comes_to_where_it_meant_to_go_and_does_what_it_came_for(
    mission: Mission, goal_km: float, posture: Posture, act: Act
) -> None:
    """If this failed, missions would end short of their goals, or with the wrong thing."""
    lasting = ("command.hold_days=30", "command.look_hours=24", "command.dig_hours=240", "raids.ambush_hours=120")
    state, params, log, i = on_the_road(mission, goal_km, *lasting)
    for _ in range(2000):
        go(state, params, log, 1)
        if state.units[i].posture == posture and math.hypot(state.x_km[i], state.y_km[i]) < goal_km + 1e-3:
            break
    assert math.hypot(state.x_km[i], state.y_km[i]) == pytest.approx(goal_km, abs=1e-3)
    assert acts_of(state, log)[-1] == act


def test_units_mass_at_the_checkpoint_before_they_go_and_dashes_do_not() -> None:
    """If this failed, nobody could see a push coming (S28, S53)."""
    for mission, masses in ((Mission.PUSH, True), (Mission.DASH, False)):
        state, params, log, i = on_the_road(mission, 20.0, "command.massing_hours=48")
        massed = 0
        for _ in range(100):
            go(state, params, log, 1)
            massed += state.units[i].posture == Posture.MASSING
        assert (massed > 0) == masses


def test_a_push_moves_a_quarter_of_the_time() -> None:
    """If this failed, columns would be at the garrison before anybody could warn them (7.2)."""
    state, params, log, i = on_the_road(Mission.PUSH, 1.0, "command.moving_share=0.25")
    moving = halted = 0
    for k in range(12):
        state, params, log, i = on_the_road(Mission.PUSH, 1.0, "scenario.horizon_days=9") if k == 0 else (
            state, params, log, i)  # fmt: skip
        state.step, state.replication = 0, k
        state.units[i].posture = int(Posture.MOVING)
        state.units[i].waypoint = 2
        state.x_km[i], state.y_km[i] = params.world.route_x_km[M2][1], params.world.route_y_km[M2][1]
        movement.next_leg(state, params, i, 0.0)
        for _ in range(500):
            go(state, params, log, 1)
            moving += state.units[i].posture == Posture.MOVING
            halted += state.units[i].posture == Posture.HALTED
            if state.units[i].posture == Posture.HELD:
                break
    assert 0.17 < moving / (moving + halted) < 0.35


@pytest.mark.parametrize("mission", [Mission.MISSILES, Mission.RAID])
def test_those_who_lie_in_wait_in_vain_go_back(mission: Mission) -> None:
    """If this failed, an ambush would lie on the highway for ever."""
    state, params, log = stage("scenario=quiet")
    i = first_of(state, Kind.HEZBOLLAH_TEAM)
    unit = put_out(state, i, -38.0, 0.0, Posture.HALTED)
    unit.mission, unit.due_min, unit.waypoint = int(mission), 4.0, 2
    go(state, params, log, 1)
    assert unit.posture == Posture.WITHDRAWING


def test_digging_is_followed_by_a_stay_and_a_stay_by_the_way_home() -> None:
    """If this failed, positions would be dug for ever, or left as soon as they are ready."""
    state, params, log = stage("scenario=quiet")
    i = first_of(state, Kind.REGIME_COLUMN)
    unit = put_out(state, i, -45.0, 0.0, Posture.DIGGING)
    unit.due_min, unit.waypoint, unit.inside = 3.0, 2, True
    go(state, params, log, 1)
    assert (unit.posture, unit.static_min) == (Posture.HELD, 3.0)
    unit.due_min = 9.0
    go(state, params, log, 1)
    assert unit.posture == Posture.WITHDRAWING
    assert state.outcome.static_unstruck_h == pytest.approx(0.1)


def test_with_the_garrison_gone_the_crossing_is_reached() -> None:
    """If this failed, `crossing_reached` could never happen (odd.md 9)."""
    state, params, log, i = on_the_road(Mission.DASH, -1.0)
    go(state, params, log, 200)
    assert state.outcome.happenings[Happening.CROSSING_REACHED].count == 1
    last = params.world.route_length[M2] - 1
    crossing = (params.world.route_x_km[M2][last], params.world.route_y_km[M2][last])
    assert math.dist((state.x_km[i], state.y_km[i]), crossing) < 2.0
    legs.turn_back(state, params, i, state.now_min)
    go(state, params, log, 400)
    assert state.units[i].posture == Posture.RESTING


def test_leaving_the_ring_ends_the_episode() -> None:
    """If this failed, a unit that comes back would be struck for what it did the last time."""
    state, params, log = stage("scenario=quiet")
    i = first_of(state, Kind.REGIME_COLUMN)
    unit = put_out(state, i, -50.0, 0.0, Posture.WITHDRAWING)
    unit.inside, unit.rung, unit.ordered, unit.signals, unit.asked_for_help = True, 2, 3, 0b110, True
    legs.set_leg(state, i, -60.0, 0.0, 0.0, 5.0)
    go(state, params, log, 1)
    assert (unit.inside, unit.rung, unit.ordered, unit.signals, unit.asked_for_help) == (False, 0, 0, 0, False)
    assert acts_of(state, log) == [Act.EXIT]


def test_a_window_opened_by_a_call_outside_runs_again_on_entry() -> None:
    """If this failed, a unit would be struck minutes after its entry for a call of hours ago (P12)."""
    state, params, log = stage("scenario=quiet", "roe.call_window_min=120", "roe.window_sd=0")
    i = first_of(state, Kind.REGIME_COLUMN)
    unit = put_out(state, i, -60.0, 0.0, Posture.MOVING)
    unit.mission, unit.rung, unit.rung_due_min, unit.goal_km, unit.waypoint = int(Mission.PUSH), 1, 1.0, 20.0, 2
    legs.set_leg(state, i, -50.0, 0.0, 0.0, 5.0)
    go(state, params, log, 1)
    assert unit.entered_min == pytest.approx(2.5)
    assert unit.rung_due_min == pytest.approx(122.5)
    assert unit.entered == unit.vehicles


def test_patrols_raids_jets_and_drones_come_and_go() -> None:
    """If this failed, whoever goes out would never be back to go out again."""
    for kind, side, mission in (
        (Kind.PARTNER_PATROL, Principal.PARTNER, Mission.PATROL),
        (Kind.ISIS_RAID, Principal.ISIS, Mission.RAID),
        (Kind.RUSSIAN_FLIGHT, Principal.RUSSIA, Mission.ESCORT),
        (Kind.REGIME_FLIGHT, Principal.REGIME, Mission.AIRSPACE),
        (Kind.PRO_REGIME_DRONE, Principal.HEZBOLLAH, Mission.SHADOW),
    ):
        state, params, log = stage("scenario=quiet")
        i = first_of(state, kind, side)
        legs.set_out(state, i, mission, -40.0, 10.0)
        seen = set()
        for _ in range(3000):
            go(state, params, log, 1)
            seen.add(Posture(state.units[i].posture))
            if state.units[i].posture == Posture.RESTING:
                break
        ground = kind in (Kind.PARTNER_PATROL, Kind.ISIS_RAID)
        assert state.units[i].posture == Posture.RESTING
        assert (Posture.WITHDRAWING if ground else Posture.RETURNING) in seen
        assert (state.x_km[i], state.y_km[i]) == (state.units[i].base_x_km, state.units[i].base_y_km)


@pytest.mark.parametrize(
    ("kind", "mission", "minutes"),
    [
        (Kind.PRO_REGIME_DRONE, Mission.SHADOW, 120.0),
        (Kind.RUSSIAN_FLIGHT, Mission.ESCORT, 90.0),
        (Kind.RUSSIAN_FLIGHT, Mission.AIRSPACE, 5.0),
        (Kind.PARTNER_PATROL, Mission.PATROL, 360.0),
        (Kind.PARTNER_PATROL, Mission.RAID, 120.0),
    ],
)
def test_stays_last_as_long_as_declared(kind: Kind, mission: Mission, minutes: float) -> None:
    """If this failed, drones would loiter and jets stay for another time than the parameters say."""
    state, params, _ = stage()
    unit = state.units[first_of(state, kind)]
    unit.mission = int(mission)
    assert movement.stay_min(params, unit) == minutes


def test_civilians_go_to_rukban_and_back_and_are_strangers_every_time() -> None:
    """If this failed, there would be nobody on the road to be mistaken, or the same family for ever."""
    state, params, log = stage()
    i = first_of(state, Kind.CIVIL_TRAFFIC)
    unit = state.units[i]
    for _ in range(2):
        unit.believed, unit.tracked, unit.sensed = int(Principal.MILITIA), True, 5.0
        raids.travel(state, params, log)
        assert (unit.posture, unit.believed, unit.tracked) == (Posture.MOVING, Principal.CIVILIANS, False)
        assert unit.fighters > 0
        nearest = 1e9
        for _ in range(3000):
            go(state, params, log, 1)
            rukban = (params.world.camp_km[0], params.world.camp_km[1])
            nearest = min(nearest, math.dist((state.x_km[i], state.y_km[i]), rukban))
            if unit.posture == Posture.RESTING:
                break
        assert nearest < 1.0
        assert unit.posture == Posture.RESTING


def test_coalition_flights_relieve_one_another() -> None:
    """If this failed, there would be no flight, or always all of them (S94: 2.7 are continuous cover)."""
    state, params, log = stage("scenario=quiet", "scenario.strike_flights=3")
    up, steps = 0, 12 * 320
    for _ in range(steps):
        go(state, params, log, 1)
        up += sum(state.units[i].posture == Posture.ON_STATION for i in (2, 3, 4))
    assert up / steps == pytest.approx(3 * 4.0 / 10.67, abs=0.05)


def test_a_flight_back_from_a_task_stays_until_its_time_is_up() -> None:
    """If this failed, every warning would begin a new sortie of four hours."""
    state, params, log = stage("scenario=quiet")
    unit = state.units[2]
    unit.posture, unit.off_station_min = int(Posture.RETURNING), 50.0
    legs.set_leg(state, 2, 0.0, 0.0, 0.0, 4.0)
    go(state, params, log, 1)
    assert (unit.posture, unit.due_min) == (Posture.ON_STATION, 50.0)


def test_a_bypass_party_works_at_the_front_and_not_beyond() -> None:
    """If this failed, one launch would carry the front to the border."""
    state, params, log = stage("scenario=quiet")
    i = raider_of(state, Principal.PARTNER)
    i = first_of(state, Kind.REGIME_COLUMN)
    legs.begin_anew(state, i)
    unit = state.units[i]
    unit.mission, unit.route, unit.waypoint, unit.goal_km, unit.speed_km_h = int(Mission.BYPASS), 2, 1, 5.0, 15.0
    unit.vehicles = 8
    legs.head_for(state, i, params.world.route_x_km[2][1], params.world.route_y_km[2][1], 0.0)
    for _ in range(4000):
        go(state, params, log, 1)
        if unit.posture == Posture.HELD:
            break
    start = (params.world.route_x_km[2][1], params.world.route_y_km[2][1])
    assert math.dist((state.x_km[i], state.y_km[i]), start) == pytest.approx(5.0, abs=1e-6)
