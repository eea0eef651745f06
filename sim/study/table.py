"""The answer on one screen: a row for each point, a column for each main type of clash."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from sim.results import Results
from sim.study.estimate import UPPER_BOUND, upper_bound
from sim.study.intervals import KINDS, retold, runs_to_see_one

MAIN = {
    "strike_ground": "ground\nstrike",
    "attack_on_coalition": "attack on\ncoalition",
    "coalition_regime_exchange": "exchange\nwith regime",
    "coalition_militia_exchange": "exchange\nwith militia",
    "coalition_hezbollah_exchange": "exchange with\nHezbollah",
    "misidentified_strike": "mistaken\nstrike",
    "drone_shootdown": "drone\nshot down",
    "strike_on_partner": "air strike\non partner",
    "partner_militia": "partner\nground combat",
    "isis_attack": "attack\nby ISIS",
    "us_russia_air": "US-Russia\nair combat",
    "serious_episode": "serious\nepisode",
    "general_escalation": "general\nescalation",
}
Rows = Sequence[dict[str, Any]]  # of a summary
SHOWN_POINTS = 60  # rows of the table; the others are in summary.csv
CAVEAT = (
    "One history and a coarse model: an interval holds the luck of the draw, nothing of what is unknown of the world."
)
PIPED_WIDTH = 360  # wide enough for every column where no terminal sets the width


def render(results: Results, kind: str = "clopper_pearson", *, together: bool = False) -> str:
    """The probability of each main type of clash at each point, in per cent with its interval, as text.

    `kind` is one of `sim.study.intervals.KINDS`; with `together` the intervals of a column hold all at once.  As wide
    as the terminal, in several tables if need be; one wide table for a pipe or a file.
    """
    rows = retold(results.summary, kind, len(results.design) if together else 1)
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    with console.capture() as captured:
        console.print("Per cent of runs with at least one")
        for part in _fitting(results, rows, console):
            console.print(part)
        if len(results.design) > SHOWN_POINTS:
            console.print(f"and {len(results.design) - SHOWN_POINTS:,} points more, in summary.csv\n")
        console.print(caption(results, KINDS[kind][0], together=together))
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _fitting(results: Results, rows: Rows, console: Console) -> list[Table]:
    """As few tables as the width allows."""
    names, unbounded = list(MAIN), console.options.update(max_width=10_000)
    for count in range(1, len(names) + 1):
        edges = [k * len(names) // count for k in range(count + 1)]
        tables = [_table(results, rows, names[a:b]) for a, b in itertools.pairwise(edges)]
        if all(console.measure(table, options=unbounded).maximum <= console.width for table in tables):
            break
    return tables


def _table(results: Results, rows: Rows, outcomes: Sequence[str]) -> Table:
    """A row for each point: its place on the axes, then these outcomes."""
    estimates = {(row["point"], row["outcome"]): row for row in rows}
    table, places = Table(box=box.SIMPLE_HEAD), results.axes or ["point"]
    for heading in (*places, *(MAIN[outcome] for outcome in outcomes)):
        table.add_column(heading, justify="right")
    for point in results.design[:SHOWN_POINTS]:
        place = [written(point[axis]) for axis in places]
        table.add_row(*place, *(percent(estimates[point["point"], outcome]) for outcome in outcomes))
    return table


def caption(results: Results, kind: str, *, together: bool) -> str:
    """n, the kind of interval, and what it would take to see what was not seen."""
    fewest, most = run_counts(results)
    runs = f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"
    held = f", those of a column all together ({len(results.design)} points, Bonferroni)" if together else ""
    return (
        f"{runs} runs a point, seed {results.settings['seed']}; "
        f"[low, high]: 95 % {kind} interval{held}; <: never seen, one-sided 95 % upper bound"
        f"{_to_see_one(fewest)}\n{CAVEAT}"
    )


def _to_see_one(runs: int) -> str:
    """What it would take to see what was not seen, were it a tenth as likely as its bound allows."""
    if not runs:
        return ""
    needed = runs_to_see_one(upper_bound(runs) / 10)
    return f" (were it a tenth as likely as that, {needed:,} runs would show one in 95 of 100 studies)"


def run_counts(results: Results) -> tuple[int, int]:
    """The fewest and the most runs of any point (they differ where runs have failed)."""
    counts = [row["n"] for row in results.summary if row["outcome"] in MAIN]
    return min(counts), max(counts)


def written(value: Any) -> str:
    """A value of an axis as text: "55", "restrictive"."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def percent(row: dict[str, Any]) -> str:
    """An estimated probability as "12.3 [10.9, 13.8]", with as many digits as its interval bears."""
    if not row["n"]:
        return "no runs"
    if row["kind"] == UPPER_BOUND:
        return f"< {_rounded_up(100 * row['high'])}"
    if row["low"] is None:  # the mean of one run has no interval
        return f"{100 * row['estimate']:.2g}"
    width = 100 * (row["high"] - row["low"])
    if not width > 0:  # the mean of one run, or of runs that are all alike
        return f"{100 * row['estimate']:.2g}"
    digits = max(0, 1 - math.floor(math.log10(width)))
    low = max(0.0, row["low"])  # a t interval may reach below what can be
    return f"{100 * row['estimate']:.{digits}f} [{100 * low:.{digits}f}, {100 * row['high']:.{digits}f}]"


def _rounded_up(value: float) -> str:
    """Two significant digits, never below the value: a bound must not be rounded away."""
    digits = max(0, 1 - math.floor(math.log10(value)))
    return f"{math.ceil(value * 10**digits) / 10**digits:.{digits}f}"
