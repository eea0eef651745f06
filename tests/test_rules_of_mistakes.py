"""Who is taken for whom, how often, and what it leads to (odd.md 2, 7.4)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.rules import acts, ends, engagement, keys, line, movement, raids, response, roe, sensing
from sim.rules.names import Act, Kind, Posture, Principal, Response, Rung
from sim.rules.outcome import Happening
from tests.staging import acts_of, first_of, put_out, raider_of, stage

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6
EVERYBODY = (
    (Kind.REGIME_COLUMN, Principal.REGIME, {Principal.ISIS, Principal.HEZBOLLAH}),
    (Kind.MILITIA_CONVOY, Principal.MILITIA, {Principal.ISIS, Principal.HEZBOLLAH}),
    (Kind.HEZBOLLAH_TEAM, Principal.HEZBOLLAH, {Principal.ISIS, Principal.MILITIA}),
    (Kind.PARTNER_PATROL, Principal.PARTNER, {Principal.MILITIA}),
    (Kind.PARTNER_PATROL, Principal.OPPOSITION, {Principal.MILITIA}),
    (Kind.ISIS_RAID, Principal.ISIS, {Principal.PARTNER}),
    (Kind.CIVIL_TRAFFIC, Principal.CIVILIANS, {Principal.MILITIA}),
)


def found(kind: Kind, side: Principal, *overrides: str) -> tuple[Any, Any, Any, int]:
    """A unit inside the zone that the coalition is about to find."""
    state, params, log = stage(*overrides)
    i = first_of(state, kind, side)
    put_out(state, i, -45.0, 0.0, Posture.MOVING)
    state.units[i].inside = True
    return state, params, log, i


@pytest.mark.parametrize(("kind", "side", "mistaken_for"), EVERYBODY)
def test_everybody_may_be_mistaken_and_nobody_is_at_share_zero(
    kind: Kind, side: Principal, mistaken_for: set[Principal]
) -> None:
    """If this failed, errors would go one way only, or could not be switched off."""
    for share, expected in ((1.0, mistaken_for), (0.0, {side})):
        state, params, log, i = found(kind, side)
        params.sensing.misidentified = share
        seen = set()
        for k in range(200):
            state.step = k
            sensing.identify(state, params, log, i)
            seen.add(Principal(state.units[i].believed))
        if side == Principal.PARTNER:  # known to its friends: not mistaken every time
            seen -= {side} - expected
        assert seen == expected


def test_the_partner_is_mistaken_ten_times_more_seldom() -> None:
    """If this failed, patrols would be struck as they leave the gate (docs/decisions.md 28)."""
    for side, p in ((Principal.OPPOSITION, 0.1), (Principal.PARTNER, 0.01)):
        state, params, log, i = found(Kind.PARTNER_PATROL, side, "sensing.misidentified=0.1")
        wrong, runs = 0, 4000
        for k in range(runs):
            state.step = k
            sensing.identify(state, params, log, i)
            wrong += state.units[i].believed != side
        assert abs(wrong / runs - p) < FALSE_ALARM * math.sqrt(p * (1 - p) / runs)


def test_tension_and_a_closed_line_make_mistakes_likelier() -> None:
    """If this failed, tension would be a number on a display (odd.md 4, 7.4)."""
    state, params, _ = stage("sensing.misidentified=0.02")
    assert acts.mistaken_share(state, params, int(Principal.MILITIA)) == pytest.approx(0.02)
    acts.strain(state, params, acts.dyad_of(0, int(Principal.MILITIA)), 2.0, 0.0)
    tense = 0.02 * math.exp(2.0 * params.sensing.misidentified_tension)
    assert acts.mistaken_share(state, params, int(Principal.MILITIA)) == pytest.approx(tense)
    assert acts.mistaken_share(state, params, int(Principal.REGIME)) == pytest.approx(0.02)
    state.line_open = False
    assert acts.mistaken_share(state, params, int(Principal.MILITIA)) == pytest.approx(
        min(1.0, tense * params.sensing.misidentified_line)
    )
    acts.strain(state, params, acts.dyad_of(0, int(Principal.MILITIA)), 1e9, 0.0)
    assert acts.mistaken_share(state, params, int(Principal.MILITIA)) == 1.0


@pytest.mark.parametrize("kind", [Kind.CIVIL_TRAFFIC, Kind.REGIME_COLUMN, Kind.ISIS_RAID, Kind.PRO_REGIME_DRONE])
def test_whoever_moves_in_the_zone_is_found(kind: Kind) -> None:
    """If this failed, civilians could never be mistaken, or drones never be shot at: nobody would see them."""
    state, params, log = stage("sensing.hazard_per_min=1")
    i = first_of(state, kind)
    unit = state.units[i]
    if kind == Kind.CIVIL_TRAFFIC:
        raids.travel(state, params, log)
    else:
        put_out(state, i, -40.0, 0.0, Posture.MOVING).sense_budget = 1.0
    for _ in range(600):
        state.step += 1
        state.now_min += 5.0
        if kind == Kind.CIVIL_TRAFFIC:
            movement.movement(state, params, log)
        sensing.sensing(state, params, log)
        if unit.tracked:
            break
    assert unit.tracked


def test_a_group_is_identified_once() -> None:
    """If this failed, a unit would be mistaken sooner or later, however well it is known."""
    state, params, log, i = found(Kind.REGIME_COLUMN, Principal.REGIME)
    params.sensing.misidentified = 1.0
    sensing.see(state, params, log, i, 0.0)
    assert state.units[i].believed != Principal.REGIME
    state.units[i].believed, state.units[i].tracked = int(Principal.REGIME), False
    sensing.see(state, params, log, i, 0.0)
    assert state.units[i].believed == Principal.REGIME
    assert acts_of(state, log) == [Act.MISTAKEN, Act.DETECTION, Act.DETECTION]


@pytest.mark.parametrize("clears", [0, 1])
def test_whoever_is_signalled_by_mistake_may_be_recognised(clears: int) -> None:
    """If this failed, warnings would protect nobody from being mistaken."""
    state, params, log, i = found(Kind.PARTNER_PATROL, Principal.PARTNER, f"sensing.clears={clears}")
    unit = state.units[i]
    unit.believed, unit.signal, unit.ordered = int(Principal.MILITIA), int(Rung.SHOW_OF_FORCE), int(Rung.STRIKE)
    response.response(state, params, log)
    assert (unit.believed == Principal.PARTNER) == bool(clears)
    assert (acts_of(state, log) == [Act.RECOGNISED]) == bool(clears)
    assert unit.signal == 0


@pytest.mark.parametrize(
    ("kind", "side", "believed", "by_mistake"),
    [
        (Kind.CIVIL_TRAFFIC, Principal.CIVILIANS, Principal.MILITIA, 1),
        (Kind.PARTNER_PATROL, Principal.PARTNER, Principal.MILITIA, 1),
        (Kind.REGIME_COLUMN, Principal.REGIME, Principal.ISIS, 1),
        (Kind.REGIME_COLUMN, Principal.REGIME, Principal.HEZBOLLAH, 0),
        (Kind.REGIME_COLUMN, Principal.REGIME, Principal.REGIME, 0),
    ],
)
def test_a_strike_on_the_wrong_people_is_reported_as_one(
    kind: Kind, side: Principal, believed: Principal, by_mistake: int
) -> None:
    """If this failed, a bombed patrol or family would be a ground strike like any other (odd.md 9)."""
    state, params, log, i = found(kind, side)
    unit = state.units[i]
    unit.believed, unit.vehicles, unit.fighters = int(believed), 4, 400
    engagement.strike(state, params, log, (2, i), 0.0)
    happened = state.outcome.happenings
    assert happened[Happening.MISIDENTIFIED_STRIKE].count == by_mistake
    column = kind == Kind.REGIME_COLUMN
    assert happened[Happening.STRIKE_GROUND].count == column
    assert unit.believed == side  # by now it is known
    seemed = {Principal.REGIME: "REGIME", Principal.MILITIA: "MILITIA", Principal.HEZBOLLAH: "HEZBOLLAH"}
    for p, name in seemed.items():
        assert happened[Happening[f"COALITION_{name}_BELIEVED"]].count == (p == believed)
        assert happened[Happening[f"COALITION_{name}"]].count == (p == side)
    assert state.outcome.killed[side] > 0


def test_what_is_taken_for_isis_is_struck_without_warning_and_friends_never_are() -> None:
    """If this failed, ISIS would be telephoned about, or the ladder climbed against one's own."""
    state, params, log, i = found(Kind.REGIME_COLUMN, Principal.REGIME)
    unit = state.units[i]
    unit.tracked, unit.believed = True, int(Principal.ISIS)
    assert keys.is_fair_game(params, unit)
    roe.roe(state, params, log)
    assert (unit.ordered, unit.flight >= 0) == (Rung.STRIKE, True)
    state, params, log, i = found(Kind.PARTNER_PATROL, Principal.PARTNER)
    state.units[i].tracked = True
    roe.roe(state, params, log)
    assert (state.units[i].ordered, state.n_events) == (Rung.NONE, 0)


