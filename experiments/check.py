"""tanf check: is every file of a results folder as it was written?  Names each that is not; then exit code 5.

tanf check results/zone_radius-1a2b3c4d5e
"""

from __future__ import annotations

import sys
from pathlib import Path

from experiments.folders import tell, words


def main(arguments: list[str]) -> int:
    """Check; returns the exit code."""
    from sim.results import checking

    [folder] = words("check", arguments, "DIR")
    from sim.study import paths

    if paths.keeps_paths(Path(folder)):
        return tell(folder, paths.damages(Path(folder)), "each of them says what to do")
    found = checking.damages(Path(folder))
    return tell(folder, found, f"tanf repair {folder} computes again what it can")


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["check", *sys.argv[1:]]))
