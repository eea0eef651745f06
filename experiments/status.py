"""tanf status: what a results folder asks, what of it is there, who is writing it, and what to type next.

tanf status results/zone_radius-1a2b3c4d5e
"""

from __future__ import annotations

import sys
from pathlib import Path

from experiments.folders import words


def main(arguments: list[str]) -> int:
    """Tell it; returns the exit code."""
    from sim.study import status

    [folder] = words("status", arguments, "DIR")
    print("\n".join(status.lines(Path(folder))))
    return 0


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["status", *sys.argv[1:]]))
