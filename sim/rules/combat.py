"""Phase 11, combat on the ground: Lanchester's aimed fire and break points (odd.md 7.8).

In each step of a fight both sides lose a Poisson number of fighters in proportion to those of the enemy
who can fire (Lanchester 1916), from the numbers at its beginning.
"""

from __future__ import annotations

from sim.rules.acts import NOBODY, lose, record, tally
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Draw
from sim.rules.legs import break_off, leave_fight, set_back
from sim.rules.names import GARRISON, Act, Kind, Mission, Posture
from sim.rules.outcome import Happening
from sim.rules.random import poisson
from sim.rules.roster import is_column, is_raider
from sim.rules.tables import Log, Params, State


@kernel
def combat(state: State, params: Params, log: Log) -> None:
    """Fights go on; each is its attacker's to carry on."""
    k = 0
    while k < state.n_awake:
        i = state.awake[k]
        if state.units[i].enemy != NOBODY and is_raider(state.units[i]) and not is_raided(state, i):
            exchange_fire(state, params, log, i)
        if k < state.n_awake and state.awake[k] == i:  # else it was wiped out, and the next one moved up
            k += 1


@rule
def is_raided(state: State, i: int) -> bool:
    """A unit in a fight that is its enemy's to carry on."""
    unit = state.units[i]
    return unit.kind != Kind.ISIS_RAID and state.units[unit.enemy].kind == Kind.ISIS_RAID


@rule
def exchange_fire(state: State, params: Params, log: Log, i: int) -> None:
    """One step of a fight; it ends when a side breaks, is gone, or has turned back for another reason."""
    unit = state.units[i]
    j = unit.enemy
    other = state.units[j]
    gone = (
        other.posture == Posture.DESTROYED or other.posture == Posture.WITHDRAWING or other.posture == Posture.RESTING
    )
    if gone or (j == GARRISON and state.garrison_lost):
        set_back(state, i, state.now_min)
        return
    per_fighter = params.raids.kills_per_h * params.step_min / 60.0
    ours, theirs = min(params.raids.front, unit.fighters), min(params.raids.front, other.fighters)
    assaulted = is_column(other) and other.mission == Mission.RAID and unit.mission != Mission.RAID  # the patrol stood
    cover, theirs_cover = (params.raids.cover, 1.0) if assaulted else (1.0, params.raids.cover)
    dead = poisson(state, per_fighter * theirs / cover, unit.id, other.id, Draw.COMBAT_LOSSES)
    killed = poisson(state, per_fighter * ours / theirs_cover, other.id, unit.id, Draw.COMBAT_LOSSES)
    lose(state, params, i, dead, other.principal, unit.explains)
    lose(state, params, j, killed, unit.principal, other.explains)
    broken, they_break = unit.fighters <= unit.breaks_at, other.fighters <= other.breaks_at
    if broken or they_break:
        leave_fight(state, i)
        if they_break:
            give_way(state, params, log, j)
        fall_back(state, params, log, i, broken)


@rule
def fall_back(state: State, params: Params, log: Log, i: int, broken: bool) -> None:
    """A raid or patrol goes home after a fight, broken or not."""
    if not broken:
        set_back(state, i, state.now_min)
        return
    if state.units[i].kind == Kind.ISIS_RAID:
        tally(state, Happening.ISIS_REPULSED, state.now_min)
    break_off(state, params, log, i)


@rule
def give_way(state: State, params: Params, log: Log, j: int) -> None:
    """The unit that was attacked breaks: it goes back, or the garrison is lost."""
    if j != GARRISON:
        break_off(state, params, log, j)
        return
    unit = state.units[j]
    state.garrison_lost = True
    unit.explains = record(state, log, Act.GARRISON_LOST, (j, NOBODY), state.now_min, unit.explains)
    tally(state, Happening.GARRISON_LOST, state.now_min)
