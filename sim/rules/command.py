"""Phase 2, command: who is sent, to do what, by which road (odd.md 7.2)."""

from __future__ import annotations

import math

from sim.rules.acts import NOBODY, dread, is_withheld, note, record
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Draw
from sim.rules.legs import begin_anew, head_for
from sim.rules.names import HIGHWAY_PATROL_KM, NEVER, Act, Kind, Mission, Posture, Principal
from sim.rules.plane import distance
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance, choice, exponential, poisson
from sim.rules.roster import from_garrison, is_due, spare
from sim.rules.tables import Log, Params, State

M2, NORTH_TRACK, BYPASS_ROAD = 0, 1, 2
TO_THE_END = -1.0  # a goal beyond the garrison: the crossing


@kernel
def command(state: State, params: Params, log: Log) -> None:
    """Send ground missions, columns on call and retaliation."""
    for p in range(Principal.REGIME, Principal.ISIS):
        principal = state.principals[p]
        if is_due(state, params, p - Principal.REGIME, missions_per_day(state, params, p)):  # the first three clocks
            send(state, params, log, p, Mission.NONE)
        if principal.retaliates != Mission.NONE and principal.retaliates != Mission.DRONE_ATTACK:
            mission = principal.retaliates
            principal.retaliates = 0
            send(state, params, log, p, mission)
        if state.now_min >= principal.reinforce_min:
            principal.reinforce_min = NEVER
            if still_needs_help(state, p):
                send(state, params, log, p, Mission.REINFORCE)


@rule
def missions_per_day(state: State, params: Params, p: int) -> float:
    """Rate of ground missions of a side: corridor value, fear, anger, what its patrons want, and help."""
    principal, world = state.principals[p], params.world
    value = state.corridor_value
    urging = params.command.patron_weight * (world.iranian_leash[p] * value - world.russian_leash[p])
    mood = math.exp(urging - dread(state, params, p))
    mood *= 1.0 + params.theory.beta_anger * principal.anger
    if params.theory.memory and state.now_min < principal.threat_until_min:
        mood *= params.restraint.massing_factor
    if params.theory.memory and state.now_min < principal.helped_until_min:
        mood *= params.command.helped_factor
    return world.missions_per_day[p] * value * mood


@rule
def still_needs_help(state: State, p: int) -> bool:
    """The group that called for help is still inside the ring, and not on its way out."""
    unit = state.units[state.principals[p].reinforce_for]
    same = unit.group == state.principals[p].reinforce_group
    return same and unit.inside and unit.posture != Posture.WITHDRAWING


@rule
def kind_of(p: int) -> int:
    """The kind of ground unit a principal has."""
    return Kind.REGIME_COLUMN + (p - Principal.REGIME)


@rule
def send(state: State, params: Params, log: Log, p: int, mission: int) -> None:
    """Launch a ground mission of a side with the first row at rest; with none at rest it is noted and lost."""
    i = spare(state, kind_of(p), p)
    if i < 0 or is_withheld(state, Act.LAUNCH, i):
        return
    state.outcome.launches += 1
    unit = state.units[i]
    begin_anew(state, i)
    unit.mission = pick_mission(state, params, i) if mission == Mission.NONE else mission
    muster(state, params, i)
    unit.route = pick_route(state, params, i)
    unit.goal_km = pick_goal(state, params, i)
    unit.speed_km_h = params.movement.road_km_h if unit.route == M2 else params.movement.desert_km_h
    if unit.mission == Mission.DASH:
        unit.speed_km_h = params.movement.dash_km_h
    x1, y1 = params.world.route_x_km[unit.route][1], params.world.route_y_km[unit.route][1]
    unit.waypoint = 1
    head_for(state, i, x1, y1, state.now_min)
    unit.explains = record(state, log, Act.LAUNCH, (i, NOBODY), state.now_min, launch_cause(state, p, mission))
    note(log, unit.explains, float(unit.mission))
    if unit.mission == Mission.BYPASS and state.bypass_event == NOBODY:
        state.bypass_event = unit.explains


@rule
def launch_cause(state: State, p: int, mission: int) -> int:
    """The event without which a mission would not have been launched; NOBODY for one of its own accord."""
    mood = state.principals[p]
    if mission == Mission.REINFORCE:
        return state.units[mood.reinforce_for].explains
    if mission != Mission.NONE:
        return mood.explains
    return mood.helped_event if state.now_min < mood.helped_until_min else NOBODY


@rule
def pick_mission(state: State, params: Params, i: int) -> int:
    """Multinomial logit of a mission's value and perceived risk round the prior mix."""
    unit, mix = state.units[i], params.command
    afraid = dread(state, params, unit.principal)
    drawn = mix.value_pull * (state.corridor_value - params.environment.corridor_floor)
    weights = (
        mix.probe_share * math.exp(-0.5 * afraid),
        mix.push_share * math.exp(drawn - afraid),
        mix.fortify_share * math.exp(-0.5 * afraid),
        mix.bypass_share * math.exp(drawn) if params.scenario.bypass_known else 0.0,
        0.0,
        0.0,
    )
    chosen = choice(state, unit, weights, NO_OTHER, Draw.MISSION)
    if chosen == 0:
        return Mission.PROBE
    if chosen == 2:
        return Mission.FORTIFY
    if chosen == 3:
        return Mission.BYPASS
    fearful = 1.0 - math.exp(-state.principals[unit.principal].fear)
    dash = mix.dash_share + (mix.dash_share_afraid - mix.dash_share) * fearful
    if chance(state, dash, unit.id, NO_OTHER, Draw.DASH):
        return Mission.DASH
    return Mission.PUSH


@rule
def muster(state: State, params: Params, i: int) -> None:
    """Men, vehicles and weapons of a group, by kind and mission."""
    unit = state.units[i]
    mean = params.command.regime_vehicles
    if unit.kind == Kind.MILITIA_CONVOY:
        mean = params.command.militia_vehicles
    elif unit.kind == Kind.HEZBOLLAH_TEAM:
        mean = params.command.hezbollah_vehicles
    if unit.mission == Mission.DASH:
        mean = params.command.dash_vehicles
    unit.vehicles = 1 + poisson(state, max(0.0, mean - 1.0), unit.id, NO_OTHER, Draw.STRENGTH)
    heavy = unit.kind == Kind.REGIME_COLUMN
    if unit.kind == Kind.MILITIA_CONVOY:
        heavy = chance(state, params.command.heavy_militia, unit.id, NO_OTHER, Draw.HEAVY)
    heavy = heavy and unit.mission != Mission.DASH
    unit.tanks, unit.artillery, unit.anti_aircraft, unit.earth_movers = 0, 0, 0, 0
    if heavy:
        unit.tanks, unit.artillery = 1, 1
    if heavy and unit.kind == Kind.REGIME_COLUMN:
        unit.tanks, unit.artillery, unit.anti_aircraft = 2, 2, 1
    if unit.mission == Mission.FORTIFY or unit.mission == Mission.REINFORCE:
        unit.earth_movers = 1
    weapons = unit.tanks + unit.artillery + unit.anti_aircraft + unit.earth_movers
    unit.launched = unit.vehicles + weapons
    unit.fighters = int(params.command.fighters_per_vehicle * unit.launched)


@rule
def pick_route(state: State, params: Params, i: int) -> int:
    """Logit of length and perceived risk between the highway and the northern track."""
    unit = state.units[i]
    if unit.mission == Mission.BYPASS:
        return BYPASS_ROAD
    if unit.mission == Mission.DASH or unit.mission == Mission.MISSILES or unit.mission == Mission.RAID:
        return M2
    if unit.mission == Mission.REINFORCE:
        return min(NORTH_TRACK, state.units[state.principals[unit.principal].reinforce_for].route)
    afraid = dread(state, params, unit.principal)
    weights = (
        math.exp(-params.command.length_aversion * route_km(params, M2) - afraid),
        math.exp(-params.command.length_aversion * route_km(params, NORTH_TRACK) - 0.5 * afraid),
        0.0,
        0.0,
        0.0,
        0.0,
    )
    return choice(state, unit, weights, NO_OTHER, Draw.ROUTE)


@rule
def route_km(params: Params, route: int) -> float:
    """Length of a road."""
    x, y = params.world.route_x_km[route], params.world.route_y_km[route]
    length = 0.0
    for k in range(1, params.world.route_length[route]):
        length += distance(x[k - 1], y[k - 1], x[k], y[k])
    return length


@rule
def pick_goal(state: State, params: Params, i: int) -> float:
    """How near the garrison it means to go; for a bypass, how far beyond the first waypoint the front is."""
    unit = state.units[i]
    if unit.mission == Mission.BYPASS:
        x, y = params.world.route_x_km[BYPASS_ROAD][1], params.world.route_y_km[BYPASS_ROAD][1]
        return max(0.0, state.bypass_front_km - distance(unit.base_x_km, unit.base_y_km, x, y))
    if unit.mission == Mission.RETALIATE:
        return params.engagement.rocket_range_km
    if unit.mission == Mission.MISSILES or unit.mission == Mission.RAID:
        return HIGHWAY_PATROL_KM
    if unit.mission == Mission.REINFORCE:
        return from_garrison(state, state.principals[unit.principal].reinforce_for)
    if unit.mission == Mission.PUSH or unit.mission == Mission.DASH:
        return TO_THE_END if state.garrison_lost else params.command.stand_off_km
    mean = params.command.probe_depth_km if unit.mission == Mission.PROBE else params.command.fortify_depth_km
    depth = exponential(state, mean, unit.id, NO_OTHER, Draw.DEPTH)
    ring = params.roe.zone_radius_km * state.principals[unit.principal].radius_factor  # as it takes it to be
    return max(params.command.stand_off_km, ring - depth)
