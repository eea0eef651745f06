"""What one run amounts to, in the words of the tables, and how its strikes on the map are counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.rules.names import Principal
from sim.rules.outcome import Happening
from sim.run.words import PROPER, capital
from sim.study.table import MAIN
from sim.view import meanings

HAPPENINGS = [happening.name.lower() for happening in Happening]


def in_words(outcome: Any) -> Iterator[str]:
    """What happened, how often and when first; entries; the dead; the nearest approach: a sentence each.

    `outcome` is a row of outcomes.  What only says more of another happening, as by whom or where, is left out.
    """
    for name in HAPPENINGS:
        if outcome[name] and (name in MAIN or not _part_of_another(name)):
            yield _happened(outcome, name)
    yield f"{outcome['launches']} units left base; {outcome['entries']} entries, {outcome['entries_struck']} struck."
    yield f"Killed: {_killed(outcome) or 'nobody'}."
    if outcome["closest_km"] >= 0:
        yield f"Closest to the garrison: {outcome['closest_km']:.0f} km."


def name_of(happening: str) -> str:
    """A happening in a word or two where tables have one, else in a sentence's part."""
    return MAIN[happening].replace("\n", " ") if happening in MAIN else meanings.HAPPENINGS[happening]


def counted_in_words(column: str, count: int) -> str:
    """An outcome that is to come so often at least: "US-Russia air combat", "ground strike, at least 12 in a run"."""
    happening = column.removesuffix("_count")
    name = name_of(happening) if happening in HAPPENINGS else column.replace("_", " ")
    return name if count == 1 else f"{name}, at least {count} in a run"


def strikes_in_words(shown: int, counted: int) -> str:
    """How many strikes a map shows, and where they differ how many of them outcomes count."""
    told = f"strikes are numbered in order, {shown} in all"
    if shown == counted:
        return f"{told}."
    return f"{told}; a group struck again within six hours counts once, which makes {counted} in the list above."


def _part_of_another(name: str) -> bool:
    return any(name.startswith(f"{other}_") for other in HAPPENINGS)


def _happened(outcome: Any, name: str) -> str:
    days, count = outcome[f"{name}_first_min"] / 1440.0, outcome[f"{name}_count"]
    often = "once" if count == 1 else f"{'twice' if count == 2 else f'{count} times'}, first"
    return f"{capital(name_of(name))}: {often} after {days:.1f} days."


def _killed(outcome: Any) -> str:
    killed = {who.name.lower(): int(outcome[f"killed_{who.name.lower()}"]) for who in Principal}
    return ", ".join(f"{count} {PROPER.get(who, who)}" for who, count in killed.items() if count)
