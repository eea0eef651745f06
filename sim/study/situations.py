"""What a unit may do that gives a cause for force: every kind of situation that a scenario can bring about.

A ladder (`sim/study/ladder.py`) is judged by these.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sim.config.parameters import Parameters
from sim.scenario import CLEARANCE_KM


class Conduct(NamedTuple):
    """What a unit does, as key 2 sees it."""

    words: str
    closing: bool = False
    digging: bool = False
    reinforcing: bool = False
    by_bounds: bool = False
    retaliating: bool = False  # by rockets: as near as they have to come
    bypassing: bool = False  # outside the zone, on the road round it
    speed: str = "road_km_h"  # a setting of movement


STANDS = Conduct("stands")
DIGS = Conduct("digs in", digging=True)
PUSHES = Conduct("pushes along the highway", closing=True, by_bounds=True)
PUSHES_BY_TRACK = Conduct("pushes along a track", closing=True, by_bounds=True, speed="desert_km_h")
REINFORCES = Conduct("reinforces another", closing=True, reinforcing=True, by_bounds=True)
DASHES = Conduct("dashes", closing=True, speed="dash_km_h")
FIRES = Conduct("comes to fire rockets", closing=True, retaliating=True)
FIRES_BY_TRACK = Conduct("comes by a track to fire rockets", closing=True, retaliating=True, speed="desert_km_h")
GOES_ROUND = Conduct("goes round to the border", bypassing=True, speed="desert_km_h")
CONDUCTS = (STANDS, DIGS, PUSHES, PUSHES_BY_TRACK, REINFORCES, DASHES, FIRES, FIRES_BY_TRACK, GOES_ROUND)
MARKS = {  # what else may be true of a situation, in words
    "heavy": "with heavy weapons",
    "hezbollah": "taken for Hezbollah",
    "called": "a partner has called for help",
    "leaflets": "leaflets were dropped",
    "hardened": "after own dead",
    "defied": "others were warned in vain",
    "expired": "after the ultimatum",
}


@dataclass(frozen=True)
class Situation:
    """A unit, and what is known and remembered when the coalition decides about it."""

    conduct: Conduct
    away_km: float  # from the garrison
    heavy: bool = False  # tanks, artillery or anti-aircraft weapons
    hezbollah: bool = False  # taken for Hezbollah
    called: bool = False  # a partner's call for help stands against it
    leaflets: bool = False  # have been dropped
    hardened: bool = False  # the coalition has had dead
    defied: bool = False  # others were lately warned in vain
    expired: bool = False  # it has stayed on after an ultimatum

    @property
    def marks(self) -> list[str]:
        """What is special about it, in order."""
        return [mark for mark in MARKS if getattr(self, mark)]


def situations(config: Parameters) -> Iterator[Situation]:
    """Every kind of situation that gives a cause for force and that the scenario can bring about, the plainest first.

    The garrison stands: when it has fallen, units go on to the crossing.
    """
    may_be = may_be_true(config)
    always = ("leaflets",) if config.scenario.leaflets_standing else ()
    marks = [mark for mark in MARKS if may_be[mark] and mark not in always]
    where = [(conduct, km) for conduct in CONDUCTS if may_do(config, conduct) for km in distances_km(config, conduct)]
    where.sort(key=lambda one: -one[1])  # from afar to near
    for count in range(len(marks) + 1):
        for some in itertools.combinations(marks, count):
            chosen = {*some, *always}
            for conduct, away_km in where:
                if not chosen & impossible(conduct):
                    yield Situation(conduct, away_km, **dict.fromkeys(chosen, True))


def may_be_true(config: Parameters) -> dict[str, bool]:
    """Which marks the scenario and the rules can bring about."""
    roe, run_h = config.roe, 24.0 * config.scenario.horizon_days
    return {
        "heavy": config.scenario.regime_columns > 0,
        "hezbollah": config.scenario.hezbollah_teams > 0,
        "called": config.scenario.partner_patrols > 0,
        "leaflets": config.scenario.leaflets_standing
        or (config.theory.memory and 0.0 < roe.leaflets_after_hours < run_h),
        "hardened": roe.hardening_days > 0.0,
        "defied": config.theory.memory and roe.impatience > 0.0,
        "expired": 0.0 < roe.ultimatum_hours < run_h,
    }


def impossible(conduct: Conduct) -> set[str]:
    """Marks that do not go with a conduct: who dashes or brings rockets has no heavy weapons."""
    if conduct.bypassing:
        return {"called", "expired"}
    return {"heavy"} if conduct.retaliating or conduct == DASHES else set()


def may_do(config: Parameters, conduct: Conduct) -> bool:
    """Somebody is sent to do this, and the rules look at it."""
    orders, mood = config.command, config.restraint
    if conduct.digging:
        return orders.fortify_share > 0.0
    if conduct.reinforcing:
        return orders.reinforce_chance > 0.0
    if conduct.bypassing:
        return config.roe.denial_weight > 0.0 and config.scenario.bypass_known and orders.bypass_share > 0.0
    if conduct.retaliating:
        angry = config.theory.memory and mood.retaliation_per_day > 0.0
        sent = angry or config.theory.constant_attacks_per_day > 0.0
        return sent and mood.rocket_share > 0.0 and config.scenario.hezbollah_teams > 0
    return conduct != DASHES or orders.dash_share > 0.0 or orders.dash_share_afraid > 0.0


def nearest_km(config: Parameters, conduct: Conduct) -> float:
    """How near the garrison it means to come."""
    return config.engagement.rocket_range_km if conduct.retaliating else config.command.stand_off_km


def distances_km(config: Parameters, conduct: Conduct) -> list[float]:
    """The edge of the zone, half-way, and as near as it comes; outside the zone on the bypass; none if it stays out."""
    radius, nearest = config.roe.zone_radius_km, nearest_km(config, conduct)
    if conduct.bypassing:
        return [radius + CLEARANCE_KM]
    return [radius, 0.5 * (radius + nearest), nearest] if nearest < radius else []
