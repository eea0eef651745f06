"""The runs of a part: every point's replications, a failed run costing its own row and no other."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from sim import scenario
from sim.errors import TanfError
from sim.results.parts import OK
from sim.run import batch
from sim.run.columns import COLUMNS, FLAT
from sim.study.designs import Design

GIVE_UP = 20  # failures before the first success: the model is broken, not a run
FLOATS = [name for name, kind in COLUMNS.items() if kind is float]
Advance = Callable[[int], None]


class Runs:
    """Runs replications of the points of a design; `advance` is told of every so many runs done."""

    def __init__(self, design: Design, advance: Advance) -> None:
        self.design, self.advance = design, advance
        self.worked, self.failed = 0, 0
        self.scenario = lru_cache(maxsize=64)(lambda point: scenario.build(design.points[point].config))

    def part(self, replications: range) -> tuple[np.ndarray, np.ndarray]:
        """Outcomes and status of these replications at every point, both (replications, points)."""
        shape = (len(replications), len(self.design.points))
        rows, status = np.zeros(shape, FLAT), np.full(shape, OK, dtype=object)
        for point in range(shape[1]):
            self._fill(point, replications, rows[:, point], status[:, point])
        return rows, status

    def trial(self, point: int, replications: int) -> None:
        """Run the first replications of a point for their time only."""
        rows, status = np.zeros(replications, FLAT), np.full(replications, OK, dtype=object)
        self._fill(point, range(replications), rows, status)

    def _fill(self, point: int, replications: range, rows: np.ndarray, status: np.ndarray) -> None:
        """Run a range at one point; where that fails, halve it until the runs that fail stand alone."""
        error = self._tried(point, replications, rows)
        if error is None:
            _mark_infinite(rows, status)
        elif len(replications) == 1:
            self.failed += 1
            self.advance(1)
            status[:] = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        else:
            half = len(replications) // 2
            self._fill(point, replications[:half], rows[:half], status[:half])
            self._fill(point, replications[half:], rows[half:], status[half:])

    def _tried(self, point: int, replications: range, rows: np.ndarray) -> Exception | None:
        """Run a range; what went wrong, unless it is the model or the question rather than a run."""
        told = 0

        def on_progress(done: int) -> None:
            nonlocal told
            told += done
            self.advance(done)

        try:
            rows[:] = self._replicate(point, replications, on_progress)
        except TanfError:
            raise
        except Exception as error:
            if type(error).__module__.startswith("numba") or (self.failed >= GIVE_UP and not self.worked):
                raise
            self.advance(-told)  # they will be run again, in halves
            return error
        self.worked += len(replications)
        return None

    def _replicate(self, point: int, replications: range, on_progress: Advance) -> np.ndarray:
        """Outcomes of a range of replications at one point, shape (n,)."""
        config = self.design.base
        return batch.replicate(
            self.scenario(point),
            replications=len(replications),
            seed=config.seed,
            first=replications.start,
            threads=config.threads,
            on_progress=on_progress,
        )


def _mark_infinite(rows: np.ndarray, status: np.ndarray) -> None:
    """A run that has produced an infinite number has failed."""
    for name in FLOATS:
        status[np.isinf(rows[name])] = f"not finite: {name}"
