"""tanf histories: simulate runs of a results folder again and draw how they went: rungs, chains, tension, places.

tanf histories results/baseline-1a2b3c4d5e 0
tanf histories results/zone_radius-1a2b3c4d5e 3 runs=1000
"""

from __future__ import annotations

import sys
from pathlib import Path

from experiments import folders
from sim.config.check import shown
from sim.errors import BadInput


def main(arguments: list[str]) -> int:
    """Draw into the folder's figures; returns the exit code: 5 where a run comes out otherwise than is stored."""
    from sim.view import histories

    plain, settings = folders.settings(arguments)
    folder, point = folders.words("histories", plain, "DIR", "POINT")
    if not (point.isascii() and point.isdigit() and len(point) < 10):
        raise BadInput(f"a point is a row of design.parquet, a number from 0, not {shown(point)}")
    print(histories.draw_into(Path(folder), int(point), runs_of(settings)))
    return 0


def runs_of(settings: list[str]) -> int | None:
    """The number in runs=N; None where it is not given."""
    if not settings:
        return None
    name, _, number = settings[0].partition("=")
    if len(settings) > 1 or name != "runs" or not (number.isascii() and number.isdigit() and len(number) < 10):
        raise BadInput(f"`tanf histories` takes runs=N, a whole number, and no {shown(' '.join(settings))}")
    return int(number)


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["histories", *sys.argv[1:]]))
