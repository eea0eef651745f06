"""A sensitivity analysis as text: a row an input, the one that matters most first, the dummy last."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from sim.config.settings import declared, figure
from sim.study.luck import DEALS
from sim.study.sensitivity import MAIN, WHY_LEFT_OUT, Finding
from sim.study.table import MAIN as WORDS

WIDTH = 150  # where no terminal sets it
CAVEAT = "One history and a coarse model: what matters here matters in the model, over these intervals."
HEADINGS = {
    "first": "alone\n(first order)",
    "total": "alone and with\nothers (total)",
    "mu*": "mean absolute effect\n(mu*), points",
    "sigma": "its spread\n(sigma), points",
    "median": "distance, median\nof slices",
    "largest": "distance, largest\nof slices",
}
SCALE = {"mu*": 100.0, "sigma": 100.0}  # effects are told in percentage points
MEANING = {
    "sobol": "Sobol' indices: shares of the variance of the chance between points. First order: what the input explains"
    " alone; total: with what it does together with others.",
    "morris": "Elementary effects (Morris): change of the chance per whole width of the input, or from one word to "
    "another. sigma is large where it hangs on the other inputs or is no straight line; luck is taken out of sigma, "
    "not of mu*.",
    "pawn": "PAWN: distance (Kolmogorov-Smirnov) between the shares at the points in a slice of the input and at all "
    "points; of few points it lies high.",
}
INTERVAL = {
    "sobol": "[95 %]: bootstraps (Bayesian) of rows and of replications, added in squares: rather too wide than too "
    "narrow. Luck is taken out: only products of different replications count.",
    "morris": "[95 %]: bootstraps (Bayesian) of trajectories and of replications, added in squares.",
    "pawn": "[95 %]: bootstrap of points (Bayesian).",
}
OF_WHAT = {"sobol": "", "morris": "of the mean square of effects, luck taken out, ", "pawn": ""}
FLOOR = {
    "sobol": "an input that enters no setting and changes nothing but the luck",
    "morris": "an input that enters no setting and changes nothing but the luck",
    "pawn": "an input whose values are dealt out anew, each held against its own, the one shown reaching highest",
}


def render(found: Finding) -> str:
    """The whole answer."""
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = WIDTH
    with console.capture() as captured:
        for line in head(found):
            console.print(line)
        console.print(_table(found))
        for line in caption(found):
            console.print(line)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def sample_in_words(found: Finding) -> str:
    """'128 rows, 1,024 points x 20 replications = 20,480 runs'."""
    noun = {"sobol": "rows", "morris": "trajectories", "pawn": "points"}[found.study.method]
    points = len(found.study.design.points)
    used = found.rows if found.study.method == "pawn" else points
    rows = "" if found.rows == points else f"{found.rows:,} of "
    rows = rows if found.study.method == "pawn" else f"{found.rows:,} {noun}, "
    return f"{rows}{points:,} points x {found.replications:,} replications = {used * found.replications:,} runs"


def head(found: Finding) -> Iterator[str]:
    """What was asked, and of how many runs."""
    words = WORDS.get(found.outcome, found.outcome.replace("_", " ")).replace("\n", " ")
    base = found.study.design.base
    days = figure(base.scenario.horizon_days)
    yield f"What the chance of a {words} in {days} days hangs on ({found.outcome}, method {found.study.method})"
    yield f"{sample_in_words(found)}; {found.events:,} with the outcome; seed {base.seed}"
    if found.spread:
        middle, low, high, noise = found.spread
        yield (
            f"between points the chance has a standard deviation of {100 * middle:.1f} points "
            f"[{100 * low:.1f}, {100 * high:.1f}]; {max(noise, 0.0):.0%} of the variance of the shares was luck"
        )


def _table(found: Finding) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("input")
    table.add_column("over")
    for name in found.measures:
        table.add_column(HEADINGS[name], justify="right")
    table.add_column("against the dummy")
    for row in found.order:
        table.add_row(*row_in_words(found, row), against_dummy(found, row))
    table.add_row(
        *row_in_words(found, -1), f"the floor: {number(found.floor * SCALE.get(MAIN[found.study.method], 1.0))}"
    )
    return table


def row_in_words(found: Finding, row: int) -> Iterator[str]:
    """An input, what it was varied over, both measures with their intervals; -1 is the dummy."""
    yield name_of(found, row)
    yield "" if row == -1 else reach_of(found, found.study.inputs[row])
    for name, rows in found.measures.items():
        estimate, low, high = (number(value * SCALE.get(name, 1.0)) for value in rows[row])
        yield f"{estimate} [{low}, {high}]"


def number(value: float) -> str:
    """Two or three digits: 0.43, 12.5, 0.00."""
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}".replace("-0.00", "0.00")


def name_of(found: Finding, row: int) -> str:
    """An input with its unit."""
    if row == -1:
        return "dummy"
    key = found.study.inputs[row]
    unit = declared()[key].unit if key in declared() else ""
    return f"{key} ({unit})" if unit and unit not in ("true/false", "word") else key


def reach_of(found: Finding, key: str) -> str:
    """What an input was varied over: '20 to 55', or its words."""
    values = list(dict.fromkeys(found.study.column(key)))
    if isinstance(values[0], bool | str):
        return ", ".join(str(value).lower() if isinstance(value, bool) else value for value in values)
    axes = dict(axis.split("=", 1) for axis in found.study.design.base.axes)
    if axes.get(key, "").startswith("interval("):
        low, high = axes[key].removeprefix("interval(").rstrip(")").split(",")
        return f"{low.strip()} to {high.strip()}"
    numbers = np.array(values, float)
    return f"{numbers.min():.3g} to {numbers.max():.3g}"


def against_dummy(found: Finding, row: int) -> str:
    """Whether an input is told from one that does nothing."""
    if found.main[row, 0] <= found.floors[row]:
        return "not told from nothing"
    return "above" if found.lows[row] > 0 else "open"


def caption(found: Finding) -> Iterator[str]:
    """What the columns mean."""
    method = found.study.method
    yield MEANING[method]
    yield f"{INTERVAL[method]} Each row by itself, {len(found.study.inputs)} inputs."
    yield f"dummy: {FLOOR[method]}; mean of {DEALS} of them and what 95 of 100 lie between."
    yield (
        f"Above: over what 97.5 of 100 dummies reach, and the interval {OF_WHAT[method]}leaves 0 out; open: only the "
        "former. More samples and replications tell more."
    )
    if found.left_out:
        yield f"Used: {found.rows:,} of {found.rows + found.left_out:,}; {WHY_LEFT_OUT[method]}."
    yield CAVEAT
