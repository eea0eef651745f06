"""Who is sent, how strong, by which road, how near (odd.md 7.2)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.rules import command
from sim.rules.draws import Clock
from sim.rules.names import NEVER, Act, Kind, Mission, Posture, Principal
from tests.staging import acts_of, first_of, put_out, send_home, stage

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6
SIDES = ((Principal.REGIME, Kind.REGIME_COLUMN), (Principal.MILITIA, Kind.MILITIA_CONVOY),
         (Principal.HEZBOLLAH, Kind.HEZBOLLAH_TEAM))  # fmt: skip
M2, NORTH_TRACK, BYPASS = 0, 1, 2


@pytest.mark.parametrize("fear", [0.0, 2.0])
def test_missions_are_chosen_by_value_and_risk_round_the_prior_mix(fear: float) -> None:
    """If this failed, fear and the corridor's worth would not change what units are sent for."""
    state, params, _ = stage("theory.beta_fear=0.7")
    i = first_of(state, Kind.MILITIA_CONVOY)
    state.principals[Principal.MILITIA].fear, state.corridor_value = fear, 0.8
    pull, afraid = math.exp(1.0 * 0.3), math.exp(-0.7 * fear)
    weights = [0.35 * afraid**0.5, 0.30 * pull * afraid, 0.20 * afraid**0.5, 0.15 * pull]
    expected = [w / sum(weights) for w in weights]
    dashes = 0.2 + 0.4 * (1.0 - math.exp(-fear))
    seen, runs = dict.fromkeys(Mission, 0), 4000
    for k in range(runs):
        state.step = k
        seen[Mission(command.pick_mission(state, params, i))] += 1
    found = [seen[Mission.PROBE], seen[Mission.PUSH] + seen[Mission.DASH], seen[Mission.FORTIFY], seen[Mission.BYPASS]]
    for count, p in zip(found, expected, strict=True):
        assert abs(count / runs - p) < FALSE_ALARM * math.sqrt(p * (1 - p) / runs)
    assert abs(seen[Mission.DASH] / found[1] - dashes) < FALSE_ALARM * math.sqrt(dashes * (1 - dashes) / found[1])


def test_nobody_takes_a_road_he_does_not_know_of() -> None:
    """If this failed, `no_bypass` would have a bypass (hindsight: docs/limits.md)."""
    state, params, _ = stage("scenario=no_bypass")
    i = first_of(state, Kind.MILITIA_CONVOY)
    for k in range(300):
        state.step = k
        assert command.pick_mission(state, params, i) != Mission.BYPASS


def test_groups_are_as_strong_as_their_kind_and_mission() -> None:
    """If this failed, columns would not be the sixty men, tanks and guns of the record (S31, S36)."""
    state, params, _ = stage("command.heavy_militia=1")
    weapons = {
        (Kind.REGIME_COLUMN, Mission.PUSH): (2, 2, 1, 0),
        (Kind.REGIME_COLUMN, Mission.FORTIFY): (2, 2, 1, 1),
        (Kind.REGIME_COLUMN, Mission.DASH): (0, 0, 0, 0),
        (Kind.MILITIA_CONVOY, Mission.PUSH): (1, 1, 0, 0),
        (Kind.MILITIA_CONVOY, Mission.REINFORCE): (1, 1, 0, 1),
        (Kind.HEZBOLLAH_TEAM, Mission.PUSH): (0, 0, 0, 0),
    }
    light = {Kind.REGIME_COLUMN: 12, Kind.MILITIA_CONVOY: 8, Kind.HEZBOLLAH_TEAM: 3}
    for (kind, mission), heavy in weapons.items():
        unit = state.units[first_of(state, kind)]
        unit.mission, runs, total = int(mission), 400, 0
        for k in range(runs):
            state.step = k
            command.muster(state, params, unit.id)
            assert (unit.tanks, unit.artillery, unit.anti_aircraft, unit.earth_movers) == heavy
            assert unit.vehicles >= 1
            assert unit.fighters == 4 * (unit.vehicles + sum(heavy)) == 4 * unit.launched
            total += unit.vehicles
        mean = 3 if mission == Mission.DASH else light[kind]
        assert abs(total / runs - mean) < FALSE_ALARM * math.sqrt((mean - 1) / runs)


def test_the_road_is_chosen_by_length_and_risk() -> None:
    """If this failed, fear would not drive units off the highway (odd.md 4: route choice)."""
    state, params, _ = stage("theory.beta_fear=1")
    unit = state.units[first_of(state, Kind.REGIME_COLUMN)]
    unit.mission = int(Mission.PUSH)
    lengths = [command.route_km(params, road) for road in (M2, NORTH_TRACK)]
    assert lengths[0] == pytest.approx(
        sum(
            math.dist(
                (params.world.route_x_km[M2][k], params.world.route_y_km[M2][k]),
                (params.world.route_x_km[M2][k + 1], params.world.route_y_km[M2][k + 1]),
            )
            for k in range(params.world.route_length[M2] - 1)
        )
    )
    for fear in (0.0, 3.0):
        state.principals[Principal.REGIME].fear = fear
        weights = [math.exp(-0.02 * lengths[0] - fear), math.exp(-0.02 * lengths[1] - 0.5 * fear)]
        p, runs = weights[0] / sum(weights), 2000
        highway = 0
        for k in range(runs):
            state.step = k
            highway += command.pick_route(state, params, unit.id) == M2
        assert abs(highway / runs - p) < FALSE_ALARM * math.sqrt(p * (1 - p) / runs)


