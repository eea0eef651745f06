"""The worst moment of a run: which acts are worse than which, stated once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.rules.names import Act, Principal

KILLING = (Act.ROCKETS, Act.FIRES, Act.MISSILES, Act.DRONE_ATTACK, Act.AIR_SUPPORT)  # at the coalition, or others
COUNT_DEAD = (*KILLING, Act.STRIKE, Act.CAR_BOMB, Act.CLOSE_AIR_SUPPORT)  # acts whose value is the number of dead
FOES = (Principal.RUSSIA, Principal.REGIME, Principal.MILITIA, Principal.HEZBOLLAH)
BYSTANDERS = (Principal.COALITION, Principal.PARTNER, Principal.OPPOSITION, Principal.CIVILIANS)


class Rank(NamedTuple):
    """One kind of moment: its name, the acts that are one, how many must have died, and with whom of the coalition.

    An act that names no second side, such as fire at aircraft, is taken to be with anybody.
    """

    words: str
    acts: tuple[Act, ...]
    dead: int = 0
    coalition_and: tuple[Principal, ...] = ()


RANKS = (  # worst first; within a rank the deadliest, and of equals the first
    Rank("weapons used between coalition and Russian aircraft", (Act.AIR_COMBAT,), coalition_and=(Principal.RUSSIA,)),
    Rank("the garrison lost", (Act.GARRISON_LOST,)),
    Rank("weapons used between coalition and Syrian aircraft", (Act.AIR_COMBAT,)),
    Rank("an attack that killed people of the coalition or with them", KILLING, dead=1, coalition_and=FOES),
    Rank("an attack on the coalition", (*KILLING, Act.CONTACT, Act.OFF_MAP_ATTACK), coalition_and=FOES),
    Rank("a strike on those it was not meant for", (Act.STRIKE,), coalition_and=BYSTANDERS),
    Rank("a ground strike", (Act.STRIKE,)),
    Rank("a drone shot at", (Act.SHOOT_DOWN,)),
    Rank("an attack by ISIS on coalition or garrison", (Act.CAR_BOMB, Act.CONTACT), coalition_and=(Principal.ISIS,)),
    Rank("a strike from the air, a drone's weapon or a missile", (Act.AIR_SUPPORT, Act.DRONE_ATTACK, Act.MISSILES)),
    Rank("fighting on the ground", (Act.CAR_BOMB, Act.CONTACT)),
    Rank("air support against a raid", (Act.CLOSE_AIR_SUPPORT,)),
    Rank("a dangerous intercept", (Act.UNSAFE_INTERCEPT,)),
    Rank("a public threat", (Act.THREAT,)),
    Rank("warning shots", (Act.WARNING_SHOTS,)),
    Rank("a show of force", (Act.SHOW_OF_FORCE,)),
    Rank("an intercept", (Act.INTERCEPT,)),
    Rank("a unit taken for another", (Act.MISTAKEN,)),
    Rank("an entry into the zone", (Act.ENTRY,)),
    Rank("a call over the line", (Act.LINE_CALL,)),
    Rank("a unit detected", (Act.DETECTION,)),
)


def worst_moment(events: np.ndarray) -> tuple[int, Rank] | None:
    """Number and rank of the worst event of a log; None where nothing of the table happened."""
    for rank in RANKS:
        found = [number for number, event in enumerate(events) if _is(event, rank)]
        if found:
            return min(found, key=lambda number: (-dead(events[number]), events[number]["minute"])), rank
    return None


def alike(events: np.ndarray, rank: Rank) -> int:
    """How many moments of a rank a log has."""
    return sum(_is(event, rank) for event in events)


def dead(event: Any) -> int:
    """How many an act killed."""
    return int(event["value"]) if event["act"] in COUNT_DEAD else 0


def _is(event: Any, rank: Rank) -> bool:
    with_whom = int(event["dyad"]) < 0 or not rank.coalition_and or event["dyad"] in rank.coalition_and
    return event["act"] in rank.acts and dead(event) >= rank.dead and with_whom
