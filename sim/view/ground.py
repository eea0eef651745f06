"""The ground a map is drawn on: borders, roads, ring, named places, scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Polygon
from matplotlib.text import Annotation

from sim.view import style


@dataclass(frozen=True)
class Window:
    """A part of the plane: its limits in km, and the labels of the places named in it.

    A label: words, points to the right and up from the place, alignment.  Set by hand.
    """

    east: tuple[float, float]
    north: tuple[float, float]
    labels: Mapping[str, tuple[str, float, float, str]]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point (km) lies in the window."""
        return self.east[0] <= x <= self.east[1] and self.north[0] <= y <= self.north[1]


WHOLE = Window(
    (-106.0, 107.0),
    (-45.0, 84.0),
    {
        "garrison": ("al Tanf garrison", 9, 11, "left"),
        "crossing": ("al Tanf–al Walid crossing", 7, 7, "left"),
        "rukban": ("Rukban", 6, 0, "left"),
        "shalighm": ("Shalighm", 7, 9, "left"),
        "shuhaymi": ("Shuhaymi", -3, -12, "right"),
        "m2_checkpoint": ("M2 checkpoint", -7, -9, "right"),
        "zaza": ("Zaza crossroads", -6, 9, "right"),
        "sabaa_biyar": ("Sabaa Biyar", 0, -10, "center"),
        "jabal_ghurab": ("Jabal Ghurab", 8, 5, "left"),
        "halbah": ("Halbah", 0, 9, "center"),
        "ulayyaniyah": ("Ulayyaniyah", -7, 7, "right"),
        "border_ene": ("border, outside\nthe ring", 8, -17, "right"),
    },
)
CORRIDOR = Window(
    (-63.0, -8.0),
    (1.0, 31.5),
    {
        "m2_checkpoint": ("M2 checkpoint", 4, 13, "left"),
        "shuhaymi": ("Shuhaymi", 2, 24, "left"),
        "shuhaymi_east": ("Shuhaymi east", -4, -23, "right"),
        "shalighm": ("Shalighm", 14, 20, "left"),
    },
)
M2 = ("dumayr", "sabaa_biyar", "zaza", "m2_checkpoint", "shuhaymi", "shuhaymi_east", "shalighm", "garrison",
      "crossing", "rutba")  # fmt: skip
NORTH_TRACK, BYPASS = 1, 2  # routes of the world (sim/scenario.py)
COUNTRIES = {"SYRIA": (-60, 78), "IRAQ": (84, 6), "JORDAN": (-1, -40)}
FILLS = {"Syria": "#FFFFFF", "Iraq": "#F1EFEA", "Jordan": "#F7F5F0"}
BEHIND = {"fc": "white", "ec": "none", "alpha": 0.65, "pad": 0.5}  # what a label stands on
ROAD, BORDER = "#B9B2A3", "#8C8478"


def draw(axes: Axes, scenario: Any, window: Window = WHOLE) -> list[Annotation]:
    """Draw the ground of a scenario; returns the labels of the places, so that others can keep clear of them."""
    axes.set(xlim=window.east, ylim=window.north, aspect="equal")
    axes.spines[["top", "right"]].set_visible(True)
    _borders(axes, scenario.borders, window)
    _roads(axes, scenario.places, scenario.params.world, window)
    _rings(axes, scenario.config.roe, window)
    _scale_bar(axes, window)
    return _places(axes, scenario.places, window)


def _borders(axes: Axes, borders: Any, window: Window) -> None:
    axes.set_facecolor(FILLS["Syria"])
    for country, ring in borders:
        if country in FILLS:
            axes.add_artist(Polygon(ring, color=FILLS[country], lw=0, zorder=0))  # add_patch would measure it first
            axes.add_artist(Polygon(ring, fill=False, ec=BORDER, lw=0.9, zorder=1))
    for name, (x, y) in COUNTRIES.items():
        if window is WHOLE:
            axes.text(x, y, " ".join(name), color=BORDER, size=8, ha="center", va="center", zorder=1)


def _roads(axes: Axes, places: Mapping[str, tuple[float, float]], world: Any, window: Window) -> None:
    east, north = zip(*(places[name] for name in M2), strict=True)
    axes.plot(east, north, color=ROAD, lw=2.2 if window is WHOLE else 3.5, zorder=1.2, solid_capstyle="round")
    for route in (NORTH_TRACK, BYPASS):
        length = int(world.route_length[route])
        x, y = (np.asarray(part[route][:length], float) for part in (world.route_x_km, world.route_y_km))
        axes.plot(x, y, color=ROAD, lw=1.0, ls=(0, (4, 2)), zorder=1.1)
    if window is WHOLE:
        axes.text(-101, 31, "M2", size=6.8, color=style.GREY, weight="bold", ha="center")
        middle = length - 3  # on the way from the ring's northern edge to the border
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
        if window is WHOLE and window.holds(x - 25, y - 14):
            axes.annotate(
                f"{words}, {radius:g} km", (x, y), (-4, -3), textcoords="offset points", size=6.5, color=style.BLUE,
                ha="right", va="top",
            )  # fmt: skip
            return


def _places(axes: Axes, places: Mapping[str, tuple[float, float]], window: Window) -> list[Annotation]:
    labels = []
    for name, (words, right, up, align) in window.labels.items():
        garrison = name == "garrison"
        axes.plot(*places[name], "P" if garrison else "o", ms=6 if garrison else 2.6, color=style.INK, zorder=6,
                  mec="white", mew=0.5)  # fmt: skip
        style.leader(axes, places[name], (right, up), style.GREY, above=5.9)
        label = axes.annotate(
            words, places[name], (right, up), textcoords="offset points", ha=align, va="center", size=6.5, zorder=7,
            linespacing=1.05, weight="bold" if garrison else "normal", bbox=BEHIND,
        )  # fmt: skip
        labels.append(label)
    return labels


def _scale_bar(axes: Axes, window: Window) -> None:
    length, rise = (50, 1.6) if window is WHOLE else (10, 0.6)
    span = window.east[1] - window.east[0]
    left, bottom = window.east[0] + 0.04 * span, window.north[0] + 0.035 * span
    ends = np.array([0, 0.5, 1]) * length + left
    axes.plot(ends[[0, 2]], [bottom] * 2, color=style.INK, lw=1.8, solid_capstyle="butt")
    axes.plot(ends[[1, 2]], [bottom] * 2, color="white", lw=0.8, solid_capstyle="butt")
    for end in ends:
        unit = " km" if end == ends[-1] else ""
        axes.annotate(f"{end - left:g}{unit}", (end, bottom + rise), ha="center", size=6.3)
    if window is WHOLE:
        axes.annotate(
            "N", (left + 3, bottom + 22), (0, -17), textcoords="offset points", ha="center", va="top", size=7,
            weight="bold", arrowprops={"arrowstyle": "-|>", "color": style.INK, "lw": 0.9, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip
