"""An agent can say why it is where it is, now and at any step before."""

from __future__ import annotations

import copy
import gc
from functools import cache

import mesa
import pytest

import sim
from sim.rules.names import Posture
from sim.run.agents import OPTION_NAMES, GroundUnit, UnitAgent
from sim.run.explanation import DOING
from sim.run.sentences import ANSWERS

DAYS = {"scenario.horizon_days": 2, "scenario.ground_activity": 4, "collect": "none"}


@cache
def watched() -> tuple[sim.EscalationModel, dict[int, list[str]]]:
    """A finished run, and what each of its agents said at every twenty-fourth step while it went on."""
    model = sim.EscalationModel(rng=2, **DAYS)
    said = {}
    while model.running:
        model.step()
        if model.tick % 24 == 0:
            said[model.tick] = [str(agent.why()) for agent in model.agents]
    return model, said


def a_unit_that_was_signalled() -> UnitAgent:
    """A unit of a run whose last decision was how to answer, and not by the first of the options."""
    whys = ((agent, agent.why()) for agent in watched()[0].agents)
    return next(agent for agent, why in whys if why.about == "response" and why.chosen != "withdraw")


def test_looking_back_tells_what_was_told_then() -> None:
    """If this failed, the reasons for a step of the past would be those of another run."""
    model, said = watched()
    assert len(said) == 24
    for step in (24, 240, 576):
        assert [str(agent.why(step)) for agent in model.agents] == said[step]
    assert said[24] != said[576]


def test_a_minute_means_the_last_step_by_then() -> None:
    """If this failed, somebody who asks about 14:05 would be told of 14:10."""
    model, said = watched()
    agent = model.unit_agents[8]
    assert str(agent.why(minute=5.0 * 240)) == str(agent.why(minute=5.0 * 241 - 0.1)) == said[240][8]
    assert str(agent.why(minute=5.0 * 241)) == str(agent.why(241))


def test_looking_back_changes_nothing() -> None:
    """If this failed, asking for reasons would change the run that is asked about."""
    model = sim.EscalationModel(rng=2, **DAYS)
    for _ in range(300):
        model.step()
    before = model.frozen_state().tobytes()
    model.unit_agents[8].why(100)
    assert model.frozen_state().tobytes() == before
    assert model.run().frozen_state().tobytes() == watched()[0].frozen_state().tobytes()


def test_an_earlier_model_can_be_run_on_and_is_the_same_run() -> None:
    """If this failed, a branch of a run would not start where the run was."""
    model = watched()[0]
    early = model.at(300)
    assert early.tick == 300
    assert early.run().frozen_state().tobytes() == model.frozen_state().tobytes()
    model.at(300).unit_agents[8].pos = (0.0, 0.0)
    assert model.at(300).unit_agents[8].pos != (0.0, 0.0), "what is done in a branch is not the past"


def test_a_run_that_was_changed_by_hand_says_so_in_one_sentence() -> None:
    """If this failed, a researcher would take the reasons of another run for those of this one."""
    model = sim.EscalationModel(rng=2, **DAYS)
    for _ in range(40):
        model.step()
    agent = model.unit_agents[8]
    assert agent.why(20).note == ""
    agent.pos = (-70.0, 30.0)
    assert "changed by hand" in agent.why(20).note
    assert agent.why(20).note.count(".") == 1
    assert f"Note: {agent.why(20).note}" in str(agent.why(20))
    assert agent.why().note == "", "what it is now needs no second simulation"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"step": 577}, "step 576"),
        ({"step": -1}, "step = -1"),
        ({"step": 1.5}, "whole number"),
        ({"minute": 2881.0 + 5}, "minute 2880"),
        ({"minute": -0.1}, "minute = -0.1"),
        ({"minute": float("nan")}, "number of minutes"),
        ({"minute": "noon"}, "number of minutes"),
        ({"step": 1, "minute": 5.0}, "not both"),
    ],
)
def test_a_step_outside_the_run_is_refused_in_one_sentence(asked: dict, said: str) -> None:
    """If this failed, a question about what has not happened yet would get an answer."""
    with pytest.raises(sim.BadInput, match=r".") as caught:
        watched()[0].unit_agents[8].why(**asked)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(sim.BadInput):
        watched()[0].at()


def test_an_explanation_can_be_read_and_taken_apart() -> None:
    """If this failed, a notebook would show numbers without their meaning, or words without the numbers."""
    told = a_unit_that_was_signalled().why()
    text = str(told)
    assert repr(told) == text
    assert told.decided
    assert f"the choice fell on: {told.chosen}." in text
    assert f"The draw was {told.draw:.3f}" in text
    names, chances = list(told.probabilities), list(told.probabilities.values())
    below = sum(chances[: names.index(told.chosen)])
    assert told.draw is not None
    assert f"is from {below:.3f} to {below + told.probabilities[told.chosen]:.3f}." in text
    assert 0 < below <= told.draw < below + told.probabilities[told.chosen]
    assert told.causes[0].words.split(" ", 3)[-1].startswith("leaves base")
    assert [cause.minute for cause in told.causes] == sorted(cause.minute for cause in told.causes)
    assert [cause.number for cause in told.causes] == sorted(cause.number for cause in told.causes)


def test_a_part_does_not_claim_the_decision_of_its_lead() -> None:
    """If this failed, a unit that went on would be said to have chosen to halt."""
    model = watched()[0]
    parts = [event for event in model.events if event["act"] in ANSWERS and event["target"] >= 0]
    assert parts
    for event in parts:
        told = model.unit_agents[int(event["actor"])].why(minute=float(event["minute"]))
        assert f"that of {model.cfg.names[int(event['target'])]}, from which it parted" in str(told)


def test_a_unit_without_a_decision_says_so() -> None:
    """If this failed, a unit that never decided would tell a made-up reason."""
    told = watched()[0].unit_agents[0].why(0)
    assert (told.decided, told.probabilities, told.causes, told.chosen) == (False, {}, (), "")
    assert "no decision yet" in str(told)
    assert "No event has led to this yet." in str(told)


def test_every_posture_and_every_kind_of_decision_has_words() -> None:
    """If this failed, a unit in a rare state could not be explained."""
    assert set(DOING) == set(Posture)
    assert all(len(set(names)) == len(names) for names in OPTION_NAMES.values())


def test_looking_back_leaves_nothing_behind() -> None:
    """If this failed, a thousand questions in a notebook would fill the memory."""
    kept = getattr(mesa.Agent, "_ids", {})
    model = sim.EscalationModel(rng=2, **DAYS)
    for _ in range(10):
        model.step()
    gc.collect()
    before = len(kept)
    for step in range(10):
        model.unit_agents[8].why(step)
    gc.collect()
    assert len(kept) <= before


def test_a_copy_of_a_model_looks_back_for_itself() -> None:
    """If this failed, a copied model would tell the past of the one it was copied from."""
    model = sim.EscalationModel(rng=2, **DAYS)
    for _ in range(100):
        model.step()
    model.unit_agents[8].why(50)
    copied = copy.deepcopy(model)
    for _ in range(100):
        copied.step()
    unit = next(agent for agent in copied.agents if isinstance(agent, GroundUnit))
    assert unit.model is copied
    assert str(unit.why(150)) == str(watched()[0].unit_agents[unit.row].why(150))
