"""How fast is it on this machine: every figure from one session, ratios beside what they are made of.

Speeds are medians of interleaved rounds, so that a machine that slows down slows all of them.
"""

from __future__ import annotations

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial

from sim.run import batch
from sim.scenario import load
from sim.study.first_use import compiling

ROOT = pathlib.Path(__file__).parents[2]
ROUNDS = 5
ROUND_S = 3.0  # seconds of computing in each round of each speed
SHORT = "scenario.horizon_days=1"
LIBRARIES = "import mesa, hydra, matplotlib"
FIRST_CALL = """import time
from sim.scenario import load
from sim.run.batch import replicate
def took():
    start = time.perf_counter()
    replicate(scenario, replications=1)
    return time.perf_counter() - start
scenario = load("scenario.horizon_days=1")
print(took() - took())"""
EDITED = "engagement"  # the phase that takes longest to compile
COUNT = "import time; start = time.perf_counter(); sum(range(60_000_000)); print(time.perf_counter() - start)"
Measured = dict[str, float]


def measure(overrides: Sequence[str] = ()) -> Measured:
    """Everything in `sim.study.performance.ROWS`, as name -> number; says on standard error what is going on.

    `overrides` choose the scenario whose speed is measured.
    """
    scenario = load(*overrides)
    with compiling(scenario):
        batch.replicate(scenario, replications=2, threads=2)
    _say("speed: compiled on one and on two threads, plain Python in Mesa (about a minute)")
    found = speeds(overrides)
    _say("starting up (about a minute)")
    found |= start_up()
    _say("compiling from nothing (about a minute)")
    return found | compile_times()


def speeds(overrides: Sequence[str] = (), rounds: int = ROUNDS, round_s: float = ROUND_S) -> Measured:
    """Compiled on one and on two threads, and interpreted; medians of interleaved rounds."""
    scenario = load(*overrides)
    batch.replicate(scenario, replications=2, threads=2)  # loads the machine code
    probe = _timed(lambda: batch.replicate(scenario, replications=20, threads=1)) / 20
    runs = max(2, round(round_s / probe))

    def plain() -> float:
        return float(_python(["-m", "sim.study.plain", str(round_s), *overrides], NUMBA_DISABLE_JIT="1"))

    times = [
        (
            _timed(lambda: batch.replicate(scenario, replications=runs, threads=1)) / runs,
            _timed(lambda: batch.replicate(scenario, replications=2 * runs, threads=2)) / (2 * runs),
            plain() * scenario.steps,
            *_counting(),
        )
        for _ in range(rounds)
    ]
    one, two, interpreted, *_ = map(statistics.median, zip(*times, strict=True))
    return {
        "step_us": 1e6 * one / scenario.steps,
        "one_thread_runs_per_s": 1 / one,
        "two_threads_runs_per_s": 1 / two,
        "scaling_ratio": _median_ratio(times, 0, 1),
        "cores_ratio": 2 * _median_ratio(times, 3, 4),
        "plain_step_us": 1e6 * interpreted / scenario.steps,
        "plain_ratio": _median_ratio(times, 2, 0),
    }


def _counting() -> tuple[float, float]:
    """Seconds that one process takes to count, and that the slower of two takes: what two cores are worth just now."""
    words = [sys.executable, "-c", COUNT]
    alone = float(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    return alone, max(float(process.communicate()[0]) for process in both)


def start_up(rounds: int = ROUNDS) -> Measured:
    """Seconds until one short run is told, with and without pictures, beside importing the libraries alone."""
    with tempfile.TemporaryDirectory() as folder:
        run = ["-m", "experiments", "run", SHORT]
        commands = {
            "import_s": ["-c", LIBRARIES],
            "run_s": [*run, "figures=false"],
            "run_with_pictures_s": [*run, f"out={folder}/run"],
        }
        for command in commands.values():
            _python(command)  # fills the caches
        times = [[_timed(partial(_python, command)) for command in commands.values()] for _ in range(rounds)]
    found = dict(zip(commands, map(statistics.median, zip(*times, strict=True)), strict=True))
    ratios = {"run_ratio": _median_ratio(times, 1, 0), "run_with_pictures_ratio": _median_ratio(times, 2, 0)}
    return found | ratios


def compile_times() -> Measured:
    """Seconds that a first run takes longer than a second: nothing compiled, one phase edited, all of it on disk."""
    with tempfile.TemporaryDirectory() as cache:

        def first_call() -> float:
            return float(_python(["-c", FIRST_CALL], TANF_CACHE=cache))

        found = {"cold_compile_s": first_call()}
        forget(pathlib.Path(cache), EDITED)
        return found | {
            "edited_phase_s": first_call(),
            "load_s": statistics.median(first_call() for _ in range(ROUNDS)),
        }


def forget(cache: pathlib.Path, phase: str) -> None:
    """Remove the machine code that an edit of a phase makes useless: its own, and that of the steps and batches."""
    for module in (phase, "step", "batch"):
        for file in cache.rglob(f"{module}.*.nb?"):
            file.unlink()


def _median_ratio(times: Sequence[Sequence[float]], above: int, below: int) -> float:
    """The median over the rounds of one time divided by another of the same round."""
    return statistics.median(each[above] / each[below] for each in times)


def _say(what: str) -> None:
    sys.stderr.write(f"{what}\n")
    sys.stderr.flush()


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _python(words: Sequence[str], **environment: str) -> str:
    """What another Python says that finds the same modules."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    settings = os.environ | {"PYTHONPATH": path} | environment
    said = subprocess.run([sys.executable, *words], env=settings, capture_output=True, text=True, check=False)
    if said.returncode:
        raise RuntimeError(f"python {' '.join(words)} has failed: {said.stderr.strip()[-500:]}")
    return said.stdout
