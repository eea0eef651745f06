"""Who is there when a run begins, where, and what they remember."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np

from sim.config.groups import ages
from sim.config.parameters import Parameters
from sim.geography import Geography
from sim.rules.acts import NOBODY
from sim.rules.names import NEVER, Kind, Posture, Principal
from sim.rules.tables import State, World

ORDER = (  # kind, principal, how many: a number or the setting that says so, role of its base
    (Kind.GARRISON, Principal.COALITION, 1, "garrison"),
    (Kind.SURVEILLANCE_ORBIT, Principal.COALITION, 1, "garrison"),
    (Kind.STRIKE_FLIGHT, Principal.COALITION, "strike_flights", "garrison"),
    (Kind.PARTNER_PATROL, Principal.PARTNER, "partner_patrols", "garrison"),
    (Kind.REGIME_COLUMN, Principal.REGIME, "regime_columns", "staging"),
    (Kind.MILITIA_CONVOY, Principal.MILITIA, "militia_convoys", "staging"),
    (Kind.HEZBOLLAH_TEAM, Principal.HEZBOLLAH, "hezbollah_teams", "staging"),
    (Kind.RUSSIAN_FLIGHT, Principal.RUSSIA, "russian_flights", "russian_air"),
    (Kind.PARTNER_PATROL, Principal.OPPOSITION, "opposition_groups", "opposition"),
    (Kind.REGIME_FLIGHT, Principal.REGIME, "regime_flights", "regime_air"),
    (Kind.PRO_REGIME_DRONE, Principal.HEZBOLLAH, "hezbollah_drones", "regime_air"),
    (Kind.PRO_REGIME_DRONE, Principal.REGIME, "regime_drones", "regime_air"),
    (Kind.ISIS_RAID, Principal.ISIS, "isis_raids", "isis"),
    (Kind.CIVIL_TRAFFIC, Principal.CIVILIANS, "civil_traffic", "staging"),
)

GARRISON_VEHICLES = 20  # of the garrison, a judgement
USUAL_DEAD = 7  # killed by a strike of May and June 2017: 6 to 8, about 10, not known (C07, C10, C12)
NAMED = {
    (Kind.PARTNER_PATROL, Principal.OPPOSITION): "opposition group",
    (Kind.PRO_REGIME_DRONE, Principal.HEZBOLLAH): "hezbollah drone",
    (Kind.PRO_REGIME_DRONE, Principal.REGIME): "regime drone",
}


def muster(config: Parameters, world: World, ground: Geography) -> tuple[State, tuple[str, ...]]:
    """The state at the start: everybody at base, the garrison, the orbit and one flight on duty."""
    state = np.zeros(1, State.dtype_)[0]
    names: list[str] = []
    for kind, principal, count, base in ORDER:
        for k in range(_total(config, count)):
            _put(state, len(names), (kind, principal), ground.at(base))
            names.append(f"{NAMED.get((kind, principal), kind.name.lower().replace('_', ' '))} {k + 1}")
    state.n_units = len(names)
    speeds(state, config)
    station(state, config)
    clear_clocks(state)
    begin_world(state, config)
    remember(state, config, world)
    return state, tuple(names)


def mustered(config: Parameters) -> Counter[Kind]:
    """How many units of each kind there are."""
    return sum((Counter({kind: _total(config, count)}) for kind, _, count, _ in ORDER), Counter())


def _total(config: Parameters, count: int | str) -> int:
    """A number, or the setting that says so."""
    return count if isinstance(count, int) else int(getattr(config.scenario, count))


def begin_world(state: State, config: Parameters) -> None:
    """The corridor, the line and the leaflets as the scenario finds them."""
    state.isis_control = 1.0
    state.raqqa_left = 0.0 if config.scenario.raqqa_taken else 1.0
    state.corridor_value = config.environment.corridor_floor
    state.line_open, state.leaflets = config.scenario.line_open, config.scenario.leaflets_standing
    if not state.line_open:
        state.line_restored_min = 1440.0 * config.line.suspension_days


def remember(state: State, config: Parameters, world: World) -> None:
    """What earlier strikes on militia convoys have left of fear and anger, and a threat that stands."""
    theory, bond = config.theory, config.restraint
    for age in ages(config.scenario.strikes_before_days) if theory.memory else ():
        fear = 0.5 ** (age / theory.fear_half_life_days)
        anger = (1.0 + bond.anger_per_killed * USUAL_DEAD) * 0.5 ** (age / theory.anger_half_life_days)
        state.principals[Principal.MILITIA].fear += fear
        state.principals[Principal.MILITIA].struck_belief += fear
        for p in Principal:
            state.principals[p].anger += world.alliance[Principal.MILITIA * len(Principal) + p] * anger
    if config.scenario.threat_standing:
        state.principals[Principal.HEZBOLLAH].threat_until_min = 1440.0 * bond.threat_days


def speeds(state: State, config: Parameters) -> None:
    """Units that come and go keep one speed; columns take theirs from mission and road."""
    move = config.movement
    flying = {
        Kind.RUSSIAN_FLIGHT: move.jet_km_h,
        Kind.REGIME_FLIGHT: move.jet_km_h,
        Kind.PRO_REGIME_DRONE: move.drone_km_h,
    }
    for unit in state.units[: state.n_units]:
        unit.speed_km_h = flying.get(Kind(unit.kind), move.patrol_km_h)


def _put(state: State, i: int, what: tuple[Any, Any], base: tuple[float, float]) -> None:
    kind, principal = what
    unit = state.units[i]
    unit.id, unit.kind, unit.principal, unit.posture = i, kind, principal, Posture.RESTING
    unit.base_x_km, unit.base_y_km = base
    state.x_km[i], state.y_km[i] = unit.base_x_km, unit.base_y_km
    unit.due_min = unit.call_due_min = unit.static_min = NEVER
    unit.seen_min = unit.called_min = unit.struck_min = unit.entered_min = unit.help_until_min = -NEVER
    unit.flight = unit.target = unit.explains = unit.signal_event = unit.contact = unit.call_event = (
        unit.entry_event
    ) = -1
    unit.enemy = unit.went_on = -1
    unit.believed, unit.authority_min, unit.rung_due_min = principal, NEVER, -NEVER
    unit.decision.draw = unit.decision.chosen = -1


def station(state: State, config: Parameters) -> None:
    """Garrison and orbit on duty for good; coalition flights staggered over their cycle."""
    flights = config.scenario.strike_flights
    cycle_h = config.air.flight_station_h + config.air.flight_away_h
    for i in range(2 + flights):
        unit = state.units[i]
        unit.posture = Posture.ON_STATION
        state.awake[state.n_awake] = i
        state.n_awake += 1
        if i >= 2:
            elapsed_h = (i - 2) * cycle_h / flights
            away_h = elapsed_h - config.air.flight_station_h
            if away_h < 0.0:
                unit.off_station_min = -60.0 * away_h
                unit.due_min = unit.off_station_min
            else:
                unit.posture = Posture.TURNAROUND
                unit.due_min = 60.0 * (config.air.flight_away_h - away_h)

    garrison = state.units[0]
    garrison.fighters, garrison.vehicles, garrison.inside = config.scenario.garrison_fighters, GARRISON_VEHICLES, True


def clear_clocks(state: State) -> None:
    """No clash, no threat, no call yet."""
    state.line_restored_min = NEVER
    state.episode_min = state.last_strike_min = state.clash_dead_min = -NEVER
    for how in range(len(state.attack_min)):
        state.attack_min[how] = -NEVER
    state.last_loss_event = state.line_event = state.bypass_event = NOBODY
    state.outcome.attack_after_strike_h = math.nan
    state.outcome.closest_km = math.nan
    for dyad in state.dyads:
        dyad.level = 1
        dyad.clash_min = dyad.first_used_force_min = dyad.exchange_min = -NEVER
        dyad.second_used_force_min = -2 * NEVER  # so that two sides that never fired did not fire at once
    for principal in state.principals:
        principal.threat_until_min = principal.died_min = principal.helped_until_min = -NEVER
        principal.helped_event = -1
        principal.reinforce_min = NEVER
        principal.reinforce_for = principal.explains = -1
    for tally in state.outcome.happenings:
        tally.first_min = math.nan
    for strike in state.outcome.strikes:
        strike.minute = strike.distance_km = strike.hours_from_entry = math.nan
