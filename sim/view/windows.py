"""What part of the ground a map shows, and where labels stand: by hand for al Tanf, by rule for any other ground."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.geography import ROADS, Place


@dataclass(frozen=True)
class Window:
    """A part of the plane: its limits in km, and the labels of the places named in it.

    A label: words, points to the right and up from the place, alignment.  Set by hand.
    """

    east: tuple[float, float]
    north: tuple[float, float]
    labels: Mapping[str, tuple[str, float, float, str]]
    enlarged: bool = False

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
    enlarged=True,
)
AROUND = 1.1  # how much wider than what it has to hold
NEAR = ("garrison", "staging", "opposition", "camp")  # roles of places that a map shows


def windows_of(scenario: Any) -> tuple[Window, Window]:
    """The window of a whole map and that of the road inside the zone, with the same sides whatever the ground."""
    ground, radius = scenario.ground, float(scenario.config.roe.zone_radius_km)
    if ground.shipped:
        return WHOLE, CORRIDOR
    shown = dict.fromkeys(
        [ground.roles[role] for role in NEAR] + [name for road in ROADS for name in ground.roads[road]]
    )
    labels = {name: (name.replace("_", " "), 6.0, 6.0, "left") for name in shown}
    every = [ground.places[name] for name in shown]
    whole = _holding([*every, (radius, radius), (-radius, -radius)], WHOLE, labels)
    inside = [place for place in ground.road("highway") if math.hypot(*place) <= max(radius, 1.0)]
    return whole, _holding([*inside, (0.0, 0.0), _halfway(ground.road("highway"))], CORRIDOR, labels)


def _halfway(road: list[Place]) -> Place:
    """A point between the first two places of a road, so that a window is never a point."""
    (ax, ay), (bx, by) = road[:2]
    return (ax + bx) / 2, (ay + by) / 2


def _holding(points: Iterable[Place], like: Window, labels: Mapping[str, tuple[str, float, float, str]]) -> Window:
    """The smallest window around some points whose sides are to each other as those of another."""
    x, y = zip(*points, strict=True)
    across = (like.east[1] - like.east[0]) / (like.north[1] - like.north[0])
    half = AROUND / 2 * max(max(x) - min(x), across * (max(y) - min(y)), 1.0)
    middle = (max(x) + min(x)) / 2, (max(y) + min(y)) / 2
    return Window(
        (middle[0] - half, middle[0] + half),
        (middle[1] - half / across, middle[1] + half / across),
        labels,
        like.enlarged,
    )
