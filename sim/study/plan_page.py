"""A plan as text: costs first, then what the runs can show."""

from __future__ import annotations

import sys

from rich import box
from rich.console import Console
from rich.table import Table

from sim.study.pilot import Pilot
from sim.study.plan import Plan, Width
from sim.study.progress import duration
from sim.study.room import free_bytes, gigabytes

PIPED_WIDTH = 120


def render(plan: Plan) -> str:
    """The plan on one screen."""
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    with console.capture() as captured:
        for line in costs(plan):
            console.print(line, soft_wrap=True)
        console.print(_table(plan))
        for line in notes(plan):
            console.print(line, soft_wrap=True)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def costs(plan: Plan) -> list[str]:
    """What it takes, a line each."""
    points = "1 point" if plan.points == 1 else f"{plan.points:,} points"
    threads = "1 thread" if plan.threads == 1 else f"{plan.threads} threads"
    lines = [f"{points} x {plan.replications:,} replications = {plan.runs:,} runs", *_there(plan)]
    if plan.most_replications:
        lines += [f"            that is the first look; it may go on to {plan.most_replications:,} replications"]
    return [
        *lines,
        f"time        {duration(plan.wall_s)} on {threads}; {duration(plan.cpu_s)} of one processor; "
        "starting, summary and figures come on top",
        f"memory      {gigabytes(plan.memory_bytes)} at the peak while computing, however many runs",
        f"disk        {gigabytes(plan.disk_bytes)} of {gigabytes(free_bytes(plan.path))} free, for {plan.path}",
        f"pilot       {_pilot(plan.pilot)}",
    ]


def _there(plan: Plan) -> list[str]:
    if plan.there is None:
        return []
    rest = f"{plan.to_do:,} are still to be computed" if plan.to_do else "nothing is left to compute"
    return [f"there       {plan.path} holds {plan.there:,} runs of this question; {rest}"]


def _pilot(pilot: Pilot) -> str:
    spread = ""
    if pilot.points > 1:
        spread = (
            f"; from {1000 * pilot.cheapest_s:.2g} ms at the cheapest to {1000 * pilot.dearest_s:.2g} at the dearest"
        )
    failed = f"; {pilot.failed:,} of them failed" if pilot.failed else ""
    points = "1 point" if pilot.points == 1 else f"{pilot.points} points"
    return f"{pilot.runs:,} runs at {points}, {1000 * pilot.cpu_s:.2g} ms of a processor each{spread}{failed}"


def _table(plan: Plan) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("probability", "95 % interval at the\nexpected count", "half width\nto expect"):
        table.add_column(heading, justify="right")
    table.add_column("chance to see\nno event", justify="right")
    table.add_column("smallest rise seen\nbetween two points", justify="right")
    for width in plan.widths:
        table.add_row(*_row(width))
    return table


def _row(width: Width) -> list[str]:
    none = f"{100 * width.none:.0f} %" if width.none >= 0.005 else "< 1 %"
    rise = "none" if width.difference is None else f"+{width.difference:.2g}"
    return [f"{width.p:g}", f"{width.low:.2g} to {width.high:.2g}", f"{width.half_width:.2g}", none, rise]


def notes(plan: Plan) -> list[str]:
    """How these numbers are made."""
    return [
        f"Intervals: Clopper-Pearson, of one point's {plan.replications:,} runs.",
        "Smallest rise: power 80 %, two-sided 5 %, McNemar's test of paired runs (Connor 1987); their correlation is "
        f"taken to be {plan.correlation:.2f} ({plan.basis}, for {plan.outcome}).",
    ]
