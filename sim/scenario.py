"""From a validated configuration to the rows of a run: order of battle, roads, matrices, fading factors."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from sim.config.parameters import Parameters, Params
from sim.errors import BadInput
from sim.geography import ROADS, Geography, apart, geography, round_the_ring
from sim.muster import muster
from sim.rules.names import ROUTES, WAYPOINTS, DronePolicy, Principal
from sim.rules.outcome import Happening
from sim.rules.tables import State

if TYPE_CHECKING:
    from sim.config.settings import Config

CLEARANCE_KM = 3.0  # the bypass stays this far outside the ring
NOT_OF_A_SCENARIO = ("seed", "replications", "threads", "out", "figures")


@dataclass(frozen=True)
class Scenario:
    """A scenario ready to run: what was asked for, and the rows it becomes."""

    config: Parameters
    params: Params
    state: State
    names: tuple[str, ...]

    @property
    def ground(self) -> Geography:
        """Places, roads and borders."""
        return geography(self.config.scenario.geography)

    @property
    def places(self) -> dict[str, tuple[float, float]]:
        """Named places in km east and north of the garrison."""
        return self.ground.places

    @property
    def borders(self) -> list[tuple[str, np.ndarray]]:
        """Border rings as (country, array of shape (n, 2) in km)."""
        return self.ground.borders

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
        if not isinstance(override, str):
            raise BadInput(f"sim.load({override!r}): each override is a text such as 'roe.zone_radius_km=40'.")
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
    ground = geography(config.scenario.geography)
    fill_world(params, ground)
    params.world.drone_policy = DronePolicy[config.roe.drone_policy.upper()]
    last = config.scenario.stop_after
    params.world.stops_after = Happening[last.upper()] if last else -1
    state, names = muster(config, params.world, ground)
    return Scenario(config=config, params=params, state=state, names=names)


def fill_world(params: Params, ground: Geography) -> None:
    """Everything that follows from the numbers set: roads, matrices, factors per step."""
    world = params.world
    roads = [ground.road(name) for name in ROADS]
    roads[-1] = round_the_ring(roads[-1], params.roe.zone_radius_km + CLEARANCE_KM)
    for r in range(ROUTES):
        world.route_length[r] = len(roads[r])
        for k in range(WAYPOINTS):
            world.route_x_km[r][k], world.route_y_km[r][k] = roads[r][min(k, len(roads[r]) - 1)]
    for k, way in enumerate(ground.patrols):
        world.patrol_east[k], world.patrol_north[k] = way
    world.camp_km[0], world.camp_km[1] = ground.at("camp")
    world.bypass_km = sum(apart(a, b) for a, b in zip(roads[-1], roads[-1][1:], strict=False))
    fill_matrices(params)
    fill_fading(params)
    teams = params.scenario.hezbollah_teams + params.scenario.hezbollah_drones
    world.can_retaliate = teams > 0


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
    world.coalition_leash[Principal.PARTNER] = min(1.0, leash.coalition_partner * params.scenario.partner_control)
    world.coalition_leash[Principal.OPPOSITION] = min(1.0, leash.coalition_opposition * params.scenario.partner_control)
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
        Principal.HEZBOLLAH: rate.hezbollah_per_day
        * params.scenario.hezbollah_activity
        * (params.scenario.hezbollah_teams > 0),
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
