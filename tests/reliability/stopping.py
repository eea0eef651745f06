"""Signals: a sweep is interrupted at random moments, from starting to its last file; it ends soon, and cleanly."""

from __future__ import annotations

import random
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tests.reliability.sweeping import ROOT, Counts, alive, litter, sha256, tanf, words

NAME = "8. Stopped by a signal at any moment"
ASKED = [
    "roe.zone_radius_km=0,40",
    "scenario.horizon_days=2",
    "replications=1500",
    "seed=3",
    "threads=2",
    "figures=false",
]
NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SOON_S = 5.0


def campaign(n: int, seed: int = 1) -> Counts:
    """N sweeps, each sent a signal at a moment between its first and its last, then continued."""
    chance, waits, codes, dirty, orphans, differ = random.Random(seed), [], 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        start = time.monotonic()
        assert tanf("sweep", *ASKED, f"out={Path(name) / 'whole'}")[0] == 0
        takes, whole = time.monotonic() - start, sha256(Path(name) / "whole")
        for k in range(n):
            number, out = NUMBERS[k % 3], Path(name) / str(k)
            command = words("sweep", *ASKED, f"out={out}")
            with subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
            ) as process:
                time.sleep(chance.uniform(0.5, takes))
                sent = time.monotonic()
                process.send_signal(number)
                told = process.communicate(timeout=60)[1].decode()
                waits.append(time.monotonic() - sent)
                unheard = process.returncode == -number and not out.exists()  # before Python could listen
                codes += unheard or process.returncode in (0, 128 + number)
                orphans += alive(process.pid)
            dirty += bool(litter(out)) or "Traceback" in told
            assert tanf("sweep", *ASKED, f"out={out}")[0] == 0
            differ += sha256(out) != whole
    return [
        ("signals", n),
        ("exit code 128 + n, 0 where it was done already, or ended before anything was begun", codes),
        ("slower than 5 s", sum(wait > SOON_S for wait in waits)),
        ("longest, ms", round(1000 * max(waits))),
        ("processes left behind", orphans),
        ("folders with half-written files, or a traceback", dirty),
        ("continued folders that differ from one without a signal", differ),
    ]
