"""A comparison as text: the table of differences, then the twin, both histories side by side."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from sim.config.settings import declared, figure
from sim.rules.draws import Draw
from sim.run.causes import Chronicle
from sim.run.explanation import OPTION_NAMES
from sim.run.story import Story
from sim.run.words import capital
from sim.study.compare import Comparison, in_words, numbers
from sim.study.differences import Difference, runs_for_few, verdict
from sim.study.table import MAIN
from sim.study.twin import TOLD_SETTINGS, Choice, Twin

WIDTH = 150  # where no terminal sets it
MOST_SETTINGS, MOST_EVENTS = 8, 10  # settings that are named, and events told after the histories part
CAVEAT = "One history and a coarse model: the differences are the model's, and its account of causes too."


def render(found: Comparison) -> str:
    """The whole answer."""
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = WIDTH
    with console.capture() as captured:
        for line in arms_in_words(found):
            console.print(line)
        console.print(_table(found))
        for line in caption(found):
            console.print(line)
        console.print()
        for part in _twin(found):
            console.print(part)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def arms_in_words(found: Comparison) -> Iterator[str]:
    """What both arms set, and how many pairs of runs there are."""
    for name, point in zip("ab", found.design.points, strict=True):
        told = ", ".join(map(labelled, point.labels, point.labels.values()))
        yield f"{name}: {told}"
    seed = found.design.points[0].seed
    days = figure(found.design.base.scenario.horizon_days)
    runs = in_words(found.pairs, found.left_out)
    yield f"{runs} of {days} day{'' if days == '1' else 's'}, the same luck on both sides (seed {seed})"


def labelled(key: str, value: Any) -> str:
    """A setting of an arm: 'roe.zone_radius_km=55 km'."""
    unit = declared()[key].unit if key in declared() else ""
    return f"{key}={_written(value)}" + (f" {unit}" if unit and not isinstance(value, bool | str) else "")


def _table(found: Comparison) -> Table:
    """A row an outcome, in per cent of runs."""
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("% of runs with", "a", "b", "b - a [95 %]", "pairs that\ndiffer", "variance\nsaved", "verdict"):
        table.add_column(heading, justify="left" if heading in ("% of runs with", "verdict") else "right")
    for name, row in found.differences.items():
        words = MAIN.get(name, name).replace("\n", " ")
        table.add_row(words, *cells(row), verdict(row, found.design.base.margin))
    return table


def cells(found: Difference) -> tuple[str, ...]:
    """Chances of both arms, difference with its interval, pairs that differ, variance saved."""
    digits = digits_of(found)
    a, b, low, high = (f"{100 * value:.{digits}f}" for value in (*found.chances, found.low, found.high))
    middle = "within" if found.bound else f"{100 * found.difference:+.{digits}f}"
    gain = "-" if math.isnan(found.gain) else f"{found.gain:.1f} x"
    return a, b, f"{middle} [{low}, {high}]", f"{found.differing:,}", gain


def digits_of(found: Difference) -> int:
    """Decimals of a per cent that the interval bears."""
    width = 100 * (found.high - found.low)
    return max(1, min(6, 1 - math.floor(math.log10(width)))) if width > 0 else 1


def caption(found: Comparison) -> Iterator[str]:
    """What the columns mean."""
    yield (
        "b - a: difference in percentage points with its 95 % interval for paired proportions (Zou and Donner 2008), "
        f"each row by itself, {len(found.differences)} rows; "
        '"within": fewer than five events in an arm, only how far apart two exact intervals allow.'
    )
    yield (
        f"Does not matter: the 90 % interval lies within {100 * found.design.base.margin:g} points (two one-sided "
        "tests at 5 %; margin=). Variance saved: unpaired over paired variance of the difference."
    )
    few = [(MAIN.get(name, name), runs_for_few(row)) for name, row in found.differences.items() if row.bound]
    if told := [f"{words.replace(chr(10), ' ')} {runs:,}" for words, runs in few if runs]:
        yield f"Pairs for five events in each arm: {', '.join(told)}."
    yield CAVEAT


def _twin(found: Comparison) -> Iterator[Any]:
    told = found.twin
    if told is None:
        yield "No pair differs in any outcome, to the last bit."
        return
    words, name = MAIN.get(found.outcome, found.outcome).replace("\n", " "), found.results.folder
    seen = [bool(story.outcome[found.outcome]) for story in told.stories]
    first, second = numbers(found.design, found.results)
    what = f"{words} in {' and '.join(arm for arm, here in zip('ab', seen, strict=True) if here) or 'neither'}"
    yield f"The twin: replication {told.replication} in both arms ({what})"
    yield f"  whole: tanf replay {name} {first}:{told.replication}   tanf replay {name} {second}:{told.replication}"
    if told.first is None:
        yield "Both histories are the same, event by event, to the last bit."
        return
    yield from parting(told)
    yield _side_by_side(told)


def parting(told: Twin) -> Iterator[str]:
    """Where and why the histories part, in lines."""
    assert told.first is not None
    chronicles = [Chronicle.of(story.scenario, story.events) for story in told.stories]
    alike = "1 event is" if told.first == 1 else f"{told.first:,} events are"
    yield f"{alike} the same in both; then they part:"
    for name, chronicle, story in zip("ab", chronicles, told.stories, strict=True):
        yield f"  {name}: {_event(chronicle, story, told.first)}"
    yield from _settings(told)
    for name, choice in zip("ab", told.choices, strict=True):
        if choice:
            yield f"  {name}'s choice of {_choice(choice)}"
    yield f"  written by {' or '.join(told.modules)}"


def _event(chronicle: Chronicle, story: Story, number: int) -> str:
    if number >= len(story.events):
        return "nothing more happens"
    return f"{chronicle.when(number)} {chronicle.sentence(number)}"


def _settings(told: Twin) -> Iterator[str]:
    """What differs, what of it is enough by itself."""
    if told.alone:
        values = {key: (a, b) for key, a, b in told.settings}
        enough = ", ".join(f"{key} {_written(values[key][0])} -> {_written(values[key][1])}" for key in told.alone)
        others = len(told.settings) - len(told.alone)
        yield f"  enough for it by itself: {enough} (settings that differ besides: {others or 'none'})"
        return
    few = [f"{key} {_written(a)} -> {_written(b)}" for key, a, b in told.settings[:MOST_SETTINGS]]
    more = len(told.settings) - len(few)
    tried = "no setting" if len(told.settings) <= TOLD_SETTINGS else f"none of the first {TOLD_SETTINGS} settings"
    yield f"  {tried} is enough by itself; what differs: {', '.join(few)}" + (f" and {more} more" if more else "")


def _choice(choice: Choice) -> str:
    names = OPTION_NAMES[Draw[choice.about.upper()]]
    chances = ", ".join(f"{name} {chance:.3f}" for name, chance in zip(names, choice.chances, strict=False))
    return f"{choice.about.replace('_', ' ')}: {chances}; the draw {choice.draw:.3f} fell on {names[choice.chosen]}"


def _side_by_side(told: Twin) -> Table:
    """The next events of both histories in order of time, a column an arm."""
    assert told.first is not None
    table = Table(box=box.SIMPLE_HEAD)
    for name in "ab":
        table.add_column(f"{name}, from there", ratio=1)
    columns = [next_events(story, told.first) for story in told.stories]
    for row in range(max(map(len, columns))):
        table.add_row(*(column[row] if row < len(column) else "" for column in columns))
    return table


def next_events(story: Story, first: int) -> list[str]:
    """The next events of a history in order of time, from the one with this number on."""
    chronicle = Chronicle.of(story.scenario, story.events)
    numbers = first + np.argsort(story.events["minute"][first:], kind="stable")
    told = [f"{chronicle.when(k)} {capital(chronicle.sentence(int(k)))}" for k in numbers]
    return told[:MOST_EVENTS] or ["nothing more happens"]


def _written(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).lower() if isinstance(value, bool) else str(value)
