"""tanf attribute: which decisions a clash was due to, each undone in turn under the same luck, and its ways.

tanf attribute outcome=attack_on_coalition
tanf attribute outcome=strike_ground roe=restrictive attribute.run=17
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study.attribution import Found


def main(overrides: list[str]) -> int:
    """Attribute; returns the exit code."""
    from sim.study import attribution

    return attribution.run(overrides, draw)


def draw(found: Found, stem: Path) -> None:
    """The commonest ways, and the chain of one run; the report."""
    from sim.view import attribution
    from sim.view.report.making import add

    attribution.draw(found, stem)
    add(found.results, stem.parent, "attribute", found.design.base)


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["attribute", *sys.argv[1:]]))
