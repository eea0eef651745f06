"""A use of force, and all that it counts as: clashes, exchanges, episodes (odd.md 9)."""

from __future__ import annotations

from sim.rules.acts import US_RUSSIA, dyad_of, side, strain, tally
from sim.rules.compiling import rule
from sim.rules.names import CLASHES_REMEMBERED, Principal
from sim.rules.outcome import Happening
from sim.rules.plane import distance
from sim.rules.tables import Params, State

MID_FORCE = 4  # hostility level, Militarized Interstate Disputes data
ALL_AT_ONCE_DAYS = 7.0  # clashes with several adversaries in so many days come all at once (odd.md 9)


@rule
def use_force(state: State, params: Params, shooter: int, target: int, minute: float) -> None:
    """A weapon released by one row at another, whatever it hits: hostility level 4 (odd.md 9)."""
    one, other = side(state, shooter), side(state, target)
    index = dyad_of(one, other)
    dyad = state.dyads[index]
    dyad.level = MID_FORCE
    strain(state, params, index, params.escalation.force_severity, minute)
    spilt = params.escalation.spill_over * params.escalation.force_severity
    if one != Principal.RUSSIA and other != Principal.RUSSIA:
        strain(state, params, US_RUSSIA, spilt, minute)
    if one < other:
        dyad.first_used_force_min = minute
    else:
        dyad.second_used_force_min = minute
    if min(one, other) == Principal.COALITION:
        count_clash(state, params, index, (shooter, target), minute)
        count_exchange(state, params, index, minute)
        count_episode(state, params, minute)
        count_all_at_once(state, minute)


@rule
def is_adversary(p: int) -> bool:
    """Of the principals that can clash with the coalition in the sense of odd.md 9; ISIS never counts."""
    return p == Principal.RUSSIA or Principal.REGIME <= p <= Principal.HEZBOLLAH


@rule
def count_clash(state: State, params: Params, index: int, who: tuple[int, int], minute: float) -> None:
    """Acts of one dyad close in time and space are one clash, counted by who it was and by who it seemed."""
    shooter, target = who
    dyad = state.dyads[index]
    x, y = state.x_km[target], state.y_km[target]
    late = minute - dyad.clash_min > 60.0 * params.escalation.clash_hours
    far = distance(x, y, dyad.clash_x_km, dyad.clash_y_km) > params.escalation.clash_km
    dyad.clash_min, dyad.clash_x_km, dyad.clash_y_km = minute, x, y
    if not (late or far):
        return
    seemed = state.units[target].believed if side(state, shooter) == Principal.COALITION else index
    if Principal.REGIME <= seemed <= Principal.HEZBOLLAH:
        tally(state, Happening.COALITION_REGIME_BELIEVED + seemed - Principal.REGIME, minute)
    if is_adversary(index):
        state.clash_min[state.n_clashes % CLASHES_REMEMBERED] = minute
        state.n_clashes += 1
        if index != Principal.RUSSIA:  # of theirs only air combat is a clash of its own (rules/air.py)
            tally(state, Happening.COALITION_REGIME + index - Principal.REGIME, minute)


@rule
def count_exchange(state: State, params: Params, index: int, minute: float) -> None:
    """Force both ways within the exchange window, counted once a window."""
    dyad = state.dyads[index]
    window = 60.0 * params.escalation.exchange_hours
    apart = abs(dyad.first_used_force_min - dyad.second_used_force_min)
    if apart <= window and minute - dyad.exchange_min > window:
        dyad.exchange_min = minute
        if Principal.REGIME <= index <= Principal.HEZBOLLAH:
            tally(state, Happening.COALITION_REGIME_EXCHANGE + index - Principal.REGIME, minute)


@rule
def count_episode(state: State, params: Params, minute: float) -> None:
    """A serious episode: several clashes, two adversaries, fire both ways, all within one window."""
    window = 60.0 * params.escalation.exchange_hours
    clashes = 0
    adversaries = 0
    for k in range(min(state.n_clashes, CLASHES_REMEMBERED)):
        clashes += minute - state.clash_min[k] <= window
    fired, fired_on = False, False
    for p in range(Principal.RUSSIA, Principal.ISIS):
        dyad = state.dyads[p]
        adversaries += minute - dyad.clash_min <= window
        fired = fired or minute - dyad.first_used_force_min <= window
        fired_on = fired_on or minute - dyad.second_used_force_min <= window
    serious = clashes >= params.escalation.episode_clashes and adversaries >= 2 and fired and fired_on
    if serious and minute - state.episode_min > window:
        state.episode_min = minute
        tally(state, Happening.SERIOUS_EPISODE, minute)
    dead = minute - state.clash_dead_min <= window
    in_the_air = state.outcome.happenings[Happening.US_RUSSIA_AIR].happened
    if ((serious and dead) or in_the_air) and not state.outcome.happenings[Happening.GENERAL_ESCALATION].happened:
        tally(state, Happening.GENERAL_ESCALATION, minute)


@rule
def count_all_at_once(state: State, minute: float) -> None:
    """Force with ISIS, with regime or militia, and with a backer of theirs, all within a week."""
    since = minute - 1440.0 * ALL_AT_ONCE_DAYS
    isis = state.dyads[Principal.ISIS].clash_min >= since
    ground = max(state.dyads[Principal.REGIME].clash_min, state.dyads[Principal.MILITIA].clash_min) >= since
    backer = max(state.dyads[Principal.RUSSIA].clash_min, state.dyads[Principal.HEZBOLLAH].clash_min) >= since
    if isis and ground and backer and not state.outcome.happenings[Happening.ALL_AT_ONCE].happened:
        tally(state, Happening.ALL_AT_ONCE, minute)


@rule
def count_attack(state: State, params: Params, how: int, minute: float) -> None:
    """An attack on the coalition, by its kind; weapons of one kind close in time are one attack, as with clashes."""
    if not state.outcome.happenings[Happening.ATTACK_ON_COALITION].happened and state.last_strike_min >= 0.0:
        state.outcome.attack_after_strike_h = (minute - state.last_strike_min) / 60.0
    count_apart(state, params, Happening.ATTACK_ON_COALITION, minute)
    count_apart(state, params, how, minute)


@rule
def count_apart(state: State, params: Params, what: int, minute: float) -> None:
    """Count an attack, unless it goes on from the last one."""
    if minute - state.attack_min[what] > 60.0 * params.escalation.clash_hours:
        tally(state, what, minute)
    state.attack_min[what] = minute
