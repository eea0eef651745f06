"""Many runs of one scenario: compiled, in chunks, on threads.

A run is a pure function of scenario, seed and replication number, so neither the number of threads
nor the size of the chunks can change a bit of the result.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import BadInput
from sim.rules import step as rule_book
from sim.rules.compiling import INTERPRETED, is_on_disk, kernel
from sim.rules.outcome import Outcome
from sim.rules.rows import freeze, thaw
from sim.rules.step import run as whole_run
from sim.rules.tables import Event, Log, Params, State
from sim.run.columns import flat

if TYPE_CHECKING:  # so that an edited scenario recompiles nothing
    from sim.scenario import Scenario

CHUNK = 50  # runs; well under two seconds
LOW_WORD = 0xFFFFFFFF
MOST_SEED = 2**64
MOST_REPLICATION = 2**31


@kernel
def run_range(template: np.ndarray, params: Params, outcomes: np.ndarray, log: Log, steps: int) -> None:
    """Run replications one after the other from `template[0]`, whose replication is the first's number.

    `template` and `outcomes` are arrays of State and Outcome rows; outcomes[k] is the k-th run's.
    """
    scratch = template.copy()
    for k in range(len(outcomes)):
        scratch[0] = template[0]
        scratch[0].replication = template[0].replication + k
        whole_run(scratch[0], params, log, steps)
        outcomes[k] = scratch[0].outcome


def no_log() -> np.ndarray:
    """A log that holds nothing: events are numbered all the same."""
    return np.zeros(0, Event.dtype_)


def seeded(state: State, seed: int, replication: int) -> State:
    """A copy of a starting state with the two halves of the seed and the replication number.

    Raises `BadInput` for a seed outside [0, 2^64) or a replication outside [0, 2^31).
    """
    if not 0 <= seed < MOST_SEED:
        raise BadInput(f"seed = {seed}: it must be a whole number from 0 to 2^64 - 1.")
    if not 0 <= replication < MOST_REPLICATION:
        raise BadInput(f"replication = {replication}: it must be a whole number from 0 to 2^31 - 1.")
    fresh = np.array([state], State.dtype_)[0]
    fresh.seed_low, fresh.seed_high = seed & LOW_WORD, seed >> 32
    fresh.replication = replication
    return fresh


def refuse_scripted(scenario: Scenario) -> None:
    """`BadInput` for what is no scenario, or has a unit that waits for a script: the rules would give it no order."""
    if not hasattr(scenario, "config"):
        raise BadInput(f"scenario = {scenario!r}: what sim.load(...) gives is wanted.")
    marked = np.flatnonzero(np.asarray(scenario.state.units)["scripted"])
    if len(marked):
        which = ", ".join(scenario.names[row] for row in marked)
        raise BadInput(f"{which}: scripted units decide in sim.EscalationModel only, not in many runs at once.")


def whole_number(name: str, value: object) -> int:
    """A whole number, of any integer type; refuses anything else."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise BadInput(f"{name} = {value!r}: a whole number is wanted.")
    return int(value)


def replicate(
    scenario: Scenario,
    *,
    replications: int,
    seed: int = 0,
    first: int = 0,
    threads: int | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> np.ndarray:
    """Outcomes of replications `first` to `first + replications - 1`: one flat row each, shape (replications,).

    Row k equals the outcome of `EscalationModel(scenario, rng=seed, replication=first + k)`.
    `on_progress(runs)` is called after every chunk.  Raises `BadInput` for an impossible count or seed.
    """
    refuse_scripted(scenario)
    for name, value in (("replications", replications), ("seed", seed), ("first", first), ("threads", threads or 1)):
        whole_number(name, value)
    if threads is not None and threads < 1:
        raise BadInput(f"threads = {threads}: at least 1 is needed, or None for all cores.")
    if replications < 1:
        raise BadInput(f"replications = {replications}: at least 1 is needed.")
    seeded(scenario.state, seed, first + replications - 1)
    outcomes = np.zeros(replications, Outcome.dtype_)
    starts = range(0, replications, CHUNK)
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        jobs = [pool.submit(run_chunk, scenario, outcomes[k : k + CHUNK], seed, first + k) for k in starts]
        try:
            for job in as_completed(jobs):
                done = job.result()
                if on_progress is not None:
                    on_progress(done)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return flat(outcomes)


def run_chunk(scenario: Scenario, outcomes: np.ndarray, seed: int, first: int) -> int:
    """Fill `outcomes` with consecutive replications; returns how many."""
    if INTERPRETED:
        for k in range(len(outcomes)):
            outcomes[k] = run_plain(scenario, seed, first + k).outcome
    else:
        template = np.array([seeded(scenario.state, seed, first)], State.dtype_)
        run_range(template, scenario.params, outcomes, no_log(), scenario.steps)
    return len(outcomes)


def run_plain(scenario: Scenario, seed: int, replication: int) -> State:
    """One run of the same rules over plain Python objects; returns the final state as a row."""
    row = seeded(scenario.state, seed, replication)
    state = thaw(row)
    rule_book.run(state, thaw(scenario.params), [], scenario.steps)
    freeze(state, row)
    return row


def is_compiled(scenario: Scenario, *kernels: Any) -> bool:
    """Whether calling these kernels compiles nothing; by default all that a sweep and its pictures call."""
    params, states = scenario.params, np.array([scenario.state], State.dtype_)
    calls = {
        run_range: (states, params, np.zeros(1, Outcome.dtype_), no_log(), 1),
        whole_run: (states[0], params, no_log(), 1),
    }
    return all(is_on_disk(kernel, *calls[kernel]) for kernel in kernels or calls)
