"""How columns split, and what each lead element leaves behind (odd.md 7.7)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.rules import response
from sim.rules.names import Act, Kind, Posture, Principal, Response, Rung
from tests.staging import acts_of, first_of, put_out, stage

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6


def signalled(rung: Rung, *overrides: str) -> tuple[Any, Any, Any, int]:
    """A convoy inside the ring that has been signalled."""
    state, params, log = stage(*overrides)
    i = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, i, -45.0, 0.0, Posture.MOVING)
    unit.inside, unit.signal, unit.fighters, unit.vehicles = True, int(rung), 64, 16
    return state, params, log, i


def test_no_row_to_part_into_means_no_split() -> None:
    """If this failed, men would vanish when a pool is empty."""
    state, params, log, i = signalled(Rung.SHOW_OF_FORCE, "scenario.militia_convoys=1")
    response.split(state, params, log, i, 0.5, True)
    assert (state.units[i].vehicles, state.outcome.rows_lacking, state.units[i].parted) == (16, 1, False)


@pytest.mark.parametrize("field", ["vehicles", "earth_movers", "tanks", "artillery", "anti_aircraft"])
def test_what_leads_is_the_lightest_that_is_there(field: str) -> None:
    """If this failed, the last gun of a part could be left behind by itself."""
    state, _, _ = stage()
    unit = state.units[first_of(state, Kind.REGIME_COLUMN)]
    order = ["vehicles", "earth_movers", "tanks", "artillery", "anti_aircraft"]
    for name in order:
        setattr(unit, name, 1 if order.index(name) >= order.index(field) else 0)
    assert response.lead_class(unit) == order.index(field)


def test_a_part_that_stops_halts_or_goes_back_and_both_are_told() -> None:
    """If this failed, a column could not leave 13 vehicles held and send 5 home (P4: 23, 13, 5, 3)."""
    told = set()
    state, params, log, i = signalled(Rung.SHOW_OF_FORCE)
    for k in range(60):
        state.step, state.n_awake, state.n_events = k, 0, 0
        for row in range(state.n_units):
            state.units[row].posture = int(Posture.RESTING)
        put_out(state, i, -45.0, 0.0, Posture.MOVING).inside = True
        state.units[i].vehicles, state.units[i].fighters = 16, 64
        response.split(state, params, log, i, 0.5, k % 2 == 0)
        told |= set(acts_of(state, log))
        for row in (state.awake[n] for n in range(state.n_awake)):
            if row != i:
                assert state.units[row].inside
                assert state.x_km[row] == -45.0
                assert state.units[row].id != state.units[i].id
    assert told == {Act.GOES_ON, Act.HALTS, Act.WITHDRAWS}


def test_the_answers_of_the_lead_have_their_chances() -> None:
    """If this failed, units would fire, or go on, more or less often than declared."""
    state, params, _, i = signalled(
        Rung.STRIKE, "responses.fire=0.2", "responses.misread=0", "responses.withdraw_share=0.6"
    )
    for posture, expected in (
        (Posture.MOVING, (0.8 * 0.7 * 0.6, 0.8 * 0.7 * 0.4, 0.8 * 0.3, 0.2)),
        (Posture.HELD, (0.8 * 0.42, 0.8 * 0.58, 0.0, 0.2)),
    ):
        state.units[i].posture = int(posture)
        seen, runs = [0] * 4, 3000
        for k in range(runs):
            state.step = k
            seen[response.lead_choice(state, params, i, Rung.STRIKE, 0.3)] += 1
        for count, p in zip(seen, expected, strict=True):
            assert abs(count / runs - p) <= FALSE_ALARM * math.sqrt(p * (1 - p) / runs)


def test_fire_grows_likelier_from_rung_to_rung() -> None:
    """If this failed, a telephone call would be shot at like bombs."""
    state, params, _, i = signalled(Rung.STRIKE, "responses.misread=0", "responses.fire=0.5")
    chances = []
    for rung in (Rung.LINE_CALL, Rung.SHOW_OF_FORCE, Rung.WARNING_SHOTS, Rung.STRIKE):
        response.lead_choice(state, params, i, rung, 0.3)
        chances.append(state.units[i].decision.p[Response.FIRE])
    share = params.responses.fire_per_rung
    assert chances == pytest.approx([0.5 * share**3, 0.5 * share**2, 0.5 * share, 0.5])


def test_a_signal_is_answered_once_and_help_is_asked_for() -> None:
    """If this failed, a unit would answer every step, or never call for help (S31)."""
    state, params, log, i = signalled(
        Rung.SHOW_OF_FORCE, "responses.go_on=0.99", "responses.fire=0", "responses.misread=0",
        "responses.rung_weight=0", "command.reinforce_chance=1",
    )  # fmt: skip
    for _ in range(3):
        response.response(state, params, log)
    answers = sum(int(count) for count in state.outcome.answers)
    assert answers == 1
    assert state.units[i].went_on > 0
    assert state.principals[Principal.MILITIA].reinforce_for == i


def test_those_who_fire_stop_and_shoot() -> None:
    """If this failed, the decision to fire would not be followed by fire."""
    state, params, log, i = signalled(Rung.STRIKE)
    response.follow(state, params, log, i, Response.FIRE, Rung.STRIKE)
    assert (state.units[i].fires, state.units[i].posture) == (True, Posture.HELD)
    assert acts_of(state, log) == [Act.FIRES]
