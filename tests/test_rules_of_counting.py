"""What counts as a clash, an exchange and a serious episode."""

from __future__ import annotations

import pytest

from sim.rules import force, legs
from sim.rules.names import Kind
from sim.rules.outcome import Happening
from tests.staging import first_of, put_out, stage


def test_acts_close_in_time_and_space_are_one_clash() -> None:
    """If this failed, four bombs on one column would count as four clashes (odd.md 9: 6 h and 20 km)."""
    state, params, _ = stage()
    flight, column = first_of(state, Kind.STRIKE_FLIGHT), first_of(state, Kind.REGIME_COLUMN)
    put_out(state, column, -40.0, 10.0)
    clashes = state.outcome.happenings[Happening.COALITION_REGIME]
    counts = []
    for minute, x in ((0.0, -40.0), (300.0, -40.0), (600.0, -45.0), (1200.0, -45.0), (1210.0, -20.0)):
        state.x_km[column] = x
        force.use_force(state, params, flight, column, minute)
        counts.append(int(clashes.count))
    assert counts == [1, 1, 1, 2, 3]
    assert clashes.first_min == 0.0


def test_an_exchange_needs_fire_both_ways_within_three_days() -> None:
    """If this failed, a strike that was never answered would be reported as a clash of arms."""
    state, params, _ = stage()
    flight, column = first_of(state, Kind.STRIKE_FLIGHT), first_of(state, Kind.HEZBOLLAH_TEAM)
    exchange = state.outcome.happenings[Happening.COALITION_HEZBOLLAH_EXCHANGE]
    force.use_force(state, params, flight, column, 0.0)
    assert exchange.count == 0
    force.use_force(state, params, column, flight, 73 * 60.0)
    assert exchange.count == 0
    force.use_force(state, params, flight, column, 100 * 60.0)
    assert (exchange.count, exchange.first_min) == (1, 6000.0)


def test_three_clashes_with_two_adversaries_and_fire_both_ways_are_a_serious_episode() -> None:
    """If this failed, 6 to 8 June 2017 would not be what the model calls serious (odd.md 9)."""
    state, params, _ = stage()
    flight = first_of(state, Kind.STRIKE_FLIGHT)
    militia, team = first_of(state, Kind.MILITIA_CONVOY), first_of(state, Kind.HEZBOLLAH_TEAM)
    serious = state.outcome.happenings[Happening.SERIOUS_EPISODE]
    force.use_force(state, params, flight, militia, 0.0)
    force.use_force(state, params, flight, militia, 40 * 60.0)
    assert serious.count == 0
    force.use_force(state, params, team, flight, 44 * 60.0)
    assert serious.count == 1
    assert not state.outcome.happenings[Happening.GENERAL_ESCALATION].happened  # nobody of theirs died


def test_three_clashes_with_one_adversary_are_not_a_serious_episode() -> None:
    """If this failed, a quarrel with one party would be reported as the standoff boiling over."""
    state, params, _ = stage()
    flight, militia = first_of(state, Kind.STRIKE_FLIGHT), first_of(state, Kind.MILITIA_CONVOY)
    for hour in (0.0, 20.0, 40.0):
        force.use_force(state, params, flight, militia, hour * 60.0)
    force.use_force(state, params, militia, flight, 60 * 60.0)
    assert state.outcome.happenings[Happening.COALITION_MILITIA].count == 4
    assert state.outcome.happenings[Happening.SERIOUS_EPISODE].count == 0


@pytest.mark.parametrize(("struck_min", "hours"), [(-1e12, 15.0), (50.0, 15.0), (500.0, 0.0)])
def test_only_a_presence_that_was_never_struck_is_one(struck_min: float, hours: float) -> None:
    """If this failed, units that were bombed where they stood would count as left alone (pattern P3)."""
    state, _, _ = stage()
    i = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, i, -45.0, 0.0)
    unit.inside, unit.static_min, unit.struck_min = True, 100.0, struck_min
    legs.end_static(state, i, 1000.0)
    assert state.outcome.static_unstruck_h == hours
