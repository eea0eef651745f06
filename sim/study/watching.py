"""What a sweep sees of its runs while they come in: failures, and the estimate of one outcome."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.config.check import nearest, shown
from sim.errors import BadInput, FailedRuns
from sim.results.parts import OK
from sim.run.columns import COLUMNS
from sim.study.confidence_sequence import interval
from sim.study.designs import Design

HEADLINE = "strike_ground"
HAPPENINGS = [name for name, kind in COLUMNS.items() if kind is bool]
MANY_POINTS = 300  # of more, the first is watched: comparing all of them takes its time
NAMED = 3  # failed runs that a refusal to go on names


class Watch:
    """Counts runs, failures and the watched outcome at one point: the one nearest to where the design starts.

    Runs have to be shown in an order that does not hang on their outcomes, for the interval is one of many looks.
    """

    def __init__(self, design: Design, failed: int = 0) -> None:
        """`failed` runs have failed before.  Raises `BadInput` for an outcome that there is not."""
        self.outcome, self.fail_fast = watched(design.base.watch), design.base.fail_fast
        self.most = design.base.max_failures
        start = design.nearest_to_start if len(design.points) <= MANY_POINTS else design.points[0]
        self.point = design.points.index(start)
        self.place = ", ".join(f"{axis}={value}" for axis, value in start.labels.items())
        self.events, self.runs, self.failed = 0, 0, failed
        self.failures: list[str] = []

    def remember(self, part: pa.Table) -> None:
        """Count runs from before: a table with the columns point, status and the watched outcome."""
        mine = part.filter((pc.field("point") == self.point) & (pc.field("status") == OK))
        self.runs += mine.num_rows
        self.events += pc.sum(mine[self.outcome]).as_py() or 0

    def see(self, point: int, first: int, rows: np.ndarray, status: np.ndarray) -> None:
        """Count replications `first`, ... of a point; raises `FailedRuns` where too many runs have failed."""
        bad = np.flatnonzero(status != OK)
        if point == self.point:
            self.runs += len(rows) - len(bad)
            self.events += int(rows[self.outcome][status == OK].sum())
        if len(bad):
            self._count_failures(point, first, bad, status)

    def _count_failures(self, point: int, first: int, bad: np.ndarray, status: np.ndarray) -> None:
        self.failed += len(bad)
        room = NAMED - len(self.failures)
        self.failures += [f"{point}:{first + k} ({status[k]})" for k in bad[:room]]
        if self.fail_fast:
            raise FailedRuns(f"run {self.failures[0]} failed and fail_fast=true; what is finished stays")
        if self.most is not None and self.failed > self.most:
            named = f", among them {', '.join(self.failures)}"
            raise FailedRuns(
                f"{self.failed:,} runs failed{named}, more than max_failures={self.most}; what is finished stays, "
                "and a higher max_failures goes on from there"
            )

    def told(self) -> str:
        """What is known: failures, then the estimate at the watched point with the interval of a running look."""
        failed = f"{self.failed:,} failed; " if self.failed else ""
        if not self.runs:
            return f"{failed}{self.outcome}: no run yet".strip()
        low, high = (100 * edge for edge in interval(self.events, self.runs))
        share = 100 * self.events / self.runs
        digits = 1 if high - low > 1 else 2
        where = f" at {self.place}" if self.place else ""
        told = f"{share:.{digits}f} % [{low:.{digits}f}, {high:.{digits}f}, running look, 95 % at all looks]"
        return f"{failed}{self.outcome} {told} of {self.runs:,} runs{where}"


def watched(name: str | None, setting: str = "watch") -> str:
    """The outcome that a setting names; raises `BadInput` naming the nearest where there is none of the name."""
    name = name or HEADLINE
    if name in HAPPENINGS:
        return name
    close = nearest(name, HAPPENINGS)
    hint = f"did you mean {close}? " if close else ""
    raise BadInput(
        f"{setting} must be an outcome that happens or not, not {shown(name)}; {hint}`tanf list outcomes` names them; "
        f"change it in {setting}=NAME"
    )
