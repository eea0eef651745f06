"""The tables of the rule book: everything that changes in a run, what is written down of it, and the world.

Units: minutes since the start of the run (`_min`), kilometres east and north of the garrison (`_km`),
kilometres an hour (`_km_h`).  Every field takes eight bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from sim.rules.draws import Clock
from sim.rules.names import CLASHES_REMEMBERED, OPTIONS, ROUTES, UNITS, WAYPOINTS, Principal
from sim.rules.outcome import Happening, Outcome
from sim.rules.rows import Row

if TYPE_CHECKING:  # declared once, in sim/config; the rules meet the same names as a row
    from sim.config.parameters import Params
else:
    Params = np.void


class Decision(Row):
    """A choice as it was made: the options' probabilities and the draw they were compared with."""

    minute: float  # when it was made
    draw: int  # Draw: what it was about; -1 before the first
    other: int  # whom the decision answered: an id, or 65535
    u: float  # the draw, uniform between 0 and 1
    chosen: int  # number of the option, -1 before the first
    p: Annotated[list[float], (OPTIONS,)]  # probability of each option


class Unit(Row):
    """A unit of the order of battle, in the air or on the ground."""

    id: int  # its name in log and draws: its row
    kind: int  # Kind
    principal: int  # Principal
    posture: int  # Posture
    mission: int  # Mission
    group: int  # how often this row was launched: one row, many groups of men
    # strength
    fighters: int  # alive
    vehicles: int  # light ones, in working order
    earth_movers: int  # the same
    tanks: int  # in working order
    artillery: int  # guns, the same
    anti_aircraft: int  # weapons, the same
    killed: int  # over all its groups
    weapons: int  # that a drone still carries
    released: int  # weapons that it has dropped
    advised: bool  # coalition personnel are with this patrol: whoever fires at it fires at the coalition
    enemy: int  # row of the unit it fights on the ground, -1 for none
    in_plight: bool  # it was attacked and has not called for jets yet
    breaks_at: int  # fighters left at which it falls back
    # the column it was part of, by number of elements: what left base, what came in, what went on after a low pass
    launched: int  # when it left base
    entered: int  # when it came into the zone
    went_on: int  # -1 before the first show of force
    parted: bool  # a part of it stopped or turned back
    # place and motion: a straight leg from (x0, y0) at leg_start_min to (x1, y1) at leg_end_min
    base_x_km: float  # where it rests
    base_y_km: float
    leg_x0_km: float  # where the leg begins
    leg_y0_km: float
    leg_x1_km: float  # where it ends
    leg_y1_km: float
    leg_start_min: float  # when it begins
    leg_end_min: float  # when it ends
    legs: int  # counts legs, so that two draws of one step differ
    speed_km_h: float  # on the leg
    route: int  # number of the road in World
    waypoint: int  # the next one, in the direction of travel
    goal_km: float  # distance from the garrison it makes for; along the road for a bypass
    due_min: float  # when it next changes what it does of its own accord
    # the ring
    inside: bool  # inside the zone
    entered_min: float  # when it last came in
    entry_event: int  # and the event that it was
    static_min: float  # since when it has stood inside
    # as the coalition sees it
    tracked: bool  # the coalition knows where it is
    believed: int  # Principal it is taken for
    seems_to_attack: bool  # of a drone, rightly or wrongly
    seen_min: float  # when it was last seen
    sensed: float  # hazard of detection gathered so far
    sense_budget: float  # hazard at which it is seen next
    contact: int  # row of the patrol that could have seen it last
    help_until_min: float  # a partner's call for help against it stands
    # the ladder against it
    rung: int  # last rung used in this episode
    rung_due_min: float  # when the next rung is due
    ordered: int  # the rung that has been decided on and waits for a flight
    flight: int  # row of the flight sent against it, -1 for none
    called_min: float  # last line call about it
    call_due_min: float  # when the call in progress gets through
    call_event: int  # and the event that it is
    signals: int  # bits: kinds of non-kinetic step taken in this episode
    struck_min: float  # when it was last struck
    entry_struck: bool  # this entry has been counted as struck
    hostile: bool  # it used force: answered at once, anywhere
    authority_min: float  # when higher authority will have allowed force, NEVER if it was not asked
    fires: bool  # it is about to shoot at an aircraft
    explains: int  # the event that explains what comes next
    # the signal it has yet to answer
    signal: int  # Rung that it has heard or seen, 0 for none
    signal_event: int  # and the event that it was
    mediated: bool  # it was passed on, and the leash of Russia holds
    asked_for_help: bool  # it has called for a column
    # a scripted unit answers by what it is told before a step, not by chance
    scripted: bool  # it answers by order
    order: int  # Order for this step
    # flights
    task: int  # Rung that it was sent for
    target: int  # row it was sent against, -1 for none
    off_station_min: float  # when it leaves its station
    met: int  # bits: rows of the flights met on this sortie
    decision: Decision  # its last choice among options


