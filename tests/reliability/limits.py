"""Campaign 11: limits of files and memory, a folder that cannot be written, a disk that is full and then grown, closed
output, a process that is halted; the limit is lifted, and the same sweep is asked for again.
"""

from __future__ import annotations

import itertools
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.reliability.sweeping import ROOT, Counts, litter, sha256, tanf, words

NAME = "11. Limits, full disks and closed output"
ASKED = ["roe.zone_radius_km=0,40", "scenario.horizon_days=1", "replications=400", "seed=3", "threads=2"]
LIMITS = {  # what a shell does before the sweep, or with its output
    "files of at most 1 to 64 KiB (ulimit -f)": [f"ulimit -f {kib}; {{}}" for kib in (1, 4, 16, 64)],
    "8 to 24 open files (ulimit -n)": [f"ulimit -n {count}; {{}}" for count in (8, 12, 16, 24)],
    "0.3 to 2 GB of memory (ulimit -v)": [f"ulimit -v {kb}; {{}}" for kb in (300_000, 700_000, 1_200_000, 2_000_000)],
    "output closed or not read": ["{} >&-", "{} 2>&-", "{} >&- 2>&-", "{} | head -0; exit ${{PIPESTATUS[0]}}"],
    "output to a full disk": ["{} > /dev/full"],
}
TOLD = {
    "right": "exit code 0 and the folder right",
    "named": "another exit code, and a sentence that names the error, and the path where there is one",
    "starting": "another exit code while the program was starting, and nothing written",
    "unnamed": "another exit code without such a sentence",
    "silent": "exit code 0 and the folder not right",
    "litter": "folders with half-written files",
    "differ": "folders that differ once the limit was lifted and the sweep asked for again",
}


def campaign(n: int) -> Counts:
    """At most n of each kind.  Disks are made where the machine lets us mount one."""
    counted = Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        assert tanf("sweep", *ASKED, "figures=false", f"out={place / 'whole'}")[0] == 0
        whole = sha256(place / "whole")
        for what, shells in LIMITS.items():
            for k, shell in enumerate(shells[:n]):
                out = place / f"{len(counted)}-{k}-{len(what)}"
                _count(counted, what, out, whole, _under(shell, out), shell)
                counted.update(_lifted(out, whole))
        for what, disk, lift in itertools.islice(DISKS, n if _can_mount(place) else 0):
            with _mounted(place / "disk", disk) as folder:
                out = folder / "out"
                _count(counted, what, out, whole, _under("{}", out), disk)
                subprocess.run(["mount", "-o", f"remount,{lift}", folder], check=True)
                counted.update(_lifted(out, whole))
        for k in range(min(n, 6)):
            _count(counted, HALTED, place / f"halted-{k}", whole, _halted(place / f"halted-{k}", k), "halted")
    kinds = [*LIMITS, *dict.fromkeys(what for what, _, _ in DISKS), HALTED]
    return [*((what, counted[what]) for what in kinds), *((told, counted[key]) for key, told in TOLD.items())]


DISKS = (
    ("a disk of 16 to 200 KB, grown afterwards", "size=16k", "size=20m"),
    ("a disk of 16 to 200 KB, grown afterwards", "size=64k", "size=20m"),
    ("a disk of 16 to 200 KB, grown afterwards", "size=200k", "size=20m"),
    ("a disk with room for few files, grown afterwards", "nr_inodes=4", "nr_inodes=100"),
    ("a disk with room for few files, grown afterwards", "nr_inodes=7", "nr_inodes=100"),
    ("a read-only disk, made writable afterwards", "ro", "rw"),
)
HALTED = "halted for a second by SIGSTOP"


def _count(counted: Counter[str], what: str, out: Path, whole: str, ended: tuple[int, str], how: str) -> None:
    code, told = ended
    counted[what] += 1
    found = judged(code, told, out, whole)
    counted[found] += 1
    counted["litter"] += bool(out.exists() and litter(out))
    if found in ("silent", "unnamed"):
        sys.stderr.write(f"{how}: {found}, exit code {code}\n{told[-600:]}\n")


def judged(code: int, told: str, out: Path, whole: str) -> str:
    """What a sweep under a limit said and left."""
    if code == 0:
        return "right" if sha256(out) == whole else "silent"
    sentences = [line for line in told.splitlines() if line.startswith("tanf:")]
    if len(sentences) != 1 or "Traceback" in told or "internal error" in told:
        return "unnamed" if out.exists() else "starting"
    clear = re.search(r"(/\S+|standard output|the system refused).*(errno \d+|enough|needs)|memory|room", sentences[0])
    return "named" if clear else "unnamed" if out.exists() else "starting"


def _lifted(out: Path, whole: str) -> list[str]:
    code, told, _ = tanf("sweep", *ASKED, "figures=false", f"out={out}")
    if code == 0 and sha256(out) == whole:
        return []
    sys.stderr.write(f"asked again: {code}\n{told[-400:]}\n")
    return ["differ"]


def _under(shell: str, out: Path) -> tuple[int, str]:
    command = shell.format(shlex.join(words("sweep", *ASKED, "figures=false", f"out={out}")))
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    return done.returncode, done.stderr.decode(errors="replace")


def _halted(out: Path, k: int) -> tuple[int, str]:
    """Halt a sweep at some moment and let it go on; meanwhile nobody else may write."""
    command = words("sweep", *ASKED, "figures=false", f"out={out}")
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        time.sleep(1.0 + 0.3 * k)
        process.send_signal(signal.SIGSTOP)
        time.sleep(1)
        process.send_signal(signal.SIGCONT)
        told = process.communicate(timeout=120)[1].decode()
    return process.returncode, told


def _can_mount(place: Path) -> bool:
    (place / "disk").mkdir(exist_ok=True)
    made = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place / "disk"], capture_output=True, check=False)
    return made.returncode == 0 and subprocess.run(["umount", place / "disk"], check=False).returncode == 0


@contextmanager
def _mounted(folder: Path, how: str) -> Iterator[Path]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", how, "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)
