"""Scripted agents: what a researcher writes into `decide()` is what the unit does."""

from __future__ import annotations

import copy
import dataclasses
from functools import cache

import numpy as np
import pytest

import sim
from sim.rules.compiling import INTERPRETED
from sim.rules.names import Act, Order, Posture, Principal, Rung
from sim.rules.tables import State
from sim.run.agents import GroundUnit, HezbollahTeam, MilitiaConvoy, RegimeColumn, StrikeFlight
from sim.run.sentences import ANSWERS
from sim.run.story import tell
from tests.test_docs import blocks, read

pytestmark = pytest.mark.skipif(INTERPRETED, reason="whole runs want compiled rules")
SHORT = {
    "scenario.horizon_days": 6,
    "scenario.ground_activity": 4,
    "command.regime_per_day": 1.1,  # so that columns are signalled in so short a run
    "collect": "none",
}


class LetBe(RegimeColumn):
    """Gives no order, whatever happens."""

    def decide(self) -> None:
        """Let things be."""


class ByChance(RegimeColumn):
    """Leaves every answer to the model."""

    def decide(self) -> None:
        """As if nobody were asked."""
        self.answer_by_chance()


class Stubborn(RegimeColumn):
    """Halts at every signal; a class attribute notes what it saw."""

    def decide(self) -> None:
        """Halt at once."""
        if self.signal != Rung.NONE:
            self.model.seen.append((self.row, int(self.signal), self.model.tick))
            self.halt()


def run_of(*classes: type[GroundUnit], seed: int = 2, **kwargs) -> sim.EscalationModel:
    """A finished run of six busy days."""
    model = sim.EscalationModel(rng=seed, agents=classes, **{**SHORT, **kwargs})
    model.seen = []
    return model.run()


def of_columns(model: sim.EscalationModel, *acts: Act) -> np.ndarray:
    """Events of these kinds by regime columns."""
    rows = [agent.row for agent in model.agents if isinstance(agent, RegimeColumn)]
    return model.events[np.isin(model.events["act"], acts) & np.isin(model.events["actor"], rows)]


@cache
def documented() -> dict:
    """What the worked example of the documents defines."""
    said: dict = {}
    for block in blocks(read("docs/scripted_agents.md"), "python"):
        exec(block, said)  # noqa: S102 - our own document
    return said


def entries_after_the_first_strike(model: sim.EscalationModel) -> int:
    """Entries of regime columns later than the first strike of the run on anybody."""
    strikes = model.events[model.events["act"] == Act.STRIKE]["minute"]
    entries = of_columns(model, Act.ENTRY)["minute"]
    return int((entries > strikes.min()).sum()) if len(strikes) else 0


def test_the_cautious_column_of_the_documents_never_enters_after_a_strike() -> None:
    """If this failed, the example that people copy would not do what it says, or would change nothing."""
    cautious = documented()["CautiousColumn"]
    month = {"scenario.horizon_days": 14, "scenario.ground_activity": 3}
    plain = [run_of(seed=seed, **month) for seed in range(4)]
    scripted = [run_of(cautious, seed=seed, **month) for seed in range(4)]
    assert all(model.outcome["strike_ground_count"] > 0 for model in plain + scripted)
    assert sum(entries_after_the_first_strike(model) for model in plain) > 0
    assert [entries_after_the_first_strike(model) for model in scripted] == [0, 0, 0, 0]
    halts = [event for model in scripted for event in of_columns(model, Act.HALTS)]
    causes = [model.events[event["cause"]]["act"] for model in scripted for event in of_columns(model, Act.HALTS)]
    assert len(halts) > 0
    assert Act.STRIKE in causes, "the log names the strike as the reason"


def first_signal(model: sim.EscalationModel) -> float:
    """When a regime column was first spoken to, warned or struck, min."""
    rows = [agent.row for agent in model.agents if isinstance(agent, RegimeColumn)]
    acts = (Act.DISSUASION, Act.SHOW_OF_FORCE, Act.WARNING_SHOTS, Act.STRIKE)
    reached = np.isin(model.events["act"], acts) & np.isin(model.events["target"], rows)
    return float(model.events["minute"][reached].min())


