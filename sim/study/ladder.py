"""The ladder of a set of rules of engagement as a graph: which rung may follow which, for a unit that does what.

A node is the highest rung used so far (`Rung`), a move is the next one; which moves there are depends on what the unit
does and how far away it is.  The graph is read from the configuration alone, before any run; that it says what
`sim/rules/keys.py` and `sim/rules/roe.py` do is tested move by move.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sim.config.parameters import Parameters
from sim.rules.names import Rung
from sim.study.situations import MARKS, Situation, minutes_left, points, situations, threshold, turns, window_min

WORDS = {
    Rung.LINE_CALL: "a call over the line",
    Rung.SHOW_OF_FORCE: "a show of force",
    Rung.WARNING_SHOTS: "warning shots",
    Rung.STRIKE: "a strike",
}
WARNINGS = (Rung.LINE_CALL, Rung.SHOW_OF_FORCE, Rung.WARNING_SHOTS)


class Move(NamedTuple):
    """One step up the ladder, and the reasons for which rungs below it were left out."""

    rung: Rung
    left_out: tuple[str, ...] = ()


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


class Way(NamedTuple):
    """A situation, and a way up the ladder from there."""

    at: Situation
    path: list[Move]


def told(config: Parameters, way: Way) -> list[str]:
    """A way up the ladder in words: the unit, what is left out, what is done."""
    at = way.at
    score = f"{points(config, at):.2f} points, {threshold(config, at):.2f} turn the key"
    also = ", ".join([*(MARKS[mark] for mark in at.marks), score])
    just = "just inside the zone, " if at.away_km == config.roe.zone_radius_km else ""
    lines = [f"a unit {at.conduct.words} {just}{at.away_km:.0f} km away ({also})"]
    for move in way.path:
        lines += [*move.left_out, WORDS[move.rung]]
    return lines


def shortest(config: Parameters, rung: Rung) -> Way | None:
    """The way to a rung with the fewest moves, in the plainest situation that has one; None for none."""
    ways = (Way(at, path) for at in situations(config) for path in paths(config, at) if path[-1].rung == rung)
    return min(ways, key=lambda way: len(way.path), default=None)


def witness(config: Parameters, wanted: Callable[[Situation], bool] = lambda _: True) -> Way | None:
    """The plainest situation wanted in which the key turns, else the gravest, and the way up that goes furthest there.

    None where there is no such situation.
    """
    some = [at for at in situations(config) if wanted(at)]
    turned = [at for at in some if turns(config, at)]
    if not some:
        return None
    at = turned[0] if turned else max(some, key=lambda at: points(config, at) / threshold(config, at))
    return Way(at, max(paths(config, at), key=lambda path: path[-1].rung, default=[]))
