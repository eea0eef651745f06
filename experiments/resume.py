"""tanf resume: compute what a results folder lacks; the folder itself says what was asked.

tanf resume results/zone_radius-1a2b3c4d5e
tanf resume results/zone_radius-1a2b3c4d5e threads=null
"""

from __future__ import annotations

import sys
from pathlib import Path

from experiments.folders import settings, words
from experiments.sweep import draw


def main(arguments: list[str]) -> int:
    """Go on; returns the exit code."""
    from sim.study import keeping

    rest, how = settings(arguments)
    [folder] = words("resume", rest, "DIR")
    return keeping.resume(Path(folder), how, draw)


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["resume", *sys.argv[1:]]))
