"""Fire on the coalition: at aircraft, by rockets, by guided missiles (odd.md 7.7, 7.12)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.rules import attacks
from sim.rules.names import GARRISON, Act, Kind, Mission, Posture, Principal
from sim.rules.outcome import Happening
from tests.staging import acts_of, first_of, put_out, raider_of, stage

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6


def team(mission: Mission, *overrides: str) -> tuple[Any, Any, Any, int]:
    """A Hezbollah team that has come to where it meant to fire from."""
    state, params, log = stage(*overrides)
    i = first_of(state, Kind.HEZBOLLAH_TEAM)
    put_out(state, i, -38.0, 0.0, Posture.HALTED).mission = int(mission)
    return state, params, log, i


@pytest.mark.parametrize("answered", [True, False])
def test_a_unit_that_means_to_fires_at_what_flies_and_is_hostile(answered: bool) -> None:
    """If this failed, fire on flights would go unanswered, or be answered though the rules forbid it (S64)."""
    state, params, log, i = team(Mission.PUSH, f"roe.answer_own={str(answered).lower()}")
    state.units[i].fires = True
    attacks.attacks(state, params, log)
    unit = state.units[i]
    assert (unit.fires, unit.hostile) == (False, answered)
    assert state.outcome.happenings[Happening.ATTACK_BY_AIR_DEFENCE].count == 1
    assert state.outcome.happenings[Happening.COALITION_HEZBOLLAH].count == 1
    attacks.attacks(state, params, log)
    assert state.outcome.happenings[Happening.ATTACK_BY_AIR_DEFENCE].count == 1


def test_anti_aircraft_fire_hits_as_declared_and_only_a_flight() -> None:
    """If this failed, coalition crews would die too often, or the orbit be shot at with effect."""
    state, params, log, i = team(Mission.PUSH, "engagement.air_defence_hit=0.2")
    runs = 2000
    for flight, p in ((-1, 0.0), (2, 0.2)):
        state.units[i].flight = flight
        before = int(state.outcome.killed[Principal.COALITION])
        for k in range(runs):
            state.step = k
            attacks.shoot_at_aircraft(state, params, log, i)
        hits = int(state.outcome.killed[Principal.COALITION]) - before
        assert abs(hits / runs - p) <= FALSE_ALARM * math.sqrt(p * (1 - p) / runs)


def test_a_salvo_of_rockets_kills_as_declared_and_the_team_goes_back() -> None:
    """If this failed, rockets on the garrison would be deadlier than their parameters, or know whom to kill."""
    state, params, log, i = team(Mission.RETALIATE, "engagement.rocket_hit=0.5", "engagement.killed_per_rocket=0.4")
    runs, expected = 1500, 6 * 0.5 * 0.4
    for k in range(runs):
        state.step, state.units[i].posture = k, int(Posture.HALTED)
        state.now_min = 400.0 * k  # more than six hours apart: attacks of their own
        state.units[GARRISON].fighters = 200
        attacks.attacks(state, params, log)
        assert state.units[i].posture == Posture.WITHDRAWING
    ours, theirs = (int(state.outcome.killed[who]) for who in (Principal.COALITION, Principal.PARTNER))
    dead, share = ours + theirs, params.engagement.adviser_share
    assert state.units[GARRISON].killed == dead
    assert abs(ours - share * dead) < FALSE_ALARM * math.sqrt(share * (1.0 - share) * dead)
    assert abs(dead / runs - expected) < FALSE_ALARM * math.sqrt(6 * 0.5 * (0.4 + 0.5 * 0.16) / runs)
    assert state.outcome.happenings[Happening.ATTACK_BY_ROCKETS].count == runs
    assert state.last_loss_event >= 0


@pytest.mark.parametrize(
    ("away_km", "advised", "who", "fired", "attack"),
    [
        (3.9, True, Principal.PARTNER, 1, 1),
        (3.9, False, Principal.PARTNER, 1, 0),
        (4.1, True, Principal.PARTNER, 0, 0),
        (3.9, False, Principal.OPPOSITION, 0, 0),
    ],
)
def test_missiles_wait_for_a_patrol_within_reach(
    away_km: float, advised: bool, who: Principal, fired: int, attack: int
) -> None:
    """If this failed, a missile team would fire at nobody, or at those it did not come for."""
    state, params, log, i = team(Mission.MISSILES, "engagement.missile_hit=1", "engagement.killed_per_missile=8")
    j = raider_of(state, who)
    put_out(state, j, -38.0, away_km).advised = advised
    attacks.attacks(state, params, log)
    assert acts_of(state, log).count(Act.MISSILES) == fired
    assert state.outcome.happenings[Happening.ATTACK_ON_GROUND].count == attack
    assert (state.units[i].posture == Posture.WITHDRAWING) == bool(fired)
    assert (state.units[j].fighters < 16) == bool(fired)
    assert state.units[i].hostile == bool(attack)


def test_one_strike_and_the_first_attack_after_it_are_dated() -> None:
    """If this failed, hours from strike to first fire (P7) would be wrong, or taken from the wrong attack."""
    state, params, log, i = team(Mission.PUSH)
    state.last_strike_min, state.now_min = 60.0, 660.0
    for _ in range(2):
        state.units[i].fires = True
        attacks.attacks(state, params, log)
        state.now_min += 600.0
    assert state.outcome.attack_after_strike_h == pytest.approx(10.0)
