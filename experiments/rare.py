"""tanf rare: the chance of what plain runs hardly ever see, by the cheapest method that applies, and how it came about.

tanf rare outcome=us_russia_air replications=2000
tanf rare outcome=strike_ground count=19
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.results import Results
    from sim.study.designs import Design


def main(overrides: list[str]) -> int:
    """Estimate; returns the exit code."""
    from sim.study import rare

    return rare.run(overrides, draw)


def draw(design: Design, results: Results, folder: Path) -> None:
    """The report."""
    from sim.view.report.making import add

    add(results, folder, "rare", design.base)


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["rare", *sys.argv[1:]]))
