"""A run once more under the same luck, one act kept from being done or one decision made otherwise (odd.md 7.15)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.rules.acts import RUNG
from sim.rules.draws import Draw
from sim.rules.names import Act, Rung
from sim.rules.step import run as whole_run
from sim.rules.tables import Decision, State
from sim.run.batch import no_log, refuse_scripted, seeded
from sim.run.columns import flat
from sim.run.story import Story
from sim.scenario import Scenario

ONCE = (
    Act.LAUNCH,
    Act.SORTIE,
    Act.THREAT,
    Act.OFF_MAP_ATTACK,
)  # withheld in its step only
LADDER = {  # withheld from the unit it is done to, as long as that is out; there is one rung of force
    Act.LINE_CALL: Rung.LINE_CALL,
    Act.SHOW_OF_FORCE: Rung.SHOW_OF_FORCE,
    Act.WARNING_SHOTS: Rung.WARNING_SHOTS,
    Act.STRIKE: Rung.STRIKE,
    Act.SHOOT_DOWN: Rung.STRIKE,
    Act.CLOSE_AIR_SUPPORT: Rung.STRIKE,
}
ATTACKS = (
    Act.ROCKETS,
    Act.MISSILES,
    Act.DRONE_ATTACK,
    Act.AIR_SUPPORT,
)  # withheld from who does it
ANSWERS = (Act.WITHDRAWS, Act.HALTS, Act.GOES_ON, Act.FIRES)  # a choice, in the order of Response
TURNED = {  # a yes or no, drawn for the target: the draw, and what would have been otherwise
    Act.CONSENT: (Draw.CONSENT, 0),
    Act.INTERCEPT: (Draw.INTERCEPT, 0),
    Act.UNSAFE_INTERCEPT: (Draw.UNSAFE, 0),
}
PATROLS = ("partner_patrol", "isis_raid")  # kinds; in a first contact, the side that is kept from it


@dataclass(frozen=True)
class Held:
    """An act kept from being done from `first_step` to `last_step`; `who` as in `sim.rules.tables.Withheld`."""

    act: int
    who: int
    first_step: int
    last_step: int


@dataclass(frozen=True)
class Turned:
    """A decision made otherwise; fields as in `sim.rules.tables.Forced`."""

    step: int
    actor: int
    draw: int
    option: int


Change = Held | Turned


def again(scenario: Scenario, *, seed: int, replication: int, change: Change | None = None) -> np.ndarray:
    """The outcome of a run with a change, one flat row, shape ().

    Without a change it is that of the run itself.  Every draw is the same as there: histories part only by what the
    change does.
    """
    refuse_scripted(scenario)
    state = changed(seeded(scenario.state, seed, replication), change)
    whole_run(state, scenario.params, no_log(), scenario.steps)
    row: np.ndarray = flat(np.array([state.outcome]))[0]
    return row


def changed(state: State, change: Change | None) -> State:
    """A starting state with a change written into it."""
    if isinstance(change, Held):
        kept = state.withheld
        kept.act, kept.who, kept.first_step, kept.last_step = (
            change.act,
            change.who,
            change.first_step,
            change.last_step,
        )
    elif isinstance(change, Turned):
        made = state.forced
        made.step, made.actor, made.draw, made.option = change.step, change.actor, change.draw, change.option
    return state


def change_of(story: Story, number: int) -> Change | None:
    """What would undo an event of a run: the act withheld, the decision turned; None for what nobody decided.

    A withheld rung is left out as where the rules have no such rung: the next one is taken in its place.  Of an answer
    the likeliest of the other options is taken.
    """
    event = story.events[number]
    act, step = Act(int(event["act"])), step_of(story, number)
    if act in ANSWERS:
        return _other_answer(story, number, step)
    if act == Act.DISSUASION:
        leashed = story.scenario.params.world.russian_leash[story.scenario.state.units[event["target"]].principal] > 0
        return Turned(step, int(event["target"]), Draw.LEASH, 1 - int(event["value"])) if leashed else None
    if act in TURNED:
        draw, option = TURNED[act]
        return Turned(step, int(event["target"]), draw, option)
    if act in ONCE:
        return Held(act, int(event["actor"]), step, step)
    who = _held_back(story, event)
    if who is None:
        return None
    ordered = int(event["cause"]) if act in LADDER else number  # a flight is sent some time after what gave cause
    first_step = step_of(story, ordered) if ordered >= 0 else step
    withheld = RUNG + LADDER[act] if act in LADDER else act
    return Held(withheld, who, first_step, _out_until(story, who, number))


def _held_back(story: Story, event: Any) -> int | None:
    """The unit from which an act is withheld as long as it is out; None for an act that cannot be."""
    act, actor, target = event["act"], int(event["actor"]), int(event["target"])
    if act in LADDER:
        return target
    if act in ATTACKS:
        return actor
    if act == Act.CONTACT:
        return actor if story.units[actor]["kind"] in PATROLS else target
    return None


def step_of(story: Story, number: int) -> int:
    """The step in which an event came about, counted from 1."""
    return max(1, math.ceil(float(story.events[number]["minute"]) / float(story.scenario.params.step_min) - 1e-9))


def _out_until(story: Story, unit: int, number: int) -> int:
    """The last step before a unit next leaves base, with other men: until then it is the same group."""
    later = story.events[number + 1 :]
    leaves = np.flatnonzero((later["act"] == Act.LAUNCH) & (later["actor"] == unit))
    return step_of(story, number + 1 + int(leaves[0])) - 1 if len(leaves) else story.scenario.steps


def _other_answer(story: Story, number: int, step: int) -> Turned | None:
    """The likeliest of the other options of a choice; None where none was made, as by a part or under bombs."""
    event = story.events[number]
    told = _decision(story, int(event["actor"]), step)
    chose = told.minute == event["minute"] and told.draw == Draw.RESPONSE and ANSWERS[told.chosen] == event["act"]
    if not chose or event["target"] >= 0:
        return None
    others = [p if k != told.chosen else 0.0 for k, p in enumerate(told.p)]
    best = int(np.argmax(others))
    return Turned(step, int(event["actor"]), Draw.RESPONSE, best) if others[best] > 0 else None


def _decision(story: Story, unit: int, step: int) -> Decision:
    """A unit's last decision as it stood after a step."""
    state = seeded(story.scenario.state, story.seed, story.replication)
    whole_run(state, story.scenario.params, no_log(), step)
    decision: Decision = state.units[unit].decision
    return decision
