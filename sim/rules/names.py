"""The names of the rule book: who there is, what they may do, and what may happen.

Numbers are frozen: they stand in logs, outcomes and random streams, so changing one changes results.
"""

from __future__ import annotations

from enum import IntEnum

UNITS = 128  # rows of a scenario, at most
OPTIONS = 6  # options of one decision, at most
ROUTES, WAYPOINTS = 3, 12
STRIKES = 5  # ground strikes of a run that are written down one by one
CLASHES_REMEMBERED = 16
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
    """Why a ground unit left its base."""

    NONE = 0
    PROBE = 1  # cross the ring, look, go back
    PUSH = 2  # advance by bounds towards the garrison
    DASH = 3  # the same with light vehicles, in one go
    FORTIFY = 4  # dig in inside the ring
    BYPASS = 5  # work on the road round the ring
    REINFORCE = 6  # join a unit that was warned or struck
    RETALIATE = 7  # fire rockets at the garrison
    PATROL = 8


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


class Happening(IntEnum):
    """What a run may contain: each is counted and dated in its outcome (model.md section 9)."""

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


class Draw(IntEnum):
    """The purpose of a random draw.  Numbers are frozen: changing one changes every result."""

    LAUNCH_BUDGET = 0
    MISSION = 1
    ROUTE = 2
    STRENGTH = 3
    MASSING = 4
    DEPTH = 5
    BOUND = 6
    HALT = 7
    LOOK = 8
    HOLD = 9
    DIG = 10
    DETECTION_BUDGET = 11
    LATENCY = 12
    THROUGH = 13
    MISPLACED = 14
    DISSUADE = 15
    LEASH = 16
    WINDOW = 17
    SKIP = 18
    RESPONSE = 19
    SPLIT = 20
    STOP = 21
    BOMB_DESTROYS = 22
    BOMB_DAMAGES = 23
    BOMB_KILLS = 24
    AIR_DEFENCE = 25
    SUSPENSION = 26
    SUSPENDED_FOR = 27
    REINFORCE = 28
    REINFORCE_LAG = 29
    RETALIATION_BUDGET = 30
    THREAT_BUDGET = 31
    ROCKET_HITS = 32
    ROCKET_KILLS = 33
    SORTIE_BUDGET = 34
    INTERCEPT = 35
    UNSAFE = 36
    WEAPONS = 37
    PATROL = 38
    PATROL_BUDGET = 39
    STATION = 40
    CONTACT = 41
    HEAVY = 42
    DASH = 43
    FIRST_SHOT = 44
    SHOT_DOWN = 45
