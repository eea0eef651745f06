"""tanf replay: tell one run of a results folder again, and hold its outcomes against those that are stored.

tanf replay results/zone_radius-1a2b3c4d5e 2:17
"""

from __future__ import annotations

import sys
from pathlib import Path

from experiments.folders import words
from sim.errors import DamagedResults, FailedRuns


def main(arguments: list[str]) -> int:
    """Replay; returns the exit code: 3 for a run that failed and fails again, 5 where it comes out otherwise."""
    from sim.study import keeping, paths
    from sim.view import narrative

    folder, run = words("replay", arguments, "DIR", "POINT:REPLICATION")
    if paths.keeps_paths(Path(folder)):
        print("\n".join(narrative.lines(paths.retell(Path(folder), run))))
        print(f"path {run}: its outcome equals that of {folder}")
        return 0
    found = keeping.replay(Path(folder), run)
    if found.story:
        print("\n".join(narrative.lines(found.story)))
    if found.status != found.stored or found.differs:
        told = ", ".join(found.differs[:5]) or f"{found.stored!r} there, {found.status!r} now"
        raise DamagedResults(f"run {run} comes out otherwise than {folder} says: {told}; `tanf check {folder}`")
    if found.status != "ok":
        print(f"run {run} fails again as {folder} says: {found.status}")
        return FailedRuns.exit_code
    print(f"run {run}: its outcomes equal those of {folder}")
    return 0


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["replay", *sys.argv[1:]]))
