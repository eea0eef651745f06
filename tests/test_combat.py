"""Combat on the ground against Lanchester's laws, break points, and the end of a fight (odd.md 7.8)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.rules import acts, combat, contact, legs, movement
from sim.rules.names import NEVER, Act, Mission, Posture, Principal
from sim.rules.outcome import Happening
from tests.staging import INSIDE, acts_of, meeting, put_out, raider_of, send_home, set_fighting, stage

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6
GARRISON = 0


@pytest.mark.parametrize(
    ("men", "step_min", "assaulted"),
    [((24, 60), 5, False), ((60, 24), 5, False), ((30, 30), 15, False), ((24, 60), 5, True)],
)
def test_losses_of_a_step_are_lanchesters(men: tuple[int, int], step_min: int, assaulted: bool) -> None:
    """If this failed, fights would be decided by something other than numbers, aim and cover (Lanchester 1916).

    Cover is with whoever stood: the unit that was raided, or the patrol that a team came to assault.
    """
    state, params, log, i, j = meeting(Principal.OPPOSITION, f"step_min={step_min}", "raids.kills_per_h=0.6")
    runs, lost = 1500, [0, 0]
    for k in range(runs):
        state.step = k
        set_fighting(state, i, j, men, Mission.PATROL if assaulted else Mission.RAID)
        state.units[j].mission = int(Mission.RAID if assaulted else Mission.PUSH)
        combat.exchange_fire(state, params, log, i)
        for side, row in enumerate((i, j)):
            lost[side] += men[side] - state.units[row].fighters
    rate = 0.6 * step_min / 60.0
    cover = (3.0, 1.0) if assaulted else (1.0, 3.0)
    for side, enemy in enumerate((men[1], men[0])):
        expected = rate * min(40, enemy) / cover[side]
        assert abs(lost[side] / runs - expected) < FALSE_ALARM * math.sqrt(expected / runs)


def test_a_whole_fight_follows_the_mean_field() -> None:
    """If this failed, the side that fires second in a step would meet an enemy that is already weaker."""
    start, steps, runs = (120, 90), 12, 300
    mean, rate = [float(start[0]), float(start[1])], 0.3 * 5.0 / 60.0
    for _ in range(steps):
        mean = [mean[0] - rate * mean[1], mean[1] - rate * mean[0]]
    wide = ("raids.front=200", "raids.cover=1", "raids.kills_per_h=0.3")
    state, params, log, i, j = meeting(Principal.OPPOSITION, *wide)
    left = []
    for run in range(runs):
        set_fighting(state, i, j, start)
        for k in range(steps):
            state.step = 1000 * run + k
            combat.exchange_fire(state, params, log, i)
        left.append((state.units[i].fighters, state.units[j].fighters))
    for side in (0, 1):
        sample = [pair[side] for pair in left]
        average = sum(sample) / runs
        error = math.sqrt(sum((x - average) ** 2 for x in sample) / runs / runs)
        assert abs(average - mean[side]) < FALSE_ALARM * error


def test_break_points_lie_between_fifteen_and_thirty_percent() -> None:
    """If this failed, units would fight to the last man, or run at the first shot (odd.md 7.8)."""
    state, params, _, i, _ = meeting(Principal.OPPOSITION)
    state.units[i].fighters = 1000
    shares = []
    for k in range(2000):
        state.step = k
        shares.append(1.0 - contact.break_point(state, params, i) / 1000.0)
    assert min(shares) >= 0.15 - 1e-9
    assert max(shares) <= 0.30 + 1e-3
    assert abs(sum(shares) / 2000 - 0.225) < FALSE_ALARM * 0.0375 / math.sqrt(2000) + 5e-4
    assert max(shares) - min(shares) > 0.14


def test_the_dead_are_never_more_than_were_there() -> None:
    """If this failed, more people would be killed than had come (odd.md 10)."""
    state, params, log, i, j = meeting(Principal.PARTNER, "raids.kills_per_h=1", "raids.front=200")
    for k in range(50):
        state.step = k
        before = [int(state.outcome.killed[p]) for p in range(len(Principal))]
        set_fighting(state, i, j, (3, 150))
        state.units[i].advised = k % 2 == 0
        combat.exchange_fire(state, params, log, i)
        dead = [int(state.outcome.killed[p]) - before[p] for p in range(len(Principal))]
        assert state.units[i].fighters == 3 - dead[Principal.PARTNER] - dead[Principal.COALITION] >= 0
        assert state.units[j].fighters == 150 - dead[Principal.MILITIA]
        if state.units[i].posture == Posture.DESTROYED or state.units[i].posture == Posture.WITHDRAWING:
            send_home(state, i)
            put_out(state, i, INSIDE, 2.0)
    assert state.units[i].killed == state.outcome.killed[Principal.PARTNER] + state.outcome.killed[Principal.COALITION]


def test_a_team_that_is_raided_has_the_cover_whatever_it_was_sent_for() -> None:
    """If this failed, those who come at a team that once meant to assault would be covered by coming."""
    state, params, log, i, j = meeting(Principal.OPPOSITION, "raids.kills_per_h=1")
    lost = [0, 0]
    for k in range(300):
        state.step = k
        set_fighting(state, i, j, (40, 40))
        state.units[j].mission = int(Mission.RAID)
        combat.exchange_fire(state, params, log, i)
        for side, row in enumerate((i, j)):
            lost[side] += 40 - state.units[row].fighters
    assert lost[0] > 2 * lost[1]


def test_who_breaks_goes_home_and_the_other_does_not_pursue() -> None:
    """If this failed, a fight would never end, or the beaten would stand where they were beaten."""
    state, params, log, i, j = meeting(Principal.OPPOSITION)
    set_fighting(state, i, j, (30, 30))
    state.units[j].breaks_at = 30
    combat.exchange_fire(state, params, log, i)
    assert (state.units[i].posture, state.units[j].posture) == (Posture.WITHDRAWING, Posture.WITHDRAWING)
    assert state.units[i].enemy == state.units[j].enemy == -1
    assert acts_of(state, log) == [Act.BREAKS]


@pytest.mark.parametrize("end", [Posture.DESTROYED, Posture.WITHDRAWING, Posture.RESTING])
def test_a_raider_whose_enemy_is_gone_goes_home(end: Posture) -> None:
    """If this failed, a patrol whose enemy was bombed would stand in the desert for ever, and its row be lost."""
    state, params, log, i, j = meeting(Principal.PARTNER, "raids.contact_fire_per_h=0")
    set_fighting(state, i, j, (30, 30), Mission.PATROL)
    state.units[i].due_min = NEVER
    if end == Posture.DESTROYED:
        legs.vanish(state, j)
    elif end == Posture.WITHDRAWING:
        legs.turn_back(state, params, j, 0.0)
    else:
        state.units[j].posture = int(end)
    combat.combat(state, params, log)
    movement.movement(state, params, log)
    assert state.units[i].posture == Posture.WITHDRAWING
    assert state.units[i].enemy == -1


def test_a_fight_is_carried_on_once_a_step() -> None:
    """If this failed, ISIS raiders and a patrol would kill one another twice as fast as anybody else."""
    state, params, log = stage("raids.front=200", "raids.cover=1", "raids.kills_per_h=0.6")
    i, j = raider_of(state, Principal.ISIS), raider_of(state, Principal.PARTNER)
    put_out(state, i, INSIDE, 2.0)
    put_out(state, j, INSIDE, 0.0)
    runs, lost = 600, 0
    for k in range(runs):
        state.step = k
        set_fighting(state, i, j, (60, 60))
        combat.combat(state, params, log)
        lost += 60 - state.units[j].fighters
    expected = 60 * 0.05
    assert abs(lost / runs - expected) < FALSE_ALARM * math.sqrt(expected / runs)


def attack_on_garrison(*overrides: str) -> tuple[Any, Any, Any, int]:
    """An ISIS raid that has come to the gate."""
    state, params, log = stage(*overrides)
    i = raider_of(state, Principal.ISIS)
    put_out(state, i, 1.0, 1.0)
    state.units[i].mission, state.units[i].target = int(Mission.RAID), GARRISON
    return state, params, log, i


def test_a_raid_on_the_garrison_is_repulsed_and_an_overwhelming_one_is_not() -> None:
    """If this failed, C04 could not happen, or the garrison could never be lost."""
    state, params, log, i = attack_on_garrison("raids.kills_per_h=1", "raids.car_bomb=0")
    for fighters in (25, 5000):
        put_out(state, i, 1.0, 1.0) if i not in list(state.awake[: state.n_awake]) else None
        unit = state.units[i]
        unit.posture, unit.fighters, unit.mission, unit.target = int(Posture.HELD), fighters, int(Mission.RAID), 0
        if fighters > 1000:
            state.units[GARRISON].fighters = 5
        for _ in range(400):
            state.step += 1
            combat.combat(state, params, log)
            contact.contact(state, params, log)
            if unit.posture != Posture.HELD:
                break
    happened = state.outcome.happenings
    assert (happened[Happening.ISIS_ATTACK].count, happened[Happening.ISIS_REPULSED].count) == (2, 1)
    assert happened[Happening.GARRISON_LOST].count == 1
    assert state.garrison_lost
    assert happened[Happening.ATTACK_ON_COALITION].count == 0  # ISIS is not among those who stand off


def test_a_second_raid_leaves_the_break_point_of_the_garrison() -> None:
    """If this failed, the more raids came at once, the longer the garrison would hold."""
    state, params, log, i = attack_on_garrison("raids.car_bomb=0")
    contact.begin(state, params, log, i, GARRISON)
    first = state.units[GARRISON].breaks_at
    state.units[GARRISON].fighters //= 2
    k = i + 1
    put_out(state, k, 1.0, -1.0)
    state.units[k].mission, state.units[k].target = int(Mission.RAID), GARRISON
    contact.begin(state, params, log, k, GARRISON)
    assert state.units[GARRISON].breaks_at == first > 0


@pytest.mark.parametrize(("by", "counts"), [(Principal.ISIS, False), (Principal.HEZBOLLAH, True)])
def test_the_dead_are_laid_at_the_door_of_whoever_killed_them(by: Principal, counts: bool) -> None:
    """If this failed, rockets that hit while ISIS attacks would kill nobody that an escalation counts."""
    state, params, _, i = attack_on_garrison("engagement.adviser_share=1")
    set_fighting(state, i, GARRISON, (25, 100))
    state.now_min = 60.0
    acts.lose(state, params, GARRISON, 3, int(by), 0)
    assert state.outcome.killed[Principal.COALITION] == 3
    assert (state.clash_dead_min == 60.0) == counts


def test_a_garrison_that_is_lost_is_not_fought_for_again() -> None:
    """If this failed, a raid that comes too late would fight people who are gone, and the garrison fall twice."""
    state, params, log, i = attack_on_garrison("raids.kills_per_h=1")
    state.garrison_lost = True
    state.units[i].posture = int(Posture.HELD)
    contact.look_round(state, params, log, i)
    assert (state.n_events, state.units[i].enemy) == (0, -1)
    set_fighting(state, i, GARRISON, (25, 5))
    combat.combat(state, params, log)
    assert (state.n_events, state.units[i].posture) == (0, Posture.WITHDRAWING)
    assert state.units[GARRISON].killed == 0


@pytest.mark.parametrize("gets_through", [0, 1])
def test_a_car_bomb_kills_as_declared_if_it_gets_through(gets_through: int) -> None:
    """If this failed, ISIS raids would be too deadly, or not deadly at all, at the gate (C04)."""
    state, params, log, i = attack_on_garrison(f"raids.car_bomb={gets_through}")
    runs, dead = 500, 0
    for k in range(runs):
        state.step = k
        state.units[GARRISON].fighters = 200
        contact.car_bomb(state, params, log, i, GARRISON)
        dead += 200 - state.units[GARRISON].fighters
    expected = 3.0 * gets_through
    assert abs(dead / runs - expected) <= FALSE_ALARM * math.sqrt(expected / runs)
