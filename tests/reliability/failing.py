"""Campaign 6: a tenth of the runs fail, as if their log were too short; the others must not notice."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import sim
from experiments.__main__ import main
from sim.run import batch
from sim.study import runs
from tests.reliability.sweeping import Counts

NAME = "6. A sweep in which a tenth of the runs fail"
ASKED = ["roe.zone_radius_km=0,40", "scenario.horizon_days=1", "seed=9", "figures=false"]
FAILED_RUNS = 3
FAILURE = "IndexError: the log holds no more events"


def campaign(n: int) -> Counts:
    """N replications of two points, every tenth of which fails."""
    with tempfile.TemporaryDirectory() as name:
        good, bad, asked = Path(name) / "good", Path(name) / "bad", [*ASKED, f"replications={n}"]
        assert _tanf("sweep", *asked, f"out={good}") == 0
        with _short_logs():
            code = _tanf("sweep", *asked, f"out={bad}")
        whole, found = sim.open(good), sim.open(bad)
        others = whole.outcomes[whole.outcomes["replication"] % 10 != 3]
        ledger = [json.loads(line) for line in (bad / "failures.jsonl").read_text().splitlines()]
        told = [_tanf("replay", str(bad), one["run"]) for one in ledger[:20]]
        with _short_logs():
            stopped = _tanf("sweep", *asked, f"max_failures={n // 20}", f"out={Path(name) / 'stopped'}")
        return [
            ("runs", 2 * n),
            ("failed, each a line of failures.jsonl", sum(one["status"] == FAILURE for one in ledger)),
            ("of the failures the folder tells", len(found.failures)),
            ("other runs that differ from those of a sweep without failures", int(_differ(others, found.outcomes))),
            ("exit code", code),
            ("replays of a failed run by an engine that works, tried", len(told)),
            ("of them told as another outcome than the folder's (exit code 5)", told.count(5)),
            ("exit code with max_failures at half of them", stopped),
        ]


def _differ(first: np.ndarray, second: np.ndarray) -> int:
    if len(first) != len(second):
        return abs(len(first) - len(second))
    return int(sum(a.tobytes() != b.tobytes() for a, b in zip(first, second, strict=True)))


def _tanf(*words: str) -> int:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return main(list(words))


@contextmanager
def _short_logs() -> Iterator[None]:
    """An engine in which every tenth replication fails; a chunk fails with the first of its runs that does."""
    real = batch.replicate

    def replicate(scenario: Any, *, replications: int, first: int = 0, **others: Any) -> np.ndarray:
        if any(k % 10 == 3 for k in range(first, first + replications)):
            raise IndexError("the log holds no more events")
        return real(scenario, replications=replications, first=first, **others)

    runs.batch.replicate = replicate  # type: ignore[assignment]
    try:
        yield
    finally:
        runs.batch.replicate = real
