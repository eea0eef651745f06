"""The tables of the rule book: everything that changes in a run, what is written down of it, and the world.

Units: minutes since the start of the run (`_min`), kilometres east and north of the garrison (`_km`),
kilometres an hour (`_km_h`).  Every field takes eight bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from sim.rules.names import (
    CLASHES_REMEMBERED,
    OPTIONS,
    ROUTES,
    SIGNALS,
    STRIKES,
    UNITS,
    WAYPOINTS,
    Happening,
    Principal,
    Response,
    Skip,
)
from sim.rules.rows import Row

if TYPE_CHECKING:  # declared once, in sim/config; the rules meet the same names as a row
    from sim.config.parameters import Params
else:
    Params = np.void


class Decision(Row):
    """A choice as it was made: the options' probabilities and the draw they were compared with."""

    minute: float
    draw: int  # Draw; -1 before the first
    other: int  # whom the decision answered: an id, or 65535
    u: float
    chosen: int
    p: Annotated[list[float], (OPTIONS,)]


class Unit(Row):
    """A unit of the order of battle, in the air or on the ground."""

    id: int
    kind: int
    principal: int
    posture: int
    mission: int
    group: int  # how often this row was launched: one row, many groups of men
    # strength
    fighters: int
    vehicles: int  # light ones
    earth_movers: int
    tanks: int
    artillery: int
    anti_aircraft: int
    killed: int  # over all its groups
    # place and motion: a straight leg from (x0, y0) at leg_start_min to (x1, y1) at leg_end_min
    base_x_km: float
    base_y_km: float
    leg_x0_km: float
    leg_y0_km: float
    leg_x1_km: float
    leg_y1_km: float
    leg_start_min: float
    leg_end_min: float
    legs: int  # counts legs, so that two draws of one step differ
    speed_km_h: float
    route: int
    waypoint: int  # the next one, in the direction of travel
    goal_km: float  # distance from the garrison it makes for; along the road for a bypass
    due_min: float  # when it next changes what it does of its own accord
    # the ring
    inside: bool
    entered_min: float
    entry_event: int
    static_min: float  # since when it has stood inside
    # as the coalition sees it
    tracked: bool
    seen_min: float
    sensed: float  # hazard of detection gathered so far
    sense_budget: float
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
    struck_min: float
    entry_struck: bool  # this entry has been counted as struck
    hostile: bool  # it used force: answered at once, anywhere
    fires: bool  # it is about to shoot at an aircraft
    explains: int  # the event that explains what comes next
    # the signal it has yet to answer
    signal: int
    signal_event: int
    mediated: bool
    asked_for_help: bool
    # a scripted unit answers by what it is told before a step, not by chance
    scripted: bool
    order: int  # Order
    # flights
    task: int  # Rung
    target: int  # row, -1 for none
    off_station_min: float
    met: int  # bits: rows of the flights met on this sortie
    decision: Decision


class PrincipalState(Row):
    """What a principal feels and is about to do."""

    fear: float  # fading count of strikes suffered
    anger: float  # fading, with the blood of allies
    killed: int
    died_min: float  # the last of them
    launch_hazard: float  # gathered since the last launch
    launch_budget: float
    retaliation_hazard: float
    retaliation_budget: float
    threat_hazard: float
    threat_budget: float
    threat_until_min: float  # a public threat binds its author
    retaliates: bool  # restraint broke: a team is to be sent
    reinforce_min: float  # when the column on call leaves
    reinforce_for: int  # row of the unit that called
    reinforce_group: int  # and which group of men it was
    explains: int  # the event that explains its next launch


class Dyad(Row):
    """What stands between two principals."""

    tension: float  # as it was at tension_min; it fades
    tension_min: float
    peak_tension: float
    level: int  # highest hostility level, Militarized Interstate Disputes: 1 none to 4 use of force
    clash_min: float  # last use of force in the clash that is going on
    clash_x_km: float
    clash_y_km: float
    first_used_force_min: float  # by the principal with the lower number
    second_used_force_min: float
    exchange_min: float  # last exchange counted


