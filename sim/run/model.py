"""The standoff as a Mesa model: the same rules, one agent object for each unit."""

from __future__ import annotations

import math
from typing import Any

import mesa
import numpy as np

from sim.errors import BadInput
from sim.rules import step as rule_book
from sim.rules.compiling import INTERPRETED
from sim.rules.names import Act
from sim.rules.outcome import Happening
from sim.rules.rows import freeze, thaw
from sim.rules.tables import Event, State
from sim.run.agents import GroundUnit, UnitAgent
from sim.run.batch import seeded, whole_number
from sim.run.cast import Agents, cast
from sim.run.columns import flat
from sim.scenario import Scenario, load

COLLECTED = {  # what "model" collects: one number a step
    "minute": lambda model: float(model.state.now_min),
    "inside": lambda model: sum(bool(unit.inside) for unit in model.state.units[: model.state.n_units]),
    "corridor_value": lambda model: float(model.state.corridor_value),
    "ground_strikes": lambda model: int(model.state.outcome.happenings[Happening.STRIKE_GROUND].count),
    "entries": lambda model: int(model.state.outcome.entries),
}

CHANGED = "this run was changed by hand"
CHANGED_OR_SCRIPTED = f"{CHANGED}, or its scripted units do not decide alike a second time"
OTHER = "simulated again it takes another course, and that one is told here."


class EscalationModel(mesa.Model):
    """One run of the standoff around al Tanf.

    `scenario` is a name (`"may_june_2017"`) or a loaded scenario; keywords are overrides, dotted where
    the setting is: `EscalationModel("quiet", rng=7, **{"roe.zone_radius_km": 40})`.  `rng` is the seed
    (0 if None; `seed` is taken for it too), `replication` the number of the run: vary one of them in
    `mesa.batch_run`, whose `iterations` alone repeat the same run.  `collect` is "model" for one row a step in
    `datacollector`, "agents" for units too, or "none".  `agents` are subclasses of units' classes to take the
    place of their kind, or of single units by name: see docs/scripted_agents.md.  Every step makes the same
    call as `sim.replicate`, so the outcome equals its row bit for bit where no unit is scripted.

    Raises `BadInput` for unknown settings or values out of range.
    """

    def __init__(
        self,
        scenario: str | Scenario = "may_june_2017",
        *,
        rng: int | None = None,
        replication: int = 0,
        collect: str = "model",
        agents: Agents = (),
        **kwargs: Any,
    ) -> None:
        rng = kwargs.pop("seed", None) if rng is None else rng  # what Mesa 3.3 calls it
        seed = 0 if rng is None else whole_number("rng", rng)
        self.cfg = scenario_of(scenario, kwargs)
        started = seeded(self.cfg.state, seed, whole_number("replication", replication))
        super().__init__(rng=seed)
        self.params = thaw(self.cfg.params) if INTERPRETED else self.cfg.params
        self.state: State = thaw(started) if INTERPRETED else started
        self._log = np.zeros(256, Event.dtype_)
        self._number = (seed, int(replication))
        self._past: EscalationModel | None = None  # the last look back
        self._checked = (b"", "")  # a present state, and what is to be said of looking back from it
        self._classes = cast(self.cfg, agents)
        self.unit_agents: list[UnitAgent] = [made(self, i) for i, made in enumerate(self._classes)]
        self._mark_scripted()
        self.datacollector = collector(collect)
        self._collects = collect != "none"

    @property
    def tick(self) -> int:
        """Steps taken."""
        return int(self.state.step)

    def step(self) -> None:
        """One step of the world, then one row of data; nothing once the horizon is reached."""
        if self.tick >= self.cfg.steps:
            return
        self.advance()
        if self._collects:
            self.datacollector.collect(self)
        if self.tick >= self.cfg.steps:
            self.finish()

    def finish(self) -> None:
        """The run is over."""
        self.running = False
        forget(self)

    def _mark_scripted(self) -> None:
        """The rule book leaves the answers of these rows to their agents."""
        self.scripted = [agent for agent in self.unit_agents if isinstance(agent, GroundUnit) and agent.scripted]
        rows = {agent.row for agent in self.scripted}
        for row, unit in enumerate(self.state.units[: self.state.n_units]):
            unit.scripted = row in rows

    def _ask_scripted(self) -> None:
        """Scripted units that are out say what they do in the coming step."""
        out = set(self.rows_out()) if self.scripted else set()
        for agent in self.scripted:
            if agent.row in out:
                agent.ask()

    def advance(self) -> None:
        """Scripted units are asked, then the rule book's step; the log grows when it has to."""
        self._ask_scripted()
        if self.state.n_events > len(self._log) // 2:
            self._log = np.concatenate([self._log, np.zeros(len(self._log), Event.dtype_)])
        rule_book.run(self.state, self.params, self._log, 1)

    def run(self) -> EscalationModel:
        """Step to the end of the horizon; returns the model."""
        while self.running and self.tick < self.cfg.steps:
            self.step()
        self.finish()
        return self

    def run_model(self) -> None:
        """The same, under the name that Mesa's tools call."""
        self.run()

    def at(self, step: int | None = None, *, minute: float | None = None) -> EscalationModel:
        """This run as it was after `step` steps, or at the last step by `minute`: a new model, simulated up to there.

        The same scenario, seed, replication and agent classes give the same run, bit for bit, if nobody changed
        it by hand.  Raises `BadInput` for a step or minute outside the run so far.
        """
        return self._again(step_so_far(self, step, minute))

    def look_back(self, step: int | None = None, *, minute: float | None = None) -> tuple[EscalationModel, str]:
        """The same for looking only, kept for the next look; and a reason to take it with care, or nothing."""
        wanted = step_so_far(self, step, minute)
        if self._past is None or self._past.tick != wanted:
            self._past = self._again(wanted)
        present = self._bytes()
        if self._checked[0] != present:
            otherwise = f"{CHANGED_OR_SCRIPTED if self.scripted else CHANGED}; {OTHER}"
            self._checked = (present, "" if self._again(self.tick)._bytes() == present else otherwise)
        return self._past, self._checked[1]

    def _again(self, steps: int) -> EscalationModel:
        seed, replication = self._number
        agents = dict(zip(self.cfg.names, self._classes, strict=True))
        model = EscalationModel(self.cfg, rng=seed, replication=replication, collect="none", agents=agents)
        for _ in range(steps):
            model.advance()
        forget(model)
        return model

    def _bytes(self) -> bytes:
        """State and log so far: equal for equal runs."""
        return self.frozen_state().tobytes() + self.events.tobytes()

    def rows_out(self) -> list[int]:
        """Rows of the units that are out: neither at rest nor destroyed."""
        return [int(row) for row in self.state.awake[: self.state.n_awake]]

    @property
    def events(self) -> np.ndarray:
        """The log so far: a structured array with the fields of `sim.rules.tables.Event`."""
        return self._log[: self.state.n_events].copy()

    def numbers_of(self, act: Act) -> np.ndarray:
        """Numbers of the events of one kind so far."""
        return np.flatnonzero(self._log["act"][: self.state.n_events] == int(act))

    @property
    def outcome(self) -> np.ndarray:
        """The outcome so far: one row under the column names of `sim.replicate`."""
        return flat(np.array([self.frozen_state().outcome]))[0]

    def frozen_state(self) -> State:
        """The state as a record, whichever way the rules are run."""
        if not INTERPRETED:
            return self.state
        row = np.zeros(1, State.dtype_)[0]
        freeze(self.state, row)
        return row

    @property
    def agents_by_kind(self) -> dict[str, mesa.agent.AgentSet]:
        """Agent sets by class name."""
        return {kind.__name__: agents for kind, agents in self.agents_by_type.items()}


