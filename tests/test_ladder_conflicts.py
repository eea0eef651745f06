"""Every contradiction and every shadowed threshold that `tanf doctor` names is seen in the rules, as it is told."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sim.config.compose import compose
from sim.config.parameters import Parameters
from sim.rules import contact, keys, movement, roe, support
from sim.rules.legs import set_leg
from sim.rules.names import NEVER, Kind, Mission, Posture, Principal, Rung
from sim.run.batch import no_log
from sim.study import ladder
from sim.study.ladder_conflicts import CONFLICTS, at_the_edge
from sim.study.ladder_faults import faults
from sim.study.situations import GOES_ROUND, PUSHES, PUSHES_BY_TRACK, STANDS, Situation, turns
from tests.situated import staged
from tests.staging import INSIDE, OUTSIDE, meeting
from tests.test_drones import over_a_patrol
from tests.test_support import flown

pytestmark = pytest.mark.interpreted
NO_WARNING = ("roe.line_call=false", "roe.show_of_force=false", "roe.warning_shots=false")


def ordered(overrides: tuple[str, ...], at: Situation) -> set[Rung]:
    """What is decided in a situation, from every rung, in twenty draws each."""
    seen = set()
    for rung in range(Rung.NONE, Rung.STRIKE):
        for step in range(20):
            state, params, i = staged(at, Rung(rung), *overrides)
            state.step = step
            roe.consider(state, params, no_log(), i)
            seen.add(Rung(int(state.units[i].ordered)))
            assert state.units[i].authority_min >= NEVER  # nobody is asked for what is not allowed
    return seen


def force_is_never_ordered(overrides: tuple[str, ...], wanted: Callable[[Situation], bool] = lambda _: True) -> None:
    """The witness is met by warnings, if there are any, and by nothing else."""
    config = compose(*overrides)
    way = ladder.witness(config, wanted)
    assert way
    assert turns(config, way.at)
    assert Rung.STRIKE not in ordered(overrides, way.at)


def hostile_after_fire(*overrides: str, x_km: float, advised: bool = False) -> bool:
    """Whether a column that fired on the partner is then fair game."""
    state, params, _, i, j = meeting(Principal.PARTNER, *overrides, x_km=x_km)
    state.units[i].advised, state.units[j].tracked = advised, True
    contact.answer(state, params, i, j)
    return bool(state.units[j].hostile)


def hostile_after_bombs(kind: Kind, *overrides: str) -> bool:
    """Whether a flight that bombed the partner inside the zone is then fair game."""
    state, params, log, _, j, flight = flown(kind, Principal.PARTNER, *overrides, x_km=INSIDE)
    support.bomb(state, params, log, flight, j)
    return bool(state.units[flight].hostile)


def score(overrides: tuple[str, ...], at: Situation) -> float:
    """Points that the rules give."""
    state, params, i = staged(at, Rung.NONE, *overrides)
    return float(keys.points(state, params, i))


def turned(overrides: tuple[str, ...], at: Situation, since_min: float = 0.0) -> bool:
    """Whether key 2 is turned for a unit that entered so long ago."""
    state, params, i = staged(at, Rung.NONE, *overrides)
    state.units[i].entered_min = state.now_min - since_min
    return bool(keys.key_turns(state, params, i))


def windows(overrides: tuple[str, ...], config: Parameters) -> list[float]:
    """Minutes each warning is given, by the rules."""
    _, params, _ = staged(at_the_edge(config, STANDS), Rung.NONE, *overrides)
    return [float(roe.window_min(params, rung)) for rung in (Rung.LINE_CALL, Rung.SHOW_OF_FORCE, Rung.WARNING_SHOTS)]


def _promise(overrides: tuple[str, ...], _: Parameters) -> None:
    force_is_never_ordered(overrides)
    way = ladder.witness(compose(*overrides))
    assert way
    assert ordered(overrides, way.at) == {Rung.NONE}


def _ultimatum_without_force(overrides: tuple[str, ...], _: Parameters) -> None:
    force_is_never_ordered(overrides, lambda at: at.expired)


def _approval_without_force(overrides: tuple[str, ...], _: Parameters) -> None:
    force_is_never_ordered(overrides)


def _denial_without_force(overrides: tuple[str, ...], _: Parameters) -> None:
    force_is_never_ordered(overrides, lambda at: at.conduct == GOES_ROUND)


def _own_people(overrides: tuple[str, ...], _: Parameters) -> None:
    assert not hostile_after_fire(*overrides, x_km=INSIDE, advised=True)
    assert hostile_after_fire(*overrides, x_km=INSIDE)


def _partner(overrides: tuple[str, ...], _: Parameters) -> None:
    assert not hostile_after_fire(*overrides, x_km=INSIDE)
    assert hostile_after_fire(*overrides, x_km=OUTSIDE)


def _aircraft(overrides: tuple[str, ...], _: Parameters) -> None:
    assert not hostile_after_bombs(Kind.REGIME_FLIGHT, *overrides)
    assert hostile_after_bombs(Kind.RUSSIAN_FLIGHT, *overrides)


def _leaflets(overrides: tuple[str, ...], config: Parameters) -> None:
    before = at_the_edge(config, PUSHES)
    assert score(overrides, replace(before, leaflets=True)) < score(overrides, before)


def _drones_over_no_zone(overrides: tuple[str, ...], _: Parameters) -> None:
    state, params, log, i, _ = over_a_patrol(*overrides, mission=Mission.SHADOW)
    state.x_km[i], state.y_km[i], state.units[i].posture = 0.0, 0.0, int(Posture.MOVING)
    set_leg(state, i, 0.0, 0.0, state.now_min, state.now_min)
    movement.step_to(state, params, log, i, state.now_min)
    assert not keys.is_fair_game(params, state.units[i])


def _drones_without_flights(overrides: tuple[str, ...], _: Parameters) -> None:
    state, params, log, i, _ = over_a_patrol(*overrides)
    state.units[i].hostile = True
    for _ in range(12):
        state.step += 1
        state.now_min += 5.0
        roe.roe(state, params, log)
    assert (state.n_events, state.units[i].flight) == (0, -1)


def _inner_line(overrides: tuple[str, ...], config: Parameters) -> None:
    _, params, _ = staged(at_the_edge(config, PUSHES), Rung.NONE, *overrides)
    assert keys.inner_gap_km(params, config.roe.zone_radius_km) == 0.0


def _slower_show(overrides: tuple[str, ...], config: Parameters) -> None:
    call, show, _ = windows(overrides, config)
    assert show > call


def _slower_shots(overrides: tuple[str, ...], config: Parameters) -> None:
    _, show, shots = windows(overrides, config)
    assert shots > show


def _always_soon(overrides: tuple[str, ...], config: Parameters) -> None:
    at = at_the_edge(config, PUSHES_BY_TRACK)
    soon = score(overrides, at) - score((*overrides, "roe.reach_weight=0"), at)
    assert soon == pytest.approx(config.roe.reach_weight)


def _presence(overrides: tuple[str, ...], config: Parameters) -> None:
    assert turned(overrides, at_the_edge(config, STANDS))


def _after_the_end(overrides: tuple[str, ...], config: Parameters) -> None:
    run_min = 1440.0 * config.scenario.horizon_days
    assert not turned(overrides, at_the_edge(config, STANDS), run_min)
    assert turned(overrides, at_the_edge(config, STANDS), 60.0 * config.roe.ultimatum_hours + 1.0)


def _idle_denial(overrides: tuple[str, ...], config: Parameters) -> None:
    for heavy, hezbollah, hardened in itertools.product((False, True), repeat=3):
        at = replace(at_the_edge(config, GOES_ROUND), heavy=heavy, hezbollah=hezbollah, hardened=hardened)
        assert not turned(overrides, at)


CASES: list[tuple[str, tuple[str, ...], Any]] = [
    ("a warning is promised", ("roe=self_defence_only", "roe.promises_warning=true", *NO_WARNING), _promise),
    ("an ultimatum of", ("roe=ultimatum", "roe.strike_on_intent=false"), _ultimatum_without_force),
    ("force on intent needs approval", ("roe=higher_authority", "roe.strike_on_intent=false"), _approval_without_force),
    ("an attack on the partner", ("roe.answer_own=false", "roe.answer_partner_inside=1"), _own_people),
    ("the partner is defended", ("roe.answer_partner_inside=0", "roe.answer_partner_outside=1"), _partner),
    ("Russian aircraft", ("roe.answer_russian_air=1", "roe.answer_regime_air=0"), _aircraft),
    ("advancing counts for less", ("roe.closing_weight=1.2",), _leaflets),
    ("drones are shot at on entry", ("roe.drone_policy=on_zone_entry", "roe.zone_radius_km=0"), _drones_over_no_zone),
    ("drones are to be shot at", ("scenario.strike_flights=0",), _drones_without_flights),
    ("motion to the border is to be denied and", ("roe=denial", "roe.strike_on_intent=false"), _denial_without_force),
    ("the inner line", ("roe.inner_line_km=60",), _inner_line),
    ("a show of force is given", ("roe.call_window_min=30",), _slower_show),
    ("warning shots are given", ("roe.shots_window_min=61",), _slower_shots),
    ("whoever advances", ("roe.reach_min=140",), _always_soon),
    ("presence alone", ("roe=ultimatum", "roe.presence_weight=1.5"), _presence),
    ("the ultimatum ends", ("roe=ultimatum", "scenario.horizon_days=1"), _after_the_end),
    (
        "motion to the border is to be denied, and",
        ("roe=denial", "environment.coalition_stake=0", "roe.heavy_weight=0"),
        _idle_denial,
    ),
]


@pytest.mark.parametrize(("sentence", "overrides", "seen"), CASES, ids=[case[0] for case in CASES])
def test_what_is_said_of_a_conflict_is_seen_in_the_rules(sentence: str, overrides: tuple[str, ...], seen: Any) -> None:
    """If this failed, the doctor would call rules contradictory, or a threshold idle, that do what they say.

    Each was seen to fail with the rules as shipped (`roe=baseline_2017`) in place of the broken ones.
    """
    config = compose(*overrides)
    (fault,) = [fault for fault in faults(config) if fault.sentence.startswith(sentence)]
    assert fault.witness
    seen(overrides, config)


def test_every_conflict_has_its_case() -> None:
    """If this failed, a conflict would be reported that nobody has seen."""
    cases = [case[0] for case in CASES]
    for conflict in CONFLICTS:
        assert sum(conflict.sentence.startswith(case) for case in cases) == 1, conflict.sentence
    assert len(cases) == len(CONFLICTS)
