"""tanf rare: the chance of what plain runs hardly ever see, by the cheapest method that applies, and how it came about.

tanf rare outcome=us_russia_air replications=2000
tanf rare outcome=strike_ground count=19
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study.rare import Found


def main(overrides: list[str]) -> int:
    """Estimate; returns the exit code."""
    from sim.study import rare

    return rare.run(overrides, draw)


def draw(found: Found, stem: Path) -> None:
    """The chance count by count, and the estimate beyond what plain runs see; the report."""
    from sim.view import rare
    from sim.view.report.making import add

    rare.draw(found, stem)
    add(found.results, stem.parent, "rare", found.design.base)


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["rare", *sys.argv[1:]]))
