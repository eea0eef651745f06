"""What a unit may do that gives a cause for force: every kind of situation that a scenario can bring about.

A ladder (`sim/study/ladder.py`) is judged by these.  Nobody fires, and the garrison stands.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sim.config.parameters import Parameters
from sim.rules.names import HIGHWAY_PATROL_KM, Rung
from sim.scenario import CLEARANCE_KM

JUST_KM = 1e-6  # beyond where something changes


class Conduct(NamedTuple):
    """What a unit does, as key 2 sees it."""

    words: str
    closing: bool = False
    digging: bool = False
    reinforcing: bool = False
    by_bounds: bool = False
    bypassing: bool = False  # outside the zone, on the road round it
    weapon: str = ""  # with which it comes to retaliate: rockets or missiles
    speed: str = "road_km_h"  # a setting of movement


TRACK = "desert_km_h"
STANDS = Conduct("stands")
DIGS = Conduct("digs in", digging=True)
PUSHES = Conduct("pushes along the highway", closing=True, by_bounds=True)
PUSHES_BY_TRACK = Conduct("pushes along a track", closing=True, by_bounds=True, speed=TRACK)
REINFORCES = Conduct("reinforces another", closing=True, reinforcing=True, by_bounds=True)
REINFORCES_BY_TRACK = Conduct("comes by a track to reinforce", True, reinforcing=True, by_bounds=True, speed=TRACK)
DASHES = Conduct("dashes", closing=True, speed="dash_km_h")
AMBUSHES = Conduct("comes to attack a patrol", closing=True, weapon="missiles")
FIRES = Conduct("comes to fire rockets", closing=True, weapon="rockets")
FIRES_BY_TRACK = Conduct("comes by a track to fire rockets", closing=True, weapon="rockets", speed=TRACK)
GOES_ROUND = Conduct("goes round to the border", bypassing=True, speed=TRACK)
CONDUCTS = (
    *(STANDS, DIGS, PUSHES, PUSHES_BY_TRACK, REINFORCES, REINFORCES_BY_TRACK, DASHES),
    *(AMBUSHES, FIRES, FIRES_BY_TRACK, GOES_ROUND),
)
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


# ---------------------------------------------------------------- which there are
def situations(config: Parameters) -> Iterator[Situation]:
    """Every kind of situation that may give a cause for force and that the scenario can bring about, plainest first."""
    may_be = may_be_true(config)
    always = {"leaflets"} if config.scenario.leaflets_standing else set()
    marks = [mark for mark in MARKS if may_be[mark] and mark not in always]
    where = [(conduct, km) for conduct in CONDUCTS if may_do(config, conduct) for km in distances_km(config, conduct)]
    where.sort(key=lambda one: -one[1])  # from afar to near
    for count in range(len(marks) + 1):
        for some in itertools.combinations(marks, count):
            chosen = always.union(some)
            for conduct, away_km in where:
                if _go_together(config, conduct, chosen):
                    yield Situation(conduct, away_km, **dict.fromkeys(chosen, True))


def somebody_is_sent(config: Parameters) -> bool:
    """Pro-government ground units leave their bases."""
    order = config.scenario
    return order.ground_activity > 0.0 and order.regime_columns + order.militia_convoys + order.hezbollah_teams > 0


def may_be_true(config: Parameters) -> dict[str, bool]:
    """Which marks the scenario and the rules can bring about."""
    order, roe, run_h = config.scenario, config.roe, 24.0 * config.scenario.horizon_days
    heavy_militia = order.militia_convoys > 0 and config.command.heavy_militia > 0.0
    return {
        "heavy": order.regime_columns > 0 or heavy_militia,
        "hezbollah": order.hezbollah_teams > 0,
        "called": order.partner_patrols > 0,
        "leaflets": order.leaflets_standing or _leaflets_fall(config),
        "hardened": roe.hardening_days > 0.0,
        "defied": config.theory.memory and roe.impatience > 0.0,
        "expired": 0.0 < roe.ultimatum_hours < run_h,
    }


def _leaflets_fall(config: Parameters) -> bool:
    """Somebody may stand inside and be tolerated, and the hours of all who do may add up to enough."""
    order = config.scenario
    units = order.regime_columns + order.militia_convoys + order.hezbollah_teams
    enough = config.roe.leaflets_after_hours < 24.0 * order.horizon_days * units
    return config.theory.memory and enough and not turns(config, Situation(STANDS, config.roe.zone_radius_km))


def _go_together(config: Parameters, conduct: Conduct, marks: set[str]) -> bool:
    """Who dashes or comes to retaliate has no heavy weapons, nor has Hezbollah, for which others may be taken."""
    light = conduct == DASHES or conduct.weapon or ("hezbollah" in marks and config.sensing.misidentified == 0.0)
    if "heavy" in marks and light:
        return False
    return not conduct.bypassing or not marks & {"called", "expired"}


def may_do(config: Parameters, conduct: Conduct) -> bool:
    """Somebody is sent to do this, and the rules look at it."""
    orders = config.command
    if conduct.weapon:
        sent = _retaliates(config, conduct.weapon)
    elif conduct.bypassing:
        sent = config.roe.denial_weight > 0.0 and config.scenario.bypass_known and orders.bypass_share > 0.0
    elif conduct == DASHES:
        afraid = config.theory.memory and orders.dash_share_afraid > 0.0
        sent = orders.push_share > 0.0 and (orders.dash_share > 0.0 or afraid)
    elif conduct.digging:
        sent = orders.fortify_share > 0.0
    elif conduct.reinforcing:
        sent = orders.reinforce_chance > 0.0
    else:
        sent = orders.probe_share + orders.push_share + orders.fortify_share > 0.0
    return sent and somebody_is_sent(config)


def _retaliates(config: Parameters, weapon: str) -> bool:
    """Teams of Hezbollah come to retaliate with a weapon."""
    mood = config.restraint
    share = mood.rocket_share if weapon == "rockets" else mood.missile_share + mood.assault_share
    angry = config.theory.memory and mood.retaliation_per_day > 0.0
    return share > 0.0 and config.scenario.hezbollah_teams > 0 and (angry or config.theory.constant_attacks_per_day > 0)


def nearest_km(config: Parameters, conduct: Conduct) -> float:
    """How near the garrison it means to come."""
    aims = {"rockets": config.engagement.rocket_range_km, "missiles": HIGHWAY_PATROL_KM}
    return aims.get(conduct.weapon, config.command.stand_off_km)


def distances_km(config: Parameters, conduct: Conduct) -> list[float]:
    """Where it is looked at: at the edge of the zone, as near as it comes, and where a rung just is not left out.

    Points only grow on the way in, and so does the hurry: what is not seen at one of these places is seen nowhere.
    Outside the zone on the bypass; none if it stays out.
    """
    radius, nearest = config.roe.zone_radius_km, nearest_km(config, conduct)
    if conduct.bypassing:
        return [radius + CLEARANCE_KM]
    if nearest >= radius:
        return []
    turning = (away_in_time_km(config, conduct, Rung(rung)) + JUST_KM for rung in range(Rung.LINE_CALL, Rung.STRIKE))
    return sorted({radius, nearest, *(km for km in turning if nearest < km < radius)}, reverse=True)


# ---------------------------------------------------------------- what they amount to
def points(config: Parameters, at: Situation) -> float:
    """What the unit's behaviour amounts to (docs/odd.md 7.6)."""
    roe = config.roe
    if at.conduct.bypassing:
        total = roe.denial_weight * config.environment.coalition_stake
    else:
        total = roe.presence_weight + (roe.zone_radius_km - at.away_km) / max(roe.zone_radius_km, 1e-9)
    if at.conduct.closing:
        total += roe.closing_weight_leaflets if at.leaflets else roe.closing_weight
        if gap_km(config, at) <= speed_km_h(config, at.conduct) * roe.reach_min / 60.0:
            total += roe.reach_weight
    total += roe.heavy_weight * at.heavy + roe.fortify_weight * at.conduct.digging
    total += roe.reinforce_weight * at.conduct.reinforcing + roe.call_weight * at.called
    return total * (roe.hezbollah_readiness * config.scenario.hezbollah_readiness if at.hezbollah else 1.0)


