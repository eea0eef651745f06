"""Phase 10, attacks on the coalition: anti-aircraft fire, rockets, guided missiles (odd.md 7.8)."""

from __future__ import annotations

from sim.rules.acts import COALITION, NOBODY, bury, is_withheld, lose, note, record
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Draw
from sim.rules.force import count_attack, use_force
from sim.rules.legs import turn_back, vanish
from sim.rules.names import GARRISON, ORBIT, Act, Kind, Mission, Posture, Principal
from sim.rules.outcome import Happening
from sim.rules.plane import distance
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance, poisson
from sim.rules.roster import is_column
from sim.rules.tables import Log, Params, State


@kernel
def attacks(state: State, params: Params, log: Log) -> None:
    """Units that mean to fire at the coalition, and can, do."""
    k = 0
    while k < state.n_awake:
        i = state.awake[k]
        unit = state.units[i]
        if unit.fires and is_column(unit):
            shoot_at_aircraft(state, params, log, i)
        elif unit.posture == Posture.HALTED and unit.mission == Mission.RETALIATE:
            fire_rockets(state, params, log, i)
        elif unit.posture == Posture.HALTED and unit.mission == Mission.MISSILES:
            lie_in_wait(state, params, log, i)
        if k < state.n_awake and state.awake[k] == i:  # else a patrol was wiped out, and the list moved up
            k += 1


@rule
def attack(state: State, params: Params, i: int, how: int) -> None:
    """What any attack on the coalition is: counted by its kind, and answered at once where the rules say so."""
    count_attack(state, params, how, state.now_min)
    state.units[i].hostile = state.units[i].hostile or params.roe.answer_own


@rule
def shoot_at_aircraft(state: State, params: Params, log: Log, i: int) -> None:
    """A unit fires at the nearest thing in the air: the flight sent against it, else the orbit."""
    unit = state.units[i]
    unit.fires = False
    target = unit.flight if unit.flight != NOBODY else ORBIT
    if target != ORBIT and chance(state, params.engagement.air_defence_hit, unit.id, NO_OTHER, Draw.AIR_DEFENCE):
        note(log, unit.explains, 1.0)
        bury(state, COALITION, 1, state.now_min, unit.explains, False)
    use_force(state, params, i, target, state.now_min)
    attack(state, params, i, Happening.ATTACK_BY_AIR_DEFENCE)


@rule
def fire_rockets(state: State, params: Params, log: Log, i: int) -> None:
    """A retaliating team in range fires its salvo at the garrison and goes back."""
    unit = state.units[i]
    arms = params.engagement
    if is_withheld(state, Act.ROCKETS, i):
        turn_back(state, params, i, state.now_min)
        return
    number = record(state, log, Act.ROCKETS, (i, GARRISON), state.now_min, unit.explains)
    unit.explains = number
    dead = 0
    for k in range(arms.rockets):
        if chance(state, arms.rocket_hit, unit.id, NO_OTHER, Draw.ROCKET_HITS, k):
            dead += poisson(state, arms.killed_per_rocket, unit.id, NO_OTHER, Draw.ROCKET_KILLS, k)
    note(log, number, float(lose(state, params, GARRISON, dead, unit.principal, number)))
    use_force(state, params, i, GARRISON, state.now_min)
    attack(state, params, i, Happening.ATTACK_BY_ROCKETS)
    turn_back(state, params, i, state.now_min)


@rule
def lie_in_wait(state: State, params: Params, log: Log, i: int) -> None:
    """A team with guided missiles fires at the first patrol that comes within reach, and goes back."""
    if is_withheld(state, Act.MISSILES, i):
        return
    for k in range(state.n_awake):
        j = state.awake[k]
        patrol = state.units[j]
        away = distance(state.x_km[i], state.y_km[i], state.x_km[j], state.y_km[j])
        ours = patrol.kind == Kind.PARTNER_PATROL and patrol.principal == Principal.PARTNER
        if ours and away <= params.engagement.missile_km:
            fire_missile(state, params, log, i, j)
            return


@rule
def fire_missile(state: State, params: Params, log: Log, i: int, patrol: int) -> None:
    """One missile; with advisers along it is an attack on the coalition."""
    unit, arms = state.units[i], params.engagement
    number = record(state, log, Act.MISSILES, (i, patrol), state.now_min, unit.explains)
    unit.explains = number
    if chance(state, arms.missile_hit, unit.id, NO_OTHER, Draw.ROCKET_HITS):
        dead = poisson(state, arms.killed_per_missile, unit.id, NO_OTHER, Draw.ROCKET_KILLS)
        note(log, number, float(lose(state, params, patrol, dead, unit.principal, number)))
    use_force(state, params, i, patrol, state.now_min)
    if state.units[patrol].advised:
        attack(state, params, i, Happening.ATTACK_ON_GROUND)
    if state.units[patrol].fighters == 0:
        vanish(state, patrol)
    turn_back(state, params, i, state.now_min)
