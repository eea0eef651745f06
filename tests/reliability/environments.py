"""Campaign 10: one question, asked in sixteen surroundings, from other locales and a wrong clock to a home that is not
there: one folder, to the last bit. 1: the same SHA-256.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.reliability.sweeping import ROOT, Counts, sha256, words

NAME = "10. One answer, wherever it is computed"
ASKED = ["roe.zone_radius_km=0,40", "scenario.horizon_days=2", "replications=300", "seed=5", "figures=false"]
PLAIN = {"threads": "2", "shell": "", "cwd": str(ROOT)}
CLOCK = (
    "import sys, time; before = time.time, time.time_ns; "
    "time.time, time.time_ns = (lambda: before[0]() + 3e8), (lambda: before[1]() + 3 * 10**17); "
    "from experiments.__main__ import main; sys.exit(main(sys.argv[1:]))"
)
ENVIRONMENTS: dict[str, dict[str, str]] = {
    "as it is": {},
    "one thread": {"threads": "1"},
    "LC_ALL=C, output in ASCII": {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    "LC_ALL=C.UTF-8": {"LC_ALL": "C.UTF-8"},
    "LC_ALL=tr_TR.UTF-8, or what the system makes of it": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "TZ=Pacific/Kiritimati": {"TZ": "Pacific/Kiritimati"},
    "TZ=America/St_Johns, a narrow terminal": {"TZ": "America/St_Johns", "COLUMNS": "20", "NO_COLOR": "1"},
    "PYTHONHASHSEED=0": {"PYTHONHASHSEED": "0"},
    "PYTHONHASHSEED=4711": {"PYTHONHASHSEED": "4711"},
    "time.time() ten years ahead": {"clock": "ahead"},
    "umask 077": {"shell": "umask 077"},
    "another working folder": {"cwd": "/"},
    "64 open files": {"shell": "ulimit -n 64"},
    "no HOME": {"shell": "unset HOME", "XDG_CACHE_HOME": ""},
    "a HOME that cannot be written": {"HOME": "/proc", "MPLCONFIGDIR": "/proc/none"},
    "four threads, PYTHONOPTIMIZE=2": {"threads": "4", "PYTHONOPTIMIZE": "2", "NUMBA_NUM_THREADS": "4"},
}


def campaign(n: int) -> Counts:
    """The first n of them."""
    with tempfile.TemporaryDirectory() as name:
        found = {
            told: _answer(Path(name) / str(k), ENVIRONMENTS[told]) for k, told in enumerate(list(ENVIRONMENTS)[:n])
        }
    odd = [told for told, (code, sha, _) in found.items() if code or sha != found["as it is"][1]]
    for told in odd:
        sys.stderr.write(f"{told}: exit code {found[told][0]}\n{found[told][2][-400:]}\n")
    return [
        ("surroundings", len(found)),
        *((told, int(told not in odd)) for told in found),
        ("different SHA-256", len({sha for _, sha, _ in found.values()})),
    ]


def _answer(out: Path, there: dict[str, str]) -> tuple[int, str, str]:
    """Exit code, hash of the folder and what was said."""
    chosen = PLAIN | there
    command = words("sweep", *ASKED, f"threads={chosen['threads']}", f"out={out}")
    if "clock" in chosen:
        command = [sys.executable, "-c", CLOCK, *command[3:]]
    shell = "; ".join(filter(None, [chosen["shell"], f"exec {shlex.join(command)}"]))
    surroundings = {key: value for key, value in there.items() if key.isupper()}
    done = subprocess.run(
        ["bash", "-c", shell],
        cwd=chosen["cwd"],
        env=os.environ | {"PYTHONPATH": str(ROOT)} | surroundings,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    return done.returncode, sha256(out) if out.is_dir() else "", done.stderr
