"""Those who come and go on the map, drawn so that the columns stay in front: raids, drones, jets, civilians."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.rules.names import Kind, Posture, Principal
from sim.view import style, telling

AT_BASE = (Posture.RESTING, Posture.DESTROYED)
TAIL_KM = 8.0  # how much of the way of whoever flies is shown: the last part before it held


@dataclass(frozen=True)
class Path:
    """How the paths of a kind are drawn: plain words, width, line."""

    words: str
    width: float
    line: Any


PATHS: dict[Kind, Path] = {
    Kind.CIVIL_TRAFFIC: Path("civil traffic", 0.5, (0, (1, 3))),
    Kind.PARTNER_PATROL: Path("{side}", 0.55, "-"),
    Kind.ISIS_RAID: Path("ISIS raids", 0.7, (0, (3, 1.2))),
}
HOLD = {  # what is in the air: plain words, mark
    Kind.RUSSIAN_FLIGHT: ("Russian jets", "1"),
    Kind.REGIME_FLIGHT: ("Syrian jets", "1"),
    Kind.PRO_REGIME_DRONE: ("drones, {side}", "2"),
}


def draw(axes: Axes, story: Any) -> list[tuple[Kind, Principal]]:
    """Draw the paths of raids, patrols and civilians, and where jets and drones held; returns kinds and sides seen."""
    seen = []
    for row, unit in enumerate(story.units):
        kind, side = telling.kind_of(unit), telling.side_of(unit)
        if kind in PATHS:
            shown = _path(axes, story, row)
        elif kind in HOLD:
            shown = _station(axes, story, row)
        else:
            continue
        if shown:
            seen.append((kind, side))
    return list(dict.fromkeys(seen))


def way(story: Any, row: int) -> tuple[np.ndarray, np.ndarray]:
    """Where a unit was while it was out, x and y in km; nan while it was at its base."""
    out = ~np.isin(story.postures[:, row], AT_BASE)
    return np.where(out, story.x_km[:, row], np.nan), np.where(out, story.y_km[:, row], np.nan)


def _path(axes: Axes, story: Any, row: int) -> bool:
    kind, colour = telling.kind_of(story.units[row]), style.PRINCIPALS[telling.side_of(story.units[row])][1]
    x, y = way(story, row)
    axes.plot(x, y, color=colour, lw=PATHS[kind].width, ls=PATHS[kind].line, alpha=0.6, zorder=2.2)
    return bool(np.isfinite(x).any())


def stations(story: Any, row: int) -> list[tuple[float, float]]:
    """Places (km) at which a jet or drone was on station, one for each stretch of time."""
    on = story.postures[:, row] == Posture.ON_STATION
    first = np.flatnonzero(on & ~np.concatenate([[False], on[:-1]]))
    return [(float(story.x_km[at, row]), float(story.y_km[at, row])) for at in first]


def _station(axes: Axes, story: Any, row: int) -> bool:
    """A short tail towards the base and a small mark at its end: jets cross the map in minutes."""
    base, unit = story.scenario.state.units[row], story.units[row]
    mark = HOLD[telling.kind_of(unit)][1]
    colour, places = style.PRINCIPALS[telling.side_of(unit)][1], stations(story, row)
    for x, y in places:
        away = np.hypot(base.base_x_km - x, base.base_y_km - y)
        share = min(1.0, TAIL_KM / max(float(away), 1e-9))
        tail = x + share * (base.base_x_km - x), y + share * (base.base_y_km - y)
        axes.plot([x, tail[0]], [y, tail[1]], color=colour, lw=0.5, alpha=0.6, zorder=2.3)
        axes.plot(x, y, mark, color=colour, ms=4, mew=0.7, alpha=0.8, zorder=2.4)
    return bool(places)


def keys(seen: list[tuple[Kind, Principal]]) -> list[Line2D]:
    """Entries of the legend for what was drawn."""
    made = []
    for kind, side in seen:
        name, colour = style.PRINCIPALS[side]
        if kind in HOLD:
            words, mark = HOLD[kind]
            made.append(Line2D([], [], color=colour, lw=0.6, marker=mark, ms=5, mew=0.8, label=words.format(side=name)))
        else:
            path = PATHS[kind]
            made.append(Line2D([], [], color=colour, lw=1.0, ls=path.line, label=path.words.format(side=name)))
    return made
