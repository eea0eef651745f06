"""From a validated configuration to the rows of a run: order of battle, roads, matrices, fading factors."""

from __future__ import annotations

import csv
import functools
import json
import math
import pathlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.config.parameters import Parameters, Params
from sim.errors import BadInput
from sim.rules.names import NEVER, ROUTES, Kind, Posture, Principal
from sim.rules.tables import WAYPOINTS, State

if TYPE_CHECKING:
    from sim.config.settings import Config

DATA = pathlib.Path(__file__).parent / "data"
EARTH_KM = 6371.0088  # mean radius, IUGG
CLEARANCE_KM = 3.0  # the bypass stays this far outside the ring
M2 = ("zaza", "m2_checkpoint", "shuhaymi", "shuhaymi_east", "shalighm", "garrison")
NORTH_TRACK = ("zaza", "ulayyaniyah", "halbah", "jabal_ghurab", "garrison")
BYPASS = ("zaza", "ulayyaniyah", "halbah", "border_ene")

NOT_OF_A_SCENARIO = ("seed", "replications", "threads", "out", "figures")

ORDER = (  # kind, principal, how many: a number or the setting that says so, base
    (Kind.GARRISON, Principal.COALITION, 1, "garrison"),
    (Kind.SURVEILLANCE_ORBIT, Principal.COALITION, 1, "garrison"),
    (Kind.STRIKE_FLIGHT, Principal.COALITION, "strike_flights", "garrison"),
    (Kind.PARTNER_PATROL, Principal.PARTNER, "partner_patrols", "garrison"),
    (Kind.REGIME_COLUMN, Principal.REGIME, "regime_columns", "zaza"),
    (Kind.MILITIA_CONVOY, Principal.MILITIA, "militia_convoys", "zaza"),
    (Kind.HEZBOLLAH_TEAM, Principal.HEZBOLLAH, "hezbollah_teams", "zaza"),
    (Kind.RUSSIAN_FLIGHT, Principal.RUSSIA, "russian_flights", "hmeimim"),
)


@dataclass(frozen=True)
class Scenario:
    """A scenario ready to run: what was asked for, and the rows it becomes."""

    config: Parameters
    params: Params
    state: State
    names: tuple[str, ...]

    @property
    def places(self) -> dict[str, tuple[float, float]]:
        """Named places in km east and north of the garrison."""
        return places()

    @property
    def borders(self) -> list[tuple[str, np.ndarray]]:
        """Border rings as (country, array of shape (n, 2) in km)."""
        return borders()

    @property
    def steps(self) -> int:
        """Steps of a whole run."""
        return round(self.config.scenario.horizon_days * 1440.0 / float(self.params.step_min))


def load(*overrides: str) -> Scenario:
    """A scenario by its overrides, as on the command line: `load("roe=restrictive", "roe.zone_radius_km=40")`.

    Raises `BadInput` for anything that is not a setting or out of its range.
    """
    from sim.config.compose import compose

    for override in overrides:
        name = override.partition("=")[0]
        if name in NOT_OF_A_SCENARIO:
            raise BadInput(f"{name} says how to run, not what: it belongs to sim.replicate or sim.EscalationModel.")
    return build(compose(*overrides))


def build(config: Config | Parameters, step_min: float | None = None) -> Scenario:
    """The rows of a configuration that has been validated."""
    params = np.zeros(1, Params.dtype_)[0]
    params.step_min = getattr(config, "step_min", 5.0) if step_min is None else step_min
    for group in fields(Parameters):
        declared = getattr(config, group.name)
        row = params[group.name]
        for name in row.dtype.names:
            row[name] = getattr(declared, name)
    fill_world(params)
    state, names = muster(config)
    return Scenario(config=config, params=params, state=state, names=names)


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


def fill_world(params: Params) -> None:
    """Everything that follows from the numbers set: roads, matrices, factors per step."""
    world = params.world
    where = places()
    roads = [[where[name] for name in M2], [where[name] for name in NORTH_TRACK]]
    roads.append(round_the_ring([where[name] for name in BYPASS], params.roe.zone_radius_km + CLEARANCE_KM))
    for r in range(ROUTES):
        world.route_length[r] = len(roads[r])
        for k in range(WAYPOINTS):
            world.route_x_km[r][k], world.route_y_km[r][k] = roads[r][min(k, len(roads[r]) - 1)]
    world.bypass_km = sum(_apart(a, b) for a, b in zip(roads[2], roads[2][1:], strict=False))
    fill_matrices(params)
    fill_fading(params)


def _apart(a: tuple[float, float], b: tuple[float, float]) -> float:
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


