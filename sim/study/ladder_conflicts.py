"""Rules of engagement that work against each other, or stand in the shadow of one another: a table, entry by entry.

Each entry says when it holds, what is wrong, which settings mend it, and how it is seen: the same act answered in two
ways, or the unit for which a threshold makes no difference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from sim.config.parameters import Parameters
from sim.rules.names import Rung
from sim.scenario import CLEARANCE_KM
from sim.study import ladder
from sim.study.ladder import WARNINGS, WORDS, Way
from sim.study.situations import (
    GOES_ROUND,
    PUSHES,
    PUSHES_BY_TRACK,
    STANDS,
    Conduct,
    Situation,
    gap_km,
    may_do,
    situations,
    speed_km_h,
    turns,
    window_min,
)

DAY_H = 24.0


class Conflict(NamedTuple):
    """Two settings that do not go together."""

    kind: str  # contradictory or shadowed
    holds: Callable[[Parameters], bool]
    sentence: str  # may name settings of the configuration c
    change: tuple[str, ...]  # settings to look at
    seen: Callable[[Parameters], list[str]]  # the shortest way to see it, line by line


def no_further(wanted: Callable[[Situation], bool] = lambda _: True) -> Callable[[Parameters], list[str]]:
    """A situation that turns the key, of those wanted, what is done about it, and that force is not."""

    def seen(config: Parameters) -> list[str]:
        way = ladder.witness(config, wanted)
        told = ladder.told(config, way) if way else ["nobody comes into the zone"]
        struck = way is not None and bool(way.path) and way.path[-1].rung == Rung.STRIKE
        return told if struck else [*told, "and nothing further"]

    return seen


def answers(*acts: tuple[str, str]) -> Callable[[Parameters], list[str]]:
    """Acts, and the chance that each is answered with force, by the setting that says so."""

    def seen(config: Parameters) -> list[str]:
        return [f"{act}: {_chance(float(getattr(config.roe, setting)))}" for act, setting in acts]

    return seen


def _chance(p: float) -> str:
    return {0.0: "never answered", 1.0: "always answered"}.get(p, f"answered with chance {p:g}")


def at_the_edge(config: Parameters, conduct: Conduct) -> Situation:
    """A unit at the edge of the zone; on the bypass, beside it."""
    return Situation(conduct, config.roe.zone_radius_km + CLEARANCE_KM * conduct.bypassing)


def scored(config: Parameters, at: Situation) -> str:
    """A unit, and what it amounts to."""
    return ladder.told(config, Way(at, []))[0]


def before_and_after_leaflets(config: Parameters) -> list[str]:
    """The same advance twice."""
    before = at_the_edge(config, PUSHES)
    return [scored(config, before), scored(config, replace(before, leaflets=True))]


def to_the_inner_line(config: Parameters) -> list[str]:
    """How long the slowest unit at the edge of the zone has left."""
    at = at_the_edge(config, PUSHES_BY_TRACK)
    drive_min = 60.0 * gap_km(config, at) / speed_km_h(config, at.conduct)
    return [scored(config, at), f"{drive_min:.0f} min from the inner line"]


def windows(config: Parameters) -> list[str]:
    """The time each rung is given to work."""
    return [f"{WORDS[r]}: {window_min(config, r):g} min to work" for r in WARNINGS if ladder.has(config, r)]


def presence(config: Parameters) -> list[str]:
    """A unit that does nothing but be there."""
    return [scored(config, at_the_edge(config, STANDS)), "the key is turned on entry"]


def after_the_end(config: Parameters) -> list[str]:
    """A unit that is there from the first hour to the last."""
    end = f"{_run_h(config):g} h later the run ends, {config.roe.ultimatum_hours:g} are given"
    return [scored(config, at_the_edge(config, STANDS)), end]


def who_goes_round(config: Parameters) -> list[str]:
    """The gravest of those who go round the zone."""
    way = ladder.witness(config, lambda at: at.conduct == GOES_ROUND)
    return [ladder.told(config, way)[0], "the key is not turned"] if way else ["nobody goes round the zone"]


def _denies(config: Parameters) -> bool:
    """Somebody who goes round the zone turns key 2."""
    return any(at.conduct == GOES_ROUND and turns(config, at) for at in situations(config))


def _run_h(config: Parameters) -> float:
    return DAY_H * config.scenario.horizon_days


def _slower(config: Parameters, higher: Rung, lower: Rung) -> bool:
    """A rung is given longer to work than the next one below it, and what takes too long is left out in a hurry."""
    between = any(ladder.has(config, rung) for rung in WARNINGS if lower < rung < higher)
    both = ladder.has(config, higher) and ladder.has(config, lower) and not between
    return both and config.roe.skip_for_urgency and window_min(config, higher) > window_min(config, lower)


def _always_soon(config: Parameters) -> bool:
    """Even the slowest unit at the edge of the zone could be at the inner line soon."""
    way_km = config.roe.zone_radius_km - min(config.roe.inner_line_km, config.roe.zone_radius_km)
    slowest = min(config.movement.road_km_h, config.movement.desert_km_h)
    return 0.0 < way_km <= slowest * config.roe.reach_min / 60.0


OWN = ("fire on a patrol with coalition people", "answer_own")
INSIDE = ("fire on the partner's patrol inside the zone, seen", "answer_partner_inside")
OUTSIDE = ("fire on the partner's patrol outside the zone", "answer_partner_outside")
RUSSIAN = ("Russian aircraft bomb the partner inside the zone", "answer_russian_air")
SYRIAN = ("Syrian aircraft bomb the partner inside the zone", "answer_regime_air")

CONFLICTS = (
    Conflict(
        "contradictory",
        lambda c: c.roe.promises_warning and not any(ladder.has(c, rung) for rung in WARNINGS),
        "a warning is promised and there is none to give",
        ("roe.promises_warning", "roe.line_call", "roe.show_of_force", "roe.warning_shots"),
        no_further(),
    ),
    Conflict(
        "contradictory",
        lambda c: 0.0 < c.roe.ultimatum_hours < _run_h(c) and not c.roe.strike_on_intent,
        "an ultimatum of {c.roe.ultimatum_hours:g} h is set and force on intent is not allowed",
        ("roe.ultimatum_hours", "roe.strike_on_intent"),
        no_further(lambda at: at.expired),
    ),
    Conflict(
        "contradictory",
        lambda c: c.roe.approval_min > 0.0 and not c.roe.strike_on_intent,
        "force on intent needs approval and is not allowed at all",
        ("roe.approval_min", "roe.strike_on_intent"),
        no_further(),
    ),
    Conflict(
        "contradictory",
        lambda c: not c.roe.answer_own and max(c.roe.answer_partner_inside, c.roe.answer_partner_outside) > 0.0,
        "an attack on the partner is answered and one on coalition people is not",
        ("roe.answer_own", "roe.answer_partner_inside", "roe.answer_partner_outside"),
        answers(OWN, INSIDE, OUTSIDE),
    ),
    Conflict(
        "contradictory",
        lambda c: c.roe.answer_partner_outside > c.roe.answer_partner_inside,
        "the partner is defended better outside the zone than inside",
        ("roe.answer_partner_outside", "roe.answer_partner_inside"),
        answers(OUTSIDE, INSIDE),
    ),
    Conflict(
        "contradictory",
        lambda c: c.roe.answer_russian_air > c.roe.answer_regime_air,
        "Russian aircraft that bomb the partner are answered sooner than Syrian ones",
        ("roe.answer_russian_air", "roe.answer_regime_air"),
        answers(RUSSIAN, SYRIAN),
    ),
    Conflict(
        "contradictory",
        lambda c: c.roe.closing_weight_leaflets < c.roe.closing_weight,
        "advancing counts for less once leaflets have said that it is hostile intent",
        ("roe.closing_weight_leaflets", "roe.closing_weight"),
        before_and_after_leaflets,
    ),
    Conflict(
        "contradictory",
        lambda c: c.roe.drone_policy == "on_zone_entry" and c.roe.zone_radius_km == 0.0,
        "drones are shot at on entry into a zone that has no extent",
        ("roe.drone_policy", "roe.zone_radius_km"),
        lambda _: ["a drone over the garrison, 0 km away: not inside, never shot at"],
    ),
    Conflict(
        "contradictory",
        lambda c: c.roe.drone_policy != "ignore" and c.scenario.strike_flights == 0,
        "drones are to be shot at and there are no flights",
        ("roe.drone_policy", "scenario.strike_flights"),
        lambda c: [f"a drone that attacks (drone policy {c.roe.drone_policy}): no flight to shoot it down"],
    ),
    Conflict(
        "contradictory",
        lambda c: may_do(c, GOES_ROUND) and not c.roe.strike_on_intent,
        "motion to the border is to be denied and force on intent is not allowed",
        ("roe.denial_weight", "roe.strike_on_intent"),
        no_further(lambda at: at.conduct == GOES_ROUND),
    ),
    Conflict(
        "shadowed",
        lambda c: 0.0 < c.roe.zone_radius_km <= c.roe.inner_line_km,
        "the inner line ({c.roe.inner_line_km:g} km) is not inside the zone ({c.roe.zone_radius_km:g} km)",
        ("roe.inner_line_km", "roe.zone_radius_km"),
        to_the_inner_line,
    ),
    Conflict(
        "shadowed",
        lambda c: _slower(c, Rung.SHOW_OF_FORCE, Rung.LINE_CALL),
        "a show of force is given longer to work than a call: in a hurry the higher rung is left out, the lower not",
        ("roe.show_window_min", "roe.call_window_min"),
        windows,
    ),
    Conflict(
        "shadowed",
        lambda c: _slower(c, Rung.WARNING_SHOTS, Rung.SHOW_OF_FORCE) or _slower(c, Rung.WARNING_SHOTS, Rung.LINE_CALL),
        "warning shots are given longer to work than the rung below: in a hurry they are left out, and that is not",
        ("roe.shots_window_min", "roe.show_window_min", "roe.call_window_min"),
        windows,
    ),
    Conflict(
        "shadowed",
        lambda c: c.roe.reach_weight > 0.0 and _always_soon(c),
        "whoever advances inside the zone could be at the inner line within {c.roe.reach_min:g} min: soon is always",
        ("roe.reach_min", "roe.inner_line_km"),
        to_the_inner_line,
    ),
    Conflict(
        "shadowed",
        lambda c: c.roe.ultimatum_hours > 0.0 and c.roe.presence_weight >= c.roe.threshold,
        "presence alone turns key 2, so an ultimatum is never waited for",
        ("roe.ultimatum_hours", "roe.presence_weight"),
        presence,
    ),
    Conflict(
        "shadowed",
        lambda c: c.roe.ultimatum_hours >= _run_h(c),
        "the ultimatum ends after the run does",
        ("roe.ultimatum_hours", "scenario.horizon_days"),
        after_the_end,
    ),
    Conflict(
        "shadowed",
        lambda c: c.roe.denial_weight > 0.0 and not _denies(c),
        "motion to the border is to be denied, and nobody who goes round the zone turns key 2",
        ("roe.denial_weight", "environment.coalition_stake", "roe.threshold", "scenario.bypass_known"),
        who_goes_round,
    ),
)
