"""The ground of a standoff on the local plane: places and what they are to the model, borders, roads.

The shipped one is al Tanf's.  Another is a folder with the same three files (`docs/tutorials/own_geography.md`):
places.csv (name, lat, lon), geography.yaml (roles, roads, patrols) and borders.geojson.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import json
import math
import pathlib
from dataclasses import dataclass

import numpy as np
import yaml

from sim.errors import BadInput
from sim.rules.names import ROUTES, WAYPOINTS

DATA = pathlib.Path(__file__).parent / "data"
EARTH_KM = 6371.0088  # mean radius, IUGG
PLACES, ABOUT, BORDERS = "places.csv", "geography.yaml", "borders.geojson"
ROLES = ("garrison", "staging", "opposition", "russian_air", "regime_air", "isis", "camp")
ROADS = ("highway", "track", "bypass")  # in the order of the world's routes
ARC = 4  # points that the bypass may be given to keep outside the ring
SHOWN_DIGITS = 12  # of the hash that a named folder carries
Place = tuple[float, float]


@dataclass(frozen=True)
class Geography:
    """Places (name -> km east and north of the garrison), what they are, roads by waypoints, ways of patrols, borders.

    `patrols` are three directions, east and north; `borders` are rings (country, array of shape (n, 2) in km).
    """

    name: str
    shipped: bool
    places: dict[str, Place]
    roles: dict[str, str]
    roads: dict[str, list[str]]
    patrols: list[Place]
    borders: list[tuple[str, np.ndarray]]
    origin: Place  # latitude and longitude of the garrison

    def at(self, role: str) -> Place:
        """Where the place with a role lies, km east and north."""
        return self.places[self.roles[role]]

    def lat_lon(self, x_km: float, y_km: float) -> Place:
        """Latitude and longitude in degrees of a point on the plane."""
        return unproject(x_km, y_km, self.origin)

    def road(self, name: str) -> list[Place]:
        """The waypoints of a road, km east and north."""
        return [self.places[place] for place in self.roads[name]]


def geography(named: str = "") -> Geography:
    """The ground that `scenario.geography` names: empty for al Tanf's, else FOLDER or FOLDER@HASH.

    Raises `BadInput` for a folder that cannot be used, or is not as it was when the hash was taken.
    """
    if not named:
        return _read("", "")
    folder, digest = _parted(named)
    there = _digest(folder)
    if digest and digest != there:
        raise BadInput(
            f"the files in {folder} are not as they were ({digest} then, {there} now); put them back, or name "
            f"scenario.geography={folder} for the new ones"
        )
    return _read(folder, there)


def sealed(named: str) -> str:
    """The same name with the hash of its files, so that runs are known to be of this ground and no later one."""
    if not named or _parted(named)[1]:
        return named
    return f"{named}@{_digest(named)}"


def _parted(named: str) -> tuple[str, str]:
    folder, at, digest = named.rpartition("@")
    return (folder, digest) if at else (named, "")


def _digest(folder: str) -> str:
    """The hash of the three files."""
    found = hashlib.sha256()
    for name in (PLACES, ABOUT, BORDERS):
        try:
            found.update(hashlib.sha256((pathlib.Path(folder) / name).read_bytes()).digest())
        except OSError as error:
            wanted = f"{PLACES}, {ABOUT} and {BORDERS}"
            raise BadInput(
                f"scenario.geography={folder}: a folder with {wanted} is wanted; {name} is missing"
            ) from error
    return found.hexdigest()[:SHOWN_DIGITS]


@functools.lru_cache(maxsize=16)
def _read(folder: str, digest: str) -> Geography:  # noqa: ARG001 - changed files are read again
    where = pathlib.Path(folder) if folder else DATA
    try:
        table, about = _table(where), yaml.safe_load((where / ABOUT).read_text(encoding="utf-8"))
        roles = {role: str(about["roles"][role]) for role in ROLES}
        roads = {road: [str(place) for place in about["roads"][road]] for road in ROADS}
        patrols = [(float(east), float(north)) for east, north in about["patrols"]]
        name = str(about["name"])
        origin = table[roles["garrison"]]
        places = {place: project(*at, origin) for place, at in table.items()}
        found = Geography(name, not folder, places, roles, roads, patrols, _rings(where / BORDERS, origin), origin)
    except (KeyError, TypeError, ValueError, IndexError, yaml.YAMLError, csv.Error) as error:
        told = " ".join(str(error).split())
        raise BadInput(f"the geography in {where} cannot be read: {type(error).__name__} {told}"[:300]) from error
    _refuse_what_does_not_fit(found, where)
    return found


def _refuse_what_does_not_fit(found: Geography, where: pathlib.Path) -> None:
    named = {place: f"role {role}" for role, place in found.roles.items()}
    named |= {place: f"road {road}" for road in ROADS for place in found.roads[road]}
    for place, by in named.items():
        if place not in found.places:
            raise BadInput(f"{where / ABOUT}: {by} names {place[:40]!r}, which is not in {PLACES}; add it there")
    for road in ROADS:
        most = WAYPOINTS - (ARC if road == "bypass" else 0)
        if not 2 <= len(found.roads[road]) <= most:
            raise BadInput(f"{where / ABOUT}: road {road} must have 2 to {most} places, not {len(found.roads[road])}")
        if found.roads[road][0] != found.roles["staging"]:
            raise BadInput(f"{where / ABOUT}: road {road} must begin at {found.roles['staging']}, the staging place")
    lengths = [math.hypot(*way) for way in found.patrols]
    if len(lengths) != ROUTES or not all(0.95 <= length <= 1.05 for length in lengths):
        raise BadInput(f"{where / ABOUT}: patrols must be {ROUTES} directions [east, north] of length 1")
    if found.name != found.name.strip() or not found.name.isprintable() or not 1 <= len(found.name) <= 64:
        raise BadInput(f"{where / ABOUT}: name must be 1 to 64 characters on one line")


def project(lat: float, lon: float, origin: Place | None = None) -> Place:
    """Azimuthal equidistant projection centred on the garrison: km east and north (Snyder 1987, p. 195)."""
    lat0, lon0 = origin or _table()["garrison"]
    p0, p, dl = math.radians(lat0), math.radians(lat), math.radians(lon - lon0)
    cosine = math.sin(p0) * math.sin(p) + math.cos(p0) * math.cos(p) * math.cos(dl)
    angle = math.acos(min(1.0, max(-1.0, cosine)))
    scale = EARTH_KM * (angle / math.sin(angle) if angle > 1e-12 else 1.0)
    x = scale * math.cos(p) * math.sin(dl)
    y = scale * (math.cos(p0) * math.sin(p) - math.sin(p0) * math.cos(p) * math.cos(dl))
    return x, y


def unproject(x_km: float, y_km: float, origin: Place | None = None) -> Place:
    """Latitude and longitude in degrees of a point on the plane: undoes `project` (Snyder 1987, p. 196)."""
    lat0, lon0 = origin or _table()["garrison"]
    p0, away = math.radians(lat0), math.hypot(x_km, y_km)
    if away < 1e-9:
        return lat0, lon0
    angle = away / EARTH_KM
    sine = math.cos(angle) * math.sin(p0) + y_km * math.sin(angle) * math.cos(p0) / away
    turn = math.atan2(
        x_km * math.sin(angle), away * math.cos(p0) * math.cos(angle) - y_km * math.sin(p0) * math.sin(angle)
    )
    return math.degrees(math.asin(sine)), lon0 + math.degrees(turn)


def _table(folder: pathlib.Path = DATA) -> dict[str, Place]:
    """Latitude and longitude of every named place."""
    with (folder / PLACES).open(encoding="utf-8", newline="") as file:
        table = {row["name"]: (float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)}
    if not all(abs(lat) <= 90.0 and abs(lon) <= 360.0 for lat, lon in table.values()):
        raise ValueError("a latitude is beyond 90 or a longitude beyond 360 degrees")
    return table


def _rings(file: pathlib.Path, origin: Place) -> list[tuple[str, np.ndarray]]:
    """Border rings of a map on the plane."""
    rings = []
    for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
        shape = feature["geometry"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        for part in parts:
            ring = np.array([project(lat, lon, origin) for lon, lat in part[0]])
            rings.append((str(feature["properties"]["name"]), ring))
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
    between = ARC
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
