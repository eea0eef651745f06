"""Phase 12, contact: enemies within reach of each other, and who fires first (odd.md 7.6, 7.8).

Whoever fights the pro-regime side (patrols, raids of partner and opposition, ISIS) is the attacker of a
fight here, whoever fired first.
"""

from __future__ import annotations

from sim.rules.acts import NOBODY, enrage, is_withheld, lose, note, record, strain, tally
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Draw
from sim.rules.force import count_attack, use_force
from sim.rules.legs import stop
from sim.rules.names import GARRISON, NEVER, Act, Kind, Mission, Posture, Principal
from sim.rules.outcome import Happening
from sim.rules.plane import distance
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance, lognormal, normal, poisson
from sim.rules.roster import ask_for_help, is_column, is_raider
from sim.rules.tables import Log, Params, State

PARTNER_MILITIA = int(Principal.PARTNER * len(Principal) + Principal.MILITIA)  # dyad


@kernel
def contact(state: State, params: Params, log: Log) -> None:
    """Fights begin where enemies are within reach."""
    for k in range(state.n_awake):
        i = state.awake[k]
        unit = state.units[i]
        if is_raider(unit) and unit.enemy == NOBODY:
            if unit.posture == Posture.HELD or unit.posture == Posture.MOVING:
                look_round(state, params, log, i)


@rule
def look_round(state: State, params: Params, log: Log, i: int) -> None:
    """A raid that has arrived attacks; a patrol and a unit that meet may open fire."""
    unit = state.units[i]
    raids = unit.mission == Mission.RAID
    if raids and unit.posture != Posture.HELD:
        return
    if raids and unit.target == GARRISON:
        if not state.garrison_lost:
            begin(state, params, log, i, GARRISON)
        return
    j = enemy_near(state, params, i)
    if j == NOBODY:
        return
    ambushed = state.units[j].mission == Mission.RAID
    rate = params.raids.contact_fire_per_h * params.step_min / 60.0
    if raids or ambushed or chance(state, rate, unit.id, state.units[j].id, Draw.CONTACT):
        begin(state, params, log, i, j)


@rule
def enemy_near(state: State, params: Params, i: int) -> int:
    """The first enemy in contact that is in no fight yet: its target if it raids one, else a pro-regime unit."""
    unit = state.units[i]
    for k in range(state.n_awake):
        j = state.awake[k]
        other = state.units[j]
        wanted = j == unit.target if unit.kind == Kind.ISIS_RAID else is_column(other)
        away = distance(state.x_km[i], state.y_km[i], state.x_km[j], state.y_km[j])
        free = other.enemy == NOBODY and other.posture != Posture.WITHDRAWING
        if wanted and free and away <= params.raids.contact_km:
            return j
    return NOBODY


@rule
def begin(state: State, params: Params, log: Log, i: int, j: int) -> None:
    """First contact: who fires first, and both stop to fight."""
    if is_withheld(state, Act.CONTACT, i):
        return
    unit, other = state.units[i], state.units[j]
    ours_first = unit.mission == Mission.RAID
    if not ours_first and not unit.advised and other.mission != Mission.RAID:
        ours_first = chance(state, params.raids.partner_first, unit.id, other.id, Draw.FIRST_FIRE)
    who = (i, j) if ours_first else (j, i)
    cause = other.explains if ours_first and unit.mission != Mission.RAID else state.units[who[0]].explains
    number = record(state, log, Act.CONTACT, who, state.now_min, cause)
    unit.explains = other.explains = number
    unit.breaks_at = break_point(state, params, i)
    if other.enemy == NOBODY:  # a second raid on the garrison changes nothing of how long that holds
        other.breaks_at = break_point(state, params, j)
    unit.enemy, other.enemy = j, i
    unit.posture, unit.due_min = Posture.HELD, NEVER
    if is_column(other):
        stop(state, params, j, state.now_min)
    use_force(state, params, who[0], who[1], state.now_min)
    use_force(state, params, who[1], who[0], state.now_min)
    if unit.kind == Kind.ISIS_RAID:
        unit.believed = unit.principal  # whatever it was taken for
        tally(state, Happening.ISIS_ATTACK, state.now_min)
        car_bomb(state, params, log, i, j)
    else:
        tally(state, Happening.PARTNER_MILITIA, state.now_min)
        if ours_first:
            tally(state, Happening.PARTNER_FIRED_FIRST, state.now_min)
        else:
            answer(state, params, i, j)
    if is_column(other):
        plead(state, params, log, i, j)


@rule
def break_point(state: State, params: Params, i: int) -> int:
    """Fighters left at which a unit falls back."""
    unit, arms = state.units[i], params.raids
    spread = 0.25 * (arms.break_high - arms.break_low)  # two sd to either end
    drawn = 0.5 * (arms.break_low + arms.break_high) + spread * normal(state, unit.id, NO_OTHER, Draw.BREAK_POINT)
    share = max(arms.break_low, min(arms.break_high, drawn))
    return int(unit.fighters * (1.0 - share))


@rule
def car_bomb(state: State, params: Params, log: Log, i: int, j: int) -> None:
    """An ISIS raid begins with a car bomb, if it gets through."""
    unit = state.units[i]
    if chance(state, params.raids.car_bomb, unit.id, NO_OTHER, Draw.CAR_BOMB):
        dead = poisson(state, params.raids.car_bomb_killed, unit.id, NO_OTHER, Draw.CAR_BOMB, 1)
        unit.explains = record(state, log, Act.CAR_BOMB, (i, j), state.now_min, unit.explains)
        note(log, unit.explains, float(lose(state, params, j, dead, unit.principal, unit.explains)))


@rule
def answer(state: State, params: Params, i: int, j: int) -> None:
    """The table of hostile acts, for fire by unit j on patrol i (odd.md 7.6)."""
    unit, other = state.units[i], state.units[j]
    if unit.advised:
        count_attack(state, params, Happening.ATTACK_ON_GROUND, state.now_min)
        other.hostile = other.hostile or params.roe.answer_own
    elif unit.inside and unit.principal == Principal.PARTNER:
        if other.tracked:
            answered = chance(state, params.roe.answer_partner_inside, unit.id, other.id, Draw.ANSWERED)
            other.hostile = other.hostile or answered
    elif chance(state, params.roe.answer_partner_outside, unit.id, other.id, Draw.ANSWERED):
        wait = lognormal(state, params.roe.authority_min, params.roe.window_sd, other.id, NO_OTHER, Draw.AUTHORITY)
        other.hostile, other.authority_min = True, state.now_min + wait


@rule
def plead(state: State, params: Params, log: Log, i: int, j: int) -> None:
    """An attacked unit calls for men and jets, and may blame the partner for what others did."""
    unit, other = state.units[i], state.units[j]
    other.in_plight = True
    ask_for_help(state, params, j)
    third = unit.principal != Principal.PARTNER
    if third and other.inside and chance(state, params.raids.blame, other.id, NO_OTHER, Draw.BLAME):
        who = (j, i)
        other.explains = record(state, log, Act.BLAME, who, state.now_min, other.explains)
        tally(state, Happening.BLAMED, state.now_min)
        strain(state, params, PARTNER_MILITIA, params.escalation.threat_severity, state.now_min)
        if params.theory.memory:
            enrage(state, params, other.principal, params.restraint.blame_anger, other.explains)
