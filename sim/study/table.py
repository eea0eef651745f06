"""The answer on one screen: a row for each point, a column for each main type of clash."""

from __future__ import annotations

import math
import sys
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from sim.results import Results
from sim.study.estimate import UPPER_BOUND

MAIN = {
    "strike_ground": "ground strike",
    "attack_on_coalition": "attack on coalition",
    "coalition_regime_exchange": "exchange with regime",
    "coalition_militia_exchange": "exchange with militia",
    "coalition_hezbollah_exchange": "exchange with Hezbollah",
    "us_russia_air": "US-Russia air combat",
    "serious_episode": "serious episode",
}
PIPED_WIDTH = 240  # wide enough for every column where no terminal sets the width


def render(results: Results) -> str:
    """The probability of each main type of clash at each point, in per cent with its interval, as text.

    As wide as the terminal; wide enough for every column where the text goes to a pipe or a file.
    """
    estimates = {(row["point"], row["outcome"]): row for row in results.summary}
    table = Table(title="Per cent of runs with at least one", title_justify="left", box=box.SIMPLE_HEAD)
    table.caption, table.caption_justify = _caption(results), "left"
    places = results.axes or ["point"]
    for heading in (*places, *MAIN.values()):
        table.add_column(heading, justify="right", vertical="bottom")
    for point in results.design:
        place = [_written(point[axis]) for axis in places]
        table.add_row(*place, *(percent(estimates[point["point"], outcome]) for outcome in MAIN))
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    with console.capture() as captured:
        console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _caption(results: Results) -> str:
    fewest, most = _run_counts(results)
    runs = f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"
    return f"{runs} runs a point; [low, high]: 95 % Clopper-Pearson interval; <: never seen, one-sided 95 % upper bound"


def _run_counts(results: Results) -> tuple[int, int]:
    """The fewest and the most runs of any point (they differ where runs have failed)."""
    counts = [row["n"] for row in results.summary if row["outcome"] in MAIN]
    return min(counts), max(counts)


def _written(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def percent(row: dict[str, Any]) -> str:
    """An estimated probability as "12.3 [10.9, 13.8]", with as many digits as its interval bears."""
    if not row["n"]:
        return "no runs"
    if row["kind"] == UPPER_BOUND:
        return f"< {_rounded_up(100 * row['high'])}"
    width = 100 * (row["high"] - row["low"])
    digits = max(0, 1 - math.floor(math.log10(width)))
    return f"{100 * row['estimate']:.{digits}f} [{100 * row['low']:.{digits}f}, {100 * row['high']:.{digits}f}]"


def _rounded_up(value: float) -> str:
    """Two significant digits, never below the value: a bound must not be rounded away."""
    digits = max(0, 1 - math.floor(math.log10(value)))
    return f"{math.ceil(value * 10**digits) / 10**digits:.{digits}f}"
