"""A sweep that goes on until one outcome is known closely enough at every point.

It looks at fixed numbers of replications, each a quarter more than the last, and only when all of them are there: so
where it stops hangs on the outcomes and on nothing else, neither threads nor chunks nor interruptions.  The interval
is that of a confidence sequence, which holds at all looks together; one made for a single look would not.
"""

from __future__ import annotations

import dataclasses
import math
import pathlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim import results as results_folder
from sim.config.settings import Config
from sim.errors import BadInput
from sim.results import Results
from sim.results.folder import writing
from sim.results.parts import OK
from sim.study import sweep
from sim.study.confidence_sequence import intervals
from sim.study.designs import Design
from sim.study.kept import in_order_of
from sim.study.progress import console
from sim.study.room import refuse_too_little
from sim.study.watching import watched

GROWTH = 1.25  # from one look to the next
SHOWN = 60  # points whose interval is told


class Look(NamedTuple):
    """What is known of the outcome at every point: runs, events, the interval, all of shape (points,)."""

    runs: np.ndarray
    events: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def widest(self) -> float:
        """How far an interval reaches from its estimate, at the point and on the side where that is farthest."""
        share = self.events / np.maximum(self.runs, 1)
        return float(np.maximum(self.high - share, share - self.low).max())


def answer_until(design: Design, path: pathlib.Path, command: str, draw: sweep.Draw | None = None) -> int:
    """Answer a question as `sim.study.sweep.answer`, with as many replications as it takes; raises as it does."""
    until, outcome = design.base.until, watched(design.base.until.outcome, "until.outcome")
    if design.base.shard:
        raise BadInput("until.half_width and shard do not go together: a share cannot see when the whole is enough")
    if until.most_replications < design.base.replications:
        raise BadInput(
            f"until.most_replications={until.most_replications} is fewer than the {design.base.replications} "
            "replications of the first look; raise it, or lower replications=N"
        )
    assert until.half_width is not None
    refuse_too_little(design, path)
    there = 0
    try:
        for number in looks(design.base.replications, until.most_replications):
            if number <= there:  # a folder that has more of them from before
                continue
            there = filled(_with(design, number), path, command)
            look = look_at(results_folder.open(path, partial=True), outcome)
            console().print(f"{there:,} replications: {outcome} within {_points(look.widest)} at every point")
            if look.widest <= until.half_width:
                break
    except KeyboardInterrupt as stop:
        return sweep.stopped(stop, path, command)
    told = f"{why(look, outcome, design.base, there)}\n{_each(design, look)}\n"
    table = sweep.tabled(design)
    return sweep.answer(_with(design, there), path, command, draw, lambda results: table(results) + "\n" + told)


def _with(design: Design, replications: int) -> Design:
    return dataclasses.replace(design, base=dataclasses.replace(design.base, replications=replications))


def looks(first: int, most: int) -> Iterator[int]:
    """The numbers of replications that are looked at."""
    number = min(first, most)
    while number < most:
        yield number
        number = min(math.ceil(number * GROWTH), most)
    yield most


def filled(design: Design, path: pathlib.Path, command: str) -> int:
    """Compute what is missing of so many replications; how many there are, which may be more from before."""
    with writing(path, design.question, design.base.replications) as folder:
        if folder.missing:
            sweep.compute(folder, in_order_of(design, folder), folder.missing, command)
        return folder.replications


def look_at(results: Results, outcome: str) -> Look:
    """The outcome at every point of a folder, from the runs that went well."""
    points = len(results.design)
    runs, events = np.zeros(points, np.int64), np.zeros(points, np.int64)
    for part in results.batches(["point", "status", outcome]):
        well = np.array(part["status"].to_pylist(), dtype=object) == OK
        point = part["point"].to_numpy()[well]
        runs += np.bincount(point, minlength=points)
        events += np.bincount(point[part[outcome].to_numpy()[well].astype(bool)], minlength=points)
    return Look(runs, events, *intervals(events, runs))


def why(look: Look, outcome: str, asked: Config, replications: int) -> str:
    """Why the sweep stopped, in a sentence."""
    wanted, reached = asked.until.half_width or 0.0, _points(look.widest)
    ended = f"ended at {replications:,} replications: {outcome} is known within {reached} at every point"
    if look.widest <= wanted:
        unseen = "; it was never seen, so all that is known is how likely it can be at most"
        return f"{ended}, as asked ({_points(wanted)})" + (unseen if not look.events.any() else "")
    most = f"until.most_replications={asked.until.most_replications:,}"
    return f"{ended}, and {_points(wanted)} would take more than {most}"


def _each(design: Design, look: Look) -> str:
    """The interval that holds although the sweep chose when to stop, point by point."""
    places = [", ".join(f"{axis}={value}" for axis, value in point.labels.items()) for point in design.points]
    told = [
        f"{place or 'all runs'}: {100 * events / max(runs, 1):.2f} [{100 * low:.2f}, {100 * high:.2f}]"
        for place, runs, events, low, high in zip(places, *look, strict=True)
    ][:SHOWN]
    return (
        "the table's intervals are for a number of runs fixed beforehand; these hold although the outcome chose it "
        f"(95 % at all looks together, per cent, each point by itself): {'; '.join(told)}"
    )


def _points(half_width: float) -> str:
    return f"+-{100 * half_width:.3g} points"
