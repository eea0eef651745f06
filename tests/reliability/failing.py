"""Campaign 6: the log is too short for a tenth of the runs; the others must not notice, and each fails again alone."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from pathlib import Path

import numpy as np

import sim
from experiments.__main__ import main
from tests.reliability.sweeping import Counts

NAME = "6. A sweep in which a tenth of the runs fail"
ASKED = ["roe.zone_radius_km=0,40", "scenario.horizon_days=1", "seed=9", "figures=false"]
SHORT = "most_events=11"  # a log that a tenth of these runs fill
FAILED_RUNS = 3


def campaign(n: int) -> Counts:
    """N replications of two points, with a log that is long enough and one that is not."""
    with tempfile.TemporaryDirectory() as name:
        good, bad, asked = Path(name) / "good", Path(name) / "bad", [*ASKED, f"replications={n}"]
        assert _tanf("sweep", *asked, f"out={good}")[0] == 0
        code, _ = _tanf("sweep", *asked, SHORT, f"out={bad}")
        whole, found = sim.open(good), sim.open(bad)
        ledger = [json.loads(line) for line in (bad / "failures.jsonl").read_text().splitlines()]
        again = [_tanf("replay", str(bad), one["run"]) for one in ledger[:: max(1, len(ledger) // 50)]]
        stopped, _ = _tanf("sweep", *asked, SHORT, f"max_failures={len(ledger) // 2}", f"out={Path(name) / 'stopped'}")
        expected = whole.outcomes[_events(whole.outcomes) <= 11]
        return [
            ("runs", 2 * n),
            ("of them with more events than the short log holds", 2 * n - len(expected)),
            ("failed, each a line of failures.jsonl", sum("log too short" in one["status"] for one in ledger)),
            ("of the failures the folder tells", len(found.failures)),
            ("other runs that differ from those of a sweep without failures", _differ(expected, found.outcomes)),
            ("exit code", code),
            ("failed runs replayed, each from its line", len(again)),
            ("of them failed again in the same words", sum(c == FAILED_RUNS and "fails again" in t for c, t in again)),
            ("exit code with max_failures at half of them", stopped),
        ]


def _events(rows: np.ndarray) -> np.ndarray:
    return np.array([sum(row[name] for name in rows.dtype.names if name.startswith("acts_")) for row in rows])


def _differ(first: np.ndarray, second: np.ndarray) -> int:
    if len(first) != len(second):
        return abs(len(first) - len(second))
    return sum(a.tobytes() != b.tobytes() for a, b in zip(first, second, strict=True))


def _tanf(*words: str) -> tuple[int, str]:
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        return main(list(words)), told.getvalue()
