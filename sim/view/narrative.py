"""A run as a story: its events day by day, what they amount to, and what led to the worst of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any

import numpy as np

from sim.rules.names import Act, Principal
from sim.rules.outcome import Happening
from sim.run.causes import Chronicle
from sim.run.words import capital
from sim.view.telling import identity
from sim.view.worst import alike, dead, worst_moment


def lines(story: Any) -> Iterator[str]:
    """A `sim.run.story.Story` to be read from top to bottom; the last part is what one looks at first."""
    chronicle = Chronicle.of(story.scenario, story.events)
    yield identity(story)
    yield ""
    yield from day_by_day(chronicle)
    yield ""
    yield "What it amounts to"
    yield from (f"  {line}" for line in amounts_to(story.outcome))
    yield f"  {roots(story.events)}"
    yield ""
    yield from worst(chronicle)


def day_by_day(chronicle: Chronicle) -> Iterator[str]:
    """Every event under its day, in order of time: number, local time, what happened, which event it follows from.

    Events without "because of" follow from no earlier one.  Days on which nothing happened are left out.
    """
    if not len(chronicle.events):
        yield "Nothing happened."
    order = np.argsort(chronicle.events["minute"], kind="stable")
    for day, numbers in groupby(order, lambda number: _date(chronicle, number)):
        yield f"Day {(day - chronicle.begin.date()).days + 1}, {day:%A} {day.day} {day:%B}"
        yield from (_line(chronicle, int(number)) for number in numbers)


def _date(chronicle: Chronicle, number: int) -> Any:
    return (chronicle.begin + timedelta(minutes=float(chronicle.events[number]["minute"]))).date()


def _line(chronicle: Chronicle, number: int) -> str:
    cause = chronicle.events[number]["cause"]
    because = "" if cause < 0 else f"  (because of {cause})"
    time = chronicle.when(number).split()[-1]
    return f"{number:5}  {time}  {capital(chronicle.sentence(number))}.{because}"


def roots(events: np.ndarray) -> str:
    """How many events follow from no earlier one, and which acts these are."""
    acts = Counter(Act(int(event["act"])) for event in events if event["cause"] < 0)
    which = ", ".join(f"{act.name.lower().replace('_', ' ')} {count}" for act, count in acts.most_common())
    return f"events: {len(events)}; following from no earlier one: {which or 'none'}"


def worst(chronicle: Chronicle) -> Iterator[str]:
    """The worst moment and the chain of causes that led to it, root first."""
    found = worst_moment(chronicle.events)
    if found is None:
        yield "No worst moment: nobody was seen, called about, warned, intercepted or struck."
        return
    number, rank = found
    count = alike(chronicle.events, rank)
    killed = dead(chronicle.events[number])
    among = f", of {count} {'the deadliest' if killed else 'the first'}" if count > 1 else ""
    yield f"What led to the worst moment: {rank.words}{f', {killed} killed' if killed else ''}{among} (event {number})"
    yield from chronicle.chain_lines(number)


def amounts_to(outcome: Any) -> list[str]:
    """What one outcome row says: what happened, how often and when first; entries; the dead; the nearest approach."""
    names = [happening.name.lower() for happening in Happening]
    return [
        *(_happened(outcome, name) for name in names if outcome[name]),
        f"launches: {outcome['launches']}; entries: {outcome['entries']}, struck: {outcome['entries_struck']}",
        f"killed: {_killed(outcome) or 'nobody'}",
        *([f"closest to the garrison: {outcome['closest_km']:.0f} km"] if outcome["closest_km"] >= 0 else []),
    ]


def _happened(outcome: Any, name: str) -> str:
    days = outcome[f"{name}_first_min"] / 1440.0
    return f"{name.replace('_', ' ')}: {outcome[f'{name}_count']}, first after {days:.1f} days"


def _killed(outcome: Any) -> str:
    killed = {who.name.lower(): int(outcome[f"killed_{who.name.lower()}"]) for who in Principal}
    return ", ".join(f"{count} {who}" for who, count in killed.items() if count)
