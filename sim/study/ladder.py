"""The ladder of a set of rules of engagement as a graph: which rung may follow which, for a unit that does what.

A node is the highest rung used so far (`Rung`), a move is the next one; which moves there are depends on what the unit
does and how far away it is.  The graph is read from the configuration alone, before any run; that it says what
`sim/rules/keys.py` and `sim/rules/roe.py` do is tested move by move.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sim.config.parameters import Parameters
from sim.rules.names import Rung

WORDS = {
    Rung.LINE_CALL: "a call over the line",
    Rung.SHOW_OF_FORCE: "a show of force",
    Rung.WARNING_SHOTS: "warning shots",
    Rung.STRIKE: "a strike",
}
WARNINGS = (Rung.LINE_CALL, Rung.SHOW_OF_FORCE, Rung.WARNING_SHOTS)


class Conduct(NamedTuple):
    """What a unit does, as key 2 sees it."""

    words: str
    closing: bool = False
    digging: bool = False
    reinforcing: bool = False
    by_bounds: bool = False
    speed: str = "road_km_h"  # a setting of movement


CONDUCTS = (
    Conduct("stands"),
    Conduct("digs in", digging=True),
    Conduct("pushes along the highway", closing=True, by_bounds=True),
    Conduct("pushes along a track", closing=True, by_bounds=True, speed="desert_km_h"),
    Conduct("reinforces another", closing=True, reinforcing=True, by_bounds=True),
    Conduct("dashes", closing=True, speed="dash_km_h"),
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
    """A unit inside the zone, and what is known and remembered when the coalition decides about it."""

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


class Move(NamedTuple):
    """One step up the ladder, and the reasons for which rungs below it were left out."""

    rung: Rung
    left_out: tuple[str, ...] = ()


def situations(config: Parameters) -> Iterator[Situation]:
    """Every kind of situation inside the zone that the scenario can bring about, the plainest first."""
    roe, nearest = config.roe, config.command.stand_off_km
    if roe.zone_radius_km <= nearest:
        return
    distances = sorted({roe.zone_radius_km, 0.5 * (roe.zone_radius_km + nearest), nearest}, reverse=True)
    may_be = {
        "heavy": config.scenario.regime_columns > 0,
        "hezbollah": config.scenario.hezbollah_teams > 0,
        "called": config.scenario.partner_patrols > 0,
        "leaflets": config.scenario.leaflets_standing
        or (config.theory.memory and 0.0 < roe.leaflets_after_hours < 24.0 * config.scenario.horizon_days),
        "hardened": roe.hardening_days > 0.0,
        "defied": config.theory.memory and roe.impatience > 0.0,
        "expired": 0.0 < roe.ultimatum_hours < 24.0 * config.scenario.horizon_days,
    }
    always = ("leaflets",) if config.scenario.leaflets_standing else ()
    marks = [mark for mark in MARKS if may_be[mark] and mark not in always]
    conducts = [conduct for conduct in CONDUCTS if may_do(config, conduct)]
    for count in range(len(marks) + 1):
        for some in itertools.combinations(marks, count):
            chosen = (*some, *always)
            for away_km, conduct in itertools.product(distances, conducts):
                if conduct.speed != "dash_km_h" or "heavy" not in chosen:
                    yield Situation(conduct, away_km, **dict.fromkeys(chosen, True))


def may_do(config: Parameters, conduct: Conduct) -> bool:
    """Somebody is sent to do this."""
    if conduct.digging:
        return config.command.fortify_share > 0.0
    if conduct.reinforcing:
        return config.command.reinforce_chance > 0.0
    return conduct.speed != "dash_km_h" or config.command.dash_share > 0.0 or config.command.dash_share_afraid > 0.0


def points(config: Parameters, at: Situation) -> float:
    """What the unit's behaviour amounts to (docs/odd.md 7.6)."""
    roe = config.roe
    total = roe.presence_weight + (roe.zone_radius_km - at.away_km) / roe.zone_radius_km
    if at.conduct.closing:
        total += roe.closing_weight_leaflets if at.leaflets else roe.closing_weight
        if gap_km(config, at) <= speed_km_h(config, at) * roe.reach_min / 60.0:
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


