"""The ground a map is drawn on: borders, roads, ring, named places, scale."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Polygon
from matplotlib.text import Annotation

from sim.geography import Geography
from sim.view import style
from sim.view.windows import CORRIDOR, WHOLE, Window, windows_of

__all__ = ["CORRIDOR", "WHOLE", "Window", "draw", "roads_of", "windows_of"]


M2 = ("dumayr", "sabaa_biyar", "zaza", "m2_checkpoint", "shuhaymi", "shuhaymi_east", "shalighm", "garrison",
      "crossing", "rutba")  # fmt: skip
NORTH_TRACK, BYPASS = 1, 2  # routes of the world (sim/scenario.py)
COUNTRIES = {"SYRIA": (-60, 78), "IRAQ": (84, 6), "JORDAN": (-1, -40)}
FILLS = {"Syria": "#FFFFFF", "Iraq": "#F1EFEA", "Jordan": "#F7F5F0"}
BEHIND = {"fc": "white", "ec": "none", "alpha": 0.65, "pad": 0.5}  # what a label stands on
BARS_KM = (1, 2, 5, 10, 20, 50, 100)
ROAD, BORDER = "#B9B2A3", "#8C8478"


def draw(axes: Axes, scenario: Any, window: Window) -> list[Annotation]:
    """Draw the ground of a scenario; returns the labels of the places, so that others can keep clear of them."""
    axes.set(xlim=window.east, ylim=window.north, aspect="equal")
    axes.spines[["top", "right"]].set_visible(True)
    _borders(axes, scenario.ground, window)
    _roads(axes, scenario, window)
    _rings(axes, scenario.config.roe, window)
    _scale_bar(axes, window)
    return _places(axes, scenario.ground, window)


def _borders(axes: Axes, ground: Geography, window: Window) -> None:
    axes.set_facecolor(FILLS["Syria"])
    for country, ring in ground.borders:
        if not ground.shipped or country in FILLS:
            colour = FILLS.get(country, "none")
            axes.add_artist(Polygon(ring, color=colour, lw=0, zorder=0))  # add_patch would measure it first
            axes.add_artist(Polygon(ring, fill=False, ec=BORDER, lw=0.9, zorder=1))
    for name, (x, y) in COUNTRIES.items() if ground.shipped and not window.enlarged else ():
        axes.text(x, y, " ".join(name), color=BORDER, size=8, ha="center", va="center", zorder=1)


def roads_of(scenario: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """The roads of a scenario, east and north in km: the highway, the track, the bypass."""
    ground, world = scenario.ground, scenario.params.world
    names = M2 if ground.shipped else ground.roads["highway"]
    roads = [tuple(np.array([ground.places[name] for name in names]).T)]
    for route in (NORTH_TRACK, BYPASS):
        length = int(world.route_length[route])
        roads.append(tuple(np.asarray(part[route][:length], float) for part in (world.route_x_km, world.route_y_km)))
    return [(east, north) for east, north in roads]


def _roads(axes: Axes, scenario: Any, window: Window) -> None:
    highway, track, bypass = roads_of(scenario)
    axes.plot(*highway, color=ROAD, lw=3.5 if window.enlarged else 2.2, zorder=1.2, solid_capstyle="round")
    for road in (track, bypass):
        axes.plot(*road, color=ROAD, lw=1.0, ls=(0, (4, 2)), zorder=1.1)
    if window.enlarged:
        return
    if scenario.ground.shipped:
        axes.text(-101, 31, "M2", size=6.8, color=style.GREY, weight="bold", ha="center")
    x, y = bypass
    middle = len(x) - 3  # on the way from the ring's northern edge to the border
    axes.annotate("bypass", (x[middle], y[middle]), (4, 4), textcoords="offset points", size=6.5, color=style.GREY)


def _rings(axes: Axes, roe: Any, window: Window) -> None:
    inner = min(roe.inner_line_km, roe.zone_radius_km)
    _ring(axes, window, roe.zone_radius_km, ("zone", "-", 1.1))
    _ring(axes, window, inner, ("inner line", (0, (2, 1.5)), 0.8))


def _ring(axes: Axes, window: Window, radius: float, look: tuple[str, Any, float]) -> None:
    words, line, width = look
    if radius <= 0:
        return
    axes.add_patch(Circle((0, 0), radius, fill=False, ec=style.BLUE, lw=width, ls=line, zorder=1.5))
    for turn in np.deg2rad([205, 190, 170]):
        x, y = radius * np.cos(turn), radius * np.sin(turn)
        if not window.enlarged and window.holds(x - 25, y - 14):
            axes.annotate(
                f"{words}, {radius:g} km", (x, y), (-4, -3), textcoords="offset points", size=6.5, color=style.BLUE,
                ha="right", va="top",
            )  # fmt: skip
            return


def _places(axes: Axes, ground: Geography, window: Window) -> list[Annotation]:
    labels = []
    for name, (words, right, up, align) in window.labels.items():
        garrison = name == ground.roles["garrison"]
        axes.plot(*ground.places[name], "P" if garrison else "o", ms=6 if garrison else 2.6, color=style.INK, zorder=6,
                  mec="white", mew=0.5)  # fmt: skip
        style.leader(axes, ground.places[name], (right, up), style.GREY, above=5.9)
        label = axes.annotate(
            words, ground.places[name], (right, up), textcoords="offset points", ha=align, va="center", size=6.5,
            zorder=7, linespacing=1.05, weight="bold" if garrison else "normal", bbox=BEHIND,
        )  # fmt: skip
        labels.append(label)
    return labels


def _scale_bar(axes: Axes, window: Window) -> None:
    span = window.east[1] - window.east[0]
    length = max(bar for bar in BARS_KM if bar == BARS_KM[0] or bar < 0.3 * span)
    rise = 1.6 * span / 213 if not window.enlarged else 0.6 * span / 55
    left, bottom = window.east[0] + 0.04 * span, window.north[0] + 0.035 * span
    ends = np.array([0, 0.5, 1]) * length + left
    axes.plot(ends[[0, 2]], [bottom] * 2, color=style.INK, lw=1.8, solid_capstyle="butt")
    axes.plot(ends[[1, 2]], [bottom] * 2, color="white", lw=0.8, solid_capstyle="butt")
    for end in ends:
        unit = " km" if end == ends[-1] else ""
        axes.annotate(f"{end - left:g}{unit}", (end, bottom + rise), ha="center", size=6.3)
    if not window.enlarged:
        axes.annotate(
            "N", (left + 0.014 * span, bottom + 0.103 * span), (0, -17), textcoords="offset points", ha="center",
            va="top", size=7, weight="bold",
            arrowprops={"arrowstyle": "-|>", "color": style.INK, "lw": 0.9, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip
