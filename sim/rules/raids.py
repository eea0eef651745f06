"""Phase 3, raids: patrols and raids of partner and opposition, third parties, ISIS; and civilians (odd.md 7.2)."""

from __future__ import annotations

from sim.rules.acts import NOBODY, is_withheld, note, record
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Clock, Draw
from sim.rules.legs import begin_anew, head_for, set_out
from sim.rules.names import GARRISON, HIGHWAY_PATROL_KM, Act, Kind, Mission, Principal
from sim.rules.plane import distance
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance, choice
from sim.rules.roster import is_due, is_standing, spare
from sim.rules.tables import Log, Params, State

PATROL_KM = (HIGHWAY_PATROL_KM, 50.0, 65.0)  # the last one outside the ring (S38)
RAID_KM = 65.0  # how far from its base a raid goes
DESERT_KM = (9.0, 12.0)  # east and north of its target: from where an ISIS raid appears
CIVILIANS, CARS = 8, 3  # of a convoy; people stand where others have fighters
USUAL_STAKE = 0.5  # the coalition stake at which patrols go out at the declared rate


@kernel
def raids(state: State, params: Params, log: Log) -> None:
    """Send whoever goes out against the pro-regime side, or against everybody."""
    rate, activity = params.raids, params.scenario
    stake = params.environment.coalition_stake / USUAL_STAKE
    if is_due(state, params, Clock.PATROL, params.command.patrols_per_day * activity.patrol_activity * stake):
        send_patrol(state, params, log)
    backed = activity.raid_activity * (1.0 + params.theory.beta_support * state.support)
    if is_due(state, params, Clock.PARTNER_RAID, rate.partner_raids_per_day * backed):
        plan_raid(state, params, log, Principal.PARTNER)
    if is_due(state, params, Clock.OPPOSITION_RAID, rate.opposition_raids_per_day * backed):
        plan_raid(state, params, log, Principal.OPPOSITION)
    if is_due(state, params, Clock.THIRD_PARTY, rate.third_party_per_day * activity.isis_activity):
        third_party(state, params, log)
    if is_due(state, params, Clock.ISIS_RAID, rate.isis_raids_per_day * activity.isis_activity):
        isis_raid(state, params, log)
    if activity.civil_traffic > 0 and is_due(state, params, Clock.JOURNEY, rate.journeys_per_day):
        travel(state, params, log)


@rule
def travel(state: State, params: Params, log: Log) -> None:
    """Civilians set out for the camp and back: they are there to be mistaken."""
    i = spare(state, Kind.CIVIL_TRAFFIC, Principal.CIVILIANS)
    if i >= 0 and not is_withheld(state, Act.LAUNCH, i):
        unit = state.units[i]
        unit.fighters, unit.vehicles = CIVILIANS, CARS
        set_out(state, i, Mission.TRAVEL, params.world.camp_km[0], params.world.camp_km[1])
        unit.explains = record(state, log, Act.LAUNCH, (i, NOBODY), state.now_min, NOBODY)
        note(log, unit.explains, float(unit.mission))


@rule
def send_patrol(state: State, params: Params, log: Log) -> None:
    """A partner patrol leaves the garrison in one of three directions, with advisers or without."""
    if state.garrison_lost:
        return
    i = spare(state, Kind.PARTNER_PATROL, Principal.PARTNER)
    if i < 0 or is_withheld(state, Act.LAUNCH, i):
        return
    begin_anew(state, i)
    unit = state.units[i]
    way = choice(state, unit, (1.0, 1.0, 1.0, 0.0, 0.0, 0.0), NO_OTHER, Draw.PATROL)
    place = PATROL_KM[way] * params.world.patrol_east[way], PATROL_KM[way] * params.world.patrol_north[way]
    leave(state, params, log, (i, NOBODY), Mission.PATROL, place)
    unit.advised = chance(state, params.raids.advised, unit.id, NO_OTHER, Draw.ADVISED)


