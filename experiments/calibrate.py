"""tanf calibrate: what does the record up to 8 June 2017 say of the parameters, and what does it leave open?

tanf calibrate draws=20000
tanf calibrate theory=spiral draws=5000
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study.calibrate import Answer


def main(overrides: list[str]) -> int:
    """Calibrate; returns the exit code."""
    from sim.study import calibrate

    return calibrate.run(overrides, _draw)


def _draw(answer: Answer, stem: Path) -> None:
    """Prior and posterior of what moved."""
    from sim.view import posterior

    posterior.draw(answer, stem)


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["calibrate", *sys.argv[1:]]))
