"""What a run amounts to: the happenings that are counted and dated, and everything else kept of it."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated

from sim.rules.names import SIGNALS, Act, Principal, Response, Skip
from sim.rules.rows import Row

STRIKES = 5  # ground strikes of a run that are written down one by one


class Happening(IntEnum):
    """What a run may contain: each is counted and dated in its outcome (odd.md section 9)."""

    STRIKE_GROUND = 0
    ATTACK_ON_COALITION = 1
    ATTACK_BY_ROCKETS = 2
    ATTACK_BY_AIR_DEFENCE = 3
    COALITION_REGIME = 4
    COALITION_MILITIA = 5
    COALITION_HEZBOLLAH = 6
    COALITION_REGIME_EXCHANGE = 7
    COALITION_MILITIA_EXCHANGE = 8
    COALITION_HEZBOLLAH_EXCHANGE = 9
    US_RUSSIA_AIR = 10
    INTERCEPT = 11
    UNSAFE_INTERCEPT = 12
    HEZBOLLAH_THREAT = 13
    SERIOUS_EPISODE = 14
    GENERAL_ESCALATION = 15
    BORDER_REACHED = 16
    LINE_SUSPENDED = 17
    DRONE_SHOOTDOWN = 18
    DRONE_SHOOTDOWN_BEFORE_RELEASE = 19
    DRONE_SHOOTDOWN_AFTER_RELEASE = 20
    ATTACK_BY_DRONE = 21
    ATTACK_ON_GROUND = 22
    ATTACK_OFF_MAP = 23
    COALITION_REGIME_BELIEVED = 24
    COALITION_MILITIA_BELIEVED = 25
    COALITION_HEZBOLLAH_BELIEVED = 26
    STRIKE_ON_PARTNER = 27
    STRIKE_ON_PARTNER_BY_REGIME = 28
    STRIKE_ON_PARTNER_BY_RUSSIA = 29
    STRIKE_ON_PARTNER_INSIDE = 30
    STRIKE_ON_PARTNER_OUTSIDE = 31
    STRIKE_ON_PARTNER_ANSWERED = 32
    RUSSIA_INSIDE_UNASKED = 33
    PARTNER_MILITIA = 34
    PARTNER_FIRED_FIRST = 35
    ISIS_ATTACK = 36
    ISIS_REPULSED = 37
    MISIDENTIFIED_STRIKE = 38
    REQUEST_GRANTED = 39
    HELPED_THEN_STRUCK = 40
    ALL_AT_ONCE = 41
    CROSSING_REACHED = 42
    ISOLATED = 43
    GARRISON_LOST = 44
    AIRSPACE_MET = 45
    REGIME_AIR = 46
    BLAMED = 47
    ATTACK_BY_AIRCRAFT = 48


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
    on: int  # Principal struck
    signals: int  # kinds of non-kinetic step before it
    hours_from_entry: float
    launched: int  # elements of the column it was part of, when that left base
    entered: int  # how many of them came into the zone
    went_on: int  # how many went on after the first show of force; -1 if there was none
    parted: bool  # a part of the column has stopped or turned back by then
    in_order: bool  # no vehicle was lost while a gun or anti-aircraft weapon was left


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
    strikes_on: Annotated[list[int], (len(Principal),), Principal]  # ground strikes, by whom they hit
    helped: Annotated[list[int], (len(Principal),), Principal]  # times the coalition let this side be helped
    strikes_on_static: int  # of them, on units that merely stood
    active_h: float  # hours that tracked units spent inside moving, digging or reinforcing
    static_h: float  # hours that they spent inside merely standing
    attack_after_strike_h: float  # from the last ground strike to the first attack on the coalition, nan if none
    acts: Annotated[list[int], (len(Act),), Act]  # how often each act occurred
    rows_lacking: int  # launches and splits that found no spare row
    strikes: Annotated[list[Strike], (STRIKES,), tuple(range(1, STRIKES + 1))]
