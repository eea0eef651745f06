"""Jets for units that are attacked, requests over the line, and what is said to them (odd.md 7.5, 7.6, 7.9)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.rules import movement, support
from sim.rules.draws import Clock
from sim.rules.legs import set_leg
from sim.rules.names import Act, Kind, Mission, Posture, Principal
from sim.rules.outcome import Happening
from tests.staging import INSIDE, OUTSIDE, acts_of, first_of, put_out, raider_of, send_home, set_fighting, stage

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6
ALWAYS = ("air.support=1", "line.request_chance=1", "line.consent=1", "command.ring_error=0")
JETS = ((Principal.RUSSIA, Kind.RUSSIAN_FLIGHT), (Principal.REGIME, Kind.REGIME_FLIGHT))


def plight(who: Principal, *overrides: str, x_km: float = INSIDE) -> tuple[Any, Any, Any, int, int]:
    """A militia convoy that is attacked by somebody."""
    set_already = [override.partition("=")[0] for override in overrides]
    sure = [override for override in ALWAYS if override.partition("=")[0] not in set_already]
    state, params, log = stage(*sure, *overrides)
    for p in range(len(Principal)):
        state.principals[p].radius_factor = 1.0
    i, j = first_of(state, Kind.MILITIA_CONVOY), raider_of(state, who)
    put_out(state, i, x_km, 0.0)
    put_out(state, j, x_km, 2.0)
    set_fighting(state, j, i, (30, 30))
    state.units[i].inside = state.units[j].inside = abs(x_km) < params.roe.zone_radius_km
    return state, params, log, i, j


def call_often(state: Any, params: Any, log: Any, i: int, times: int = 100) -> dict[Act, int]:
    """What follows when a unit calls for jets again and again."""
    for k in range(times):
        state.step = k
        support.call_jets(state, params, log, i)
        for _, kind in JETS:
            for row in range(state.n_units):
                if state.units[row].kind == kind and state.units[row].posture != Posture.RESTING:
                    send_home(state, row)
    told = state.outcome.acts
    return {act: int(told[act]) for act in (Act.REQUEST, Act.CONSENT, Act.REFUSAL, Act.SORTIE)}


def test_the_coalition_never_consents_to_a_strike_on_its_partner() -> None:
    """If this failed, the coalition would let its own partner be bombed (odd.md 7.5)."""
    state, params, log, i, _ = plight(Principal.PARTNER)
    told = call_often(state, params, log, i)
    assert told == {Act.REQUEST: 100, Act.CONSENT: 0, Act.REFUSAL: 100, Act.SORTIE: 0}


@pytest.mark.parametrize("who", [Principal.ISIS, Principal.OPPOSITION])
def test_a_request_against_others_may_be_granted_and_is_remembered(who: Principal) -> None:
    """If this failed, C10 could not happen: Russia asked, the coalition agreed, and a column followed."""
    state, params, log, i, _ = plight(who)
    state.now_min = 100.0
    assert call_often(state, params, log, i) == {Act.REQUEST: 100, Act.CONSENT: 100, Act.REFUSAL: 0, Act.SORTIE: 100}
    assert state.principals[Principal.MILITIA].helped_until_min == pytest.approx(100.0 + 1440.0)
    assert state.outcome.helped[Principal.MILITIA] == 100
    assert state.outcome.happenings[Happening.REQUEST_GRANTED].count == 100


def test_consent_comes_as_often_as_declared() -> None:
    """If this failed, the line would be kinder or harder than the parameter says."""
    state, params, log, i, _ = plight(Principal.ISIS, "line.consent=0.4", "line.request_chance=0.6")
    told = call_often(state, params, log, i, 1500)
    assert abs(told[Act.REQUEST] - 900) < FALSE_ALARM * math.sqrt(1500 * 0.6 * 0.4)
    assert abs(told[Act.CONSENT] - 360) < FALSE_ALARM * math.sqrt(1500 * 0.24 * 0.76)
    assert told[Act.SORTIE] == told[Act.CONSENT]


@pytest.mark.parametrize(
    ("override", "requests"),
    [("scenario.line_exists=false", 0), ("line.through_when_suspended=0", 0), ("line.through_when_suspended=1", 100)],
)
def test_without_a_line_nothing_is_asked_and_nobody_comes(override: str, requests: int) -> None:
    """If this failed, requests would travel over a line that is not there."""
    state, params, log, i, _ = plight(Principal.ISIS, override)
    state.line_open = "exists" in override
    told = call_often(state, params, log, i)
    assert told[Act.REQUEST] == told[Act.SORTIE] == requests


def test_a_scenario_without_consent_refuses_everybody() -> None:
    """If this failed, `no_consent` would be another name for the baseline."""
    state, params, log, i, _ = plight(Principal.ISIS, "scenario=no_consent")
    assert call_often(state, params, log, i)[Act.REFUSAL] == 100


@pytest.mark.parametrize(("override", "x_km"), [("scenario=russian_air_cover", INSIDE), ("seed=1", OUTSIDE)])
def test_air_cover_inside_and_anything_outside_the_ring_needs_no_request(override: str, x_km: float) -> None:
    """If this failed, Russia would ask for leave where it says it needs none (seed, Hof; C09)."""
    overrides = (override,) if "scenario" in override else ()
    state, params, log, i, _ = plight(Principal.PARTNER, *overrides, x_km=x_km)
    assert call_often(state, params, log, i) == {Act.REQUEST: 0, Act.CONSENT: 0, Act.REFUSAL: 0, Act.SORTIE: 100}


def test_whoever_takes_the_ring_to_be_smaller_does_not_ask() -> None:
    """If this failed, errors about where the ring lies would lead to nothing (June 2016: bombs inside, unasked)."""
    state, params, log, i, _ = plight(Principal.ISIS)
    for p, _ in JETS:
        state.principals[p].radius_factor = 0.8  # 44 km: the unit at 45 is outside
    assert call_often(state, params, log, i)[Act.REQUEST] == 0


@pytest.mark.parametrize(
    ("flights", "inside", "value"), [(0, True, 0.5), (3, True, 0.5), (3, False, 0.5), (2, True, 1)]
)
def test_willingness_is_a_logit_in_value_and_risk(flights: int, inside: bool, value: float) -> None:
    """If this failed, coalition flights on station would deter nobody, or those far outside (odd.md 7.9)."""
    state, params, _, _, _ = plight(Principal.ISIS, "air.support=0.8", f"scenario.strike_flights={flights}")
    for row in range(2, 2 + flights):
        state.units[row].posture = int(Posture.ON_STATION)
        if row not in [state.awake[k] for k in range(state.n_awake)]:
            put_out(state, row, 0.0, 0.0, Posture.ON_STATION)
    state.corridor_value = value
    logit = math.log(4.0) + 1.0 * (value - 0.5) - 0.3 * flights * inside
    assert support.willing(state, params, inside) == pytest.approx(1 / (1 + math.exp(-logit)), rel=1e-12)


def flown(kind: Kind, who: Principal, *overrides: str, x_km: float = OUTSIDE) -> tuple[Any, Any, Any, int, int, int]:
    """A jet over a raider that attacks a convoy."""
    state, params, log, i, j = plight(who, *overrides, x_km=x_km)
    flight = first_of(state, kind)
    put_out(state, flight, x_km, 2.0, Posture.ON_STATION)
    state.units[flight].mission, state.units[flight].target = int(Mission.SUPPORT), j
    return state, params, log, i, j, flight


@pytest.mark.parametrize("who", [Principal.PARTNER, Principal.OPPOSITION, Principal.ISIS])
def test_forces_hit_by_jets_fall_back_and_the_fight_is_over(who: Principal) -> None:
    """If this failed, bombs would drive nobody back (31 May 2017: Russian jets drive the attackers off)."""
    state, params, log, i, j, flight = flown(Kind.RUSSIAN_FLIGHT, who)
    support.support(state, params, log)
    assert state.units[j].posture in (Posture.WITHDRAWING, Posture.DESTROYED)
    assert state.units[i].enemy == state.units[j].enemy == -1
    assert state.units[flight].mission == Mission.ESCORT
    assert Act.AIR_SUPPORT in acts_of(state, log)
    on_partner = state.outcome.happenings[Happening.STRIKE_ON_PARTNER_BY_RUSSIA].count
    assert on_partner == (who != Principal.ISIS)
    repulsed = state.outcome.happenings[Happening.ISIS_REPULSED].count
    assert repulsed == (who == Principal.ISIS)


def test_bombs_kill_as_declared_and_nobody_who_is_not_there() -> None:
    """If this failed, support strikes would kill more than had come, or another number than declared."""
    state, params, log, _, j, flight = flown(Kind.REGIME_FLIGHT, Principal.OPPOSITION)
    dead, runs = 0, 600
    for k in range(runs):
        state.step, men = k, 2 if k % 2 else 300
        if state.units[j].posture == Posture.DESTROYED:
            put_out(state, j, OUTSIDE, 2.0)
        state.units[j].posture, state.units[j].fighters = int(Posture.HELD), men
        support.bomb(state, params, log, flight, j)
        assert 0 <= state.units[j].fighters <= men
        dead += (300 - state.units[j].fighters) if men == 300 else 0
    assert abs(dead / (runs / 2) - 3.0) < FALSE_ALARM * math.sqrt(3.0 / (runs / 2))


CONTESTED = ("scenario.russian_air_cover=true", "roe.answer_outside_air=1", "roe.answer_russian_air=1")


@pytest.mark.parametrize(
    ("kind", "x_km", "advised", "overrides", "answered", "hostile"),
    [
        (Kind.REGIME_FLIGHT, OUTSIDE, False, ("roe.answer_outside_air=0",), 0, False),
        (Kind.REGIME_FLIGHT, OUTSIDE, False, ("roe.answer_outside_air=1", "roe.answer_regime_air=1"), 1, True),
        (Kind.RUSSIAN_FLIGHT, OUTSIDE, False, ("roe.answer_outside_air=1", "roe.answer_russian_air=1"), 1, False),
        (Kind.RUSSIAN_FLIGHT, OUTSIDE, False, CONTESTED, 1, True),
        (Kind.REGIME_FLIGHT, INSIDE, False, ("roe.answer_regime_air=1",), 1, True),
        (Kind.REGIME_FLIGHT, INSIDE, False, ("roe.answer_regime_air=0",), 1, False),
        (Kind.RUSSIAN_FLIGHT, INSIDE, False, (), 1, False),
        (Kind.RUSSIAN_FLIGHT, INSIDE, False, ("roe.answer_russian_air=1",), 1, True),
        (Kind.RUSSIAN_FLIGHT, OUTSIDE, True, (), 1, True),
        (Kind.RUSSIAN_FLIGHT, OUTSIDE, True, ("roe.answer_own_russian=0",), 1, False),
        (Kind.REGIME_FLIGHT, OUTSIDE, True, (), 1, True),
    ],
)
def test_aircraft_are_answered_by_the_table_of_hostile_acts(
    kind: Kind, x_km: float, advised: bool, overrides: tuple[str, ...], answered: int, hostile: bool
) -> None:
    """If this failed, jets would be shot at for what was protested, or the reverse (odd.md 7.6; June 2016)."""
    state, params, log, _, j, flight = flown(kind, Principal.PARTNER, *overrides, x_km=x_km)
    state.units[j].advised = advised
    support.bomb(state, params, log, flight, j)
    happened = state.outcome.happenings
    assert happened[Happening.STRIKE_ON_PARTNER_ANSWERED].count == answered
    assert (Act.PROTEST in acts_of(state, log), Act.NO_ANSWER in acts_of(state, log)) == (answered == 1, answered == 0)
    assert state.units[flight].hostile == hostile
    assert (Act.AUTHORISED in acts_of(state, log)) == (hostile and not advised)
    assert happened[Happening.ATTACK_BY_AIRCRAFT].count == advised
    inside = x_km == INSIDE
    assert happened[Happening.STRIKE_ON_PARTNER_INSIDE].count == inside
    assert happened[Happening.STRIKE_ON_PARTNER_OUTSIDE].count == (not inside)
    assert happened[Happening.RUSSIA_INSIDE_UNASKED].count == (inside and kind == Kind.RUSSIAN_FLIGHT)


@pytest.mark.parametrize(("misidentified", "bombed"), [(0.0, False), (1.0, True)])
def test_jets_keep_off_advisers_whom_they_recognise(misidentified: float, bombed: bool) -> None:
    """If this failed, Russia would knowingly bomb Americans (docs/decisions.md 29)."""
    state, params, log, i, j = plight(Principal.PARTNER, "scenario=russian_air_cover", x_km=OUTSIDE)
    state.units[j].advised = True
    params.sensing.misidentified = misidentified
    assert (call_often(state, params, log, i, 5)[Act.SORTIE] > 0) == bombed


def test_bombs_on_advisers_are_an_attack_and_no_air_combat() -> None:
    """If this failed, a mistake on the ground would be reported as Americans and Russians at war in the air."""
    state, params, log, _, j, flight = flown(Kind.RUSSIAN_FLIGHT, Principal.PARTNER)
    state.units[j].advised = True
    support.bomb(state, params, log, flight, j)
    happened = state.outcome.happenings
    assert happened[Happening.ATTACK_BY_AIRCRAFT].count == 1
    assert happened[Happening.US_RUSSIA_AIR].count == happened[Happening.GENERAL_ESCALATION].count == 0


@pytest.mark.parametrize("inside", [True, False])
def test_syrian_jets_look_for_whoever_is_outside(inside: bool) -> None:
    """If this failed, C05 could not happen, or would happen inside the zone."""
    state, params, log, _, j = plight(Principal.OPPOSITION, x_km=INSIDE if inside else OUTSIDE)
    state.budget[Clock.REGIME_SORTIE], state.units[j].inside = 0.0, inside
    support.support(state, params, log)
    flight = state.units[first_of(state, Kind.REGIME_FLIGHT)]
    assert (flight.posture == Posture.MOVING) == (not inside)
    assert acts_of(state, log) == ([] if inside else [Act.SORTIE])


@pytest.mark.parametrize("step_min", [1, 5, 15])
def test_jets_that_have_arrived_bomb_whatever_the_step(step_min: int) -> None:
    """If this failed, a coarser step would send jets home before they have looked down."""
    state, params, log, _, j, flight = flown(Kind.RUSSIAN_FLIGHT, Principal.OPPOSITION, f"step_min={step_min}")
    bombed, runs = 0, 60
    for k in range(runs):
        state.step, state.now_min = 100 + k, step_min * (100.0 + k)
        unit, sent = state.units[j], state.units[flight]
        if unit.posture == Posture.DESTROYED:
            put_out(state, j, OUTSIDE, 2.0)
        unit.posture, unit.fighters, unit.due_min = int(Posture.HELD), 300, 1e12
        state.x_km[j], state.y_km[j] = OUTSIDE, 2.0
        sent.posture, sent.mission = int(Posture.MOVING), int(Mission.SUPPORT)
        state.x_km[flight], state.y_km[flight] = OUTSIDE - 40.0, 2.0
        due = state.now_min - step_min * (1.0 - (k + 0.5) / runs)  # anywhere within the step
        set_leg(state, flight, OUTSIDE, 2.0, due - 3.0, due)
        movement.bring(state, params, log, flight)
        before = state.outcome.acts[Act.AIR_SUPPORT]
        support.support(state, params, log)
        bombed += state.outcome.acts[Act.AIR_SUPPORT] - before
    assert bombed == runs


def test_a_unit_in_plight_calls_once() -> None:
    """If this failed, every step of a fight would bring another pair of jets."""
    state, params, log, i, _ = plight(Principal.OPPOSITION, x_km=OUTSIDE)
    state.units[i].in_plight = True
    for _ in range(5):
        support.support(state, params, log)
    assert acts_of(state, log) == [Act.SORTIE]


def test_a_target_that_has_gone_is_not_bombed() -> None:
    """If this failed, jets would bomb people who are on their way home, or far away."""
    for gone in (Posture.WITHDRAWING, Posture.HELD):
        state, params, log, _, j, _ = flown(Kind.RUSSIAN_FLIGHT, Principal.OPPOSITION)
        state.units[j].posture = int(gone)
        state.x_km[j] -= 16.0 * (gone == Posture.HELD)
        support.support(state, params, log)
        assert state.n_events == 0