@pytest.mark.parametrize(
    ("mission", "route", "goal"),
    [
        (Mission.DASH, M2, 20.0),
        (Mission.PUSH, None, 20.0),
        (Mission.RETALIATE, None, 20.0),
        (Mission.MISSILES, M2, 38.0),
        (Mission.RAID, M2, 38.0),
        (Mission.BYPASS, BYPASS, 0.0),
    ],
)
def test_a_mission_has_its_road_and_its_goal(mission: Mission, route: int | None, goal: float) -> None:
    """If this failed, units would go to places that have nothing to do with what they came for."""
    state, params, log = stage()
    command.send(state, params, log, Principal.HEZBOLLAH, mission)
    unit = state.units[first_of(state, Kind.HEZBOLLAH_TEAM)]
    assert (unit.posture, unit.mission, unit.goal_km) == (Posture.MOVING, mission, pytest.approx(goal))
    assert route is None or unit.route == route
    assert (state.bypass_event >= 0) == (mission == Mission.BYPASS)
    speeds = {Mission.DASH: 60.0}
    assert unit.speed_km_h == speeds.get(mission, 30.0 if unit.route == M2 else 15.0)
    assert state.outcome.launches == 1


@pytest.mark.parametrize(("mission", "mean_km"), [(Mission.PROBE, 8.0), (Mission.FORTIFY, 7.0)])
def test_probes_and_diggers_go_a_little_way_into_the_ring_as_they_take_it_to_be(
    mission: Mission, mean_km: float
) -> None:
    """If this failed, errors about the ring would not lead anybody into it (odd.md 2)."""
    state, params, _ = stage("command.stand_off_km=2")
    unit = state.units[first_of(state, Kind.REGIME_COLUMN)]
    unit.mission = int(mission)
    for factor in (1.0, 1.2):
        state.principals[Principal.REGIME].radius_factor = factor
        depths, runs = 0.0, 2000
        for k in range(runs):
            state.step = k
            depths += 55.0 * factor - command.pick_goal(state, params, unit.id)
        assert abs(depths / runs - mean_km) < FALSE_ALARM * mean_km / math.sqrt(runs) + 0.05


def test_a_lost_garrison_opens_the_road_to_the_crossing() -> None:
    """If this failed, the crossing could never be reached (docs/decisions.md 29)."""
    state, params, _ = stage()
    unit = state.units[first_of(state, Kind.REGIME_COLUMN)]
    unit.mission = int(Mission.PUSH)
    assert command.pick_goal(state, params, unit.id) == 20.0
    state.garrison_lost = True
    assert command.pick_goal(state, params, unit.id) < 0.0


def reinforcing() -> tuple[Any, Any, Any, int]:
    """A convoy inside the ring whose side is about to send help."""
    state, params, log = stage()
    caller = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, caller, -45.0, 5.0)
    unit.inside, unit.route, unit.explains = True, BYPASS, 7
    side = state.principals[Principal.MILITIA]
    side.reinforce_min, side.reinforce_for, side.reinforce_group = 0.0, caller, unit.group
    return state, params, log, caller


def test_help_goes_where_it_was_called_from_and_says_why() -> None:
    """If this failed, reinforcements would go anywhere, or come from nowhere in the story."""
    state, params, log, caller = reinforcing()
    command.command(state, params, log)
    helper = state.units[caller + 1]
    assert (helper.mission, helper.route) == (Mission.REINFORCE, NORTH_TRACK)
    assert helper.goal_km == pytest.approx(math.hypot(45.0, 5.0))
    assert (log[0].act, log[0].cause) == (Act.LAUNCH, 7)
    assert state.principals[Principal.MILITIA].reinforce_min >= NEVER


@pytest.mark.parametrize("p_kind", SIDES)
def test_every_side_sends_its_own_when_its_clock_rings(p_kind: tuple[Principal, Kind]) -> None:
    """If this failed, missions of one side would be launched for another."""
    p, kind = p_kind
    state, params, log = stage()
    state.budget[Clock(p - Principal.REGIME)] = 0.0
    command.command(state, params, log)
    out = [u for u in state.units[: state.n_units] if u.posture == Posture.MOVING]
    assert [(u.principal, u.kind) for u in out] == [(p, kind)]
    assert acts_of(state, log) == [Act.LAUNCH]


def test_broken_restraint_sends_one_team_and_no_team_is_noted() -> None:
    """If this failed, a retaliation would be sent again and again, or a lack of teams go unnoticed."""
    state, params, log = stage("scenario.hezbollah_teams=1")
    mood = state.principals[Principal.HEZBOLLAH]
    mood.retaliates, mood.explains = int(Mission.RETALIATE), 3
    command.command(state, params, log)
    assert (mood.retaliates, state.units[first_of(state, Kind.HEZBOLLAH_TEAM)].mission) == (0, Mission.RETALIATE)
    assert log[0].cause == 3
    mood.retaliates = int(Mission.RETALIATE)
    command.command(state, params, log)
    assert (state.outcome.launches, state.outcome.rows_lacking) == (1, 1)


def test_a_threat_and_a_granted_request_bring_more_missions() -> None:
    """If this failed, massing after a threat (S34) and the column after C10 would be chance."""
    state, params, log = stage("restraint.massing_factor=2", "command.helped_factor=3")
    p = Principal.HEZBOLLAH
    before = command.missions_per_day(state, params, p)
    state.principals[p].threat_until_min = 100.0
    assert command.missions_per_day(state, params, p) == pytest.approx(2 * before)
    state.principals[p].helped_until_min, state.principals[p].helped_event = 100.0, 5
    assert command.missions_per_day(state, params, p) == pytest.approx(6 * before)
    command.send(state, params, log, p, Mission.NONE)
    assert log[0].cause == 5
    state.now_min = 100.0
    assert command.missions_per_day(state, params, p) == pytest.approx(before)
    send_home(state, first_of(state, Kind.HEZBOLLAH_TEAM))