def forget(model: EscalationModel) -> None:
    """Mesa 3.3 keeps a count of agents per model for ever; give it back once all agents are made."""
    getattr(mesa.Agent, "_ids", {}).pop(model, None)


def step_so_far(model: EscalationModel, step: int | None, minute: float | None) -> int:
    """The step that is meant by a step or by a minute; `BadInput` unless the run has come to it."""
    if (step is None) == (minute is None):
        raise BadInput("either a step or a minute is wanted, and not both.")
    if step is not None:
        found, given = whole_number("step", step), f"step = {step}"
    elif isinstance(minute, int | float | np.number) and math.isfinite(minute):
        found, given = math.floor(float(minute) / float(model.params.step_min)), f"minute = {minute}"
    else:
        raise BadInput(f"minute = {minute!r}: a number of minutes from the start of the run is wanted.")
    if not 0 <= found <= model.tick:
        now = f"step {model.tick}, minute {float(model.state.now_min):g}"
        raise BadInput(f"{given}: this run has come from step 0, minute 0, to {now}, and nothing is known beyond.")
    return found


def scenario_of(scenario: str | Scenario, kwargs: dict[str, Any]) -> Scenario:
    """A loaded scenario from a name or a loaded one and overrides."""
    if isinstance(scenario, str):
        return load(f"scenario={scenario}", *(f"{key}={value}" for key, value in kwargs.items()))
    if not isinstance(scenario, Scenario):
        raise BadInput(f"scenario = {scenario!r}: the name of a scenario is wanted, or what sim.load(...) gives.")
    if kwargs:
        raise BadInput(
            f"{', '.join(kwargs)}: a loaded scenario takes no further settings; give its name instead, "
            "or put the setting into sim.load(...)."
        )
    return scenario


def collector(collect: str) -> mesa.DataCollector:
    """The data collector for one of the three choices."""
    if collect == "none":
        return mesa.DataCollector()
    if collect == "model":
        return mesa.DataCollector(model_reporters=COLLECTED)
    if collect == "agents":
        reporters = {"posture": lambda agent: agent.posture.name.lower(), "pos": "pos"}
        return mesa.DataCollector(model_reporters=COLLECTED, agent_reporters=reporters)
    raise BadInput(f'collect = {collect!r}: it must be "model", "agents" or "none".')
