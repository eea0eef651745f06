"""Break the rules on purpose, one way at a time, and write down which test notices: `python -m tests.mutate`.

Each mutant is made in a copy of the project and meets the interpreted tests, then the compiled ones, until
one fails.  The committed outcomes (test_baseline) and the list of mutants itself are left out: they would
notice any change, and say nothing about why it is wrong.  Takes about half an hour.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from sim.study.markdown import table
from tests.mutants import MUTANTS, Mutant

ROOT = pathlib.Path(__file__).parents[1]
PAGE = ROOT / "docs" / "mutants.md"
LEFT_OUT = ("--deselect=tests/test_mutants.py", "--deselect=tests/test_baseline.py")
LEGS: tuple[tuple[str, list[str], dict[str, str]], ...] = (
    ("interpreted", ["-m", "interpreted"], {"NUMBA_DISABLE_JIT": "1"}),
    ("compiled", [], {}),
)
FAILED = re.compile(r"^FAILED (?:tests/)?(\S+?)(?:\[.*)?(?: - .*)?$", re.MULTILINE)
NOTICED, UNNOTICED = 1, 0  # exit codes of pytest
NOBODY = ("-", "-")


def not_copied(folder: str, names: list[str]) -> list[str]:
    """What the tests do not need: caches, environments, results."""
    hidden = [name for name in names if name.startswith(".") and name not in (".ci", ".gitignore")]
    made = ["build", "dist", "results"] if pathlib.Path(folder) == ROOT else []
    return [*hidden, *made, "__pycache__"]


def noticed_by(mutant: Mutant, legs: tuple = LEGS) -> tuple[str, str]:
    """The leg and the first test that fails, or two dashes; exits where the tests cannot be run."""
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder) / "project"
        shutil.copytree(ROOT, place, ignore=not_copied)
        file = place / mutant.file
        file.write_text(file.read_text().replace(mutant.was, mutant.becomes))
        for leg, which, settings in legs:
            asked = [sys.executable, "-m", "pytest", "-x", "-q", *which, *LEFT_OUT]
            env = os.environ | settings | {"TANF_CACHE": str(place / "cache"), "PYTHONPATH": str(place)}
            done = subprocess.run(asked, cwd=place, env=env, capture_output=True, text=True, check=False)
            if done.returncode == NOTICED:
                found = FAILED.search(done.stdout)
                return leg, found.group(1) if found else "?"
            if done.returncode != UNNOTICED:
                sys.exit(
                    f"{mutant.means}: the {leg} tests could not be run\n{done.stdout[-3000:]}{done.stderr[-1000:]}"
                )
    return NOBODY


def page(found: list[tuple[str, str]]) -> str:
    """The table as Markdown."""
    caught = sum(by != NOBODY for by in found)
    rows = [
        [mutant.means, f"`{mutant.file}`", leg, f"`{test}`"] for mutant, (leg, test) in zip(MUTANTS, found, strict=True)
    ]
    return (
        "\n\n".join(
            (
                "# What the tests notice",
                "```sh\nmake mutants\n```",
                "broke the rules on purpose, one way at a time (`tests/mutants.py`), and ran the tests of `make test`\n"
                "until one failed, without the committed outcomes, which notice any change.",
                f"**{caught} of {len(found)} were noticed.**",
                table(("what the broken rules would mean", "file", "leg", "first test that failed"), rows),
            )
        )
        + "\n"
    )


def main() -> None:
    """Break, test, write the page; where nothing is broken, nothing may be noticed."""
    whole = Mutant("nothing", MUTANTS[0].file, "", "")
    if noticed_by(whole, LEGS[:1]) != NOBODY:
        sys.exit("the tests fail without a breakage")
    found = []
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for mutant, by in zip(MUTANTS, pool.map(noticed_by, MUTANTS), strict=True):
            found.append(by)
            sys.stdout.write(f"{len(found)} of {len(MUTANTS)}: {mutant.means}: {' '.join(by)}\n")
            sys.stdout.flush()
    PAGE.write_text(page(found))


if __name__ == "__main__":
    main()
