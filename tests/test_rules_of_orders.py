"""Orders to scripted units, as the rule book carries them out."""

from __future__ import annotations

from typing import Any

import pytest

from sim.rules.names import Act, Kind, Mission, Order, Posture, Response, Rung
from sim.rules.response import orders, response
from sim.rules.roster import from_garrison
from sim.rules.step import run
from tests.staging import events_of, first_of, put_out, stage


def scripted(order: Order, posture: Posture = Posture.MOVING, signal: Rung = Rung.NONE) -> tuple[Any, Any, Any, int]:
    """A scripted column half-way between two places on the highway, with an order and perhaps a signal to answer."""
    state, params, log = stage("scenario.ground_activity=0")
    i = first_of(state, Kind.REGIME_COLUMN)
    x, y = params.world.route_x_km[0], params.world.route_y_km[0]
    unit = put_out(state, i, (x[2] + x[3]) / 2, (y[2] + y[3]) / 2, posture)
    unit.scripted, unit.order, unit.signal, unit.signal_event = True, int(order), int(signal), -1
    unit.mission, unit.route, unit.waypoint, unit.goal_km = int(Mission.PUSH), 0, 3, 20.0
    return state, params, log, i


@pytest.mark.parametrize(
    ("order", "posture", "act", "then"),
    [
        (Order.WITHDRAW, Posture.MOVING, Act.WITHDRAWS, Posture.WITHDRAWING),
        (Order.HALT, Posture.MOVING, Act.HALTS, Posture.HELD),
        (Order.GO_ON, Posture.MOVING, Act.GOES_ON, Posture.MOVING),
        (Order.GO_ON, Posture.HELD, Act.GOES_ON, Posture.HALTED),
        (Order.GO_ON, Posture.WITHDRAWING, Act.GOES_ON, Posture.HALTED),
    ],
)
def test_a_unit_does_as_it_is_told_and_the_log_says_so(order: Order, posture: Posture, act: Act, then: Posture) -> None:
    """If this failed, a script would give orders that nobody follows."""
    state, params, log, i = scripted(order, posture)
    orders(state, params, log)
    unit = state.units[i]
    assert [Act(int(event.act)) for event in events_of(state, log)] == [act]
    assert (Posture(int(unit.posture)), int(unit.order)) == (then, Order.NONE)
    orders(state, params, log)
    assert state.n_events == 1, "an order is carried out once"


def test_an_order_without_a_signal_answers_nothing() -> None:
    """If this failed, going on of one's own accord would count as defiance, or as an answer to a call never made."""
    state, params, log, _ = scripted(Order.GO_ON, Posture.HELD)
    orders(state, params, log)
    assert (state.defiance, sum(state.outcome.answers)) == (0.0, 0)


@pytest.mark.parametrize("order", [Order.WITHDRAW, Order.HALT, Order.GO_ON])
def test_an_order_answers_the_signal_it_was_given_at(order: Order) -> None:
    """If this failed, scripted answers would be missing from the outcome, or be given twice."""
    state, params, log, i = scripted(order, signal=Rung.SHOW_OF_FORCE)
    orders(state, params, log)
    at = (Rung.SHOW_OF_FORCE - 1) * len(Response) + order - 1
    assert [k for k, count in enumerate(state.outcome.answers) if count] == [at]
    assert state.defiance == 0.0  # it is remembered when a unit that was warned is struck
    assert state.units[i].signal == Rung.NONE


def test_a_scripted_unit_keeps_its_signal_until_it_is_told() -> None:
    """If this failed, chance would answer before the script was asked."""
    state, params, log, i = scripted(Order.NONE, signal=Rung.WARNING_SHOTS)
    response(state, params, log)
    assert (int(state.units[i].signal), state.n_events) == (Rung.WARNING_SHOTS, 0)
    state.units[i].order = int(Order.BY_CHANCE)
    orders(state, params, log)
    assert (int(state.units[i].signal), state.n_events) == (Rung.WARNING_SHOTS, 0)
    response(state, params, log)
    assert state.units[i].signal == Rung.NONE
    assert state.n_events > 0


def test_a_unit_that_is_told_to_go_on_makes_for_its_goal_again() -> None:
    """If this failed, a column called back from its way home would drive on home, or past its goal."""
    state, params, log, i = scripted(Order.WITHDRAW)
    start = from_garrison(state, i)
    run(state, params, log, 2)
    away, back = from_garrison(state, i), int(state.units[i].waypoint)
    assert away > start
    state.units[i].order = int(Order.GO_ON)
    orders(state, params, log)
    assert state.units[i].waypoint == back + 1
    run(state, params, log, 12)
    assert 20.0 <= from_garrison(state, i) < away
