"""The same rules as an ordinary Mesa model over plain Python objects: what compiling is compared with.

Runs in a process of its own (`NUMBA_DISABLE_JIT=1 python -m sim.study.plain SECONDS OVERRIDES...`) and
prints how many seconds a world step takes.
"""

from __future__ import annotations

import itertools
import sys
import time

from sim.run.model import EscalationModel
from sim.scenario import load


def seconds_per_step(seconds: float, overrides: list[str]) -> float:
    """Run whole histories, replication after replication, for at least `seconds`; without collecting data."""
    scenario = load(*overrides)
    steps, spent = 0, 0.0
    for replication in itertools.count():
        model = EscalationModel(scenario, replication=replication, collect="none")
        start = time.perf_counter()
        while model.running:
            model.step()
        spent, steps = spent + time.perf_counter() - start, steps + model.tick
        if spent >= seconds:
            return spent / steps
    raise AssertionError("unreachable")


if __name__ == "__main__":
    sys.stdout.write(f"{seconds_per_step(float(sys.argv[1]), sys.argv[2:])}\n")
