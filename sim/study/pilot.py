"""A short pilot: some runs of every point, or of points spread over the design, timed and thrown away."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from sim.results.parts import OK, parquet_bytes, table_from
from sim.run.columns import FLAT
from sim.study.designs import Design
from sim.study.paired import Pairs, pairs_of
from sim.study.runs import Runs

PILOT_S = 6.0  # seconds that it may take, compiling apart
MOST_RUNS = 4000
MOST_POINTS = 60  # of a larger design as many, evenly spread
FIRST_ROUND = 2  # replications of each point; then twice as many, as long as it fits
CHUNKS = 40  # at least, in a round of so many runs
RATIO = 0.6180339887498949  # its multiples spread best, however early they end


@dataclass(frozen=True)
class Pilot:
    """What a pilot found.

    runs, points            how many runs at how many points
    cpu_s, wall_s           seconds of a run: of processors, and of the clock on all threads together
    cheapest_s, dearest_s   processor seconds of a run at the cheapest and at the dearest of these points
    fixed_bytes, run_bytes  size of a file of runs that does not hang on their number, and what each run adds
    store_s                 seconds that writing a run takes, waiting for the disk apart
    pairs                   paired runs of the outcome, and their correlation
    failed                  runs that failed
    """

    runs: int
    points: int
    cpu_s: float
    wall_s: float
    cheapest_s: float
    dearest_s: float
    fixed_bytes: float
    run_bytes: float
    store_s: float
    pairs: Pairs
    failed: int


def pilot(design: Design, runs: Runs, outcome: str, seconds: float = PILOT_S) -> Pilot:
    """Run a pilot on the threads of `runs`; every point of it is given the same number of runs.

    Whole rounds only, so that a dear point weighs as much as a cheap one; a round more as long as it fits.
    """
    points = spread(len(design.points))
    for point in points:
        runs.scenario(point)  # made once for all the runs of a point
    found = _rounds(runs, points, max(1, min(design.base.replications, MOST_RUNS // len(points))), seconds)
    rows, status = found.rows, found.status
    sizes(rows[:1], status[:1])  # what is done once is no part of it
    start = time.perf_counter()
    fixed, each = sizes(rows, status)
    store_s = (time.perf_counter() - start) / (1.5 * rows.size)  # all of them and half of them were written
    share = found.took_s / found.took_s.sum() * found.cpu_s / len(rows)
    return Pilot(
        runs=rows.size,
        points=len(points),
        cpu_s=found.cpu_s / rows.size,
        wall_s=found.wall_s / rows.size,
        cheapest_s=float(share.min()),
        dearest_s=float(share.max()),
        fixed_bytes=fixed,
        run_bytes=each,
        store_s=store_s,
        pairs=pairs_of(rows[outcome].astype(float), status == OK),
        failed=int((status != OK).sum()),
    )


@dataclass
class _Found:
    """Outcomes and status, (replications, points); seconds of the clock, of processors, and of each point's runs."""

    rows: np.ndarray
    status: np.ndarray
    wall_s: float
    cpu_s: float
    took_s: np.ndarray


def _rounds(runs: Runs, points: list[int], most: int, seconds: float) -> _Found:
    """Rounds of replications of every point, each round larger than the last, for about so many seconds."""
    rows, status, took_s = [], [], np.zeros(len(points))
    wall, cpu, done, each = time.monotonic(), time.process_time(), 0, FIRST_ROUND
    while True:
        which = range(done, min(done + each, most))
        found, how = _round(runs, points, which, took_s)
        rows.append(found)
        status.append(how)
        done, spent = which.stop, time.monotonic() - wall
        each = min(2 * each, int(done * (seconds / spent - 1)))
        if done == most or each < 1:
            return _Found(np.concatenate(rows), np.concatenate(status), spent, time.process_time() - cpu, took_s)


def spread(points: int) -> list[int]:
    """Numbers of the points of a pilot: all of them, or as many as it can bear, evenly spread, in order."""
    if points <= MOST_POINTS:
        return list(range(points))
    return sorted({int((k + RATIO) * points / MOST_POINTS) for k in range(MOST_POINTS)})


def _round(runs: Runs, points: list[int], which: range, took_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and status of these replications at each point, (replications, points); adds up what each took.

    In so many chunks that the threads end together, as in a sweep.
    """
    each = max(1, len(which) * len(points) // CHUNKS)
    pieces = [which[k : k + each] for k in range(0, len(which), each)]
    chunks = [(place, piece) for place in range(len(points)) for piece in pieces]
    rows, status = np.zeros((len(which), len(points)), FLAT), np.empty((len(which), len(points)), dtype=object)
    with closing(runs.timed([(points[place], piece) for place, piece in chunks])) as finished:
        for (place, piece), (found, how, seconds) in zip(chunks, finished, strict=True):
            there = slice(piece.start - which.start, piece.stop - which.start)
            rows[there, place], status[there, place] = found, how
            took_s[place] += seconds
    return rows, status


def sizes(rows: np.ndarray, status: np.ndarray) -> tuple[float, float]:
    """Bytes of a file of runs that do not hang on their number, and bytes of a run: from encoding all and half."""
    half = max(1, len(rows) // 2)
    small, large = (len(parquet_bytes(table_from(0, 0, rows[:k], status[:k]))) for k in (half, len(rows)))
    more = rows.size - rows[:half].size
    each = (large - small) / more if more and large > small else large / rows.size
    return max(0.0, large - each * rows.size), each
