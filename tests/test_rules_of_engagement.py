"""The ladder, its answers and its weapons against closed forms, on a stage where everything else stands still."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.rules import (
    engagement,
    keys,
    line,
    movement,
    response,
    roe,
    roster,
)
from sim.rules.legs import set_leg
from sim.rules.names import Act, Kind, Mission, Posture, Principal, Response, Rung
from tests.staging import events_of, first_of, put_out, stage

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6


def test_a_static_platoon_with_heavy_weapons_is_tolerated() -> None:
    """If this failed, the element that stood inside for nineteen days would have been struck (odd.md 7.6: 0.68)."""
    state, params, _ = stage("roe=baseline_2017")
    column = first_of(state, Kind.REGIME_COLUMN)
    unit = put_out(state, column, -45.0, 0.0)
    unit.inside, unit.tanks = True, 1
    assert keys.points(state, params, column) == pytest.approx(0.5 + 10 / 55, rel=1e-12)
    unit.posture = int(Posture.DIGGING)
    assert keys.points(state, params, column) == pytest.approx(1.5 + 10 / 55, rel=1e-12)


def test_the_ladder_is_climbed_rung_by_rung_without_haste() -> None:
    """If this failed, a unit would be struck without the warnings that the preset promises."""
    patient = ("roe.impatience=0", "roe.leaflet_skip=0", "roe.skip_for_urgency=false")
    state, params, _ = stage(*patient)
    column = first_of(state, Kind.REGIME_COLUMN)
    unit = put_out(state, column, -45.0, 0.0, Posture.HALTED)
    climbed = []
    for rung in range(4):
        unit.rung = rung
        climbed.append(roe.next_rung(state, params, column))
    assert climbed == [Rung.LINE_CALL, Rung.SHOW_OF_FORCE, Rung.WARNING_SHOTS, Rung.STRIKE]


def test_a_dash_is_met_without_warning_and_says_why() -> None:
    """If this failed, three technicals would reach the inner line while calls were being made (8 June 2017)."""
    state, params, _ = stage("roe.impatience=0")
    column = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, column, -45.0, 0.0, Posture.MOVING)
    unit.mission, unit.speed_km_h = int(Mission.DASH), 60.0
    assert roe.next_rung(state, params, column) == Rung.STRIKE
    assert state.outcome.skipped[0] == 3


def test_self_defence_only_never_strikes_intent_and_always_answers_fire() -> None:
    """If this failed, the most restrained rules would be no restraint, or no defence."""
    state, params, _ = stage("roe=self_defence_only")
    column = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, column, -30.0, 0.0, Posture.MOVING)
    unit.rung = int(Rung.WARNING_SHOTS)
    assert roe.next_rung(state, params, column) == Rung.NONE
    unit.hostile = True
    assert roe.next_rung(state, params, column) == Rung.STRIKE


def test_the_share_that_goes_on_falls_with_fear_rung_and_a_held_leash() -> None:
    """If this failed, warnings, mediation or losses would change nothing (odd.md 7.7)."""
    state, params, _ = stage("responses.go_on=0.2", "line.mediation=3", "theory.beta_fear=0.7")
    column = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, column, -45.0, 0.0, Posture.MOVING)
    base = response.going_on(state, params, column, Rung.SHOW_OF_FORCE)
    assert base == pytest.approx(0.2, rel=1e-12)
    assert response.going_on(state, params, column, Rung.WARNING_SHOTS) < base
    unit.mediated = True
    assert response.going_on(state, params, column, Rung.SHOW_OF_FORCE) == pytest.approx(
        1 / (1 + 4 * math.exp(3)), rel=1e-12
    )
    unit.mediated = False
    state.principals[Principal.MILITIA].fear = 1.0
    assert response.going_on(state, params, column, Rung.SHOW_OF_FORCE) == pytest.approx(
        1 / (1 + 4 * math.exp(0.7)), rel=1e-12
    )


@pytest.mark.slow
def test_the_share_that_goes_on_is_beta_distributed() -> None:
    """If this failed, columns would split evenly or not at all (odd.md 2: Beta(mu phi, (1 - mu) phi))."""
    mu, phi, n = 0.4, 2.0, 12
    state, _, _ = stage()
    column = first_of(state, Kind.REGIME_COLUMN)
    counts = [0] * (n + 1)
    runs = 6000
    for k in range(runs):
        state.step = k
        lead = k / runs < mu  # the lead goes on in exactly a share mu of the runs
        urn = (mu * phi + lead, phi + 1.0, 0, lead)
        apart, _, _ = response.leave(state, column, n - 1, urn)
        counts[n - apart if lead else apart] += 1
    for went in (0, 1, 6, n):
        a, b = mu * phi, (1 - mu) * phi
        logp = math.lgamma(n + 1) - math.lgamma(went + 1) - math.lgamma(n - went + 1)
        logp += math.lgamma(went + a) + math.lgamma(n - went + b) - math.lgamma(n + a + b)
        p = math.exp(logp + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b))
        assert abs(counts[went] / runs - p) < FALSE_ALARM * math.sqrt(p * (1 - p) / runs)


def test_a_split_loses_nobody_and_nothing() -> None:
    """If this failed, men and weapons would appear or vanish whenever a column is warned."""
    state, params, log = stage("responses.go_on=0.5")
    column = first_of(state, Kind.REGIME_COLUMN)
    for k in range(200):
        state.step, state.n_awake, state.n_events = k, 0, 0
        for i in range(state.n_units):
            state.units[i].posture = int(Posture.RESTING)
            state.units[i].fighters = state.units[i].vehicles = state.units[i].tanks = state.units[i].artillery = 0
            state.units[i].anti_aircraft = state.units[i].earth_movers = 0
        unit = put_out(state, column, -45.0, 0.0, Posture.MOVING)
        unit.vehicles, unit.tanks, unit.artillery, unit.fighters = 9, 2, 1, 50
        response.split(state, params, log, column, 0.5, k % 2 == 0)
        columns = [u for u in state.units[: state.n_units] if u.kind == Kind.REGIME_COLUMN]
        assert sum(roster.elements(u) for u in columns) == 12
        assert sum(u.fighters for u in columns) == 50
        assert all(roster.elements(u) >= 1 for u in columns if u.posture != Posture.RESTING)


@pytest.mark.slow
def test_bombs_destroy_and_kill_as_declared() -> None:
    """If this failed, every strike would be deadlier or milder than its parameters (binomial, Poisson)."""
    state, params, _ = stage()
    column = first_of(state, Kind.REGIME_COLUMN)
    unit, lost = state.units[column], state.outcome
    killed = destroyed = all_four = 0
    runs = 4000
    for k in range(runs):
        state.step = k
        unit.fighters, unit.vehicles, unit.tanks, unit.artillery, unit.anti_aircraft = 500, 20, 2, 2, 1
        killed += engagement.bomb(state, params, column, 0)
        total = int(lost.artillery_lost + lost.tanks_lost + lost.anti_aircraft_lost + lost.vehicles_lost)
        all_four += total - destroyed == 4
        destroyed = total
    assert abs(destroyed / runs - 4 * 0.7) < FALSE_ALARM * math.sqrt(4 * 0.7 * 0.3 / runs)
    assert abs(all_four / runs - 0.7**4) < FALSE_ALARM * math.sqrt(0.7**4 * (1 - 0.7**4) / runs)
    assert abs(killed / runs - 10.0) < FALSE_ALARM * math.sqrt(10.0 / runs)


def test_the_most_dangerous_weapon_is_hit_first() -> None:
    """If this failed, trucks would burn while anti-aircraft guns went on firing (odd.md P10)."""
    state, _, _ = stage()
    unit = state.units[first_of(state, Kind.REGIME_COLUMN)]
    unit.vehicles, unit.tanks, unit.artillery, unit.anti_aircraft, unit.earth_movers = 1, 1, 1, 1, 1
    lost = []
    for _ in range(5):
        before = [unit.anti_aircraft, unit.artillery, unit.tanks, unit.earth_movers, unit.vehicles]
        engagement.lose_best(state, unit.id, True)
        after = [unit.anti_aircraft, unit.artillery, unit.tanks, unit.earth_movers, unit.vehicles]
        lost.append([b - a for b, a in zip(before, after, strict=True)].index(1))
    assert lost == [0, 1, 2, 3, 4]


def test_a_call_gets_through_after_its_latency_and_not_before() -> None:
    """If this failed, the line would work faster than people can answer a telephone."""
    state, params, log = stage("line.misplaced=0", "line.dissuasion=1", "leash.russia_militia=1")
    column = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, column, -45.0, 0.0, Posture.MOVING)
    unit.tracked = True
    roe.call(state, params, log, column, 0.0)
    due = unit.call_due_min
    state.now_min = due - 0.01
    line.line(state, params, log)
    assert unit.signal == 0
    state.now_min = due + 4.0
    line.line(state, params, log)
    told = events_of(state, log)
    assert (unit.signal, unit.mediated, told[-1].act, told[-1].minute) == (Rung.LINE_CALL, True, Act.DISSUASION, due)
    assert told[-1].cause == 0


def test_answers_are_numbered_as_the_outcome_names_them() -> None:
    """If this failed, withdrawals would be published as halts."""
    assert [answer.name for answer in Response] == ["WITHDRAW", "HALT", "GO_ON", "FIRE"]
    state, params, log = stage()
    column = first_of(state, Kind.MILITIA_CONVOY)
    put_out(state, column, -45.0, 0.0, Posture.MOVING)
    response.follow(state, params, log, column, Response.GO_ON, Rung.WARNING_SHOTS)
    index = (Rung.WARNING_SHOTS - 1) * len(Response) + Response.GO_ON
    assert [k for k in range(16) if state.outcome.answers[k]] == [index]


def sent_against(state: Any, i: int, rung: Rung) -> int:
    """A flight that is over its target now, with a rung to use against row i."""
    flight = first_of(state, Kind.STRIKE_FLIGHT)
    sent, unit = state.units[flight], state.units[i]
    sent.posture, sent.task, sent.target = int(Posture.TASKED), int(rung), i
    unit.flight, unit.ordered, unit.inside = flight, int(rung), True
    set_leg(state, flight, state.x_km[i], state.y_km[i], 0.0, 0.0)
    return flight


@pytest.mark.parametrize(
    ("posture", "hostile", "act"),
    [
        (Posture.MOVING, False, Act.SHOW_OF_FORCE),
        (Posture.MOVING, True, Act.STRIKE),
        (Posture.WITHDRAWING, False, None),
        (Posture.WITHDRAWING, True, Act.STRIKE),
    ],
)
def test_a_flight_acts_on_what_it_finds(posture: Posture, hostile: bool, act: Act | None) -> None:
    """If this failed, a unit that fired would get a low pass, or one that turned back would be buzzed all the same."""
    state, params, log = stage()
    column = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, column, -45.0, 0.0, posture)
    unit.hostile = hostile
    flight = sent_against(state, column, Rung.SHOW_OF_FORCE)
    engagement.carry_out(state, params, log, flight)
    assert [event.act for event in events_of(state, log)][:1] == ([] if act is None else [act])
    assert state.units[flight].posture == Posture.RETURNING


def test_nobody_is_struck_at_base() -> None:
    """If this failed, a flight on its way would follow a unit home and bomb it there."""
    state, params, log = stage()
    column = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, column, -68.0, 34.6, Posture.WITHDRAWING)
    flight = sent_against(state, column, Rung.STRIKE)
    unit.hostile = True
    movement.come_back(state, params, column, 0.0)
    assert unit.posture == Posture.RESTING
    engagement.carry_out(state, params, log, flight)
    assert state.n_events == 0


def test_a_part_without_vehicles_is_led_by_what_it_has() -> None:
    """If this failed, a split would leave a unit of nobody and nothing that goes on and is struck."""
    state, params, log = stage()
    column = first_of(state, Kind.REGIME_COLUMN)
    for k in range(300):
        state.step, state.n_awake, state.n_events = k, 0, 0
        for i in range(state.n_units):
            state.units[i].posture = int(Posture.RESTING)
        unit = put_out(state, column, -45.0, 0.0, Posture.MOVING)
        unit.vehicles, unit.tanks, unit.artillery, unit.anti_aircraft, unit.earth_movers, unit.fighters = (
            0,
            2,
            0,
            0,
            0,
            3,
        )
        response.split(state, params, log, column, 0.5, k % 2 == 0)
        out = [state.units[state.awake[j]] for j in range(state.n_awake)]
        assert sum(roster.elements(u) for u in out) == 2
        assert all(roster.elements(u) >= 1 and u.fighters >= 1 for u in out)


def test_a_call_does_not_drown_out_a_low_pass() -> None:
    """If this failed, a show of force would go unanswered because a telephone rang."""
    state, params, log = stage("line.misplaced=0", "line.dissuasion=1")
    column = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, column, -45.0, 0.0, Posture.MOVING)
    roe.call(state, params, log, column, 0.0)
    unit.signal = int(Rung.SHOW_OF_FORCE)
    state.now_min = unit.call_due_min
    line.line(state, params, log)
    assert unit.signal == Rung.SHOW_OF_FORCE
