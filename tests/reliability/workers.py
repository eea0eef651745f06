"""Campaign 12: worker processes are killed (SIGKILL) or frozen (SIGSTOP) at random moments of a sweep with
executor=dask, and whole clusters with their driver are killed, after which the same command is given again.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil

from tests.reliability.common import Counts, content, scratch

NAME = "12. Worker processes"
QUESTION = ["roe.zone_radius_km=20,55", "scenario.horizon_days=1", "replications=16384", "seed=3"]
ASKED = [*QUESTION, "figures=false", "threads=2"]
AT_ONCE = 3  # sweeps side by side: a frozen worker is given up after 20 s
LOSSES = 10  # one whole cluster is lost for so many workers that are killed
HUNG_S = 300.0
EARLIEST_S, LATEST_S = 0.0, 7.0  # after the first of the worker processes were seen, so that some are still starting
TOLD = {
    "killed": "workers killed",
    "frozen": "workers frozen",
    "lost": "whole clusters killed with their driver, the command then given again",
    "over": "of these, when the sweep was over already",
    "codes": "sweeps that ended with another exit code than 0",
    "hung": "sweeps that hung for five minutes",
    "left": "processes left behind",
    "differ": "folders that differ from that of the same sweep on threads",
}


def campaign(n: int, seed: int = 1) -> Counts:
    """Kill n workers and freeze n, each in a sweep of its own, and kill n / 10 whole clusters."""
    counted, chance = Counter[str](), random.Random(seed)
    with scratch() as aside:
        assert _sweep(aside / "threads").wait() == 0
        whole = content(aside / "threads")
        jobs = [(kind, k) for kind in ("killed", "frozen") for k in range(n)]
        jobs += [("lost", k) for k in range(n // LOSSES)]
        moments = [chance.uniform(EARLIEST_S, LATEST_S) for _ in jobs]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            done = pool.map(lambda job, after: _disturbed(aside / f"{job[0]}{job[1]}", job[0], after), jobs, moments)
            for (kind, k), found in zip(jobs, done, strict=True):
                counted.update(found)
                counted["differ"] += content(aside / f"{kind}{k}") != whole
    return [(told, counted[key]) for key, told in TOLD.items()]


def _sweep(path: Path, *more: str) -> subprocess.Popen[bytes]:
    """Begin the sweep, in a process group of its own."""
    command = [sys.executable, "-m", "experiments", "sweep", *ASKED, *more, f"out={path}"]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, start_new_session=True, **silent)  # type: ignore[call-overload, no-any-return]


def _disturbed(path: Path, kind: str, after_s: float) -> Counter[str]:
    """One sweep, disturbed once; what came of it."""
    running = _sweep(path, "executor=dask")
    workers = _workers(running)
    time.sleep(after_s)
    family: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        family = psutil.Process(running.pid).children(recursive=True)
    counted = Counter({kind: 1, "over": int(running.poll() is not None)})
    if kind == "lost":
        os.killpg(running.pid, signal.SIGKILL)
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        running.wait()
        running = _sweep(path, "executor=dask")
    elif workers:
        with suppress(psutil.NoSuchProcess):
            workers[0].send_signal(signal.SIGKILL if kind == "killed" else signal.SIGSTOP)
    try:
        counted["codes"] = int(running.wait(HUNG_S) != 0)
    except subprocess.TimeoutExpired:
        counted["hung"] = 1
        os.killpg(running.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(family, timeout=20)
    counted["left"] = len(alive)
    for process in alive:
        process.kill()
    return counted


def _workers(running: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The worker processes, once both are there."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and running.poll() is None:
        with suppress(psutil.NoSuchProcess):  # some come and go
            below = psutil.Process(running.pid).children()
            working = [child for child in below if "spawn_main" in " ".join(child.cmdline())]
            if len(working) >= 2:
                return working
        time.sleep(0.05)
    return []
