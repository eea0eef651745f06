"""A red-line map as text: along lines of the second setting, where the chance lies below the bound, open, above."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from sim.config.settings import figure
from sim.study.discovery import Sample
from sim.study.discovery_page import CAVEAT, name_of, nowhere, number, sample_in_words, words_of
from sim.study.redline import FIRST
from sim.study.redline_map import FINE, Map

WIDTH = 130  # where no terminal sets it
LINES = 7  # of the second setting
VERDICTS = (-1, 0, 1)
MEANING = (
    "Kriging of the logit (a Gaussian process with binomial counts, Laplace's approximation: Rasmussen and Williams "
    "2006); further points where its interval reached farthest over the bound (Bryan et al. 2005).",
    "For certain: the 95 % interval of the surface lies on one side, each place by itself; its lengths and scale are "
    "taken as known. Where the chance jumps, a smooth surface is wrong close to the jump.",
)


def render(found: Map) -> str:
    """The whole answer."""
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = WIDTH
    with console.capture() as captured:
        for line in head(found):
            console.print(line)
        table = Table(box=box.SIMPLE_HEAD)
        for name in headings(found):
            table.add_column(name)
        for row in rows(found):
            table.add_row(*row)
        console.print(table)
        for line in (*MEANING, CAVEAT):
            console.print(line)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def sample_of(found: Map) -> Sample:
    """The points of a map as a sample."""
    columns = {key: found.values(found.x[:, axis], axis).tolist() for axis, key in enumerate(found.square.keys)}
    return Sample(columns, found.events, found.runs, found.bound)


def head(found: Map) -> Iterator[str]:
    """What was asked, of how many runs, and the answer in a sentence."""
    base, sample = found.square.base, sample_of(found)
    bound, days = f"{100 * found.bound:g} %", figure(base.scenario.horizon_days)
    yield (
        f"Where the chance of a {words_of(found.outcome)} in {days} days exceeds {bound} ({found.outcome}, method map)"
    )
    first = min(FIRST, len(sample.runs))
    more = f", the other {len(sample.runs) - first:,} where the bound was straddled" if len(sample.runs) > first else ""
    yield f"{sample_in_words(sample)}, the first {first} a Latin hypercube{more}; seed {base.seed}"
    if sample.interest.all() or not sample.interest.any():
        yield nowhere(sample)
    yield (
        f"{share(found, 1)} of the map lies above {bound} for certain, {share(found, -1)} below, and over "
        f"{share(found, 0)} it is open (95 %, each place by itself)"
    )


def share(found: Map, verdict: int) -> str:
    """The share of the map with a verdict."""
    return f"{100 * float((found.verdict == verdict).mean()):.0f} %"


def headings(found: Map) -> tuple[str, ...]:
    """Of the table."""
    first, second = map(name_of, found.square.keys)
    bound = f"{100 * found.bound:g} %"
    return (second, *(f"{first}\n{words}" for words in (f"below {bound}", "open", f"above {bound}")))


def rows(found: Map) -> Iterator[tuple[str, ...]]:
    """Lines across the map, the second setting rising."""
    for j in np.linspace(0, FINE - 1, LINES).round().astype(int):
        where = float(found.values(np.array((j + 0.5) / FINE), 1))
        yield (number(where, found.square.ends[1]), *(_reaches(found, found.verdict[:, j] == v) for v in VERDICTS))


def _reaches(found: Map, where: np.ndarray) -> str:
    """The stretches of the first setting along a line: '20.0 to 31.5, 60.2 to 70.0'."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], where.astype(int), [0]])))
    ends = found.values(edges / FINE, 0)
    told = [number(float(end), found.square.ends[0]) for end in ends]
    return ", ".join(f"{low} to {high}" for low, high in zip(told[::2], told[1::2], strict=True))
