"""tanf verify: does the model look like May and June 2017, do wrong models not, how well is the record foretold?

tanf verify
tanf verify scenario=after_8_june incidents=later.csv
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study.verify import Answer


def main(overrides: list[str]) -> int:
    """Answer; returns the exit code."""
    from sim.study import verify

    return verify.run(overrides, _draw)


def _draw(answer: Answer, stem: Path) -> None:
    """Each pattern's bound and what the model predicts."""
    from sim.view import verdicts

    verdicts.draw(answer, stem)


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["verify", *sys.argv[1:]]))
