"""Campaign 5: two writers, one folder: one works, the other is turned away at once and told by whom."""

from __future__ import annotations

import io
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from experiments.__main__ import main
from sim.results.storage import holder
from tests.reliability.common import ASKED, Counts, content, ended, forked, scratch, small_parts, warm_up

NAME = "5. Two writers on one folder"
LOCKED = 6


def campaign(n: int, seed: int = 1) -> Counts:
    """Race n times: the second starts with the first or up to half a second later; a tenth are started anew."""
    chance, counted, waited = random.Random(seed), Counter[str](), []
    with scratch() as aside, small_parts(200):
        warm_up()
        assert ended(forked(lambda: _writer(aside / "whole", aside / "told"))) == 0
        whole = content(aside / "whole")
        for k in range(n):
            path = aside / str(k)
            late = k % 10 == 9
            codes, loser_s = _late_command(path, aside) if late else _race(path, aside, chance.uniform(0, 0.5))
            counted["races"] += 1
            counted["one worked"] += codes == [0, LOCKED]
            counted["late"] += late
            counted["slow"] += loser_s >= 1.0
            counted["differ"] += content(path) != whole
            waited.append(loser_s)
    return [
        ("races", counted["races"]),
        ("of them with a second `tanf` started anew while the first works", counted["late"]),
        ("one worked, the other left with exit code 6 and named the holder's process and host", counted["one worked"]),
        ("the other took a second or more to say so", counted["slow"]),
        ("median of that time in ms", round(1000 * statistics.median(waited))),
        ("longest in ms", round(1000 * max(waited))),
        ("folders that differ from one without a race", counted["differ"]),
    ]


def _writer(path: Path, told: Path) -> int:
    """Sweep into the folder; leave what was said, and how long it took."""
    start, errors = time.monotonic(), io.StringIO()
    with redirect_stdout(io.StringIO()), redirect_stderr(errors):
        code = main(["sweep", *ASKED, f"out={path}"])
    told.write_text(json.dumps([code, time.monotonic() - start, errors.getvalue()]))
    return code


def _race(path: Path, aside: Path, pause_s: float) -> tuple[list[int], float]:
    """Two children of a warm process; returns both exit codes in order, and how long the loser took."""
    first = forked(lambda: _writer(path, aside / "first"))
    if pause_s > 0.1:
        time.sleep(pause_s)
    second = forked(lambda: _writer(path, aside / "second"))
    children = {"first": first, "second": second}
    for child in children.values():
        ended(child)
    told: dict[str, Any] = {name: json.loads((aside / name).read_text()) for name in children}
    winner = min(told, key=lambda name: told[name][0])
    loser = "second" if winner == "first" else "first"
    assert f"process {children[winner]} on " in told[loser][2], f"the loser said: {told[loser][2]}"
    return [told[winner][0], told[loser][0]], told[loser][1]


def _late_command(path: Path, aside: Path) -> tuple[list[int], float]:
    """A command given in another terminal while the folder is written; its whole time counts."""
    first = forked(lambda: _writer(path, aside / "first"))
    while holder(path) is None:
        time.sleep(0.005)
    start = time.monotonic()
    words = [sys.executable, "-m", "experiments", "sweep", *ASKED, f"out={path}"]
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    loser_s = time.monotonic() - start
    codes = [ended(first), told.returncode]
    assert f"process {first} on {os.uname().nodename}" in told.stderr, told.stderr
    return codes, loser_s