def gap_km(config: Parameters, at: Situation) -> float:
    """Way left to the inner line, which never lies beyond the zone."""
    return max(0.0, at.away_km - min(config.roe.inner_line_km, config.roe.zone_radius_km))


def speed_km_h(config: Parameters, at: Situation) -> float:
    """How fast it drives."""
    return float(getattr(config.movement, at.conduct.speed))


def minutes_left(config: Parameters, at: Situation) -> float:
    """Until it is at the inner line; by bounds it moves a part of the time."""
    pace = speed_km_h(config, at) * (config.command.moving_share if at.conduct.by_bounds else 1.0)
    return 60.0 * gap_km(config, at) / pace


def window_min(config: Parameters, rung: Rung) -> float:
    """Median time that a rung is given to work."""
    roe = config.roe
    return {Rung.LINE_CALL: roe.call_window_min, Rung.SHOW_OF_FORCE: roe.show_window_min}.get(
        rung, roe.shots_window_min
    )


def has(config: Parameters, rung: Rung) -> bool:
    """The rules have this rung, and the means for it are there."""
    roe, scene = config.roe, config.scenario
    return {
        Rung.LINE_CALL: roe.line_call and scene.line_exists,
        Rung.SHOW_OF_FORCE: roe.show_of_force and scene.strike_flights > 0,
        Rung.WARNING_SHOTS: roe.warning_shots and scene.strike_flights > 0,
        Rung.STRIKE: roe.strike_on_intent and scene.strike_flights > 0,
    }[rung]


def left_out(config: Parameters, at: Situation, rung: Rung) -> tuple[str, bool]:
    """Why a rung may be left out, empty where it may not, and whether it always is; never without a strike to go to."""
    roe = config.roe
    wanted = window_min(config, rung) + roe.flight_delay_min
    if not roe.strike_on_intent:
        return "", False
    if roe.skip_for_urgency and at.conduct.closing and minutes_left(config, at) < wanted:
        return f"{minutes_left(config, at):.0f} min to the inner line, {wanted:.0f} are wanted", True
    if at.leaflets and roe.leaflet_skip > 0.0:
        return "leaflets stand for it", roe.leaflet_skip >= 1.0
    if at.defied:
        return "others were warned in vain", False
    return "", False


def moves(config: Parameters, at: Situation, rung: Rung) -> Iterator[Move]:
    """What may follow a rung."""
    if not turns(config, at):
        if rung == Rung.NONE and has(config, Rung.LINE_CALL):
            yield Move(Rung.LINE_CALL)
        return
    reasons: list[str] = []
    for higher in WARNINGS[rung:]:
        if not has(config, higher):
            continue
        why, always = left_out(config, at, higher)
        if not always:
            yield Move(higher, tuple(reasons))
        if not why:
            return
        reasons.append(f"without {WORDS[higher]}: {why}")
    if has(config, Rung.STRIKE):
        yield Move(Rung.STRIKE, tuple(reasons))


def paths(config: Parameters, at: Situation) -> Iterator[list[Move]]:
    """Every way up the ladder from nothing, the shortest first."""
    waiting: list[list[Move]] = [[]]
    for path in waiting:
        if path:
            yield path
        last = path[-1].rung if path else Rung.NONE
        waiting += [[*path, move] for move in moves(config, at, last)] if last < Rung.STRIKE else []


def told(config: Parameters, at: Situation, path: list[Move]) -> list[str]:
    """A way up the ladder in words: the unit, what is left out, what is done."""
    score = f"{points(config, at):.2f} points, {threshold(config, at):.2f} turn the key"
    also = ", ".join([*(MARKS[mark] for mark in at.marks), score])
    lines = [f"a unit {at.conduct.words} {at.away_km:.0f} km away ({also})"]
    for move in path:
        lines += [*move.left_out, WORDS[move.rung]]
    return lines


def shortest(config: Parameters, rung: Rung) -> list[str]:
    """The way to a rung with the fewest moves, in the plainest situation that has one, in words; empty for none."""
    best: tuple[int, Situation, list[Move]] | None = None
    for at in situations(config):
        for path in paths(config, at):
            if path[-1].rung == rung and (best is None or len(path) < best[0]):
                best = len(path), at, path
    return told(config, *best[1:]) if best else []
