"""tanf repair: make a damaged results folder as it was; only what is damaged is computed again.

tanf repair results/zone_radius-1a2b3c4d5e
"""

from __future__ import annotations

import sys
from pathlib import Path

from experiments.folders import settings, tell, words
from experiments.sweep import draw


def main(arguments: list[str]) -> int:
    """Repair; returns the exit code, 5 where something is left that cannot be mended."""
    from sim.study import keeping

    rest, how = settings(arguments)
    [folder] = words("repair", rest, "DIR")
    return tell(folder, keeping.repair(Path(folder), how, draw), "these are no results; take them out of the folder")


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["repair", *sys.argv[1:]]))
