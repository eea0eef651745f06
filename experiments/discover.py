"""tanf discover: where in the space of settings does the chance of a clash exceed a bound?

tanf discover experiment=levers outcome=strike_ground bound=0.5 samples=512 replications=20
tanf discover results/NAME outcome=serious_episode bound=0.3
tanf discover method=map "roe.zone_radius_km=interval(20,70)" "line.dissuasion=interval(0,1)" bound=0.5
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study.discovery import Finding
    from sim.study.redline_map import Map


def main(overrides: list[str]) -> int:
    """Search for a box, or draw the map; returns the exit code."""
    from sim.config.compose import compose, split
    from sim.study import discovery, redline_map

    if overrides and "=" not in overrides[0]:
        return discovery.run_given(overrides[0], overrides[1:], draw_given)
    plain, axes = split(overrides)
    if compose(*plain, axes=axes).method == "map":
        return redline_map.run(overrides, draw_map)
    return discovery.run(overrides, draw)


def draw(found: Finding, stem: Path) -> None:
    """Coverage against density, and the limits of the box; the report."""
    from sim.view import peeling
    from sim.view.report.making import add

    peeling.draw(found, stem)
    add(found.results, stem.parent, "discover", found.design.base)


def draw_given(found: Finding, stem: Path) -> None:
    """The same; the report is that of the command that the folder was begun with."""
    from sim.view import peeling
    from sim.view.report.making import add

    peeling.draw(found, stem)
    add(found.results, stem.parent)


def draw_map(found: Map, stem: Path) -> None:
    """The chance over two settings, the line at the bound, where it is open; the report."""
    from sim.view import redline
    from sim.view.report.making import add

    redline.draw(found, stem)
    add(found.results, stem.parent, "discover", found.square.base)


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["discover", *sys.argv[1:]]))
