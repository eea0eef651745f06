"""A discovery as text: the box, a row a limit, and how well it holds on points that it was not found on."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from sim.config.settings import declared, figure
from sim.study.discovery import Counted, Finding, Sample
from sim.study.estimate import LEVEL, clopper_pearson
from sim.study.table import MAIN as WORDS

WIDTH = 130  # where no terminal sets it
CAVEAT = "One history and a coarse model: a box of settings of the model, over these intervals, and no forecast."
HEADINGS = ("input", "over", "in the box", "quasi-p, lower end", "quasi-p, upper end")
MEANING = (
    "PRIM (patient rule induction, Friedman and Fisher 1999; ema-workbench). Density: share of the points in the box "
    "at which the share of runs exceeds the bound; coverage: share of all such points that lie in it. Chosen: the box "
    "with the highest harmonic mean of both, or one with fewer limits within 1 %.",
    "[95 %]: Clopper-Pearson, of points as they were drawn. On the points that it was found on a box looks better than "
    "it is; trust the line of the points not used (found on one half, counted on the other, both ways).",
    "quasi-p: chance of so dense a box, were that end free (Bryant and Lempert 2010); it takes the other ends as given "
    "and the search as none, so that small values are common.",
)
ALIKE = "All points share their luck: their errors are alike, and the intervals too narrow."


def render(found: Finding) -> str:
    """The whole answer."""
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = WIDTH
    with console.capture() as captured:
        for line in head(found):
            console.print(line)
        if found.boxes:
            console.print(_table(found))
            for line in caption(found):
                console.print(line)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def head(found: Finding) -> Iterator[str]:
    """What was asked, of how many runs, and the answer in a sentence or three."""
    sample, base = found.sample, found.design.base
    bound = f"{100 * sample.bound:g} %"
    yield f"Where the chance of a {words_of(found.outcome)} in {days_of(found)} days exceeds {bound} ({found.outcome})"
    told = int(sample.told.sum())
    yield (
        f"{sample_in_words(sample)}; seed {base.seed}; at {int(sample.interest.sum()):,} points the share exceeds "
        f"{bound}; {told:,} of {len(sample.runs):,} points are told from {bound} for certain (95 %, each by itself)"
    )
    if not found.boxes:
        yield nowhere(sample)
        return
    yield f"in the box, points it was found on: {in_words(found.path[found.chosen])}"
    density, coverage = found.expected
    yield f"the same, each point by its chance of lying above: density {density:.2f}, coverage {coverage:.2f}"
    if found.check:
        yield f"points it was not found on: {in_words(found.check)}"
    else:
        yield "not checked on other points: half of these hold fewer than five cases; give more samples"


def words_of(outcome: str) -> str:
    """An outcome in plain words."""
    return WORDS.get(outcome, outcome.replace("_", " ")).replace("\n", " ")


def days_of(found: Finding) -> str:
    """The horizon of the runs."""
    settings = found.results.settings
    return figure(float(settings.get("scenario.horizon_days", found.design.base.scenario.horizon_days)))


def sample_in_words(sample: Sample) -> str:
    """'512 points x 20 runs = 10,240 runs'."""
    low, high, all_of_them = int(sample.runs.min()), int(sample.runs.max()), int(sample.runs.sum())
    each = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return f"{len(sample.runs):,} points x {each} replications = {all_of_them:,} runs"


def in_words(held: Counted) -> str:
    """Density and coverage with their intervals and counts."""
    density, coverage = (f"{middle:.2f} [{low:.2f}, {high:.2f}]" for middle, low, high in (held.density, held.coverage))
    return f"density {density} ({held.hits:,} of {held.points:,}), coverage {coverage} (of {held.interest:,})"


def nowhere(sample: Sample) -> str:
    """That the bound is exceeded nowhere, or everywhere, with the point that comes nearest."""
    everywhere = bool(sample.interest.all())
    which = int(np.argmin(sample.share) if everywhere else np.argmax(sample.share))
    level = 1 - (1 - LEVEL) / len(sample.runs)  # one of many points, chosen by what it shows
    low, high = clopper_pearson(sample.events[which], sample.runs[which], level)
    there = f"{sample.share[which]:.2f} [{float(low):.2f}, {float(high):.2f}]"
    return (
        f"P exceeds {sample.bound:g} {'everywhere' if everywhere else 'nowhere'} in this sample; "
        f"{'least' if everywhere else 'largest'} {there} (95 %, all points at once)"
    )


def _table(found: Finding) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for number, name in enumerate(HEADINGS):
        table.add_column(name, justify="left" if number < 3 else "right")
    for row in rows(found):
        table.add_row(*row)
    return table


def rows(found: Finding) -> Iterator[tuple[str, ...]]:
    """Every input: what it was varied over, its limits in the box, their quasi-p values; limited ones first."""
    for key in sorted(found.sample.columns, key=lambda key: key not in found.box.limits):
        yield (name_of(key), reach_of(found.sample, key), limit_of(found, key), *surely_of(found, key))


def name_of(key: str) -> str:
    """An input with its unit."""
    unit = declared()[key].unit if key in declared() else ""
    return f"{key} ({unit})" if unit and unit not in ("true/false", "word") else key


def reach_of(sample: Sample, key: str) -> str:
    """What an input was varied over: '20 to 70', or its words."""
    values = sample.columns[key]
    if isinstance(values[0], bool | str):
        return _words(set(values))
    return f"{number(min(values), values)} to {number(max(values), values)}"


def limit_of(found: Finding, key: str) -> str:
    """What the box keeps of an input: 'at most 1.12', '30 to 50', words, or 'any'."""
    kept = found.box.limits.get(key)
    if kept is None:
        return "any"
    if isinstance(kept, frozenset):
        return _words(kept)
    values = found.sample.columns[key]
    low, high = (number(end, values) for end in kept)
    if kept[0] <= min(values):
        return f"at most {high}"
    return f"at least {low}" if kept[1] >= max(values) else f"{low} to {high}"


def surely_of(found: Finding, key: str) -> tuple[str, str]:
    """The quasi-p values of both ends, empty where an end is free."""
    low, high = found.box.quasi_p.get(key, (np.nan, np.nan))
    return _quasi_p(low), _quasi_p(high)


def _quasi_p(p: float) -> str:
    return "" if np.isnan(p) else "<0.001" if p < 0.001 else f"{p:.3f}"


def number(value: float, values: Sequence[Any]) -> str:
    """A value on an input as closely as matters over all its values: 43.1 of 20 to 70, 0.51 of 0 to 1."""
    digits = 2 - math.floor(math.log10(1.05 * (max(values) - min(values))))
    return f"{value:,.{max(digits, 0)}f}"


def _words(values: set | frozenset) -> str:
    return ", ".join(sorted(str(value).lower() if isinstance(value, bool) else value for value in values))


def caption(found: Finding) -> Iterator[str]:
    """What the columns mean."""
    yield from MEANING
    if found.design.base.common_seeds:
        yield ALIKE
    yield CAVEAT