class PrincipalState(Row):
    """What a principal feels and is about to do."""

    fear: float  # fading count of strikes suffered
    anger: float  # fading, with the blood of allies
    killed: int  # its dead
    died_min: float  # the last of them
    struck_belief: float  # fading count of strikes suffered, taken for strikes on the warned (theory credibility)
    radius_factor: float  # where it takes the ring to be, relative to where it is
    threat_until_min: float  # a public threat binds its author
    retaliates: int  # restraint broke: the Mission that is to be sent, NONE if none is
    reinforce_min: float  # when the column on call leaves
    reinforce_for: int  # row of the unit that called
    reinforce_group: int  # and which group of men it was
    helped_until_min: float  # the coalition has let it be helped
    helped_event: int  # and the event that it was
    explains: int  # the event that explains its next launch


class Dyad(Row):
    """What stands between two principals."""

    tension: float  # as it was at tension_min; it fades
    tension_min: float  # when it last rose
    peak_tension: float  # highest so far
    level: int  # highest hostility level, Militarized Interstate Disputes: 1 none to 4 use of force
    clash_min: float  # last use of force in the clash that is going on
    clash_x_km: float  # where that was
    clash_y_km: float
    first_used_force_min: float  # by the principal with the lower number
    second_used_force_min: float  # by the one with the higher number
    exchange_min: float  # last exchange counted


class Event(Row):
    """A line of the log.  Numbers count from 0; `cause` is the number of an earlier event or -1."""

    minute: float  # when
    act: int  # Act
    actor: int  # id of a unit; 1000 + principal where a principal acts
    target: int  # the same
    dyad: int  # number of the dyad: 10 x the lower principal + the higher
    x_km: float  # where: of the target, else of the actor
    y_km: float
    value: float  # killed, reason or mission, by act
    cause: int  # number of an earlier event, -1 for none


class Withheld(Row):
    """An act that an experiment keeps from being done, from one step to another; none where both are 0."""

    act: int  # Act, or 100 + Rung
    who: int  # row or 1000 + principal of who would do it; of the ladder, row of whom it would be done to
    first_step: int  # from this step on
    last_step: int  # to this one


class Forced(Row):
    """A decision that an experiment makes otherwise; none where the step is 0."""

    step: int  # in which it is drawn
    actor: int  # whose draw it is: a row, or a principal
    draw: int  # Draw
    option: int  # what is chosen; of a yes or no, 0 or 1


