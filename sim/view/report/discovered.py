"""What a discovery has found, in a report: the box and its limits, or the map line by line."""

from __future__ import annotations

import dataclasses

from sim.errors import BadInput
from sim.study import discovery, discovery_page, redline_map, redline_page
from sim.study.watching import watched
from sim.view.report.asked import Asked
from sim.view.report.parts import Finding, Grid

LUCK = "Each run is one history with draws of its own, and every point has luck of its own: no point shares its errors."


def finding(asked: Asked) -> Finding:
    """The box, or the map."""
    return _map(asked) if asked.design.base.method == "map" else _box(asked)


def _box(asked: Asked) -> Finding:
    found = discovery.searched(asked.design, asked.results, watched(asked.design.base.outcome, "outcome"))
    first, *lead = discovery_page.head(found)
    if not found.boxes:
        return Finding(first, tuple(lead), (), (LUCK,))
    rows = tuple(discovery_page.rows(found))
    notes = tuple(discovery_page.caption(found))[:-1]
    grid = Grid("The box, limited inputs first", discovery_page.HEADINGS, rows, notes, 3)
    return Finding(first, tuple(lead), (grid,), (LUCK,))


def _map(asked: Asked) -> Finding:
    base = asked.design.base
    kept = [word for word in asked.words if word.partition("=")[0] not in ("out", "outcome", "bound")]
    square = redline_map.square_of(kept)
    if asked.results.axes != square.keys:
        raise BadInput(f"{asked.results.folder} varies {', '.join(asked.results.axes)} and is no map of its command")
    asked_now = dataclasses.replace(square.base, outcome=base.outcome, bound=base.bound)
    found = redline_map.learnt_from(
        dataclasses.replace(square, base=asked_now), asked.results, watched(base.outcome, "outcome")
    )
    first, *lead = redline_page.head(found)
    headings = tuple(heading.replace("\n", ": ") for heading in redline_page.headings(found))
    grid = Grid("Along lines of the map", headings, tuple(redline_page.rows(found)), redline_page.MEANING, 4)
    return Finding(first, tuple(lead), (grid,), (LUCK,))