class Event(Row):
    """A line of the log.  Numbers count from 0; `cause` is the number of an earlier event or -1."""

    minute: float
    act: int
    actor: int  # id of a unit; 1000 + principal where a principal acts
    target: int
    dyad: int
    x_km: float
    y_km: float
    value: float
    cause: int


class Tally(Row):
    """Whether, how often and when first (minutes from the start, nan for never)."""

    happened: bool
    count: int
    first_min: float


class Strike(Row):
    """A ground strike, written down."""

    minute: float
    distance_km: float
    killed: int
    destroyed: int
    heavy: bool
    mission: int
    signals: int  # kinds of non-kinetic step before it
    hours_from_entry: float


class Outcome(Row):
    """What a run amounts to: one row a replication."""

    happenings: Annotated[list[Tally], (len(Happening),), Happening]
    launches: int
    entries: int
    entries_struck: int
    closest_km: float
    signals: Annotated[list[int], (len(SIGNALS),), SIGNALS]  # index rung - 1
    answers: Annotated[list[int], (len(SIGNALS) * len(Response),), SIGNALS, Response]
    skipped: Annotated[list[int], (len(Skip),), Skip]
    calls_lost: int
    killed: Annotated[list[int], (len(Principal),), Principal]
    vehicles_lost: int
    tanks_lost: int
    artillery_lost: int
    anti_aircraft_lost: int
    static_unstruck_h: float  # longest static presence inside the ring, never struck
    bypass_front_km: float
    us_russia_air_hazard: float  # gathered chance, exact where the event itself is too rare to see
    highest_level: Annotated[list[int], (len(Principal),), Principal]  # with the coalition
    peak_tension: Annotated[list[float], (len(Principal),), Principal]
    rows_lacking: int  # launches and splits that found no spare row
    strikes: Annotated[list[Strike], (STRIKES,), tuple(range(1, STRIKES + 1))]


class World(Row):
    """What follows from a scenario and never changes in a run: roads, matrices, fading factors."""

    route_x_km: Annotated[list[list[float]], (ROUTES, WAYPOINTS)]
    route_y_km: Annotated[list[list[float]], (ROUTES, WAYPOINTS)]
    route_length: Annotated[list[int], (ROUTES,)]  # waypoints used
    bypass_km: float  # length of the bypass
    russian_leash: Annotated[list[float], (len(Principal),)]
    iranian_leash: Annotated[list[float], (len(Principal),)]
    alliance: Annotated[list[float], (len(Principal) * len(Principal),)]  # whose blood angers whom
    missions_per_day: Annotated[list[float], (len(Principal),)]
    fear_kept: float  # share left after one step
    anger_kept: float
    defiance_kept: float
    isis_kept: float
    raqqa_kept: float


class State(Row):
    """Everything that changes in a run.  `params` is everything that does not."""

    step: int
    now_min: float
    seed_low: int
    seed_high: int
    replication: int
    n_units: int
    n_events: int
    n_awake: int
    awake: Annotated[list[int], (UNITS,)]  # rows that are out, in order
    x_km: Annotated[list[float], (UNITS,)]
    y_km: Annotated[list[float], (UNITS,)]
    isis_control: float
    raqqa_left: float
    corridor_value: float
    is_day: bool
    line_open: bool
    line_restored_min: float
    leaflets: bool
    tolerated_min: float  # gathered static presence
    episode_min: float  # last serious episode counted
    defiance: float  # fading count of signals defied
    bypass_started: bool
    bypass_front_km: float
    border_reached: bool
    patrol_hazard: float
    patrol_budget: float
    sortie_hazard: float
    sortie_budget: float
    n_clashes: int
    clash_min: Annotated[list[float], (CLASHES_REMEMBERED,)]
    clash_dyad: Annotated[list[int], (CLASHES_REMEMBERED,)]
    principals: Annotated[list[PrincipalState], (len(Principal),)]
    dyads: Annotated[list[Dyad], (len(Principal) * len(Principal),)]
    units: Annotated[list[Unit], (UNITS,)]
    outcome: Outcome


Log = list[Event]  # or an array of them; it may be too short, and is then not written to