class World(Row):
    """What follows from a scenario and never changes in a run: roads, matrices, fading factors."""

    route_x_km: Annotated[list[list[float]], (ROUTES, WAYPOINTS)]  # waypoints of each road
    route_y_km: Annotated[list[list[float]], (ROUTES, WAYPOINTS)]
    route_length: Annotated[list[int], (ROUTES,)]  # waypoints used
    bypass_km: float  # length of the bypass
    patrol_east: Annotated[list[float], (ROUTES,)]  # directions that patrols of the partner take, eastward part
    patrol_north: Annotated[list[float], (ROUTES,)]  # the same, northward
    camp_km: Annotated[list[float], (2,)]  # where civil traffic goes, east and north of the garrison
    russian_leash: Annotated[list[float], (len(Principal),)]  # over each principal
    iranian_leash: Annotated[list[float], (len(Principal),)]  # over each principal
    alliance: Annotated[list[float], (len(Principal) * len(Principal),)]  # whose blood angers whom
    missions_per_day: Annotated[list[float], (len(Principal),)]  # of each principal, at full corridor value
    drone_policy: int  # DronePolicy
    can_retaliate: bool  # there is a Hezbollah team or drone
    stops_after: int  # Happening that ends a run, -1 for none
    coalition_leash: Annotated[list[float], (len(Principal),)]  # over each principal
    fear_kept: float  # share left after one step
    anger_kept: float  # the same
    defiance_kept: float  # the same
    isis_kept: float  # the same
    raqqa_kept: float  # the same


class State(Row):
    """Everything that changes in a run.  `params` is everything that does not."""

    step: int  # steps begun
    now_min: float  # end of the current step
    seed_low: int  # key of every draw, lower half
    seed_high: int  # and upper half
    replication: int  # number of the run
    n_units: int  # rows in use
    n_events: int  # events so far, written or not
    n_awake: int  # rows that are out
    awake: Annotated[list[int], (UNITS,)]  # rows that are out, in order
    x_km: Annotated[list[float], (UNITS,)]  # where each unit is
    y_km: Annotated[list[float], (UNITS,)]
    isis_control: float  # what is left of it, 1 at the start
    raqqa_left: float  # the fight for Raqqa, 1 at the start
    corridor_value: float  # V, 0 to 1
    is_day: bool  # daylight
    line_open: bool  # the deconfliction line is
    line_restored_min: float  # when a suspended line is open again
    line_event: int  # in which it was suspended, NOBODY where that was before the start
    leaflets: bool  # they stand
    tolerated_min: float  # gathered static presence
    episode_min: float  # last serious episode counted
    attack_min: Annotated[list[float], (len(Happening),)]  # the last weapon of each kind of attack on the coalition
    defiance: float  # fading count of units that were warned in vain
    tolerated_belief: float  # fading count of days of tolerated presence (theory credibility)
    support: float  # fading count of strikes that answered a partner's call (theory entrapment)
    bypass_event: int  # the launch that began it, NOBODY before
    bypass_front_km: float  # along the bypass
    border_reached: bool  # by the bypass
    isolated: bool  # the garrison is
    clash_dead_min: float  # coalition or Russian people last died, other than fighting ISIS
    last_loss_event: int  # in which coalition people died
    hardened: bool  # own dead: intent is judged by half the points
    garrison_lost: bool  # ISIS has taken it
    last_strike_min: float  # on a pro-regime ground unit
    hazard: Annotated[list[float], (len(Clock),)]  # gathered by each clock since it last rang
    budget: Annotated[list[float], (len(Clock),)]  # hazard at which it rings next
    n_clashes: int  # so far
    clash_min: Annotated[list[float], (CLASHES_REMEMBERED,)]  # when each of the last ones began
    principals: Annotated[list[PrincipalState], (len(Principal),)]  # one each
    dyads: Annotated[list[Dyad], (len(Principal) * len(Principal),)]  # of each two; the lower principal first
    units: Annotated[list[Unit], (UNITS,)]  # one each
    withheld: Withheld  # what an experiment changes (odd.md 7.15): zeros where there is none
    forced: Forced  # the same
    outcome: Outcome  # section 9; the columns are printed by `tanf list outcomes`


Log = list[Event]  # or an array of them; it may be too short, and is then not written to
