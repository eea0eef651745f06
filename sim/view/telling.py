"""What the pictures of one run say of it in words: which run it is, who is concerned, the strikes."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.rules.names import Act, Kind, Principal
from sim.run.words import named

PRINCIPAL = 1000  # events name a principal as 1000 + its number
LISTED = 6  # strikes told one by one
STAND_BACK = (  # of two sides, one that is not here gives an act its colour, else the one that stands later
    Principal.COALITION,
    Principal.PARTNER,
    Principal.OPPOSITION,
    Principal.CIVILIANS,
)


def identity(story: Any) -> str:
    """Scenario, rules of engagement, seed and replication: what is needed to tell the same run again."""
    config = story.scenario.config
    days = f"{config.scenario.horizon_days:g} days from {config.scenario.start_date}"
    ground = "" if story.scenario.ground.shipped else f"{story.scenario.ground.name}, "
    names = f"{ground}scenario {config.scenario.name}, ROE {config.roe.name}, theory {config.theory.name}"
    which = f"a path with {len(story.luck)} legs" if story.luck else f"replication {story.replication}"
    return f"{names}, zone {config.roe.zone_radius_km:g} km; {days}; seed {story.seed}, {which}"


def side_of(unit: dict[str, Any]) -> Principal:
    """The principal of an entry of `story.units`."""
    return Principal[unit["principal"].upper()]


def kind_of(unit: dict[str, Any]) -> Kind:
    """The kind of an entry of `story.units`."""
    return Kind[unit["kind"].upper()]


def side(story: Any, who: int) -> Principal | None:
    """The principal behind the actor or target of an event; None for nobody."""
    if who < 0:
        return None
    return Principal(who - PRINCIPAL) if who >= PRINCIPAL else side_of(story.units[who])


def placed(events: np.ndarray) -> np.ndarray:
    """Which events, shape (n,), have a place: those that name a unit; a principal is nowhere."""
    named_units = [(events[who] >= 0) & (events[who] < PRINCIPAL) for who in ("actor", "target")]
    found: np.ndarray = named_units[0] | named_units[1]
    return found


def concerned(story: Any, event: Any) -> Principal:
    """The pro-regime, Russian or ISIS side an act is about: the actor, or the target of what the coalition does."""
    sides = [side(story, int(event[who])) for who in ("actor", "target")]
    known = [each for each in sides if each is not None]
    return max(known, key=_forward, default=Principal.COALITION)


def _forward(who: Principal) -> int:
    return STAND_BACK.index(who) if who in STAND_BACK else len(STAND_BACK)


def strikes(story: Any) -> np.ndarray:
    """The ground strikes among the events, in order."""
    return story.events[story.events["act"] == Act.STRIKE]


def strike_lines(story: Any) -> str:
    """A line for each strike: number, day, whom, killed; the first six."""
    struck = strikes(story)
    lines = [_strike_line(story, number, event) for number, event in enumerate(struck[:LISTED], 1)]
    more = [f"and {len(struck) - LISTED} more"] if len(struck) > LISTED else []
    return "\n".join(lines + more) or "none"


def _strike_line(story: Any, number: int, event: Any) -> str:
    whom = named(story.units[int(event["target"])]["name"])
    away = np.hypot(event["x_km"], event["y_km"])
    return f"{number}  day {event['minute'] / 1440:.1f}, {whom}, {away:.0f} km, {event['value']:.0f} killed"