def threshold(config: Parameters, at: Situation) -> float:
    """Points at which key 2 turns."""
    return config.roe.threshold * (config.roe.hardening if at.hardened else 1.0)


def turns(config: Parameters, at: Situation) -> bool:
    """Key 2 turns."""
    return at.expired or points(config, at) >= threshold(config, at)


def inner_km(config: Parameters) -> float:
    """The line that must not be reached; it never lies beyond the zone."""
    return min(config.roe.inner_line_km, config.roe.zone_radius_km)


def gap_km(config: Parameters, at: Situation) -> float:
    """Way left to the inner line."""
    return max(0.0, at.away_km - inner_km(config))


def speed_km_h(config: Parameters, conduct: Conduct) -> float:
    """How fast it drives."""
    return float(getattr(config.movement, conduct.speed))


def pace_km_h(config: Parameters, conduct: Conduct) -> float:
    """How fast it comes nearer; by bounds it moves a part of the time."""
    return speed_km_h(config, conduct) * (config.command.moving_share if conduct.by_bounds else 1.0)


def minutes_left(config: Parameters, at: Situation) -> float:
    """Until it is at the inner line."""
    return 60.0 * gap_km(config, at) / pace_km_h(config, at.conduct)


def window_min(config: Parameters, rung: Rung) -> float:
    """Median time that a rung is given to work."""
    roe = config.roe
    return {Rung.LINE_CALL: roe.call_window_min, Rung.SHOW_OF_FORCE: roe.show_window_min}.get(
        rung, roe.shots_window_min
    )


def away_in_time_km(config: Parameters, conduct: Conduct, rung: Rung) -> float:
    """How far away it must be for a rung to have time to work."""
    wanted_min = window_min(config, rung) + config.roe.flight_delay_min
    return inner_km(config) + pace_km_h(config, conduct) * wanted_min / 60.0
