"""Why a number is drawn, and which waiting times run.

Numbers are frozen: they address the random streams, so changing one changes results.
"""

from __future__ import annotations

from enum import IntEnum


class Clock(IntEnum):
    """What comes at a rate: each gathers hazard until its budget is spent."""

    REGIME_MISSION = 0  # in the order of the principals
    MILITIA_MISSION = 1
    HEZBOLLAH_MISSION = 2
    RETALIATION = 3
    THREAT = 4
    PATROL = 5
    PARTNER_RAID = 6
    OPPOSITION_RAID = 7
    THIRD_PARTY = 8
    ISIS_RAID = 9
    RUSSIAN_SORTIE = 10
    RUSSIAN_AIRSPACE = 11
    REGIME_AIRSPACE = 12
    REGIME_SORTIE = 13
    DRONE = 14
    JOURNEY = 15


class Draw(IntEnum):
    """The purpose of a random draw."""

    CLOCK = 0
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
    ROCKET_HITS = 32
    ROCKET_KILLS = 33
    INTERCEPT = 35
    UNSAFE = 36
    WEAPONS = 37
    PATROL = 38
    STATION = 40
    CONTACT = 41
    HEAVY = 42
    DASH = 43
    FIRST_SHOT = 44
    SHOT_DOWN = 45
    RADIUS = 46
    ADVISED = 47
    LEASHED = 48
    WHO = 49
    FIRST_FIRE = 50
    COMBAT_LOSSES = 51
    BREAK_POINT = 52
    BLAME = 53
    SUPPORT = 54
    REQUEST = 55
    CONSENT = 56
    ANSWERED = 57
    AUTHORITY = 58
    AIR_BOMBS = 59
    BELIEVED = 60
    MISTAKEN_FOR = 61
    CLEARS = 62
    TREMBLE = 63
    ANY_OPTION = 64
    MISREAD = 65
    DUD = 66
    WEAPONS_CARRIED = 67
    DRONE_KILLS = 68
    DRONE_DOWN = 69
    CAR_BOMB = 70
    CAS_KILLS = 71
    KIND_OF_ATTACK = 72
    OWN_LOSSES = 73
    TRAVEL = 74
    BEARING = 75
    APPROVAL = 76
