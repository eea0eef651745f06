"""The road round the ring, the line, isolation: what time does by itself (odd.md 7.1)."""

from __future__ import annotations

import pytest

from sim.rules import ends, environment
from sim.rules.names import Act, Kind, Posture
from sim.rules.outcome import Happening
from tests.staging import acts_of, first_of, put_out, stage


def test_the_bypass_is_a_front_that_creeps_to_the_border() -> None:
    """If this failed, the border would be reached at once, or never (odd.md 7.2: 9 km a day)."""
    state, params, log = stage("command.bypass_km_per_day=90")
    for _ in range(288):
        environment.environment(state, params, log)
    assert state.bypass_front_km == 0.0
    state.bypass_event = 0
    for _ in range(288):
        environment.environment(state, params, log)
    assert state.bypass_front_km == pytest.approx(90.0)
    days = params.world.bypass_km / 90.0
    for _ in range(int(288 * (days - 1.0)) + 2):
        environment.environment(state, params, log)
    assert state.border_reached
    assert state.bypass_front_km == params.world.bypass_km
    assert state.outcome.happenings[Happening.BORDER_REACHED].first_min == pytest.approx(1440 * (1 + days), abs=5.1)
    assert [(event.act, event.cause) for event in log[: state.n_events]] == [(Act.BORDER_REACHED, 0)]


@pytest.mark.parametrize(("x_km", "route", "isolated"), [(-55.0, 0, True), (-30.0, 0, False), (-55.0, 1, False)])
def test_the_garrison_is_isolated_when_border_and_highway_are_held(x_km: float, route: int, isolated: bool) -> None:
    """If this failed, `isolated` would be another word for the border (odd.md 9)."""
    state, params, log = stage()
    unit = put_out(state, first_of(state, Kind.REGIME_COLUMN), x_km, 0.0, Posture.HELD)
    unit.route = route
    environment.environment(state, params, log)
    assert not state.isolated
    state.border_reached = True
    for _ in range(3):
        environment.environment(state, params, log)
    assert state.outcome.happenings[Happening.ISOLATED].count == isolated


def test_a_suspended_line_opens_again_when_it_was_said_to() -> None:
    """If this failed, one suspension would last for ever."""
    state, params, log = stage("scenario=line_suspended", "line.suspension_days=1")
    for _ in range(287):
        environment.environment(state, params, log)
    assert not state.line_open
    environment.environment(state, params, log)
    assert state.line_open
    assert acts_of(state, log) == [Act.LINE_RESTORED]


def test_day_and_night_follow_the_local_clock() -> None:
    """If this failed, columns would be hidden by day and found by night."""
    state, params, log = stage("scenario.start_hour=5")
    light = []
    for _ in range(288):
        environment.environment(state, params, log)
        light.append(bool(state.is_day))
    assert (light.index(True), light.index(False, 6)) == (5, 173)  # 5.5 h and 19.5 h, in steps of five minutes
    assert sum(light) == 14 * 12


def test_closing_the_books_twice_changes_nothing() -> None:
    """If this failed, looking at a run would change its outcome."""
    state, params, _ = stage()
    unit = put_out(state, first_of(state, Kind.REGIME_COLUMN), -45.0, 0.0, Posture.HELD)
    unit.inside, unit.static_min, state.now_min, state.bypass_front_km = True, 60.0, 660.0, 12.0
    for _ in range(2):
        ends.close(state, params)
        assert (state.outcome.static_unstruck_h, state.outcome.bypass_front_km) == (pytest.approx(10.0), 12.0)
