"""The runs of a part, on threads: a failed run costs its own row and no other."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import lru_cache
from typing import Any

import numpy as np

from sim import scenario
from sim.config.settings import Config
from sim.errors import TanfError
from sim.results.parts import OK
from sim.run import batch
from sim.run.cluster import Cluster
from sim.run.columns import COLUMNS, FLAT
from sim.study.designs import Design, Point

CHUNK = 25  # runs one thread does at a time before anything is known of how long they take
CHUNK_S, MOST_CHUNK = 0.1, 100  # afterwards: seconds, so that a signal is answered soon and threads end together
SENT_S, MOST_SENT = 1.0, 1000  # the same for chunks that are sent to another process: a task costs some milliseconds
KILLS = "worker died: the process that runs it is killed each time"
GIVE_UP = 20  # failures before the first success: the model is broken, not a run
PILOT_RUNS, PILOT_S = 200, 1.0
ACTS = [name for name in COLUMNS if name.startswith("acts_")]
FLOATS = [name for name, kind in COLUMNS.items() if kind is float]
Chunk = tuple[int, range]  # a point and some of its replications
Order = Callable[[list[Chunk]], list[Chunk]]
See = Callable[[int, int, np.ndarray, np.ndarray], None]  # point, first replication, outcomes, status


class Runs:
    """Runs replications of the points of a design on as many threads as the design asks for.

    `see(point, first, rows, status)` is shown each chunk in the order in which they were begun; `order` may put the
    chunks of a part into another one, which changes no result (tests do so).
    """

    def __init__(
        self, design: Design, see: See | None = None, order: Order | None = None, cluster: Cluster | None = None
    ) -> None:
        self.see, self.order, self.chunk, self.cluster = see, order, CHUNK, cluster
        self.design = design
        self.points, self.seeds = len(design.points), [point.seed for point in design.points]
        self.threads = design.base.threads or len(os.sched_getaffinity(0))
        self.worked, self.failed = 0, 0
        self.most_events = lambda point: design.points[point].config.most_events
        self.scenario = lru_cache(maxsize=64)(lambda point: scenario.build(design.points[point].config))

    def warm_up(self) -> None:
        """Run once, so that the rule book is compiled or its machine code read from the disk."""
        self._run(0, range(1))

    def part(
        self, replications: range, advance: Callable[[int], None], points: range | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Outcomes and status of these replications at these points (at all), both (replications, points).

        `advance(runs)` is called whenever so many more runs are done.
        """
        points = range(self.points) if points is None else points
        shape = (len(replications), len(points))
        rows, status = np.zeros(shape, FLAT), np.full(shape, OK, dtype=object)
        starts = range(0, shape[0], self.chunk)
        chunks = [(point, replications[k : k + self.chunk]) for point in points for k in starts]
        for (point, which), found, how in self._finished(self.order(chunks) if self.order else chunks):
            place = slice(which.start - replications.start, which.stop - replications.start)
            rows[place, point - points.start], status[place, point - points.start] = found, how
            if self.see:
                self.see(point, which.start, found, how)
            advance(len(which))
        return rows, status

    def seconds_per_run(self, runs: int) -> float | None:
        """From a short pilot, spread over the points and thrown away; None for too few runs to ask."""
        pilot = min(PILOT_RUNS, runs // 20)
        chunks = [(k * self.points // pilot, range(k, k + 1)) for k in range(pilot)]
        done, start = 0, time.monotonic()
        with closing(self._on_threads(chunks)) as finished:
            for _ in finished:
                done += 1
                if time.monotonic() - start > PILOT_S:
                    break
        return self.learn((time.monotonic() - start) / done) if done else None

    def learn(self, seconds_per_run: float) -> float:
        """Choose the size of the chunks by how long a run takes, on all threads together."""
        one_thread_s = max(seconds_per_run * self.threads, 1e-9)
        wanted_s, most = (SENT_S, MOST_SENT) if self.cluster else (CHUNK_S, MOST_CHUNK)
        self.chunk = int(min(max(wanted_s / one_thread_s, 1), most))
        return seconds_per_run

    def _finished(self, chunks: Sequence[Chunk]) -> Generator[tuple[Chunk, np.ndarray, np.ndarray]]:
        """Each chunk with its outcomes and status, in the order given: what is seen first does not hang on outcomes."""
        return self._on_threads(chunks) if self.cluster is None else self._on_cluster(chunks, self.cluster)

    def _on_cluster(self, chunks: Sequence[Chunk], cluster: Cluster) -> Generator[tuple[Chunk, np.ndarray, np.ndarray]]:
        found = cluster.finished(chunks, self._sent, _joined, lambda: _failed(KILLS))
        with closing(found):
            for chunk, (rows, status) in zip(chunks, found, strict=True):
                worked = int((status == OK).sum())
                self.worked, self.failed = self.worked + worked, self.failed + len(status) - worked
                if self.failed >= GIVE_UP and not self.worked:
                    raise RuntimeError(f"the first {self.failed} runs failed: {status[-1]}")
                yield chunk, rows, status

    def _sent(self, point: int, which: range) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """What a worker is to call for a chunk: a function that it can import, and numbers."""
        return run_elsewhere, (self.design.points[point].config, which)

    def _on_threads(self, chunks: Sequence[Chunk]) -> Generator[tuple[Chunk, np.ndarray, np.ndarray]]:
        with ThreadPoolExecutor(self.threads) as pool:
            jobs = [pool.submit(self._run, *chunk) for chunk in chunks]
            try:
                for k, chunk in enumerate(chunks):
                    yield chunk, *jobs[k].result()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def timed(self, chunks: Sequence[Chunk]) -> Generator[tuple[np.ndarray, np.ndarray, float]]:
        """Outcomes and status of each chunk in the order given, and the seconds it took."""

        def one(point: int, which: range) -> tuple[np.ndarray, np.ndarray, float]:
            self.scenario(point)  # made once for all the runs of a point
            start = time.monotonic()
            rows, status = self._run(point, which)
            return rows, status, time.monotonic() - start

        with ThreadPoolExecutor(self.threads) as pool:
            jobs = [pool.submit(one, *chunk) for chunk in chunks]
            try:
                for job in jobs:
                    yield job.result()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, point: int, which: range) -> tuple[np.ndarray, np.ndarray]:
        """Run a chunk; where that fails, halve it until the runs that fail stand alone."""
        rows = self._tried(point, which)
        if isinstance(rows, np.ndarray):
            self.worked += len(which)
            return rows, status_of(rows, self.most_events(point))
        if len(which) == 1:
            self.failed += 1
            return _failed(failed_with(rows))
        half = len(which) // 2
        return _joined([self._run(point, part) for part in (which[:half], which[half:])])

    def _tried(self, point: int, which: range) -> np.ndarray | Exception:
        """The outcomes, or what went wrong, unless it is the model or the question rather than a run."""
        try:
            return batch.replicate(
                self.scenario(point), replications=len(which), seed=self.seeds[point], first=which.start, threads=1
            )
        except TanfError:
            raise
        except Exception as error:
            if type(error).__module__.startswith("numba") or (self.failed >= GIVE_UP and not self.worked):
                raise
            return error


def run_elsewhere(config: Config, which: range) -> tuple[np.ndarray, np.ndarray]:
    """A chunk in another process: outcomes and status, as `Runs` computes them here."""
    return Runs(Design(config, [Point(0, {}, config)]))._run(0, which)


def _failed(why: str) -> tuple[np.ndarray, np.ndarray]:
    """The row of a run that failed, and its status."""
    return np.zeros(1, FLAT), np.array([why], dtype=object)


def _joined(pieces: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and status of neighbouring chunks, put together."""
    rows, status = zip(*pieces, strict=True)
    return np.concatenate(rows), np.concatenate(status)


def failed_with(error: Exception) -> str:
    """What the status of a run says of an error."""
    return f"{type(error).__name__}: {error}".splitlines()[0][:200]


def status_of(rows: np.ndarray, most_events: int) -> np.ndarray:
    """Whether each run went well: one with an infinite number or too many events has failed."""
    status = np.full(len(rows), OK, dtype=object)
    events = np.sum([rows[name] for name in ACTS], axis=0)  # every event is an act
    for k in np.flatnonzero(events > most_events):
        status[k] = f"log too short: {events[k]:,} events, most_events={most_events:,}"
    for name in FLOATS:
        status[np.isinf(rows[name])] = f"not finite: {name}"
    return status
