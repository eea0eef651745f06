"""Where the time of a world step goes: each phase by itself, on states of real runs."""

from __future__ import annotations

import importlib
import statistics
import time
from typing import Any

import numba
import numpy as np

from sim.rules.step import run
from sim.rules.tables import State, Unit
from sim.run.batch import no_log, seeded
from sim.scenario import Scenario

PHASES = (
    *("environment", "command", "raids", "movement", "sensing", "line", "roe", "response", "engagement"),
    *("attacks", "combat", "contact", "support", "air", "drones", "escalation"),
)
STATES, CALLS, ROUNDS = 40, 20_000, 3


def phases(scenario: Scenario, replications: int = 5) -> dict[str, Any]:
    """`phases_ns`: nanoseconds of each phase in a step, the mean over states of runs, medians of rounds; rows out.

    A phase is called again and again on a copy of the same state: what it does seldom (a strike, a launch) is done once
    at most, so that the sum is below what a step takes.
    """
    states = [state for number in range(replications) for state in _snapshots(scenario, number)]
    names = ((name, importlib.import_module(f"sim.rules.{name}")) for name in PHASES)
    return {
        "phases_ns": {name: _timed(_repeated(getattr(module, name)), states, scenario) for name, module in names},
        "awake": statistics.mean(int(state.n_awake) for state in states),
        "row_bytes": Unit.dtype_.itemsize,
    }


def _snapshots(scenario: Scenario, replication: int) -> list[State]:
    """States spread over a run."""
    state = seeded(scenario.state, 0, replication)
    found = []
    for _ in range(STATES // 5):
        run(state, scenario.params, no_log(), scenario.steps // (STATES // 5 + 1))
        found.append(np.array([state], State.dtype_)[0])
    return found


def _repeated(phase: Any) -> Any:
    """A compiled loop over a phase, so that calling from Python costs nothing."""

    @numba.njit
    def loop(state: Any, params: Any, log: Any, calls: int) -> None:
        for _ in range(calls):
            phase(state, params, log)

    return loop


def _timed(loop: Any, states: list[State], scenario: Scenario) -> float:
    log = no_log()
    loop(np.array([states[0]], State.dtype_)[0], scenario.params, log, 1)
    rounds = []
    for _ in range(ROUNDS):
        spent = 0.0
        for state in states:
            copy = np.array([state], State.dtype_)[0]
            start = time.perf_counter()
            loop(copy, scenario.params, log, CALLS)
            spent += time.perf_counter() - start
        rounds.append(1e9 * spent / (len(states) * CALLS))
    return statistics.median(rounds)
