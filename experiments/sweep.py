"""tanf sweep: run every point of a design and estimate the probability of each kind of clash.

tanf sweep experiment=zone_radius replications=2000 seed=7
tanf sweep roe.zone_radius_km=0,20,40 roe=baseline_2017,restrictive
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.results import Results
    from sim.study.designs import Design


def main(overrides: list[str]) -> int:
    """Answer the question; returns the exit code."""
    from sim.study import sweep

    return sweep.run(overrides, draw)


def draw(design: Design, results: Results, folder: Path) -> None:
    """Charts, map and timeline of one run, and the report; what is there already is not drawn again."""
    if (folder / "report.html").exists():
        return
    from sim.view.report.making import add

    if not (folder / "run_map.png").exists():
        _draw(design, results, folder)
    add(results, folder)


def _draw(design: Design, results: Results, folder: Path) -> None:
    """The charts, unless there are too many points for them, and map and timeline of one run of the usual policy."""
    from sim.view import album, charts

    if len(results.design) <= charts.MOST_POINTS:
        charts.draw_all(results, folder)
    else:
        print(f"{len(results.design):,} points are more than charts of single points can show ({charts.MOST_POINTS})")
    album.draw_example(design.nearest_to_start.config, folder)


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["sweep", *sys.argv[1:]]))
