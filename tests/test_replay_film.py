"""A run looked at after every step: it is the run of the sweep, and between the bends every unit goes straight."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.rules import step as rule_book
from sim.rules.tables import Event
from sim.run.batch import seeded
from sim.run.film import bends, changes, film, log_sha256
from sim.run.model import EscalationModel
from sim.run.story import tell


@pytest.fixture(scope="module")
def scenario():
    """Nine days, in which units of all kinds move."""
    return sim.load("scenario.horizon_days=9")


@pytest.fixture(scope="module")
def shot(scenario):
    """The film of one run with strikes."""
    return film(scenario, seed=3, replication=33)


def test_the_log_is_that_of_the_sweep(scenario, shot):
    """If this failed, what is shown of a run would not be what a sweep counted of it."""
    log = np.zeros(10_000, Event.dtype_)
    state = seeded(scenario.state, 3, 33)
    rule_book.run(state, scenario.params, log, scenario.steps)
    assert len(shot.events) == state.n_events > 50
    assert shot.log_sha256 == log_sha256(log[: state.n_events])
    row = sim.replicate(scenario, replications=1, seed=3, first=33)[0]
    assert row.tobytes() == shot.outcome.tobytes()


def test_a_path_of_rare_runs_is_filmed_too(scenario):
    """If this failed, the film of a path that splitting found would be that of another run."""
    luck = {0: 2**31 + 4, 700: 2**31 + 9}
    story, shot = tell(scenario, seed=3, luck=luck), film(scenario, seed=3, luck=luck)
    assert shot.log_sha256 == log_sha256(story.events) != film(scenario, seed=3).log_sha256


def test_between_bends_every_unit_goes_straight(shot):
    """If this failed, a unit would be drawn where it never was."""
    steps, moved = np.arange(len(shot.minutes)), 0
    for row in range(shot.x_km.shape[1]):
        at = shot.bends(row)
        moved += len(at) > 2
        for path in (shot.x_km[:, row], shot.y_km[:, row]):
            assert np.abs(np.interp(steps, at, path[at]) - path).max() < 0.02, shot.units[row]["name"]
    assert moved > 10


def test_a_bend_is_where_a_line_turns_or_its_pace_changes():
    """If this failed, legs would be lost, or every step would be kept as one."""
    there = np.array([[0.0, 0], [1, 0], [2, 0], [2, 1], [2, 2], [2, 4], [2, 6]])
    assert bends(there).tolist() == [0, 2, 4, 6]
    assert bends(np.zeros((5, 2))).tolist() == [0, 4]
    assert changes(np.array([3, 3, 1, 1, 3])).tolist() == [0, 2, 4]


def test_it_remembers_why(scenario, shot):
    """If this failed, a replay would give another reason than `agent.why()` does at the same moment."""
    assert shot.decisions
    for step, row, told in shot.decisions[:3] + shot.decisions[-3:]:
        model = EscalationModel(scenario, rng=3, replication=33, collect="none")
        for _ in range(step):
            model.advance()
        agent = model.unit_agents[row]
        assert agent.why().decision == told
        assert tuple(agent.why().lines[: len(told)]) == told
        assert int(agent.unit.explains) == shot.explains[step, row]


def test_rungs_and_tension_are_those_of_the_run(shot):
    """If this failed, the strips under the map would tell of another run."""
    for side, name in ((5, "regime"), (6, "militia"), (7, "hezbollah"), (3, "russia")):
        assert shot.tension[:, side].max() <= shot.outcome[f"peak_tension_{name}"] + 1e-12
    highest = max(shot.rung_against(side).max() for side in (5, 6, 7))
    assert highest == 4 if shot.outcome["strike_ground"] else highest < 4
    assert shot.rung_against(1).shape == shot.minutes.shape
