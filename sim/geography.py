"""The real geography on the local plane: places, borders, and a road that keeps outside the ring."""

from __future__ import annotations

import csv
import functools
import json
import math
import pathlib

import numpy as np

DATA = pathlib.Path(__file__).parent / "data"
EARTH_KM = 6371.0088  # mean radius, IUGG


def project(lat: float, lon: float) -> tuple[float, float]:
    """Azimuthal equidistant projection centred on the garrison: km east and north (Snyder 1987, p. 195)."""
    lat0, lon0 = _garrison()
    p0, p, dl = math.radians(lat0), math.radians(lat), math.radians(lon - lon0)
    cosine = math.sin(p0) * math.sin(p) + math.cos(p0) * math.cos(p) * math.cos(dl)
    angle = math.acos(min(1.0, max(-1.0, cosine)))
    scale = EARTH_KM * (angle / math.sin(angle) if angle > 1e-12 else 1.0)
    x = scale * math.cos(p) * math.sin(dl)
    y = scale * (math.cos(p0) * math.sin(p) - math.sin(p0) * math.cos(p) * math.cos(dl))
    return x, y


def unproject(x_km: float, y_km: float) -> tuple[float, float]:
    """Latitude and longitude in degrees of a point on the plane: undoes `project` (Snyder 1987, p. 196)."""
    lat0, lon0 = _garrison()
    p0, away = math.radians(lat0), math.hypot(x_km, y_km)
    if away < 1e-9:
        return lat0, lon0
    angle = away / EARTH_KM
    sine = math.cos(angle) * math.sin(p0) + y_km * math.sin(angle) * math.cos(p0) / away
    turn = math.atan2(
        x_km * math.sin(angle), away * math.cos(p0) * math.cos(angle) - y_km * math.sin(p0) * math.sin(angle)
    )
    return math.degrees(math.asin(sine)), lon0 + math.degrees(turn)


@functools.cache
def _table() -> dict[str, tuple[float, float]]:
    with (DATA / "places.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: (float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)}


def _garrison() -> tuple[float, float]:
    return _table()["garrison"]


@functools.cache
def places() -> dict[str, tuple[float, float]]:
    """Every named place on the plane."""
    return {name: project(*where) for name, where in _table().items()}


@functools.cache
def borders() -> list[tuple[str, np.ndarray]]:
    """Border rings of the committed map on the plane."""
    features = json.loads((DATA / "borders.geojson").read_text(encoding="utf-8"))["features"]
    rings = []
    for feature in features:
        shape = feature["geometry"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        for part in parts:
            ring = np.array([project(lat, lon) for lon, lat in part[0]])
            rings.append((feature["properties"]["name"], ring))
    return rings


def apart(a: tuple[float, float], b: tuple[float, float]) -> float:
    """As `sim.rules.plane.distance`, which a start would have to compile."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    return math.sqrt(dx * dx + dy * dy)


def round_the_ring(road: list[tuple[float, float]], radius_km: float) -> list[tuple[float, float]]:
    """The road with every waypoint and every stretch kept outside the circle, by points on a wider one.

    Where a stretch would cut the circle, up to four points are put on a circle wide enough for the
    chords between them to stay outside.
    """
    kept = [road[0], *(_outside(point, radius_km) for point in road[1:])]  # the base stays where it is
    last_a, last_b = kept[-2], kept[-1]
    between = 4
    start, end = math.atan2(last_a[1], last_a[0]), math.atan2(last_b[1], last_b[0])
    turn = (end - start) / (between + 1)
    wide = radius_km / math.cos(abs(turn) / 2.0)
    far_a, far_b = math.hypot(*last_a), math.hypot(*last_b)
    arc = []
    for k in range(1, between + 1):
        along = k / (between + 1)
        reach = max(wide, far_a + along * (far_b - far_a))
        arc.append((reach * math.cos(start + k * turn), reach * math.sin(start + k * turn)))
    return [*kept[:-1], *arc, kept[-1]]


def _outside(point: tuple[float, float], radius_km: float) -> tuple[float, float]:
    away = math.hypot(*point)
    return point if away >= radius_km else (point[0] * radius_km / away, point[1] * radius_km / away)
