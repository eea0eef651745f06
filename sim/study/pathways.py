"""How an outcome first came about in a run: the event that closed it, and the chain of decisions that led there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.errors import BadInput
from sim.rules.names import Act, Mission
from sim.run.causes import ROUTINE, Chronicle
from sim.run.counterfactual import change_of
from sim.run.story import Story

FORCE = (
    *(Act.STRIKE, Act.SHOOT_DOWN, Act.DRONE_ATTACK, Act.ROCKETS, Act.MISSILES, Act.OFF_MAP_ATTACK, Act.AIR_COMBAT),
    *(Act.FIRES, Act.CONTACT, Act.AIR_SUPPORT, Act.CLOSE_AIR_SUPPORT),
)
CLOSES = {  # the acts that close an outcome, by how its name begins; any other is closed by a use of force
    "strike_ground": (Act.STRIKE,),
    "strike_on_partner": (Act.AIR_SUPPORT,),
    "drone_shootdown": (Act.SHOOT_DOWN,),
    "misidentified_strike": (Act.STRIKE, Act.SHOOT_DOWN),
    "hezbollah_threat": (Act.THREAT,),
    "line_suspended": (Act.LINE_SUSPENDED,),
    "unsafe_intercept": (Act.UNSAFE_INTERCEPT,),
    "intercept": (Act.INTERCEPT,),
    "airspace_met": (Act.INTERCEPT,),
    "us_russia_air": (Act.AIR_COMBAT,),
    "partner_militia": (Act.CONTACT,),
    "partner_fired_first": (Act.CONTACT,),
    "isis_attack": (Act.CONTACT,),
    "isis_repulsed": (Act.REPULSED, Act.CLOSE_AIR_SUPPORT, Act.AIR_SUPPORT),
    "request_granted": (Act.CONSENT,),
    "blamed": (Act.BLAME,),
    "border_reached": (Act.BORDER_REACHED,),
    "isolated": (Act.ISOLATED,),
    "crossing_reached": (Act.CROSSING_REACHED,),
    "garrison_lost": (Act.GARRISON_LOST,),
}
WORDS = {
    Act.LINE_CALL: "line call",
    Act.DISSUASION: "Russia asks to turn back",
    Act.SHOW_OF_FORCE: "low pass",
    Act.WARNING_SHOTS: "warning shots",
    Act.STRIKE: "strike",
    Act.WITHDRAWS: "withdraws",
    Act.HALTS: "halts",
    Act.GOES_ON: "goes on",
    Act.FIRES: "fires at aircraft",
    Act.ROCKETS: "rockets",
    Act.MISSILES: "guided missile",
    Act.THREAT: "public threat",
    Act.SORTIE: "jets take off",
    Act.INTERCEPT: "intercept",
    Act.UNSAFE_INTERCEPT: "unsafe intercept",
    Act.AIR_COMBAT: "air combat",
    Act.CONTACT: "ground contact",
    Act.CONSENT: "consent on the line",
    Act.AIR_SUPPORT: "jets bomb",
    Act.DRONE_ATTACK: "drone drops a weapon",
    Act.SHOOT_DOWN: "drone shot at",
    Act.CLOSE_AIR_SUPPORT: "close air support",
    Act.OFF_MAP_ATTACK: "attack elsewhere",
}
LEAVES = {
    Mission.PROBE: "probe",
    Mission.PUSH: "push",
    Mission.DASH: "dash",
    Mission.FORTIFY: "digging party",
    Mission.BYPASS: "bypass party",
    Mission.REINFORCE: "reinforcement",
    Mission.RETALIATE: "rocket team",
    Mission.PATROL: "patrol",
    Mission.RAID: "raid",
    Mission.MISSILES: "missile team",
    Mission.SHADOW: "drone to watch",
    Mission.DRONE_ATTACK: "armed drone",
    Mission.TRAVEL: "civilians",
}


def closing_event(story: Story, outcome: str) -> int:
    """The number of the event with which an outcome first came about.

    Raises `BadInput` for an outcome that has no time of its own or did not come about.
    """
    moment = float(story.outcome[f"{outcome}_first_min"])
    wanted = _closing_acts(outcome)
    acts, minutes = story.events["act"], story.events["minute"]
    then = np.flatnonzero(np.isin(acts, wanted) & (minutes <= moment))
    if not len(then):
        raise BadInput(f"no event of replication {story.replication} closes {outcome}; ask about another outcome")
    return int(then[-1])


def _closing_acts(outcome: str) -> Sequence[Act]:
    begins = [name for name in CLOSES if outcome.startswith(name)]
    return CLOSES[max(begins, key=len)] if begins else FORCE


def chain_of(story: Story, closing: int) -> list[int]:
    """The events that led to one, root first, itself last."""
    return Chronicle.of(story.scenario, story.events).chain(closing)


def decisions(story: Story, chain: Sequence[int]) -> list[int]:
    """Of the events that led to the last of a chain, those that somebody decided."""
    return [number for number in chain[:-1] if change_of(story, number) is not None]


def word(story: Story, number: int) -> str:
    """An event in a word or two: "push leaves", "strike"."""
    event = story.events[number]
    act = Act(int(event["act"]))
    if act == Act.LAUNCH:
        return f"{LEAVES.get(Mission(int(event['value'])), 'unit')} leaves"
    return WORDS.get(act, act.name.lower().replace("_", " "))


def pathway(story: Story, chain: Sequence[int], decided: Sequence[int]) -> list[int]:
    """The decisions of a chain that make up its way, the closing event last: of a word said twice in a row the last.

    Calls on the line and what Russia says of them repeat while a unit stands about, and are no part of it.
    """
    told = [n for n in decided if story.events[n]["act"] not in ROUTINE] + [chain[-1]]
    return [n for k, n in enumerate(told) if k + 1 == len(told) or word(story, told[k + 1]) != word(story, n)]
