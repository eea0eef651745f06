"""The names of the rule book: who there is, what they may do, and what may happen.

Numbers are frozen: they stand in logs, outcomes and random streams, so changing one changes results.
"""

from __future__ import annotations

from enum import IntEnum

UNITS = 128  # rows of a scenario, at most
OPTIONS = 6  # options of one decision, at most
ROUTES, WAYPOINTS = 3, 12
CLASHES_REMEMBERED = 16
GARRISON, ORBIT, FIRST_FLIGHT = 0, 1, 2  # rows of every scenario; then the other flights, then patrols
HIGHWAY_PATROL_KM = 38.0  # as far as patrols come along the highway
NEVER = 1e12  # a clock that is not set, in minutes


class Principal(IntEnum):
    """Who decides and who is answered for."""

    COALITION = 0
    PARTNER = 1
    OPPOSITION = 2
    RUSSIA = 3
    IRAN = 4
    REGIME = 5
    MILITIA = 6
    HEZBOLLAH = 7
    ISIS = 8
    CIVILIANS = 9  # decide nothing; only there to be mistaken


class Kind(IntEnum):
    """What a unit is."""

    GARRISON = 0
    STRIKE_FLIGHT = 1
    SURVEILLANCE_ORBIT = 2
    PARTNER_PATROL = 3
    REGIME_COLUMN = 4
    MILITIA_CONVOY = 5
    HEZBOLLAH_TEAM = 6
    RUSSIAN_FLIGHT = 7
    REGIME_FLIGHT = 8
    PRO_REGIME_DRONE = 9
    ISIS_RAID = 10
    CIVIL_TRAFFIC = 11


class Posture(IntEnum):
    """What a unit is doing."""

    RESTING = 0  # at its base, ready
    MASSING = 1  # gathered at the last checkpoint, about to go
    MOVING = 2
    HALTED = 3  # between two bounds of an advance
    DIGGING = 4
    HELD = 5  # standing where it stopped
    WITHDRAWING = 6
    ON_STATION = 7
    TASKED = 8  # a flight on its way to a target
    RETURNING = 9  # a flight on its way back to station
    TURNAROUND = 10  # a flight at its air base
    DESTROYED = 11


class Mission(IntEnum):
    """Why a unit left its base."""

    NONE = 0
    PROBE = 1  # cross the ring, look, go back
    PUSH = 2  # advance by bounds towards the garrison
    DASH = 3  # the same with light vehicles, in one go
    FORTIFY = 4  # dig in inside the ring
    BYPASS = 5  # work on the road round the ring
    REINFORCE = 6  # join a unit that was warned or struck
    RETALIATE = 7  # fire rockets at the garrison
    PATROL = 8
    RAID = 9  # attack a unit that stands, on the ground
    MISSILES = 10  # fire guided missiles at a patrol
    ESCORT = 11  # show the flag over one's own
    SUPPORT = 12  # strike from the air whoever fights one's own
    AIRSPACE = 13  # look how far into the zone's airspace one may fly
    SHADOW = 14  # follow a patrol from the air
    DRONE_ATTACK = 15  # drop weapons on it
    TRAVEL = 16


class Rung(IntEnum):
    """The coalition's ladder of answers, May and June 2017 (docs/bibliography.md S19, S31, S36)."""

    NONE = 0
    LINE_CALL = 1
    SHOW_OF_FORCE = 2
    WARNING_SHOTS = 3
    STRIKE = 4


SIGNALS = tuple(rung.name.lower() for rung in Rung if rung != Rung.NONE)


class Response(IntEnum):
    """What a signalled unit does."""

    WITHDRAW = 0
    HALT = 1
    GO_ON = 2
    FIRE = 3


class Order(IntEnum):
    """What a scripted unit is told before a step: 1 + Response, or to answer as any other unit does."""

    BY_CHANCE = -1
    NONE = 0
    WITHDRAW = 1
    HALT = 2
    GO_ON = 3


class Skip(IntEnum):
    """Why a rung was left out."""

    URGENCY = 0
    IMPATIENCE = 1
    LEAFLETS = 2


class Act(IntEnum):
    """Whatever is worth a line in the log."""

    LAUNCH = 0
    ENTRY = 1
    EXIT = 2
    DETECTION = 3
    CONTACT_REPORT = 4
    LINE_CALL = 5
    CALL_LOST = 6
    DISSUASION = 7
    LEAFLETS = 8
    SHOW_OF_FORCE = 9
    WARNING_SHOTS = 10
    STRIKE = 11
    WITHDRAWS = 12
    HALTS = 13
    GOES_ON = 14
    FIRES = 15
    DIGS_IN = 16
    REINFORCEMENT = 17
    ROCKETS = 18
    LINE_SUSPENDED = 19
    LINE_RESTORED = 20
    STATEMENT = 21
    CONDEMNATION = 22
    THREAT = 23
    SORTIE = 24
    INTERCEPT = 25
    UNSAFE_INTERCEPT = 26
    AIR_COMBAT = 27
    BORDER_REACHED = 28
    CONTACT = 29  # ground combat: the actor fires first
    BREAKS = 30  # the actor has lost too many and falls back
    BLAME = 31  # an attacked unit takes the partner for the attacker
    REQUEST = 32  # Russia relays a request to strike inside the zone
    CONSENT = 33
    REFUSAL = 34
    AIR_SUPPORT = 35  # a regime or Russian flight bombs partner or opposition
    NO_ANSWER = 36
    PROTEST = 37  # line call, scramble, protest: June 2016
    TURNED_AWAY = 38  # a flight leaves the zone's airspace unshot
    DRONE_ATTACK = 39
    SHOOT_DOWN = 40
    CAR_BOMB = 41
    CLOSE_AIR_SUPPORT = 42
    REPULSED = 43
    GARRISON_LOST = 44
    MISTAKEN = 45  # the actor takes the target for somebody else
    RECOGNISED = 46  # and finds out in time
    OFF_MAP_ATTACK = 47
    MISSILES = 48
    CROSSING_REACHED = 49
    ISOLATED = 50
    HARDENED = 51  # own dead: intent is judged hostile at half the points
    AUTHORISED = 52  # higher authority allows force


class DronePolicy(IntEnum):
    """When the coalition shoots at a pro-regime drone (odd.md 7.6)."""

    IGNORE = 0
    AFTER_HOSTILE_ACT = 1
    ON_HOSTILE_INTENT = 2
    ON_ZONE_ENTRY = 3
