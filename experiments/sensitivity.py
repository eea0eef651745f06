"""tanf sensitivity: which settings does the chance of a clash hang on, and which does it not?

tanf sensitivity experiment=levers outcome=strike_ground method=sobol samples=128 replications=20
tanf sensitivity experiment=levers method=morris samples=20 replications=50
tanf sensitivity experiment=policies_under_uncertainty method=pawn outcome=serious_episode
tanf sensitivity results/NAME outcome=serious_episode
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study.sensitivity import Finding


def main(overrides: list[str]) -> int:
    """Analyse; returns the exit code."""
    from sim.study import sensitivity

    if overrides and "=" not in overrides[0]:
        return sensitivity.run_given(overrides[0], overrides[1:], draw)
    return sensitivity.run(overrides, draw)


def draw(found: Finding, stem: Path) -> None:
    """The two measures of every input as a tornado, the dummy's reach shaded; the report."""
    from sim.view import tornado
    from sim.view.report.making import add

    tornado.draw(found, stem)
    verb = "sensitivity" if found.study.unit is not None else None  # points of any folder are told as what they are
    add(found.results, stem.parent, verb, found.study.design.base if verb else None)


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["sensitivity", *sys.argv[1:]]))