@rule
def leave(
    state: State, params: Params, log: Log, who: tuple[int, int], mission: int, place: tuple[float, float]
) -> None:
    """A patrol or raid sets out for a place, at full strength."""
    i, target = who
    unit = state.units[i]
    unit.fighters = params.scenario.isis_raiders if unit.kind == Kind.ISIS_RAID else params.raids.raiders
    unit.vehicles = max(1, unit.fighters // int(params.command.fighters_per_vehicle))
    unit.mission, unit.target = mission, target
    head_for(state, i, place[0], place[1], state.now_min)
    cause = state.units[target].explains if target > GARRISON else NOBODY
    unit.explains = record(state, log, Act.LAUNCH, who, state.now_min, cause)
    note(log, unit.explains, float(unit.mission))


@rule
def attack(state: State, params: Params, log: Log, i: int, target: int) -> None:
    """Row i leaves to raid a unit where it stands."""
    if is_withheld(state, Act.LAUNCH, i):
        return
    begin_anew(state, i)
    leave(state, params, log, (i, target), Mission.RAID, (state.x_km[target], state.y_km[target]))


@rule
def plan_raid(state: State, params: Params, log: Log, p: int) -> None:
    """A side means to raid the nearest unit that stands in its reach; the coalition may hold it back."""
    if p == Principal.PARTNER and state.garrison_lost:
        return
    if chance(state, params.world.coalition_leash[p], p, NO_OTHER, Draw.LEASHED):
        return
    i = spare(state, Kind.PARTNER_PATROL, p)
    if i >= 0:
        home = state.units[i]
        target = nearest_standing(state, home.base_x_km, home.base_y_km, RAID_KM)
        if target != NOBODY:
            attack(state, params, log, i, target)


@rule
def nearest_standing(state: State, x: float, y: float, within_km: float) -> int:
    """The pro-regime unit nearest a place that stands and is not in a fight, or NOBODY."""
    best, nearest = NOBODY, within_km
    for k in range(state.n_awake):
        i = state.awake[k]
        away = distance(x, y, state.x_km[i], state.y_km[i])
        if is_standing(state.units[i]) and state.units[i].enemy == NOBODY and away < nearest:
            best, nearest = i, away
    return best


@rule
def third_party(state: State, params: Params, log: Log) -> None:
    """Somebody attacks a pro-regime unit that stands in or near the ring: ISIS, or a group of the opposition."""
    target = nearest_standing(state, 0.0, 0.0, params.roe.zone_radius_km + params.raids.near_km)
    if target == NOBODY:
        return
    if chance(state, params.raids.third_party_isis, Principal.ISIS, NO_OTHER, Draw.WHO):
        from_the_desert(state, params, log, target)
    else:
        i = spare(state, Kind.PARTNER_PATROL, Principal.OPPOSITION)
        if i >= 0:
            attack(state, params, log, i, target)


@rule
def isis_raid(state: State, params: Params, log: Log) -> None:
    """ISIS raids the garrison, or a patrol if one is out (8 April 2017)."""
    target = GARRISON
    if chance(state, params.raids.isis_patrol_share, Principal.ISIS, NO_OTHER, Draw.WHO, 1):
        for k in range(state.n_awake):
            unit = state.units[state.awake[k]]
            if unit.kind == Kind.PARTNER_PATROL and unit.principal == Principal.PARTNER:
                target = state.awake[k]
    if not (target == GARRISON and state.garrison_lost):
        from_the_desert(state, params, log, target)


@rule
def from_the_desert(state: State, params: Params, log: Log, target: int) -> None:
    """A raiding party appears some way off its target."""
    i = spare(state, Kind.ISIS_RAID, Principal.ISIS)
    if i >= 0:
        unit = state.units[i]
        unit.base_x_km, unit.base_y_km = state.x_km[target] + DESERT_KM[0], state.y_km[target] + DESERT_KM[1]
        attack(state, params, log, i, target)
