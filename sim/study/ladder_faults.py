"""What is wrong with a ladder: rungs nobody reaches, force without a promised warning, rules against each other.

Each fault comes with its shortest witness, so that it can be seen to happen in the model, and with the settings that
would mend it.  Only what the configuration itself says is judged: that a ladder is sound does not make it wise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sim.config.parameters import Parameters
from sim.rules.names import Rung
from sim.study import ladder
from sim.study.ladder import WARNINGS, WORDS, Way
from sim.study.ladder_conflicts import CONFLICTS
from sim.study.situations import CONDUCTS, may_do, nearest_km, situations, somebody_is_sent, turns


class Fault(NamedTuple):
    """Something wrong with a set of rules."""

    kind: str  # unwarned, no way down, unreachable, contradictory, shadowed
    sentence: str
    change: tuple[str, ...]  # settings to look at
    witness: tuple[str, ...]  # the shortest way to see it, step by step


def faults(config: Parameters) -> list[Fault]:
    """Everything wrong with the ladder of a configuration, the gravest first; empty for a sound one."""
    found = [*_unwarned(config), *_no_way_down(config), *_unreachable(config)]
    for conflict in CONFLICTS:
        if conflict.holds(config):
            sentence = conflict.sentence.format(c=config)
            found.append(Fault(conflict.kind, sentence, conflict.change, tuple(conflict.seen(config))))
    return found


def _intended(config: Parameters) -> list[Rung]:
    """The rungs that the rules switch on, whether or not there are means for them."""
    roe = config.roe
    switched = (roe.line_call, roe.show_of_force, roe.warning_shots, roe.strike_on_intent)
    return [rung for rung, on in zip((*WARNINGS, Rung.STRIKE), switched, strict=True) if on]


def _unreachable(config: Parameters) -> Iterator[Fault]:
    """Rungs that the rules have, and nothing that a unit may do leads to; those dead for one reason together."""
    if not somebody_is_sent(config):
        return
    dead: dict[tuple[str, tuple[str, ...]], list[Rung]] = {}
    for rung in set(_intended(config)) - _reached(config):
        dead.setdefault(_why_unreachable(config, rung), []).append(rung)
    for (why, change), rungs in sorted(dead.items(), key=lambda one: min(one[1])):
        names = _and([WORDS[rung] for rung in sorted(rungs)])
        sentence = f"the rules have {names}, and that is never used: {why}"
        yield Fault("unreachable", sentence, change, (*_as_near_as_it_gets(config), f"and not {names}"))


def _reached(config: Parameters) -> set[Rung]:
    """The rungs that something a unit may do leads to."""
    reached = {path[-1].rung for at in situations(config) for path in ladder.paths(config, at)}
    roe, means = config.roe, {rung for rung in _intended(config) if ladder.has(config, rung)}
    if roe.zone_radius_km > 0.0 and roe.zone_radius_km + roe.approach_km > _nearest_km(config):
        reached |= means & {Rung.LINE_CALL}  # on the way in
    if config.theory.tremble > 0.0 and any(True for _ in situations(config)):
        reached |= means
    return reached


def _and(words: list[str]) -> str:
    return " and ".join(", ".join(words).rsplit(", ", 1))


def _why_unreachable(config: Parameters, rung: Rung) -> tuple[str, tuple[str, ...]]:
    """The first thing in the way of a rung, and the settings to look at."""
    roe = config.roe
    if rung == Rung.LINE_CALL and not config.scenario.line_exists:
        return "there is no line", ("scenario.line_exists", "roe.line_call")
    if rung != Rung.LINE_CALL and config.scenario.strike_flights == 0:
        return "there are no flights", ("scenario.strike_flights",)
    way = ladder.witness(config)
    if way is None:
        return (
            f"the zone ends at {roe.zone_radius_km:g} km, and while the garrison stands nobody means to come nearer "
            f"than {_nearest_km(config):g} km",
            ("roe.zone_radius_km", "command.stand_off_km", "engagement.rocket_range_km"),
        )
    if not turns(config, way.at):
        return "nothing that a unit does amounts to enough points", ("roe.threshold",)
    return "it is left out whatever a unit does", ("roe.leaflet_skip", "roe.skip_for_urgency", "roe.inner_line_km")


def _nearest_km(config: Parameters) -> float:
    """How near anybody means to come."""
    sent = (conduct for conduct in CONDUCTS if may_do(config, conduct) and not conduct.bypassing)
    return min((nearest_km(config, conduct) for conduct in sent), default=config.command.stand_off_km)


def _as_near_as_it_gets(config: Parameters) -> list[str]:
    """What a unit may do, and what is done about it."""
    way = ladder.witness(config)
    if way:
        return ladder.told(config, way)
    nearest, radius = _nearest_km(config), config.roe.zone_radius_km
    return [f"a unit that comes as near as it means to: {nearest:g} km, the zone ends at {radius:g} km"]


def _unwarned(config: Parameters) -> Iterator[Fault]:
    """Force on intent that no signal preceded, where the rules promise one."""
    if not config.roe.promises_warning:
        return
    for at in situations(config):
        for move in ladder.moves(config, at, Rung.NONE):
            if move.rung == Rung.STRIKE:
                change = ("roe.promises_warning", *_skips(config))
                sentence = "the rules promise a warning before force on intent, and force may come without one"
                yield Fault("unwarned", sentence, change, tuple(ladder.told(config, Way(at, [move]))))
                return
    if config.theory.tremble > 0.0 and ladder.has(config, Rung.STRIKE) and any(True for _ in situations(config)):
        sentence = "the rules promise a warning before force on intent, and decisions tremble: any rung may come first"
        seen = (f"a unit inside, and a decision that trembles (chance {config.theory.tremble:g})", WORDS[Rung.STRIKE])
        yield Fault("unwarned", sentence, ("roe.promises_warning", "theory.tremble"), seen)
    if _drones_are_shot_first(config):
        policy = config.roe.drone_policy
        sentence = "the rules promise a warning before force on intent, and drones that have done nothing get none"
        seen = (f"a drone inside the zone, not hostile (drone policy {policy})", WORDS[Rung.STRIKE])
        yield Fault("unwarned", sentence, ("roe.promises_warning", "roe.drone_policy"), seen)


def _drones_are_shot_first(config: Parameters) -> bool:
    """Drones may be shot at for where they are or what they seem to mean."""
    order, policy = config.scenario, config.roe.drone_policy
    means = order.strike_flights > 0 and order.hezbollah_drones + order.regime_drones > 0
    return means and (policy == "on_hostile_intent" or (policy == "on_zone_entry" and config.roe.zone_radius_km > 0.0))


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
    way = ladder.shortest(config, Rung.STRIKE)
    if way:
        why = "no call reaches it" if ladder.has(config, Rung.LINE_CALL) else "there is no rung below"
        sentence = f"a unit is struck on intent and has had nothing to answer to: {why}"
        change = ("roe.line_call", "roe.show_of_force", "roe.warning_shots", "line.dissuasion", "line.misplaced")
        yield Fault("no way down", sentence, change, tuple(ladder.told(config, way)))