def test_however_much_is_misread_chances_stay_chances() -> None:
    """If this failed, a unit would withdraw with a chance below nothing, and always fire."""
    often = ("responses.misread=5", "sensing.misidentified=0.1", "sensing.misidentified_line=5")
    state, params, _, i = found(Kind.MILITIA_CONVOY, Principal.MILITIA, *often)
    state.line_open = False
    response.lead_choice(state, params, i, Rung.SHOW_OF_FORCE, 0.5)
    told = [float(p) for p in state.units[i].decision.p]
    assert min(told) >= 0.0
    assert sum(told) == pytest.approx(1.0)


@pytest.mark.parametrize(("rung", "misread"), [(Rung.LINE_CALL, False), (Rung.SHOW_OF_FORCE, True)])
def test_a_low_pass_may_be_taken_for_an_attack_and_a_call_may_not(rung: Rung, misread: bool) -> None:
    """If this failed, misreading could not escalate by itself, and the theory `accident` would say nothing."""
    state, params, _, i = found(Kind.MILITIA_CONVOY, Principal.MILITIA, "responses.fire=0", "responses.misread=1")
    params.sensing.misidentified = 1.0
    assert (response.lead_choice(state, params, i, rung, 0.5) == Response.FIRE) == misread


def test_each_side_errs_about_the_ring_until_it_is_told() -> None:
    """If this failed, nobody would enter by accident, or warnings would not tell anybody where the ring is."""
    factors = []
    for k in range(120):
        if k % 40 == 0:
            state, params, log = stage(seed=k)
        state.replication = k
        ends.begin(state, params)
        factors += [state.principals[p].radius_factor for p in range(Principal.RUSSIA, Principal.ISIS)]
    n = len(factors)
    mean = sum(factors) / n
    sd = math.sqrt(sum((f - mean) ** 2 for f in factors) / n)
    assert abs(mean - 1.0) < FALSE_ALARM * 0.15 / math.sqrt(n)
    assert abs(sd - 0.15) < FALSE_ALARM * 0.15 / math.sqrt(2 * n)
    i = first_of(state, Kind.MILITIA_CONVOY)
    unit = put_out(state, i, -45.0, 0.0, Posture.MOVING)
    params.line.misplaced, params.line.dissuasion = 0.0, 1.0
    roe.call(state, params, log, i, 0.0)
    state.now_min = unit.call_due_min
    line.line(state, params, log)
    assert state.principals[Principal.MILITIA].radius_factor == 1.0
    assert state.principals[Principal.REGIME].radius_factor != 1.0
    unit.posture, state.tolerated_min = int(Posture.HELD), 1e9
    roe.tolerate(state, params, log, i)
    assert {float(state.principals[p].radius_factor) for p in range(Principal.RUSSIA, Principal.ISIS)} == {1.0}


