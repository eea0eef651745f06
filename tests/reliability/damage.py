"""Campaign 4: bits that flip, files cut short, parts swapped, renamed, copied, deleted: all found, named, repaired."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sim.errors import TanfError
from sim.results import open as read
from sim.results.checking import damages
from sim.study import keeping, sweep
from tests.reliability.common import ASKED, POINTS, Counts, content, scratch, small_parts

NAME = "4. Damage found, named and repaired"
REPLICATIONS = 150
PARTS = 6
WORKED = "figures=false"
RUNS_THERE = POINTS * REPLICATIONS
LEFT_OUT = {".lock"}


def campaign(n: int, seed: int = 1) -> Counts:
    """Single bits flipped (n), files cut (n / 5), parts out of place (n / 5); one in fifty is repaired as well."""
    chance, counted = random.Random(seed), Counter[str]()
    with scratch() as aside, small_parts():
        whole = _made(aside / "whole")
        for harm, times in ((_flip, n), (_truncate, n // 5), (_misplace, n // 5)):
            for k in range(times):
                path = shutil.copytree(whole, aside / "hurt")
                hurt = harm(path, chance, k)
                counted[harm.__name__] += 1
                counted["named"] += _is_named(path, hurt)
                counted["short"] += _reads_short(path)
                if k % 50 == 0:
                    counted["repaired"] += 1
                    counted["differ"] += _differs_after_repair(path, content(whole))
                shutil.rmtree(path)
        for verb_harm in (_flip, _truncate, _misplace):
            counted["by_command"] += _named_by_command(shutil.copytree(whole, aside / verb_harm.__name__), verb_harm)
    return [(told, counted[key]) for key, told in TOLD.items()]


TOLD = {
    "_flip": "single bits flipped, over every file of a folder",
    "_truncate": "files cut short",
    "_misplace": "parts swapped, renamed, copied or deleted",
    "named": "found by the check, the file named",
    "by_command": "of three more, found and named by `tanf check` with exit code 5",
    "short": "folders that `sim.open` returned short",
    "repaired": "repaired, the damaged parts computed again",
    "differ": "folders that differ from the undamaged one after repair",
}


def _made(path: Path) -> Path:
    """A finished folder with something of everything in it."""
    asked = [word for word in ASKED if not word.startswith(("replications=", "figures="))]
    asked += [f"replications={REPLICATIONS}", f"out={path}"]
    assert _quietly(lambda: sweep.run(asked, _draw)) == 0
    return path


def _draw(_design: object, results: object, folder: Path) -> None:
    """A figure that costs nothing."""
    (folder / "figure.svg").write_text(f"<svg><!-- {results.runs} runs --></svg>\n")  # type: ignore[attr-defined]


def _quietly(work: Callable[[], object]) -> object:
    from contextlib import redirect_stderr, redirect_stdout
    from io import StringIO

    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        return work()


def _flip(path: Path, chance: random.Random, k: int) -> set[str]:
    """Change one bit; every file has its turn."""
    file = _files(path)[k % len(_files(path))]
    data = bytearray(file.read_bytes())
    place = chance.randrange(8 * len(data))
    data[place // 8] ^= 1 << place % 8
    file.write_bytes(data)
    return {file.relative_to(path).as_posix()}


def _truncate(path: Path, chance: random.Random, k: int) -> set[str]:
    """Cut a file to a random length; every file has its turn."""
    file = _files(path)[k % len(_files(path))]
    with file.open("r+b") as opened:
        opened.truncate(chance.randrange(file.stat().st_size))
    return {file.relative_to(path).as_posix()}


def _misplace(path: Path, chance: random.Random, k: int) -> set[str]:
    """Swap two parts, give one another name, copy one, delete one: in turn; returns what may be named for it."""
    one, other = chance.sample(sorted((path / "runs").iterdir()), 2)
    aside = one.with_name(one.name.replace("part-0-0000", f"part-0-{chance.randrange(1, 10)}000"))
    if k % 4 == 0:
        one.rename(path / "aside")
        other.rename(one)
        (path / "aside").rename(other)
        hurt = {one, other}
    elif k % 4 == 1:
        one.rename(aside)
        hurt = {one}
    elif k % 4 == 2:
        shutil.copy(one, aside)
        hurt = {aside}
    else:
        one.unlink()
        hurt = {one}
    return {file.relative_to(path).as_posix() for file in hurt}


def _files(path: Path) -> list[Path]:
    return sorted(file for file in path.rglob("*") if file.is_file() and file.name not in LEFT_OUT)


def _is_named(path: Path, hurt: set[str]) -> bool:
    named = {damage.file for damage in damages(path)}
    assert hurt <= named, f"{sorted(hurt)} is damaged and only {sorted(named)} is named"
    return True


def _reads_short(path: Path) -> bool:
    """Whether a reader gets fewer runs than there were, without being told."""
    try:
        found = read(path)
        return len(found.outcomes) + len(found.failures) != RUNS_THERE
    except TanfError:
        return False


def _differs_after_repair(path: Path, whole: dict[str, bytes]) -> bool:
    left = _quietly(lambda: keeping.repair(path, draw=_draw))
    assert left == [], f"after the repair there is still {left}"
    return content(path) != whole


def _named_by_command(path: Path, harm: Callable[[Path, random.Random, int], set[str]]) -> bool:
    hurt = harm(path, random.Random(1), 0)
    words = [sys.executable, "-m", "experiments", "check", str(path)]
    told = subprocess.run(words, capture_output=True, text=True, check=False)
    return told.returncode == 5 and all(f"{name}: " in told.stdout for name in hurt)
