"""The worst moment of a run: which acts are worse than which, stated once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.rules.names import Act

COUNT_DEAD = (Act.STRIKE, Act.ROCKETS, Act.FIRES)  # acts whose value is the number of dead


class Rank(NamedTuple):
    """One kind of moment: its name, the acts that are one, and how many must have died."""

    words: str
    acts: tuple[Act, ...]
    dead: int = 0


RANKS = (  # worst first; within a rank the deadliest, and of equals the first
    Rank("weapons used between coalition and Russian aircraft", (Act.AIR_COMBAT,)),
    Rank("people of the coalition killed", (Act.ROCKETS, Act.FIRES), dead=1),
    Rank("an attack on the coalition", (Act.ROCKETS, Act.FIRES)),
    Rank("a ground strike", (Act.STRIKE,)),
    Rank("a dangerous intercept", (Act.UNSAFE_INTERCEPT,)),
    Rank("a public threat", (Act.THREAT,)),
    Rank("warning shots", (Act.WARNING_SHOTS,)),
    Rank("a show of force", (Act.SHOW_OF_FORCE,)),
    Rank("an intercept", (Act.INTERCEPT,)),
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
    return event["act"] in rank.acts and dead(event) >= rank.dead
