"""Who sees how far and whom, and what a patrol reports (odd.md 7.4)."""

from __future__ import annotations

import pytest

from sim.rules import sensing
from sim.rules.names import Act, Kind, Posture, Principal
from tests.staging import acts_of, first_of, put_out, raider_of, stage


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (Kind.GARRISON, "garrison_km"),
        (Kind.SURVEILLANCE_ORBIT, "orbit_km"),
        (Kind.STRIKE_FLIGHT, "flight_km"),
        (Kind.PARTNER_PATROL, "patrol_km"),
        (Kind.REGIME_COLUMN, None),
        (Kind.RUSSIAN_FLIGHT, None),
    ],
)
def test_only_the_coalition_and_its_partner_look_for_it(kind: Kind, field: str | None) -> None:
    """If this failed, Russian jets or columns would find their own side for the coalition."""
    state, params, _ = stage()
    unit = state.units[first_of(state, kind)]
    unit.posture = int(Posture.ON_STATION)
    assert sensing.reach_km(params, unit) == (getattr(params.sensing, field) if field else 0.0)


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (Kind.REGIME_COLUMN, None),
        (Kind.MILITIA_CONVOY, "convoy_signature"),
        (Kind.HEZBOLLAH_TEAM, "team_signature"),
        (Kind.PRO_REGIME_DRONE, "drone_signature"),
    ],
)
def test_small_still_and_dark_is_harder_to_see(kind: Kind, field: str | None) -> None:
    """If this failed, a team at night would be found like a column at noon."""
    state, params, _ = stage()
    unit = put_out(state, first_of(state, kind), -45.0, 0.0, Posture.MOVING)
    state.is_day = True
    by_day = getattr(params.sensing, field) if field else 1.0
    assert sensing.signature(state, params, unit) == by_day
    unit.posture, state.is_day = int(Posture.HELD), False
    still = params.sensing.static_signature * params.sensing.night_factor
    assert sensing.signature(state, params, unit) == pytest.approx(by_day * still)


def test_a_track_is_lost_when_it_is_old() -> None:
    """If this failed, whoever was seen once would be known of for ever."""
    state, params, log = stage("scenario.strike_flights=0", "sensing.track_min=30", "scenario.civil_traffic=0")
    unit = put_out(state, first_of(state, Kind.REGIME_COLUMN), -45.0, 0.0, Posture.MOVING)
    unit.tracked, unit.seen_min = True, 0.0
    for minute, tracked in ((30.0, True), (30.1, False)):
        state.now_min = minute
        sensing.sensing(state, params, log)
        assert unit.tracked == tracked


@pytest.mark.parametrize(
    ("inside", "posture", "reports"),
    [(True, Posture.MOVING, 1), (False, Posture.MOVING, 0), (True, Posture.WITHDRAWING, 0)],
)
def test_a_patrol_that_meets_a_column_inside_calls_for_help(inside: bool, posture: Posture, reports: int) -> None:
    """If this failed, the partner's calls (S45) would come for nothing, or never."""
    state, params, log = stage("sensing.help_min=60")
    i, patrol = first_of(state, Kind.REGIME_COLUMN), raider_of(state, Principal.PARTNER)
    unit = put_out(state, i, -45.0, 0.0, posture)
    put_out(state, patrol, -45.0, 1.0)
    unit.inside, unit.contact = inside, patrol
    sensing.see(state, params, log, i, 1.0)
    sensing.see(state, params, log, i, 1.0)  # a call that stands is not repeated
    assert acts_of(state, log).count(Act.CONTACT_REPORT) == reports
    assert (unit.help_until_min == 60.0) == bool(reports)


def test_what_a_patrol_sees_is_told_from_what_the_orbit_sees() -> None:
    """If this failed, calls for help would come from people who are not there."""
    state, params, _ = stage("scenario.strike_flights=0", "scenario.civil_traffic=0")
    i, patrol = first_of(state, Kind.REGIME_COLUMN), raider_of(state, Principal.PARTNER)
    put_out(state, i, -45.0, 0.0, Posture.MOVING)
    state.is_day = True
    assert sensing.hazard_per_min(state, params, i)[1] == 0.0
    put_out(state, patrol, -45.0, 4.0)
    total, by_patrol = sensing.hazard_per_min(state, params, i)
    h, orbit, near = params.sensing.hazard_per_min, params.sensing.orbit_km, params.sensing.patrol_km
    assert by_patrol == pytest.approx(h * (1 - (4 / near) ** 2))
    assert total == pytest.approx(h * (1 - (45 / orbit) ** 2) + by_patrol)
    assert state.units[i].contact == patrol


def test_a_unit_that_stands_where_it_was_is_no_news() -> None:
    """If this failed, the log would be full of the same convoy, seen again."""
    state, params, log = stage()
    i = first_of(state, Kind.REGIME_COLUMN)
    put_out(state, i, -45.0, 0.0, Posture.HELD).seen_min = 10.0
    sensing.see(state, params, log, i, 0.0)
    assert (state.units[i].tracked, state.n_events) == (True, 0)


def test_a_unit_that_is_first_found_standing_is_news_and_may_be_mistaken() -> None:
    """If this failed, whoever is found at rest would be known for what he is, and never be on record."""
    state, params, log = stage()
    params.sensing.misidentified = 1.0
    i = first_of(state, Kind.REGIME_COLUMN)
    put_out(state, i, -45.0, 0.0, Posture.HELD).seen_min = -1.0
    sensing.see(state, params, log, i, 0.0)
    assert acts_of(state, log) == [Act.MISTAKEN, Act.DETECTION]


@pytest.mark.parametrize(("read_intent", "seems"), [(0, False), (1, True)])
def test_the_intent_of_a_drone_is_read_as_often_as_declared(read_intent: int, seems: bool) -> None:
    """If this failed, `on_hostile_intent` would shoot at all drones or none."""
    state, params, log = stage(f"drones.read_intent={read_intent}")
    i = first_of(state, Kind.PRO_REGIME_DRONE)
    unit = put_out(state, i, -38.0, 0.0, Posture.ON_STATION)
    unit.mission = 15  # Mission.DRONE_ATTACK
    sensing.identify(state, params, log, i)
    assert unit.seems_to_attack == seems
    params.sensing.misidentified, unit.mission, unit.seems_to_attack = 1.0, 14, False
    sensing.identify(state, params, log, i)  # one that only watches is misread
    assert unit.seems_to_attack
    assert unit.believed == Principal.HEZBOLLAH
