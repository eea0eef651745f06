"""Campaign 9: each open, write, fsync, rename, mkdir and unlink that a sweep does in its folder fails, once or from
then on: EIO, ENOSPC, EDQUOT, EROFS in turn. Then the sweep is asked for again.
"""

from __future__ import annotations

import importlib
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from experiments.__main__ import main
from tests.reliability.common import PER_PART, Counts, ended, forked, scratch, small_parts, warm_up
from tests.reliability.sweeping import litter, sha256

NAME = "9. A disk that fails at the k-th call"
ASKED = [
    "roe.zone_radius_km=0,40",
    "scenario.horizon_days=1",
    f"replications={2 * PER_PART}",
    "seed=5",
    "threads=1",
    "figures=false",
]
CALLS = {"open": "openat", "write": "write", "fsync": "fsync", "rename": "rename", "mkdir": "mkdir", "unlink": "unlink"}
WORDS = {
    "EIO": "Input/output error",
    "ENOSPC": "No space left on device",
    "EDQUOT": "Disk quota exceeded",
    "EROFS": "Read-only file system",
}
TOLD = {
    "faults": "faults",
    "missed": "calls missed, because this time the sweep made fewer",
    "elsewhere": "faults that met no file of the results folder",
    "named": "the sweep ended with exit code 2, 4 or 5 and named the path and the error in one sentence",
    "unheard": "it ended with exit code 2 or 4, and its sentence could not be written either",
    "unnamed": "it ended with another code or sentence",
    "right": "it finished, and the folder is right",
    "silent": "it finished with exit code 0, and the folder is not right",
    "litter": "folders with half-written files after an error that came once",
    "differ": "folders that differ from an undisturbed one after the sweep was asked for again",
}


def campaign(n: int) -> Counts:
    """Each of the first n calls of a kind in the folder fails, with one of the errors in turn.  Needs strace."""
    counted = Counter[str]()
    with scratch() as aside, small_parts():
        warm_up()
        importlib.import_module("pandas")  # else most of the files that a child opens are its modules
        assert _undisturbed(aside / "whole", aside / "told") == 0
        whole = sha256(aside / "whole")
        for call, lasting in itertools.product(CALLS, ("", "+")):
            for place, k in enumerate(_calls(aside, CALLS[call])[:n]):
                error = list(WORDS)[(place + len(lasting)) % len(WORDS)]
                found = fault(aside, CALLS[call], error, f"{k}{lasting}", whole)
                counted.update(found)
                counted["faults"] += bool(found)
                counted["missed"] += not found
                counted[call] += bool(found)
    by_call = [(f"of them at {call}", counted[call]) for call in CALLS]
    return [("faults", counted["faults"]), *by_call, *((TOLD[key], counted[key]) for key in TOLD if key != "faults")]


def _calls(aside: Path, call: str) -> list[int]:
    """Which of the calls of a kind in an undisturbed sweep are in the results folder, counted as strace counts them."""
    out, log = aside / "out", aside / "log"
    shutil.rmtree(out, ignore_errors=True)
    assert _traced(out, aside / "told", log, call) == 0
    lines = [line.split(maxsplit=1) for line in log.read_text().splitlines()]  # number of the thread, what it did
    made = [told for thread, told in lines if thread == lines[0][0] and told.startswith(f"{call}(")]
    return [k for k, line in enumerate(made, 1) if str(out) in line]


def fault(aside: Path, call: str, error: str, when: str, whole: str) -> list[str]:
    """Let one sweep suffer one fault, and ask again; what came of it, nothing where the call was missed."""
    out, told, log = aside / "out", aside / "told", aside / "log"
    shutil.rmtree(out, ignore_errors=True)
    code = _traced(out, told, log, call, "-e", f"inject={call}:error={error}:when={when}")
    hit = [line for line in log.read_text().splitlines() if line.endswith("(INJECTED)")]
    if not hit:
        return []
    ours = [line for line in hit if str(out) in line]  # strace counts anew in a process that the sweep starts, as git
    found = [] if ours else ["elsewhere"]
    said = told.read_text()
    mute = call == "write" and when.endswith("+")
    found.append(
        "unheard" if mute and code in (2, 4) and "tanf:" not in said else _judged(code, said, error, out, whole)
    )
    if out.exists() and litter(out) and not when.endswith("+") and call != "unlink":
        found.append("litter")
    again = _undisturbed(out, told)
    if again or sha256(out) != whole:
        found.append("differ")
    if {"unnamed", "silent", "litter", "differ"} & set(found):
        sys.stderr.write(f"{call} {error} {when}: {found}, exit code {code}, {hit[0]}\n{said[-400:]}\n")
    return found


def _judged(code: int, told: str, error: str, out: Path, whole: str) -> str:
    """What a sweep that met a fault said and left."""
    if code == 0:
        return "right" if sha256(out) == whole else "silent"
    sentences = [line for line in told.splitlines() if line.startswith("tanf:")]
    clear = len(sentences) == 1 and "Traceback" not in told and "internal error" not in told
    named = clear and re.search(r"/\S+|standard output", sentences[0]) and WORDS[error] in sentences[0]
    return "named" if code in (2, 4, 5) and named else "unnamed"


def _traced(out: Path, told: Path, log: Path, call: str, *inject: str) -> int:
    """The exit code of a sweep in a child that strace follows from before its first call."""

    def work() -> int:
        _speaking_into(told)
        os.kill(os.getpid(), signal.SIGSTOP)  # until strace is there
        return _sweep(out)

    child = forked(work)
    os.waitid(os.P_PID, child, os.WSTOPPED | os.WNOWAIT)
    follow = ["strace", "-f", "-qq", "-y", "-o", str(log), "-e", f"trace={call}", *inject, "-p", str(child)]
    with subprocess.Popen(follow, stderr=subprocess.DEVNULL) as strace:
        while not _followed(child):
            assert strace.poll() is None, "strace cannot follow a process here"
        os.kill(child, signal.SIGCONT)
        code = ended(child)
        strace.wait(timeout=60)
    return code


def _followed(child: int) -> bool:
    told = Path(f"/proc/{child}/status").read_text()
    return "TracerPid:\t0\n" not in told


def _speaking_into(told: Path) -> None:
    """Let this child say what it says into a file."""
    handle = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(handle, stream)


def _undisturbed(out: Path, told: Path) -> int:
    """A sweep in a child of its own."""

    def work() -> int:
        _speaking_into(told)
        return _sweep(out)

    return ended(forked(work))


def _sweep(out: Path) -> int:
    code = main(["sweep", *ASKED, f"out={out}"])
    sys.stdout.flush()
    sys.stderr.flush()
    return code
