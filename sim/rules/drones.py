"""Phase 15, drones: they follow patrols, and when restraint has broken they attack (odd.md 7.11)."""

from __future__ import annotations

from sim.rules.acts import NOBODY, is_withheld, lose, note, record
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Clock, Draw
from sim.rules.force import count_attack, use_force
from sim.rules.legs import set_back, set_out, vanish
from sim.rules.names import GARRISON, Act, Kind, Mission, Posture, Principal
from sim.rules.outcome import Happening
from sim.rules.plane import distance
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance, poisson
from sim.rules.roster import is_due, spare
from sim.rules.tables import Log, Params, State

HEZBOLLAH, REGIME = int(Principal.HEZBOLLAH), int(Principal.REGIME)


@kernel
def drones(state: State, params: Params, log: Log) -> None:
    """Send drones, and let those over their target do what they came for."""
    if is_due(state, params, Clock.DRONE, params.drones.shadows_per_day * params.scenario.drone_activity):
        by_regime = chance(state, params.drones.regime_share, REGIME, NO_OTHER, Draw.WHO)
        send(state, params, log, REGIME if by_regime else HEZBOLLAH, Mission.SHADOW)
    avenger = state.principals[HEZBOLLAH]
    if avenger.retaliates == Mission.DRONE_ATTACK:
        avenger.retaliates = 0
        send(state, params, log, HEZBOLLAH, Mission.DRONE_ATTACK)
    k = 0
    while k < state.n_awake:
        i = state.awake[k]
        unit = state.units[i]
        if unit.kind == Kind.PRO_REGIME_DRONE and unit.posture == Posture.ON_STATION:
            hover(state, params, log, i)
        if k < state.n_awake and state.awake[k] == i:  # else a patrol was wiped out, and the list moved up
            k += 1


@rule
def send(state: State, params: Params, log: Log, p: int, mission: int) -> None:
    """A drone goes where a patrol is, or to the garrison; an attack goes for one with advisers."""
    i = spare(state, Kind.PRO_REGIME_DRONE, p)
    if i < 0 or is_withheld(state, Act.LAUNCH, i):
        return
    unit = state.units[i]
    target = patrol_out(state, mission == Mission.DRONE_ATTACK)
    set_out(state, i, mission, state.x_km[target], state.y_km[target])
    unit.target = target
    more = poisson(state, 0.5 * params.drones.weapons, unit.id, NO_OTHER, Draw.WEAPONS_CARRIED)
    unit.weapons = min(params.drones.weapons, 1 + more)
    cause = state.principals[p].explains if mission == Mission.DRONE_ATTACK else NOBODY
    unit.explains = record(state, log, Act.LAUNCH, (i, target), state.now_min, cause)
    note(log, unit.explains, float(unit.mission))


@rule
def patrol_out(state: State, advised: bool) -> int:
    """The first partner patrol that is out, or the garrison."""
    for k in range(state.n_awake):
        unit = state.units[state.awake[k]]
        if unit.kind == Kind.PARTNER_PATROL and unit.principal == Principal.PARTNER and (unit.advised or not advised):
            return state.awake[k]
    return GARRISON


@rule
def hover(state: State, params: Params, log: Log, i: int) -> None:
    """A drone keeps with its target; one that attacks drops its weapons one at a time."""
    unit = state.units[i]
    j = unit.target
    if state.units[j].posture == Posture.RESTING or state.units[j].posture == Posture.DESTROYED:
        set_back(state, i, state.now_min)
        return
    away = distance(state.x_km[i], state.y_km[i], state.x_km[j], state.y_km[j])
    if away > 0.0:  # it flies after a patrol, no faster than it can
        part = min(1.0, unit.speed_km_h * params.step_min / 60.0 / away)
        state.x_km[i] += part * (state.x_km[j] - state.x_km[i])
        state.y_km[i] += part * (state.y_km[j] - state.y_km[i])
        unit.inside = distance(state.x_km[i], state.y_km[i], 0.0, 0.0) < params.roe.zone_radius_km
    armed = unit.mission == Mission.DRONE_ATTACK and unit.weapons > 0
    if armed and away <= params.drones.reach_km and not is_withheld(state, Act.DRONE_ATTACK, i):
        drop(state, params, log, i)


@rule
def drop(state: State, params: Params, log: Log, i: int) -> None:
    """One weapon, which may be a dud; it counts as an attack all the same (8 June 2017)."""
    unit = state.units[i]
    j = unit.target
    number = record(state, log, Act.DRONE_ATTACK, (i, j), state.now_min, unit.explains)
    unit.explains = number
    unit.weapons -= 1
    unit.released += 1
    if not chance(state, params.drones.dud, unit.id, NO_OTHER, Draw.DUD):
        dead = poisson(state, params.drones.killed_per_weapon, unit.id, NO_OTHER, Draw.DRONE_KILLS)
        note(log, number, float(lose(state, params, j, dead, unit.principal, number)))
    use_force(state, params, i, j, state.now_min)
    if j == GARRISON or state.units[j].advised:
        count_attack(state, params, Happening.ATTACK_BY_DRONE, state.now_min)
    if j != GARRISON and state.units[j].fighters == 0:
        vanish(state, j)
    unit.hostile = params.roe.answer_own and params.world.drone_policy > 0
    unit.due_min = state.now_min + params.step_min if unit.weapons == 0 else unit.due_min
