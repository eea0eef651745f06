"""tanf replay: tell one run of a results folder again, hold it against what is stored, and make a page to play it.

tanf replay results/zone_radius-1a2b3c4d5e 2:17
tanf replay results/zone_radius-1a2b3c4d5e 2:17 format=html,gif,csv out=worst.html
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from experiments import folders
from sim.errors import DamagedResults, FailedRuns


def main(arguments: list[str]) -> int:
    """Replay; returns the exit code: 3 for a run that failed and fails again, 5 where it comes out otherwise."""
    from sim.study import keeping, paths
    from sim.view import narrative, replay_files

    plain, settings = folders.settings(arguments)
    folder, run = folders.words("replay", plain, "DIR", "POINT:REPLICATION")
    path = Path(folder)
    if paths.keeps_paths(path):
        files = replay_files.wanted(path, run, settings)
        story = paths.retell(path, run)
        print("\n".join(narrative.lines(story)))
        print(f"path {run}: its outcome equals that of {folder}")
        return _show(story, f"path {run} of {path.resolve().name}", files)
    keeping.stored_run(path, keeping.read_manifest(path), run)
    files = replay_files.wanted(path, run, settings)
    found = keeping.replay(path, run)
    if found.story:
        print("\n".join(narrative.lines(found.story)))
    if found.status != found.stored or found.differs:
        told = ", ".join(found.differs[:5]) or f"{found.stored!r} there, {found.status!r} now"
        raise DamagedResults(f"run {run} comes out otherwise than {folder} says: {told}; `tanf check {folder}`")
    if found.status != "ok":
        print(f"run {run} fails again as {folder} says: {found.status}")
        return FailedRuns.exit_code
    print(f"run {run}: its outcomes equal those of {folder}")
    return _show(found.story, f"run {run} of {path.resolve().name}", files)


def _show(story: Any, which: str, files: dict[str, Path]) -> int:
    """Make the files of a run that has been told, and name them."""
    from sim.view import replay_files

    replay_files.show(story, which, files)
    print("\n".join(f"{form}: {path}" for form, path in files.items()))
    return 0


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["replay", *sys.argv[1:]]))
