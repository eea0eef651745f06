"""A few of each campaign against the results folder; `make reliability` runs them in full."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def counted(name):
    """What a small campaign counts, in a process of its own: it forks."""
    words = [sys.executable, "-m", "tests.reliability", "small", name]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr[-2000:]
    return dict(json.loads(told.stdout)[name])


def test_kill_9_loses_nothing():
    """If this failed, the lights going out would cost rows, or count some twice, or change the answer."""
    found = counted("kills")
    assert found["kills"] == 2
    assert found["rows lost"] == found["rows duplicated"] == 0
    assert [count for what, count in found.items() if "differ" in what] == [0]


def test_damage_is_found_named_and_repaired():
    """If this failed, a decaying disk would move a probability and nobody would know."""
    found = counted("damage")
    assert found["found by the check, the file named"] == 7
    assert found["folders that `sim.open` returned short"] == 0
    assert found["repaired, the damaged parts computed again"] == 3
    assert [count for what, count in found.items() if "differ" in what] == [0]


def test_two_writers_never_share_a_folder():
    """If this failed, two terminals with the same command would write over each other, or wait for ever."""
    found = counted("races")
    assert found["one worked, the other left with exit code 6 and named the holder's process and host"] == 1
    assert [count for what, count in found.items() if "differ" in what] == [0]
