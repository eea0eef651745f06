"""Everything that is measured beside `tanf bench`: the limit in C, other frameworks, the harness, memory, scaling."""

from __future__ import annotations

import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import mesa

from benchmarks import others, rows, twin
from benchmarks.phases import phases
from benchmarks.scenario import STEPS, UNITS
from sim.config.settings import declared, value_of
from sim.run import batch
from sim.run.cluster import cluster
from sim.run.model import EscalationModel
from sim.scenario import load
from sim.study.designs import grid
from sim.study.runs import Runs

ROUNDS = 15
STEP = 1e9 / (UNITS * STEPS)  # seconds a run -> nanoseconds a unit and step
SHORT = ["scenario.horizon_days=1", "figures=false"]
MORE = "scenario.regime_columns", "scenario.militia_convoys", "scenario.partner_patrols"
BETWEEN = """import resource, signal, subprocess, sys
begun = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    assert begun.wait(float(sys.argv[1])) == 0
except subprocess.TimeoutExpired:
    begun.send_signal(signal.SIGTERM)
    begun.wait()
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"""
Measured = dict[str, Any]


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median_ratio(times: Sequence[Sequence[float]], above: int, below: int) -> float:
    """The median over rounds of one time over another of the same round."""
    return statistics.median(one[above] / one[below] for one in times)


def hot_loop(runs: int = 300) -> Measured:
    """The small scenario in rows beside its C twin in both layouts, interleaved; nothing without a compiler."""
    rows.simulate(1)
    if twin.compiler() is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        built = {layout: twin.built(Path(folder), layout) for layout in twin.LAYOUTS}
        works = [rows.simulate, *built.values()]
        times = [[seconds(lambda work=work: work(runs)) / runs for work in works] for _ in range(ROUNDS)]
    ours, *c = map(statistics.median, zip(*times, strict=True))
    best = 1 + c.index(min(c))
    named = {f"c_{layout}_ns": STEP * value for layout, value in zip(twin.LAYOUTS, c, strict=True)}
    return {"rows_ns": STEP * ours, **named, "c_ratio": median_ratio(times, 0, best)}


def frameworks() -> Measured:
    """The same in Mesa, in AgentPy where it is installed, and in NumPy over 300 replications, beside the rows."""
    asked: dict[str, tuple[Callable[..., Any], int]] = {"mesa": (others.in_mesa, 2), "numpy": (others.in_numpy, 300)}
    if importlib.util.find_spec("agentpy"):
        asked["agentpy"] = (others.in_agentpy, 2)
    rows.simulate(1)
    found: Measured = {}
    for name, (work, runs) in asked.items():
        work(1)
        times = [
            (seconds(lambda: work(runs)) / runs, seconds(lambda: rows.simulate(300)) / 300)  # noqa: B023
            for _ in range(5)
        ]
        found[f"{name}_ns"] = STEP * statistics.median(one for one, _ in times)
        found[f"{name}_ratio"] = median_ratio(times, 0, 1)
    return found


def batch_run() -> Measured:
    """`mesa.batch_run` on our model, 28 days a run, beside `sim.replicate` on one thread."""
    scenario = load()
    asked: dict[str, Any] = {"rng": [0, 1, 2], "collect": "none"}

    def once() -> object:
        return mesa.batch_run(
            EscalationModel, asked, iterations=1, max_steps=scenario.steps, data_collection_period=-1,
            display_progress=False,
        )  # fmt: skip

    batch.replicate(scenario, replications=1)
    once()
    times = [(seconds(once) / 3, seconds(lambda: batch.replicate(scenario, replications=60, threads=1)) / 60)
             for _ in range(3)]  # fmt: skip
    return {
        "batch_run_ms": 1e3 * statistics.median(one for one, _ in times),
        "batch_run_ratio": median_ratio(times, 0, 1),
    }


def harness(runs: int = 1500) -> Measured:
    """A whole sweep of 28-day runs on one thread (parts, hashes, summary; no figures) beside simulating them."""
    scenario = load()
    batch.replicate(scenario, replications=2)
    times = []
    for number in range(3):
        with tempfile.TemporaryDirectory() as folder:
            words = [
                "sweep",
                "roe.zone_radius_km=55",
                f"replications={runs}",
                f"seed={number}",
                "threads=1",
                "figures=false",
            ]
            whole = seconds(lambda: tanf(*words, f"out={folder}/a"))  # noqa: B023
            start = seconds(lambda: tanf("sweep", *SHORT, "replications=2", f"out={folder}/b"))
        plain = seconds(lambda: batch.replicate(scenario, replications=runs, threads=1, seed=number))  # noqa: B023
        times.append((whole - start, plain))
    return {"harness_ratio": median_ratio(times, 0, 1)}