def test_with_leaflets_out_nobody_errs_about_the_ring() -> None:
    """If this failed, leaflets would be paper."""
    state, params, _ = stage("scenario.leaflets_standing=true")
    ends.begin(state, params)
    assert {float(state.principals[p].radius_factor) for p in range(Principal.RUSSIA, Principal.ISIS)} == {1.0}


def test_an_air_strike_on_isis_stays_with_isis() -> None:
    """If this failed, close air support for the garrison would count as a strike on pro-regime forces."""
    state, params, log, i = found(Kind.ISIS_RAID, Principal.ISIS)
    state.units[i].fighters = 300
    engagement.help_on_the_ground(state, params, log, (2, i), 0.0)
    happened = state.outcome.happenings
    assert acts_of(state, log) == [Act.CLOSE_AIR_SUPPORT]
    assert happened[Happening.STRIKE_GROUND].count == happened[Happening.MISIDENTIFIED_STRIKE].count == 0
    assert 0 < state.units[i].killed == state.outcome.killed[Principal.ISIS]


def test_a_patrol_struck_by_mistake_goes_home() -> None:
    """If this failed, people who were bombed by their friends would stay to be bombed again."""
    state, params, log = stage("engagement.killed_per_bomb=5", "engagement.break_point=0.05")
    i = raider_of(state, Principal.OPPOSITION)
    put_out(state, i, -45.0, 0.0).fighters = 60
    engagement.strike(state, params, log, (2, i), 0.0)
    assert state.units[i].posture == Posture.WITHDRAWING
    assert Act.STATEMENT not in acts_of(state, log)
