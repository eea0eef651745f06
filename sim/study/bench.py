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
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sim.run import batch
from sim.scenario import load

ROOT = pathlib.Path(__file__).parents[2]
ROUNDS = 5
ROUND_S = 3.0  # seconds of computing in each round of each speed
SHORT = "scenario.horizon_days=1"
LIBRARIES = "import mesa, hydra, matplotlib"
ONE_RUN = "from sim.scenario import load; from sim.run.batch import replicate; replicate(load(), replications=1)"
Measured = dict[str, float]


def measure(overrides: Sequence[str] = (), tell: Callable[[str], object] = lambda _: None) -> Measured:
    """Everything, as name -> number; the unit is the end of the name.

    `overrides` choose the scenario whose speed is measured; `tell` hears what is going on.
    """
    tell("speed: compiled on one and on two threads, plain Python in Mesa")
    found = speeds(overrides)
    tell("starting up")
    found |= start_up()
    tell("compiling from nothing (about 40 s)")
    return found | {"cold_compile_s": cold_compile()}


def speeds(overrides: Sequence[str] = (), rounds: int = ROUNDS, round_s: float = ROUND_S) -> Measured:
    """Compiled on one and on two threads, and interpreted; medians of interleaved rounds."""
    scenario = load(*overrides)
    batch.replicate(scenario, replications=2, threads=2)  # compiles, or reads the machine code from the disk
    probe = _timed(lambda: batch.replicate(scenario, replications=20, threads=1)) / 20
    runs = max(2, round(round_s / probe))
    one, two, plain = [], [], []
    for _ in range(rounds):
        one.append(runs / _timed(lambda: batch.replicate(scenario, replications=runs, threads=1)))
        two.append(2 * runs / _timed(lambda: batch.replicate(scenario, replications=2 * runs, threads=2)))
        plain.append(float(_python(["-m", "sim.study.plain", str(round_s), *overrides], NUMBA_DISABLE_JIT="1")))
    step_us = 1e6 / (statistics.median(one) * scenario.steps)
    plain_us = 1e6 * statistics.median(plain)
    return {
        "step_us": step_us,
        "one_thread_runs_per_s": statistics.median(one),
        "two_threads_runs_per_s": statistics.median(two),
        "scaling_ratio": statistics.median(b / a for a, b in zip(one, two, strict=True)),
        "plain_step_us": plain_us,
        "plain_ratio": plain_us / step_us,
    }


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
    return found | {"run_ratio": found["run_s"] / found["import_s"]}


def cold_compile() -> float:
    """Seconds that one run takes when nothing is compiled, less what it takes when everything is."""
    with tempfile.TemporaryDirectory() as cache:
        cold, warm = (_timed(lambda: _python(["-c", ONE_RUN], TANF_CACHE=cache)) for _ in range(2))
    return cold - warm


def lines(found: Mapping[str, float]) -> list[str]:
    """What was measured, in words."""
    return [
        f"world step, compiled, one thread          {found['step_us']:9.2f} us",
        f"world step, plain Python objects in Mesa  {found['plain_step_us']:9.0f} us",
        f"  compiled is faster by a factor of       {found['plain_ratio']:9.0f}",
        f"runs a second, one thread                 {found['one_thread_runs_per_s']:9.1f}",
        f"runs a second, two threads                {found['two_threads_runs_per_s']:9.1f}",
        f"  two threads are faster by a factor of   {found['scaling_ratio']:9.2f}",
        f"{LIBRARIES}, alone    {found['import_s']:9.2f} s",
        f"tanf run {SHORT}, no pictures {found['run_s']:6.2f} s",
        f"  longer than the imports by a factor of  {found['run_ratio']:9.2f}",
        f"the same with pictures                    {found['run_with_pictures_s']:9.2f} s",
        f"compiling the rule book, once             {found['cold_compile_s']:9.1f} s",
    ]


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