def tanf(*words: str) -> None:
    """A command, in a process of its own."""
    subprocess.run([sys.executable, "-m", "experiments", *words], check=True, capture_output=True)


def workers(runs: int = 1800) -> Measured:
    """Two Dask workers beside one, and beside two threads: the same chunks of 28-day runs, workers warm."""
    design = grid([f"replications={runs}", "figures=false"])
    design.base.threads = 2
    times: list[list[float]] = [[], [], []]
    for place, count in enumerate((1, 2)):
        with cluster(None, count) as found:
            runs_of = Runs(design, cluster=found)
            runs_of.chunk = 100
            runs_of.part(range(200 * count), lambda _: None)
            times[place] = [seconds(lambda: runs_of.part(range(runs), lambda _: None)) for _ in range(3)]  # noqa: B023
    threads = Runs(design)
    times[2] = [seconds(lambda: threads.part(range(runs), lambda _: None)) for _ in range(3)]
    one, two, both = map(statistics.median, times)
    return {"workers_ratio": one / two, "workers_threads_ratio": two / both}


def scaling() -> Measured:
    """Seconds a run by horizon and by number of units, and where a run ends with its first ground strike."""
    words = {
        "days_7": ["scenario.horizon_days=7"],
        "days_28": [],
        "days_56": ["scenario.horizon_days=56"],
        "units_double": [f"{name}={more_of(name)}" for name in MORE],
        "first_strike": ["scenario.stop_after=strike_ground"],
    }
    scenarios = {name: load(*given) for name, given in words.items()}
    units = {name: int(scenario.state.n_units) for name, scenario in scenarios.items()}

    def one(name: str) -> float:
        return seconds(lambda: batch.replicate(scenarios[name], replications=60, threads=1)) / 60

    times = [[one(name) for name in words] for _ in range(5)]
    medians = map(statistics.median, zip(*times, strict=True))
    found: Measured = {f"{name}_ms": 1e3 * value for name, value in zip(words, medians, strict=True)}
    found |= {"units": units["days_28"], "units_more": units["units_double"]}
    return found | {"early_exit_ratio": median_ratio(times, 1, 4)}


def more_of(name: str) -> int:
    """Twice as many as by default, or as many as are allowed."""
    entry = declared()[name]
    return int(min(2 * value_of(load().config, name), entry.high or 0))


def memory() -> Measured:
    """Most memory of a sweep of 1-day runs, by how many; and of one of which ten million runs are planned, begun."""
    found: Measured = {}
    for runs in (2_000, 20_000, 200_000):
        with tempfile.TemporaryDirectory() as folder:
            found[f"memory_{runs}_mb"] = peak_mb(
                "sweep", *SHORT, f"replications={runs}", "threads=2", f"out={folder}/a"
            )
    with tempfile.TemporaryDirectory() as folder:
        words = ["sweep", "replications=10000000", "figures=false", "threads=2", f"out={folder}/a"]
        found["memory_planned_mb"] = peak_mb(*words, stop_after_s=30.0)
    return found


def peak_mb(*words: str, stop_after_s: float = 3600.0) -> float:
    """The most memory that a command held; it is stopped after a while where that is asked.

    A process counts as its own what its parent held when it was begun, hence the small one between.
    """
    asked = [sys.executable, "-c", BETWEEN, str(stop_after_s), sys.executable, "-m", "experiments", *words]
    return float(subprocess.run(asked, capture_output=True, text=True, check=True).stdout) / 1024


PARTS: dict[str, Callable[[], Measured]] = {
    "the loop of sensing and movement, and its twin in C": hot_loop,
    "the same scenario in other frameworks": frameworks,
    "mesa.batch_run on this model": batch_run,
    "what a sweep costs beside its runs": harness,
    "two worker processes": workers,
    "horizon, units, early exit": scaling,
    "phases of a step": lambda: phases(load()),
    "memory": memory,
}


def measured(parts: Sequence[str] = tuple(PARTS)) -> Measured:
    """Everything, part after part; says on standard error which."""
    found: Measured = {}
    for name in parts:
        start = time.monotonic()
        found |= PARTS[name]()
        sys.stderr.write(f"{name}: {time.monotonic() - start:.0f} s\n")
    return found


if __name__ == "__main__":
    chosen = [list(PARTS)[int(word)] for word in sys.argv[1:]] or tuple(PARTS)
    sys.stdout.write(json.dumps(measured(chosen), indent=1) + "\n")
