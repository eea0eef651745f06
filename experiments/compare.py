"""tanf compare: is a clash likelier under b than under a, by how much, and what parts two histories of one seed?

tanf compare a.roe=baseline_2017 b.roe=restrictive replications=2000
tanf compare a.roe.zone_radius_km=55 b.roe.zone_radius_km=40 outcome=strike_ground margin=0.05
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.results import Results
    from sim.study.designs import Design


def main(overrides: list[str]) -> int:
    """Compare; returns the exit code."""
    from sim.study import compare

    return compare.run(overrides, draw)


def draw(design: Design, results: Results, folder: Path) -> None:
    """The differences with their intervals, the margin behind them; the report."""
    from sim.study import compare
    from sim.study.compare_page import labelled
    from sim.study.summary import to_csv
    from sim.view import differences
    from sim.view.report.making import add

    a, b = compare.paired(results.outcomes, compare.numbers(design, results))
    arms = [", ".join(map(labelled, point.labels, point.labels.values())) for point in design.points]
    base, pairs = design.base, compare.in_words(len(a), results.replications - len(a))
    told = {
        "n": f"{pairs} with the same luck (seed {design.points[0].seed})",
        "window": f"in {base.scenario.horizon_days:g} days, scenario {base.scenario.name}",
        "source": results.folder.name,
    }
    found = compare.differences_of(a, b, compare.outcome_of(design.base))
    differences.draw(found, (arms[0], arms[1]), told, design.base.margin, folder / differences.NAME)
    (folder / f"{differences.NAME}.csv").write_bytes(to_csv(compare.rows_of(found, design.base.margin)))
    add(results, folder, "compare", design.base)


if __name__ == "__main__":
    from experiments.__main__ import main as front_door

    sys.exit(front_door(["compare", *sys.argv[1:]]))