def fill_matrices(params: Params) -> None:
    """Leashes, alliances and mission rates by principal."""
    world, leash, bond, rate = params.world, params.leash, params.restraint, params.command
    n = len(Principal)
    russian = {
        Principal.REGIME: leash.russia_regime,
        Principal.MILITIA: leash.russia_militia,
        Principal.HEZBOLLAH: leash.russia_hezbollah,
    }
    for p, kappa in russian.items():
        world.russian_leash[p] = min(1.0, kappa * leash.russian_control)
    world.iranian_leash[Principal.MILITIA] = leash.iran_militia
    world.iranian_leash[Principal.HEZBOLLAH] = leash.iran_hezbollah
    for side in range(n):
        world.alliance[side * n + side] = 1.0
    pairs = (
        (Principal.MILITIA, Principal.HEZBOLLAH, bond.militia_hezbollah),
        (Principal.REGIME, Principal.MILITIA, bond.regime_militia),
        (Principal.REGIME, Principal.HEZBOLLAH, bond.regime_hezbollah),
    )
    for a, b, share in pairs:
        world.alliance[a * n + b] = world.alliance[b * n + a] = share
    activity = params.scenario.ground_activity
    per_day = {
        Principal.REGIME: rate.regime_per_day * (params.scenario.regime_columns > 0),
        Principal.MILITIA: rate.militia_per_day * (params.scenario.militia_convoys > 0),
        Principal.HEZBOLLAH: rate.hezbollah_per_day * (params.scenario.hezbollah_teams > 0),
    }
    for p, missions in per_day.items():
        world.missions_per_day[p] = missions * activity


def fill_fading(params: Params) -> None:
    """What is left after one step of everything that fades."""
    world, days = params.world, params.step_min / 1440.0
    world.fear_kept = 0.5 ** (days / params.theory.fear_half_life_days)
    world.anger_kept = 0.5 ** (days / params.theory.anger_half_life_days)
    world.defiance_kept = 0.5 ** (days / params.roe.defiance_half_life_days)
    world.isis_kept = math.exp(-days / params.environment.isis_days)
    world.raqqa_kept = math.exp(-days / params.environment.raqqa_days)


def muster(config: Parameters) -> tuple[State, tuple[str, ...]]:
    """The state at the start: everybody at base, the garrison, the orbit and one flight on duty."""
    state = np.zeros(1, State.dtype_)[0]
    names: list[str] = []
    for kind, principal, count, base in ORDER:
        total = count if isinstance(count, int) else getattr(config.scenario, count)
        for k in range(total):
            _put(state, len(names), (kind, principal, base))
            names.append(f"{kind.name.lower().replace('_', ' ')} {k + 1}")
    state.n_units = len(names)
    station(state, config)
    clear_clocks(state)
    state.isis_control = state.raqqa_left = 1.0
    state.corridor_value = config.environment.corridor_floor
    state.line_open, state.leaflets = config.scenario.line_open, config.scenario.leaflets_standing
    if not state.line_open:
        state.line_restored_min = 1440.0 * config.line.suspension_days
    return state, tuple(names)


def _put(state: State, i: int, what: tuple[Any, Any, str]) -> None:
    kind, principal, base = what
    unit = state.units[i]
    unit.id, unit.kind, unit.principal, unit.posture = i, kind, principal, Posture.RESTING
    unit.base_x_km, unit.base_y_km = places()[base]
    state.x_km[i], state.y_km[i] = unit.base_x_km, unit.base_y_km
    unit.due_min = unit.call_due_min = unit.static_min = NEVER
    unit.seen_min = unit.called_min = unit.struck_min = unit.entered_min = unit.help_until_min = -NEVER
    unit.flight = unit.target = unit.explains = unit.signal_event = unit.contact = unit.call_event = (
        unit.entry_event
    ) = -1
    unit.decision.draw = unit.decision.chosen = -1


def station(state: State, config: Parameters) -> None:
    """Garrison and orbit on duty for good; coalition flights staggered over their cycle."""
    flights = config.scenario.strike_flights
    cycle_h = config.air.flight_station_h + config.air.flight_away_h
    for i in range(2 + flights):
        unit = state.units[i]
        unit.posture = Posture.ON_STATION
        state.awake[state.n_awake] = i
        state.n_awake += 1
        if i >= 2:
            elapsed_h = (i - 2) * cycle_h / flights
            away_h = elapsed_h - config.air.flight_station_h
            if away_h < 0.0:
                unit.off_station_min = -60.0 * away_h
                unit.due_min = unit.off_station_min
            else:
                unit.posture = Posture.TURNAROUND
                unit.due_min = 60.0 * (config.air.flight_away_h - away_h)


def clear_clocks(state: State) -> None:
    """No clash, no threat, no call yet."""
    state.line_restored_min = NEVER
    state.episode_min = -NEVER
    state.outcome.closest_km = math.nan
    for dyad in state.dyads:
        dyad.level = 1
        dyad.clash_min = dyad.first_used_force_min = dyad.exchange_min = -NEVER
        dyad.second_used_force_min = -2 * NEVER  # so that two sides that never fired did not fire at once
    for principal in state.principals:
        principal.threat_until_min = principal.died_min = -NEVER
        principal.reinforce_min = NEVER
        principal.reinforce_for = principal.explains = -1
    for tally in state.outcome.happenings:
        tally.first_min = math.nan
    for strike in state.outcome.strikes:
        strike.minute = strike.distance_km = strike.hours_from_entry = math.nan
