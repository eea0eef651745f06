"""What is wrong with a ladder: rungs nobody reaches, force without a promised warning, rules against each other.

Each fault comes with its shortest witness, so that it can be seen to happen in the model, and with the settings that
would mend it.  Only what the configuration itself says is judged: that a ladder is sound does not make it wise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sim.config.parameters import Parameters
from sim.rules.names import Rung
from sim.study import ladder
from sim.study.ladder import WARNINGS, WORDS

DAY_H = 24.0


class Fault(NamedTuple):
    """Something wrong with a set of rules."""

    kind: str  # unreachable, unwarned, contradictory, no way down, shadowed
    sentence: str
    change: tuple[str, ...]  # settings, any one of which mends it
    witness: tuple[str, ...]  # the shortest way to see it, step by step


def faults(config: Parameters) -> list[Fault]:
    """Everything wrong with the ladder of a configuration, the gravest first; empty for a sound one."""
    found = list(_unwarned(config))
    found += _no_way_down(config)
    found += _unreachable(config)
    for kind, table in (("contradictory", CONTRADICTIONS), ("shadowed", SHADOWED)):
        found += [
            Fault(kind, sentence.format(c=config), change, ()) for holds, sentence, change in table if holds(config)
        ]
    return found


def _intended(config: Parameters) -> list[Rung]:
    """The rungs that the rules switch on, whether or not there are means for them."""
    roe = config.roe
    switched = (roe.line_call, roe.show_of_force, roe.warning_shots, roe.strike_on_intent)
    return [rung for rung, on in zip((*WARNINGS, Rung.STRIKE), switched, strict=True) if on]


def _unreachable(config: Parameters) -> Iterator[Fault]:
    """A rung that the rules have, and nothing that a unit may do leads to."""
    reached = {move.rung for at in ladder.situations(config) for path in ladder.paths(config, at) for move in path[-1:]}
    if (
        config.roe.zone_radius_km + config.roe.approach_km > config.command.stand_off_km
        and config.roe.zone_radius_km > 0
    ):
        reached |= {Rung.LINE_CALL} & set(_intended(config)) if ladder.has(config, Rung.LINE_CALL) else set()
    for rung in _intended(config):
        if rung not in reached:
            why, change = _why_unreachable(config, rung)
            yield Fault("unreachable", f"{WORDS[rung]} is in the rules and never comes: {why}", change, ())


def _why_unreachable(config: Parameters, rung: Rung) -> tuple[str, tuple[str, ...]]:
    """The first thing in the way of a rung, and what would remove it."""
    roe, near = config.roe, config.command.stand_off_km
    if rung == Rung.LINE_CALL and not config.scenario.line_exists:
        return "there is no line", ("scenario.line_exists", "roe.line_call")
    if rung != Rung.LINE_CALL and config.scenario.strike_flights == 0:
        return "there are no flights", ("scenario.strike_flights",)
    if roe.zone_radius_km <= near:
        return (
            f"the zone ends at {roe.zone_radius_km:g} km, and nobody means to come nearer than {near:g} km",
            ("roe.zone_radius_km", "command.stand_off_km"),
        )
    most = max(ladder.points(config, at) / ladder.threshold(config, at) for at in ladder.situations(config))
    if most < 1.0 and not 0.0 < roe.ultimatum_hours < DAY_H * config.scenario.horizon_days:
        most *= roe.threshold
        return f"behaviour amounts to {most:.2f} points at most, {roe.threshold:g} are wanted", ("roe.threshold",)
    return "it is left out whatever a unit does", ("roe.leaflet_skip", "roe.skip_for_urgency", "roe.inner_line_km")


def _unwarned(config: Parameters) -> Iterator[Fault]:
    """Force on intent that no signal preceded, where the rules promise one."""
    if not config.roe.promises_warning:
        return
    for at in ladder.situations(config):
        for move in ladder.moves(config, at, Rung.NONE):
            if move.rung == Rung.STRIKE:
                change = ("roe.promises_warning", *_skips(config))
                sentence = "the rules promise a warning before force on intent, and force may come without one"
                yield Fault("unwarned", sentence, change, tuple(ladder.told(config, at, [move])))
                return


def _skips(config: Parameters) -> list[str]:
    """Settings that may leave a rung out, or that leave none in."""
    roe = config.roe
    on = {
        "roe.skip_for_urgency": roe.skip_for_urgency,
        "roe.impatience": roe.impatience > 0.0,
        "roe.leaflet_skip": roe.leaflet_skip > 0.0,
    }
    missing = [f"roe.{name}" for name in ("line_call", "show_of_force", "warning_shots") if not getattr(roe, name)]
    return [setting for setting, is_on in on.items() if is_on] + missing


def _no_way_down(config: Parameters) -> Iterator[Fault]:
    """Force on intent that no unit can avert, because nothing that comes before it reaches the unit."""
    if not ladder.has(config, Rung.STRIKE):
        return
    loud = any(ladder.has(config, rung) for rung in (Rung.SHOW_OF_FORCE, Rung.WARNING_SHOTS))
    deaf = config.line.dissuasion == 0.0 or config.line.misplaced == 1.0
    if loud or (ladder.has(config, Rung.LINE_CALL) and not deaf):
        return
    for at in ladder.situations(config):
        for path in ladder.paths(config, at):
            if path[-1].rung == Rung.STRIKE:
                why = "no call reaches it" if ladder.has(config, Rung.LINE_CALL) else "there is no rung below"
                sentence = f"a unit is struck on intent and has had nothing to answer to: {why}"
                change = (
                    "roe.line_call",
                    "roe.show_of_force",
                    "roe.warning_shots",
                    "line.dissuasion",
                    "line.misplaced",
                )
                yield Fault("no way down", sentence, change, tuple(ladder.told(config, at, path)))
                return


Entry = tuple[Callable[[Parameters], bool], str, tuple[str, ...]]  # the sentence may name settings of c
CONTRADICTIONS: tuple[Entry, ...] = (
    (
        lambda c: c.roe.promises_warning and not any(ladder.has(c, rung) for rung in WARNINGS),
        "a warning is promised and there is none to give",
        ("roe.promises_warning", "roe.line_call", "roe.show_of_force", "roe.warning_shots"),
    ),
    (
        lambda c: c.roe.ultimatum_hours > 0.0 and not c.roe.strike_on_intent,
        "an ultimatum of {c.roe.ultimatum_hours:g} h is set and force on intent is not allowed",
        ("roe.ultimatum_hours", "roe.strike_on_intent"),
    ),
    (
        lambda c: c.roe.approval_min > 0.0 and not c.roe.strike_on_intent,
        "force on intent needs approval and is not allowed at all",
        ("roe.approval_min", "roe.strike_on_intent"),
    ),
    (
        lambda c: not c.roe.answer_own and max(c.roe.answer_partner_inside, c.roe.answer_partner_outside) > 0.0,
        "an attack on the partner is answered and one on coalition people is not",
        ("roe.answer_own", "roe.answer_partner_inside", "roe.answer_partner_outside"),
    ),
    (
        lambda c: c.roe.answer_partner_outside > c.roe.answer_partner_inside,
        "the partner is defended better outside the zone than inside",
        ("roe.answer_partner_outside", "roe.answer_partner_inside"),
    ),
    (
        lambda c: c.roe.answer_russian_air > c.roe.answer_regime_air,
        "Russian aircraft that bomb the partner are answered sooner than Syrian ones",
        ("roe.answer_russian_air", "roe.answer_regime_air"),
    ),
    (
        lambda c: c.roe.closing_weight_leaflets < c.roe.closing_weight,
        "advancing counts for less once leaflets have said that it is hostile intent",
        ("roe.closing_weight_leaflets", "roe.closing_weight"),
    ),
    (
        lambda c: c.roe.drone_policy == "on_zone_entry" and c.roe.zone_radius_km == 0.0,
        "drones are shot at on entry into a zone that has no extent",
        ("roe.drone_policy", "roe.zone_radius_km"),
    ),
    (
        lambda c: c.roe.drone_policy != "ignore" and c.scenario.strike_flights == 0,
        "drones are to be shot at and there are no flights",
        ("roe.drone_policy", "scenario.strike_flights"),
    ),
    (
        lambda c: c.roe.denial_weight > 0.0 and not c.roe.strike_on_intent,
        "motion to the border is to be denied and force on intent is not allowed",
        ("roe.denial_weight", "roe.strike_on_intent"),
    ),
)
SHADOWED: tuple[Entry, ...] = (
    (
        lambda c: 0.0 < c.roe.zone_radius_km <= c.roe.inner_line_km,
        "the inner line ({c.roe.inner_line_km:g} km) is not inside the zone ({c.roe.zone_radius_km:g} km)",
        ("roe.inner_line_km", "roe.zone_radius_km"),
    ),
    (
        lambda c: c.roe.show_window_min > c.roe.call_window_min and c.roe.line_call and c.roe.show_of_force,
        "a show of force is given longer to work than a call: the higher rung is the slower one",
        ("roe.show_window_min", "roe.call_window_min"),
    ),
    (
        lambda c: c.roe.shots_window_min > c.roe.show_window_min and c.roe.show_of_force and c.roe.warning_shots,
        "warning shots are given longer to work than a show of force: the higher rung is the slower one",
        ("roe.shots_window_min", "roe.show_window_min"),
    ),
    (
        lambda c: c.roe.reach_weight > 0.0 and _always_soon(c),
        "whoever advances inside the zone could be at the inner line within {c.roe.reach_min:g} min: soon is always",
        ("roe.reach_min", "roe.inner_line_km"),
    ),
    (
        lambda c: c.roe.ultimatum_hours > 0.0 and c.roe.presence_weight >= c.roe.threshold,
        "presence alone turns key 2, so an ultimatum is never waited for",
        ("roe.ultimatum_hours", "roe.presence_weight"),
    ),
    (
        lambda c: c.roe.ultimatum_hours >= DAY_H * c.scenario.horizon_days,
        "the ultimatum ends after the run does",
        ("roe.ultimatum_hours", "scenario.horizon_days"),
    ),
    (
        lambda c: (
            0.0 < c.roe.denial_weight * c.environment.coalition_stake + c.roe.heavy_weight < c.roe.threshold
            and c.roe.denial_weight > 0.0
        ),
        "motion to the border is to be denied, and not even heavy weapons make it enough to turn key 2",
        ("roe.denial_weight", "environment.coalition_stake", "roe.threshold"),
    ),
)


def _always_soon(config: Parameters) -> bool:
    """Even the slowest unit at the edge of the zone could be at the inner line soon."""
    way_km = config.roe.zone_radius_km - min(config.roe.inner_line_km, config.roe.zone_radius_km)
    slowest = min(config.movement.road_km_h, config.movement.desert_km_h)
    return 0.0 < way_km <= slowest * config.roe.reach_min / 60.0