@pytest.mark.parametrize("script", [LetBe, ByChance])
def test_until_a_signal_reaches_it_a_script_that_gives_no_order_changes_nothing(script: type[GroundUnit]) -> None:
    """If this failed, the mere presence of a script would change a run, and paired runs would not be pairs."""
    plain, scripted = run_of(), run_of(script)
    until = first_signal(plain)
    assert first_signal(scripted) == until
    before = plain.events[plain.events["minute"] <= until]
    assert len(before) > 5
    assert scripted.events[: len(before)].tobytes() == plain.events[: len(before)].tobytes()


def test_a_script_that_lets_things_be_goes_on_whatever_it_is_told() -> None:
    """If this failed, a signal without an order would be answered by chance after all, or lost to the count."""
    plain, scripted = run_of(), run_of(LetBe)
    assert {Act(int(act)) for act in of_columns(plain, *ANSWERS)["act"]} == set(ANSWERS)
    answers = of_columns(scripted, *ANSWERS, Act.FIRES)
    routed = scripted.events["act"][answers["cause"]] == Act.STRIKE
    standing = answers["act"] == Act.HALTS
    assert (answers["act"][~routed & ~standing] == Act.GOES_ON).all()
    assert (answers["act"] == Act.GOES_ON).sum() >= 3
    assert (answers["target"] == -1).all(), "it does not split"
    assert scripted.outcome["answers_line_call_go_on"] > 0


def test_answers_by_chance_follow_the_models_odds() -> None:
    """If this failed, a script that only changes one thing would change all answers."""
    answers = of_columns(run_of(ByChance, **{"scenario.horizon_days": 28}), *ANSWERS)["act"]
    assert {Act(int(act)) for act in answers} == set(ANSWERS)


def test_a_script_sees_each_signal_once() -> None:
    """If this failed, one low pass would be answered again and again, or never."""
    model = run_of(Stubborn, **{"scenario.horizon_days": 28})
    assert model.seen
    assert len({(row, tick) for row, _, tick in model.seen}) == len(model.seen)
    halts = of_columns(model, Act.HALTS)
    assert len(halts) <= len(model.seen)
    assert {rung for _, rung, _ in model.seen} >= {Rung.LINE_CALL, Rung.SHOW_OF_FORCE}


def test_only_the_named_units_are_scripted() -> None:
    """If this failed, a script for one column would run the whole side."""
    model = run_of()
    assert model.scripted == []
    model = sim.EscalationModel(agents={"regime column 2": LetBe}, **SHORT)
    assert [agent.name for agent in model.scripted] == ["regime column 2"]
    assert [unit.id for unit in model.state.units if unit.scripted] == [model.cfg.names.index("regime column 2")]
    assert len([a for a in sim.EscalationModel(agents=[LetBe], **SHORT).agents if type(a) is LetBe]) == len(
        [a for a in model.agents if isinstance(a, RegimeColumn)]
    )


def test_a_class_without_decide_is_not_scripted() -> None:
    """If this failed, somebody who only adds a property to a unit would take its answers away."""

    class Named(MilitiaConvoy):
        pass

    plain, named = run_of(), run_of(Named)
    assert named.scripted == []
    assert named.frozen_state().tobytes() == plain.frozen_state().tobytes()


class Plane(StrikeFlight):
    """A flight that would decide."""

    def decide(self) -> None:
        """Flights take no orders."""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("LetBe", "a list of classes"),
        (LetBe, "a list of classes"),
        ([GroundUnit], "GroundUnit is no subclass of RegimeColumn or MilitiaConvoy or HezbollahTeam"),
        ([LetBe, ByChance], "LetBe and ByChance both stand for RegimeColumn"),
        ([Plane], "only units on the ground take orders"),
        ({"regime colum 1": LetBe}, "'regime column 1'"),
        ({"militia convoy 1": LetBe}, "LetBe is no subclass of MilitiaConvoy"),
        ([5], "5 is no subclass"),
    ],
)
def test_what_cannot_be_cast_is_refused_in_one_sentence(given: object, said: str) -> None:
    """If this failed, a script would be dropped in silence, and a plain run taken for a scripted one."""
    with pytest.raises(sim.BadInput, match=r".") as caught:
        sim.EscalationModel(agents=given, **SHORT)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_many_runs_refuse_scripted_units_in_one_sentence() -> None:
    """If this failed, a batch would run units that wait for orders for ever, and count what they did."""
    model = sim.EscalationModel(agents={"regime column 1": LetBe}, **SHORT)
    marked = dataclasses.replace(model.cfg, state=np.array([model.state], State.dtype_)[0])
    for many in (lambda: sim.replicate(marked, replications=2), lambda: tell(marked)):
        with pytest.raises(sim.BadInput, match=r"^regime column 1: scripted units decide in sim\.EscalationModel only"):
            many()
    for many in (lambda: sim.replicate(model, replications=2), lambda: tell(model)):
        with pytest.raises(sim.BadInput, match=r"sim\.load"):
            many()
    assert not np.asarray(model.cfg.state.units)["scripted"].any(), "the scenario itself stays unscripted"


