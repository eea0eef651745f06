"""The figures of what many runs did on the way, each with its numbers as CSV beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from sim import results as results_folder
from sim.results.folder import FIGURES, writing
from sim.rules.names import Rung
from sim.study.chains import most_frequent
from sim.study.drawing import draw_beside
from sim.study.estimate import clopper_pearson
from sim.study.histories import CELL_KM, DRAWN_H, FACING, SIDES, Histories, histories
from sim.study.summary import to_csv
from sim.view import density, fan, occupancy, pathways, style
from sim.view.report.making import NAME, add

LISTED = 200  # chains in the table
DRAWN: dict[str, tuple[Any, str]] = {  # figure: module, title
    "occupancy": (occupancy, "Who stands at which rung, and how far it has come"),
    "pathways": (pathways, "How it comes to force: the most frequent chains of acts"),
    "fans": (fan, "Tension over the days"),
    "density": (density, "Where columns are, and where strikes fall"),
}


def draw_into(folder: Path, point: int, runs: int | None = None) -> Path:
    """Simulate runs of a point again and draw them beside the other figures of the folder, and into its report.

    Returns the folder of the figures.  Raises as `sim.study.histories.histories`, and as `draw_beside`.
    """
    results = results_folder.open(folder)
    found = histories(results, point, runs)

    def fill(figures: Path) -> None:
        draw(found, figures, folder.resolve().name)
        if (figures / NAME).exists():
            add(results, figures)

    with writing(folder, results.manifest["question"], results.replications):
        draw_beside(results, fill)
    return folder / FIGURES


def draw(found: Histories, folder: Path, name: str) -> list[Path]:
    """Draw all figures of a point as NAME-POINT.png and .svg with their numbers as .csv; returns the paths.

    `name` is that of the results folder.  Raises OSError where the folder cannot be written.
    """
    written = []
    tables = {"occupancy": _occupancy, "pathways": _pathways, "fans": _fans, "density": _density}
    for kind, (module, title) in DRAWN.items():
        stem = folder / f"{kind}-{found.point}"
        with style.sheet():
            drawn: Figure = module.compose(found)
            more = f"; {pathways_told(found)}" if kind == "pathways" else ""
            style.heading(drawn, title, identity(found) + more)
            style.footnote(drawn, f"n = {found.runs:,} runs. {module.NOTE} Source: {name}, point {found.point}.")
            written += style.save(drawn, stem)
        table = stem.with_suffix(".csv")
        table.write_bytes(to_csv(list(tables[kind](found)) or [{"n_runs": found.runs}]))  # nothing happened
        written.append(table)
    return written


def identity(found: Histories) -> str:
    """n, and what is simulated."""
    config = found.scenario.config
    days = f"{config.scenario.horizon_days:g} days from {config.scenario.start_date}"
    ground = "" if found.scenario.ground.shipped else f"{found.scenario.ground.name}, "
    who = f"{ground}scenario {config.scenario.name}, ROE {config.roe.name}, zone {config.roe.zone_radius_km:g} km"
    return f"{found.runs:,} runs of {days}; {who}"


def pathways_told(found: Histories) -> str:
    """How many chains are shown, of how many."""
    return f"{pathways.tree(found.paths).flow:,} of {found.paths.forced:,} chains to force are shown"


def _occupancy(found: Histories) -> Iterator[dict[str, Any]]:
    """Shares of runs at each step or a higher one, every six hours."""
    tables = (("rung", found.rung, SIDES, Rung), ("level", found.level, FACING, range(5)))
    for what, counts, sides, steps in tables:
        for number, side in enumerate(sides):
            at = occupancy.reached(counts[::DRAWN_H, number])
            low, high = clopper_pearson(at, np.asarray(found.runs))
            for look, minute in enumerate(found.kept_min):
                for step in list(steps)[1:]:
                    yield {
                        "day": minute / 1440.0, "dyad": f"coalition-{side.name.lower()}", "what": what,
                        "at_least": int(step),
                        "n_runs": found.runs, "runs": int(at[look, step]), "share": at[look, step] / found.runs,
                        "low": low[look, step], "high": high[look, step],
                    }  # fmt: skip


def _pathways(found: Histories) -> Iterator[dict[str, Any]]:
    """The paths along which most chains came, and their chance to go on to force; then the chains that ended there."""
    sums = found.paths.sums
    for path in sorted(sums, key=lambda path: (-sums[path][0], path))[:LISTED]:
        share, low, high = found.paths.chance(path)
        yield _chain("came so far", path, int(sums[path][0]), int(sums[path][1]), (share, low, high))
    for path in most_frequent(found.paths.ends, LISTED):
        yield _chain("ended in force", path, found.paths.ends[path], found.paths.ends[path], (np.nan, np.nan, np.nan))


def _chain(
    what: str, path: tuple[str, ...], chains: int, forced: int, chance: tuple[float, float, float]
) -> dict[str, Any]:
    share, low, high = chance
    told = {"what": what, "path": " > ".join(path), "chains": chains, "went_on_to_force": forced}
    return told | {"share": share, "low": low, "high": high}


def _fans(found: Histories) -> Iterator[dict[str, Any]]:
    """Quantiles of tension, with the interval of the median."""
    names = [f"q{100 * share:02.0f}" for share in fan.SHARES] + ["median_low", "median_high"]
    for number, side in enumerate(FACING):
        for minute, row in zip(found.kept_min, fan.quantiles(found, number), strict=True):
            head = {"day": minute / 1440.0, "dyad": f"coalition-{side.name.lower()}", "n_runs": found.runs}
            yield head | dict(zip(names, row.tolist(), strict=True))


def _density(found: Histories) -> Iterator[dict[str, Any]]:
    """Unit-hours and strikes by square, which is named by its south-west corner."""
    for what, cells in (("unit_hours", found.stood), ("strikes", found.strikes)):
        for cell in sorted(cells.sums):
            mean = cells.mean(cell, found.runs)
            yield {
                "what": what, "x_km_east": cell[0] * CELL_KM, "y_km_north": cell[1] * CELL_KM, "side_km": CELL_KM,
                "n_runs": found.runs, "count": mean.events, "runs_with_any": int(cells.sums[cell][2]),
                "mean_a_run": mean.estimate, "low": mean.low, "high": mean.high,
            }  # fmt: skip
