"""What plain runs see of a rare outcome, count by count, and beyond them the estimate of the method that was chosen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.config.settings import figure
from sim.study.estimate import Estimate, probability
from sim.study.rare import Found
from sim.study.rare_page import NAMES, told
from sim.study.summary import to_csv
from sim.view import style
from sim.view.report.outcomes import counted_in_words

WIDTH, HEIGHT = 7.2, 3.6  # inches
MOST_COUNTS = 40  # of the axis
MARGIN = 3.0  # factor that the axis reaches beyond what is drawn


def draw(found: Found, stem: Path) -> list[Path]:
    """Draw an answer; `stem` is the path without its ending.  Returns the paths written, numbers as CSV among them."""
    plain = plain_by_count(found)
    best = estimate_of(found)
    with style.sheet():
        drawn = style.figure(WIDTH, HEIGHT)
        axes = style.axes_in(drawn, 0.75, 0.95, WIDTH - 1.1, HEIGHT - 1.7)
        _plain(axes, plain)
        if best:
            _best(axes, found, best)
        _frame(axes, found, plain, best)
        days = figure(found.design.base.scenario.horizon_days)
        style.heading(
            drawn,
            f"How likely is it in {days} days: {counted_in_words(found.asked.column, found.asked.count)}?",
            _below(found),
        )
        style.footnote(drawn, _note(found))
        paths = style.save(drawn, stem)
    numbers = stem.with_name(f"{stem.name}.csv")
    numbers.write_bytes(to_csv(rows_of(found, plain, best)))
    return [*paths, numbers]


def plain_by_count(found: Found) -> dict[int, Estimate]:
    """The chance of at least 1, 2, ... as plain runs tell it, up to the count asked about."""
    column = found.results.outcomes[found.asked.column]
    counts = range(max(1, found.asked.count - MOST_COUNTS + 1), found.asked.count + 1)
    return {count: probability(int((column >= count).sum()), len(column)) for count in counts}


def estimate_of(found: Found) -> Estimate | None:
    """That of the method that was chosen; None for plain runs, and where it carries none."""
    if found.conditional and found.conditional.carried:
        return found.conditional.conditional
    if found.splitting and found.splitting.carried():
        return found.splitting.estimate
    return None


def rows_of(found: Found, plain: dict[int, Estimate], best: Estimate | None) -> list[dict[str, object]]:
    """What is drawn, a row an estimate; chances."""
    every = [("plain", count, one) for count, one in plain.items()]
    if best:
        every.append((found.method, found.asked.count, best))
    return [
        {"outcome": found.asked.column, "at_least": count, "method": method, **one._asdict()}
        for method, count, one in every
    ]


def _plain(axes: Axes, plain: dict[int, Estimate]) -> None:
    """Intervals of what was seen, open triangles at the bound of what was not."""
    seen = [(count, one) for count, one in plain.items() if one.events]
    for count, one in seen:
        axes.plot([count, count], [one.low, one.high], color=style.GREY, lw=1.1, zorder=2)
    if seen:
        axes.plot(
            *np.array([(count, one.estimate) for count, one in seen]).T,
            "o",
            color=style.GREY,
            zorder=3,
            label="plain runs",
        )
    none = [(count, one.high) for count, one in plain.items() if not one.events]
    if none:
        axes.plot(*np.array(none).T, "v", color=style.GREY, mfc="white", zorder=3, label="plain runs: never, at most")


def _best(axes: Axes, found: Found, best: Estimate) -> None:
    x = found.asked.count
    axes.plot([x, x], [best.low, best.high], color=style.VERMILLION, lw=2.0, zorder=4)
    axes.plot([x], [best.estimate], "D", color=style.VERMILLION, ms=5, zorder=5, label=NAMES[found.method])
    left = x > 1
    axes.annotate(
        told(best), (x, best.estimate), (-8 if left else 8, -9), textcoords="offset points", va="center",
        ha="right" if left else "left", color=style.VERMILLION,
    )  # fmt: skip


def _frame(axes: Axes, found: Found, plain: dict[int, Estimate], best: Estimate | None) -> None:
    axes.set_yscale("log")
    drawn = [one for one in plain.values() if one.events] + ([best] if best else [])
    bounds = [one.high for one in plain.values() if not one.events]
    lowest = min([one.low for one in drawn if one.low > 0] + bounds)
    axes.set_ylim(lowest / MARGIN, 1.5)
    axes.set_xlim(min(plain) - 0.6, max(plain) + 0.6)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.set_xlabel(f"at least so many ({found.asked.column})")
    axes.set_ylabel("chance (log scale)")
    axes.grid(axis="y", color=style.PALE, lw=0.5)
    axes.legend(loc="lower left", handlelength=1.2)


def _below(found: Found) -> str:
    n, seed = found.plain.n, found.design.points[0].seed
    return f"{NAMES[found.method]}: {found.why}; {n:,} plain runs, seed {seed}"


def _note(found: Found) -> str:
    how = ""
    if found.splitting:
        split = found.splitting
        how = f" {len(split.chances)} repetitions of {split.plan.paths:,} paths, work of {split.work:,.0f} runs;"
        how += f" {split.estimate.kind}." if split.carried() else " they carry no estimate, only a bound."
    elif found.conditional:
        how = f" Diamond: {found.conditional.conditional.kind}." if found.conditional.carried else ""
    return (
        f"n = {found.plain.n:,} plain runs; bars: 95 % Clopper-Pearson intervals, each by itself; open triangles: "
        f"one-sided 95 % upper bounds.{how} One history, a coarse model. Source: {found.results.folder.name}."
    )
