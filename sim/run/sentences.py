"""Events in plain words: who did what to whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.rules.names import Act
from sim.run.words import errand, named, party

PRINCIPAL = 1000  # events name a principal as 1000 + its number
CALL_LOST = {1: "does not get through", 2: "names the wrong place", 3: "is not passed on"}

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
    Act.SORTIE: "{actor} takes off",
    Act.INTERCEPT: "{actor} and {target} intercept one another",
    Act.UNSAFE_INTERCEPT: "{actor} and {target} come dangerously close",
    Act.AIR_COMBAT: "{actor} fires at {target}{hit}",
    Act.BORDER_REACHED: "the bypass reaches the border with Iraq",
}


def sentence(event: Any, names: Mapping[int, str]) -> str:
    """Who did what to whom; `event` is a row of the log, `names` the units' names by id."""
    actor, target = _who(int(event["actor"]), names), _who(int(event["target"]), names)
    value = float(event["value"])
    if event["act"] in ANSWERS and event["target"] >= 0:  # a group that answers in two ways splits
        actor += f", parted from {target},"
    return SENTENCES[Act(int(event["act"]))].format(
        actor=actor,
        target=target,
        value=value,
        lost=CALL_LOST.get(int(value), "is lost"),
        errand=errand(int(value)),
        hit=" and hits" if value > 0 else "",
    )


def _who(identity: int, names: Mapping[int, str]) -> str:
    if identity >= PRINCIPAL:
        return party(identity - PRINCIPAL)
    return named(names.get(identity, "nobody" if identity < 0 else f"unit {identity}"))
