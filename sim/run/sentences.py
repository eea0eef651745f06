"""Events in plain words: who did what to whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.rules.names import Act
from sim.run.words import errand, named, party

PRINCIPAL = 1000  # events name a principal as 1000 + its number
CALL_LOST = {1: "does not get through", 2: "names the wrong place", 3: "is not passed on"}
COLUMNS = ("regime column", "militia convoy", "Hezbollah team")  # jets go to these to help, to others to bomb them

ANSWERS = (Act.WITHDRAWS, Act.HALTS, Act.GOES_ON)

SENTENCES = {
    Act.LAUNCH: "{actor} leaves base{errand}",
    Act.ENTRY: "{actor} enters the deconfliction zone",
    Act.EXIT: "{actor} leaves the deconfliction zone",
    Act.DETECTION: "{actor} is detected",
    Act.CONTACT_REPORT: "{actor} reports {target} and calls for help",
    Act.LINE_CALL: "{actor} calls Russia over the line about {target}",
    Act.CALL_LOST: "the call about {target} {lost}",
    Act.DISSUASION: "{actor} asks {target} to turn back",
    Act.LEAFLETS: "{actor} drops leaflets on {target}",
    Act.SHOW_OF_FORCE: "{actor} makes a low pass over {target}",
    Act.WARNING_SHOTS: "{actor} fires warning shots ahead of {target}",
    Act.STRIKE: "{actor} strikes {target}, {value:.0f} killed",
    Act.WITHDRAWS: "{actor} withdraws",
    Act.HALTS: "{actor} halts",
    Act.GOES_ON: "{actor} goes on",
    Act.FIRES: "{actor} fires at aircraft{hit}",
    Act.DIGS_IN: "{actor} digs in",
    Act.REINFORCEMENT: "{actor} joins the unit that called for help",
    Act.ROCKETS: "{actor} fires rockets at {target}, {value:.0f} killed",
    Act.LINE_SUSPENDED: "{actor} suspends the deconfliction line",
    Act.LINE_RESTORED: "{actor} restores the deconfliction line",
    Act.STATEMENT: "{actor} says that it does not seek to fight",
    Act.CONDEMNATION: "{actor} condemns {target}",
    Act.THREAT: "{actor} threatens {target}",
    Act.SORTIE: "{actor} takes off{sortie}",
    Act.INTERCEPT: "{actor} and {target} intercept one another",
    Act.UNSAFE_INTERCEPT: "{actor} and {target} come dangerously close",
    Act.AIR_COMBAT: "{actor} fires at {target}{hit}",
    Act.BORDER_REACHED: "the bypass reaches the border with Iraq",
    Act.CONTACT: "{actor} opens fire on {target}",
    Act.BREAKS: "{actor} breaks off and falls back, {value:.0f} fighters left",
    Act.BLAME: "{actor} blames the partner force for the attack by {target}",
    Act.REQUEST: "{actor} asks over the line to strike for {target} inside the zone",
    Act.CONSENT: "{actor} consents to a strike for {target}",
    Act.REFUSAL: "{actor} refuses a strike for {target}",
    Act.AIR_SUPPORT: "{actor} bombs {target}, {value:.0f} killed",
    Act.NO_ANSWER: "{actor} does not answer what {target} did",
    Act.PROTEST: "{actor} protests over the line at what {target} did, and scrambles",
    Act.TURNED_AWAY: "{actor} is turned away by {target}",
    Act.DRONE_ATTACK: "{actor} drops a weapon on {target}, {value:.0f} killed",
    Act.SHOOT_DOWN: "{actor} fires at {target}{down}",
    Act.CAR_BOMB: "a car bomb of {actor} reaches {target}, {value:.0f} killed",
    Act.CLOSE_AIR_SUPPORT: "{actor} comes to help and bombs {target}, {value:.0f} killed",
    Act.REPULSED: "{actor} is repulsed, {value:.0f} fighters left",
    Act.GARRISON_LOST: "the garrison is lost",
    Act.MISTAKEN: "{actor} takes {target} for {believed}",
    Act.RECOGNISED: "{actor} is recognised in time",
    Act.OFF_MAP_ATTACK: "{actor} attacks a coalition position elsewhere",
    Act.MISSILES: "{actor} fires a guided missile at {target}, {value:.0f} killed",
    Act.CROSSING_REACHED: "{actor} reaches the border crossing past the garrison",
    Act.ISOLATED: "the garrison is isolated: the border is reached and {actor} stands on the highway at the zone",
    Act.HARDENED: "{actor} has lost people and judges intent more harshly",
    Act.AUTHORISED: "{actor} has authority for force against {target}",
}


def sentence(event: Any, names: Mapping[int, str]) -> str:
    """Who did what to whom; `event` is a row of the log, `names` the units' names by id."""
    actor, target = _who(int(event["actor"]), names), _who(int(event["target"]), names)
    value, whom = float(event["value"]), target if event["target"] >= 0 else ""
    if event["act"] in ANSWERS and whom:  # a group that answers in two ways splits
        actor += f", parted from {target},"
    return SENTENCES[Act(int(event["act"]))].format(
        actor=actor,
        target=target,
        value=value,
        lost=CALL_LOST.get(int(value), "is lost"),
        errand=errand(int(value), whom),
        sortie=_sortie(whom),
        believed=_believed(int(value), target) if event["act"] == Act.MISTAKEN else "",
        hit=" and hits" if value > 0 else "",
        down=" and brings it down" if value > 0 else " and misses",
    )


def _sortie(target: str) -> str:
    """What jets take off for, as far as their target tells."""
    if not target:
        return ""
    return f" to fly over {target}" if target.startswith(COLUMNS) else f" to bomb {target}"


def _believed(principal: int, target: str) -> str:
    """What somebody is taken for: a unit of another side, or of a drone, one that attacks."""
    return "one that attacks" if " drone " in f"{target} " else f"a unit of {party(principal)}"


def _who(identity: int, names: Mapping[int, str]) -> str:
    if identity >= PRINCIPAL:
        return party(identity - PRINCIPAL)
    return named(names.get(identity, "nobody" if identity < 0 else f"unit {identity}"))
