"""Why a unit is where it is: its last decision and the events that led to its present state, to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.rules.draws import Draw
from sim.rules.names import Posture, Response, Rung
from sim.run.causes import Chronicle
from sim.run.sentences import ANSWERS
from sim.run.words import capital, clock, named

if TYPE_CHECKING:
    from sim.run.agents import UnitAgent

DOING = {
    Posture.RESTING: "at its base",
    Posture.MASSING: "massing",
    Posture.MOVING: "on the move",
    Posture.HALTED: "halted",
    Posture.DIGGING: "digging in",
    Posture.HELD: "standing",
    Posture.WITHDRAWING: "withdrawing",
    Posture.ON_STATION: "on station",
    Posture.TASKED: "on the way to its target",
    Posture.RETURNING: "on the way back",
    Posture.TURNAROUND: "at its air base",
    Posture.DESTROYED: "destroyed",
}

OPTION_NAMES = {  # what each kind of decision chooses from
    Draw.MISSION: ("probe", "push", "fortify", "bypass"),
    Draw.ROUTE: ("highway", "track"),
    Draw.RESPONSE: tuple(answer.name.lower().replace("_", " ") for answer in Response),
    Draw.PATROL: ("north-west", "north", "north-east"),
    Draw.ANY_OPTION: tuple(rung.name.lower().replace("_", " ") for rung in Rung),
}
UNDECIDED = "It has made no decision yet."
LED_UP, NOTHING_LED = "What led to this:", "No event has led to this yet."


class Cause(NamedTuple):
    """An event that led to a unit's state: its number in the log, when (minutes from the start), in words."""

    number: int
    minute: float
    words: str


@dataclass(frozen=True, repr=False)
class Explanation:
    """Why a unit is in the state it is in; print it to read it.

    `minute`, `about`, `probabilities`, `draw` and `chosen` are its last decision: the draw falls into the
    options' cumulated probabilities, and where it falls is what was chosen.  None and empty before the first
    one.  `causes` is the chain of events that led to its present state, root first.
    """

    unit: str
    state: str  # what it is doing, where, and when that is
    minute: float | None = None  # from the start of the run
    about: str = ""
    probabilities: dict[str, float] = field(default_factory=dict)
    draw: float | None = None
    chosen: str = ""
    causes: tuple[Cause, ...] = ()
    lines: tuple[str, ...] = ()  # the decision and the chain, to be read
    decision: tuple[str, ...] = ()  # of these, the decision
    note: str = ""  # a reason to take it with care

    @property
    def decided(self) -> bool:
        """It has made a decision."""
        return self.minute is not None

    def __str__(self) -> str:
        note = [f"Note: {self.note}"] if self.note else []
        return "\n".join([f"{capital(named(self.unit))}, {self.state}.", *note, *self.lines])

    __repr__ = __str__


def explain(agent: UnitAgent, options: Mapping[Draw, tuple[str, ...]], note: str = "") -> Explanation:
    """The explanation of an agent's present state; `options` names what each kind of decision chooses from."""
    chronicle = Chronicle.of(agent.model.cfg, agent.model.events)
    last = int(agent.unit.explains)
    causes = tuple(
        Cause(number, float(chronicle.events[number]["minute"]), chronicle.sentence(number))
        for number in chronicle.chain(last)
    )
    led = [LED_UP, *chronicle.chain_lines(last)] if causes else [NOTHING_LED]
    told = agent.unit.decision
    if told.draw < 0:
        decision: tuple[str, ...] = (UNDECIDED,)
        state = _state(agent, chronicle)
        return Explanation(agent.name, state, causes=causes, lines=(*decision, *led), decision=decision, note=note)
    names = options[Draw(told.draw)]
    chances = {name: float(told.p[k]) for k, name in enumerate(names)}
    decision = tuple(_decision(agent, chronicle, chances))
    return Explanation(
        unit=agent.name,
        state=_state(agent, chronicle),
        minute=float(told.minute),
        about=Draw(told.draw).name.lower(),
        probabilities=chances,
        draw=float(told.u),
        chosen=names[int(told.chosen)],
        causes=causes,
        lines=(*decision, *led),
        decision=decision,
        note=note,
    )


def _state(agent: UnitAgent, chronicle: Chronicle) -> str:
    model = agent.model
    inside = ", inside the zone" if agent.unit.inside else ""
    when = f"{clock(chronicle.begin, float(model.state.now_min))} (step {model.tick})"
    script = f", scripted by {type(agent).__name__}" if agent.unit.scripted else ""
    return f"{when}: {DOING[agent.posture]}, {agent.distance_km:.0f} km from the garrison{inside}{script}"


def _decision(agent: UnitAgent, chronicle: Chronicle, chances: dict[str, float]) -> list[str]:
    """The last decision in sentences."""
    told = agent.unit.decision
    names, about = list(chances), Draw(told.draw).name.lower()
    chosen = int(told.chosen)
    below = sum(list(chances.values())[:chosen])
    lead = _parted_from(agent, chronicle.events)
    whose = f"The last decision was that of {named(lead)}, from which it parted" if lead else "Its last decision"
    if told.draw == Draw.ANY_OPTION:
        whose, about = "The coalition's last decision about it, by a trembling hand", "next rung"
    verb = ": about its" if lead else f", on {clock(chronicle.begin, float(told.minute))}, was about its"
    options = ", ".join(f"{name} {chance:.3f}" for name, chance in chances.items())
    reach = f"{below:.3f} to {below + chances[names[chosen]]:.3f}"
    return [
        f"{whose}{verb} {about}, and the choice fell on: {names[chosen]}.",
        f"  Probabilities: {options}.",
        f'  The draw was {float(told.u):.3f}; "{names[chosen]}" is from {reach}.',
    ]


def _parted_from(agent: UnitAgent, events: np.ndarray) -> str:
    """The unit whose decision this one remembers because it was a part of it then; else nothing."""
    unit = agent.unit
    then = events["minute"] == unit.decision.minute
    parts = then & (events["actor"] == unit.id) & (events["target"] >= 0) & np.isin(events["act"], ANSWERS)
    found = events[parts]
    return agent.model.cfg.names[int(found[0]["target"])] if len(found) else ""