def test_a_copy_of_a_scripted_model_goes_on_alike() -> None:
    """If this failed, branching a run would leave the scripts behind, or give orders to the original."""
    model = sim.EscalationModel(rng=2, agents=[documented()["CautiousColumn"]], **SHORT)
    for _ in range(900):
        model.step()
    copied = copy.deepcopy(model)
    assert all(agent.model is copied for agent in copied.scripted)
    assert copied.run().frozen_state().tobytes() == model.run().frozen_state().tobytes()


def test_a_scripted_unit_explains_itself_at_any_step() -> None:
    """If this failed, looking back on a scripted run would tell of another one."""
    model = run_of(LetBe)
    went_on = of_columns(model, Act.GOES_ON)[-1]
    told = model.unit_agents[int(went_on["actor"])].why(minute=float(went_on["minute"]))
    assert told.note == ""
    assert told.causes[-1].words.endswith("goes on")
    assert "scripted by LetBe" in str(told)


def test_a_script_that_does_not_decide_alike_twice_is_noticed() -> None:
    """If this failed, the reasons of a run that cannot be repeated would be told as if they were its own."""
    counter = iter(range(10**9))

    class Fickle(RegimeColumn):
        def decide(self) -> None:
            if next(counter) < 400:
                self.halt()

    model = run_of(Fickle)
    assert "do not decide alike" in model.unit_agents[0].why(3).note
    assert model.unit_agents[0].why(3).note.count(".") == 1


def test_orders_that_change_nothing_are_not_given() -> None:
    """If this failed, a column told to halt at every step would fill the log."""

    class Rock(HezbollahTeam):
        def decide(self) -> None:
            if self.posture != Posture.WITHDRAWING:
                self.halt()
            self.go_on() if self.model.tick == 10**6 else None

    model = run_of(Rock)
    rows = [agent.row for agent in model.agents if isinstance(agent, Rock)]
    halts = model.events[(model.events["act"] == Act.HALTS) & np.isin(model.events["actor"], rows)]
    assert 0 < len(halts) < 60


def test_a_reason_must_be_an_event_so_far() -> None:
    """If this failed, an order could be caused by what has not happened yet."""
    model = sim.EscalationModel(agents=[LetBe], **SHORT)
    column = model.scripted[0]
    with pytest.raises(sim.BadInput, match=r"because = 3: .* so far"):
        column.withdraw(because=3)
    assert column.unit.order == Order.NONE


def test_a_unit_knows_its_side_and_the_zone() -> None:
    """If this failed, a script would act on strikes against others, or on a zone of another size."""
    model = run_of(LetBe, **{"scenario.horizon_days": 14})
    column = model.scripted[0]
    struck = model.events[model.events["act"] == Act.STRIKE]
    sides = [model.unit_agents[int(row)].principal for row in struck["target"]]
    assert len(set(sides)) > 1
    assert len(column.strikes()) == sides.count(Principal.REGIME)
    assert len(column.strikes(*Principal)) == len(struck)
    column.pos = (40.0, 0.0)
    assert column.to_zone_km == -15.0


def test_causes_stay_earlier_with_scripts() -> None:
    """If this failed, a script's orders would be caused by what came after them."""
    for script in (LetBe, Stubborn, documented()["CautiousColumn"]):
        events = run_of(script).events
        led = events["cause"] >= 0
        assert (events["cause"] < np.arange(len(events))).all()
        assert (events["minute"][events["cause"][led]] <= events["minute"][led]).all()
