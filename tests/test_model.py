"""The Mesa model as a Mesa user meets it."""

from __future__ import annotations

import gc
import math

import mesa
import numpy as np
import pytest

import sim
from sim.rules.compiling import INTERPRETED
from sim.rules.draws import Draw
from sim.run import agents
from sim.run.columns import FLAT


def short(**kwargs) -> sim.EscalationModel:
    """A model of one day."""
    return sim.EscalationModel(**{"scenario.horizon_days": 1, **kwargs})


def test_one_agent_for_each_unit_and_one_class_for_each_kind() -> None:
    """If this failed, a unit would be missing from every Mesa view of the standoff."""
    model = short()
    assert len(model.agents) == model.state.n_units
    assert set(model.agents_by_type) == set(agents.CLASSES.values())
    assert len(model.agents_by_type[agents.MilitiaConvoy]) == 24
    assert [agent.row for agent in model.agents] == list(range(model.state.n_units))
    garrison = next(iter(model.agents_by_type[agents.Garrison]))
    assert (garrison.name, garrison.pos, garrison.distance_km) == ("garrison 1", (0.0, 0.0), 0.0)


def test_the_collector_has_a_row_a_step() -> None:
    """If this failed, time series would be shifted against the run."""
    model = short().run()
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == model.tick == 288
    assert frame["minute"].tolist() == [5.0 * (k + 1) for k in range(288)]
    assert not model.running


def test_mesa_batch_run_works_as_for_any_model() -> None:
    """If this failed, people who know Mesa could not use what they know."""
    rows = mesa.batch_run(
        sim.EscalationModel,
        parameters={
            "scenario": "may_june_2017",
            "rng": [1, 2],
            "roe.zone_radius_km": [0, 55],
            "scenario.horizon_days": 2,
        },
        iterations=1,
        max_steps=2 * 288,
        data_collection_period=-1,
        display_progress=False,
    )
    assert len(rows) == 4
    assert {(row["rng"], row["roe.zone_radius_km"]) for row in rows} == {(1, 0), (1, 55), (2, 0), (2, 55)}
    assert all(row["minute"] == 2 * 1440.0 for row in rows)
    assert all(row["entries"] == 0 for row in rows if row["roe.zone_radius_km"] == 0)


@pytest.mark.parametrize(
    ("kwargs", "said"),
    [
        ({"scenario": "may_june"}, "may_june_2017"),
        ({"rng": 1.5}, "whole number"),
        ({"rng": True}, "whole number"),
        ({"rng": -1}, "2^64"),
        ({"rng": 2**64}, "2^64"),
        ({"replication": -1}, "2^31"),
        ({"collect": "everything"}, "agents"),
        ({"scenario": 5}, "sim.load"),
        ({"seed": -1}, "2^64"),
        ({"roe.zone_radius": 40}, "roe.zone_radius_km"),
        ({"roe.zone_radius_km": math.nan}, "roe.zone_radius_km"),
    ],
)
def test_a_model_refuses_what_it_cannot_use_in_one_sentence(kwargs: dict, said: str) -> None:
    """If this failed, a slip of the hand would give a run that nobody asked for."""
    with pytest.raises(sim.BadInput, match=r".") as caught:
        sim.EscalationModel(**kwargs)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_loaded_scenario_takes_no_further_settings() -> None:
    """If this failed, a setting given twice would be dropped in silence."""
    scenario = sim.load("scenario.horizon_days=1")
    with pytest.raises(sim.BadInput, match=r"sim\.load"):
        sim.EscalationModel(scenario, **{"roe.zone_radius_km": 40})


def test_seed_zero_is_a_seed() -> None:
    """If this failed, seed 0 would mean no seed, and a run could not be repeated."""
    scenario = sim.load("scenario.horizon_days=3")
    models = [sim.EscalationModel(scenario, rng=seed, collect="none").run() for seed in (0, 0, 1)]
    runs = [model.frozen_state().tobytes() for model in models]
    assert runs[0] == runs[1] != runs[2]


def test_large_seeds_are_used_whole() -> None:
    """If this failed, seeds that differ in their upper half would give the same run."""
    scenario = sim.load("scenario.horizon_days=3")
    low, high = (
        sim.EscalationModel(scenario, rng=seed, collect="none").run().frozen_state() for seed in (5, 5 + 2**40)
    )
    assert low.outcome.tobytes() != high.outcome.tobytes() or low.units.tobytes() != high.units.tobytes()


@pytest.mark.skipif(INTERPRETED, reason="many runs want compiled rules")
def test_a_thousand_choices_follow_from_what_why_shows() -> None:
    """If this failed, the reasons that agents give would not be the reasons they had."""
    scenario = sim.load("scenario.ground_activity=4", "command.patrols_per_day=5")
    seen, replication = set(), 0
    about = set()
    while len(seen) < 1000:
        model = sim.EscalationModel(scenario, rng=9, replication=replication, collect="none")
        while model.tick < scenario.steps:
            model.step()
            for agent in model.agents:
                if agent.unit.decision.minute == model.state.now_min and (told := agent.why()).decided:
                    key = (replication, agent.row, told.minute, told.about)
                    names, chances = list(told.probabilities), list(told.probabilities.values())
                    assert told.chosen == names[int(np.searchsorted(np.cumsum(chances), told.draw, side="right"))]
                    assert sum(chances) == pytest.approx(1.0, abs=1e-12)
                    seen.add(key)
                    about.add(told.about)
        replication += 1
    assert about == {"mission", "route", "response", "patrol"}
    assert set(agents.OPTION_NAMES) == {Draw.MISSION, Draw.ROUTE, Draw.RESPONSE, Draw.PATROL, Draw.ANY_OPTION}


def test_finished_models_are_given_back() -> None:
    """If this failed, a thousand models in a notebook would fill the memory (Mesa keeps counts per model)."""
    scenario = sim.load("scenario.horizon_days=0.25")
    kept = getattr(mesa.Agent, "_ids", {})
    gc.collect()
    before = len(kept)
    for seed in range(20):
        sim.EscalationModel(scenario, rng=seed, collect="none").run()
    gc.collect()
    assert len(kept) == before


def test_outcomes_have_the_columns_of_a_batch() -> None:
    """If this failed, a run in Mesa could not be laid beside a row of a sweep."""
    assert short().run().outcome.dtype == FLAT


def test_the_seed_counts_under_both_of_its_names() -> None:
    """If this failed, a Mesa client that varies `seed` would get the same run again and again."""
    three = {"scenario.horizon_days": 3, "collect": "none"}
    by_rng = sim.EscalationModel(rng=3, **three).run().frozen_state().tobytes()
    assert sim.EscalationModel(seed=3, **three).run().frozen_state().tobytes() == by_rng
    assert sim.EscalationModel(seed=4, **three).run().frozen_state().tobytes() != by_rng


@pytest.mark.parametrize("setting", ["seed=3", "replications=10", "threads=1", "out=here"])
def test_a_scenario_takes_no_settings_of_a_run(setting: str) -> None:
    """If this failed, a seed given with the scenario would be ignored without a word."""
    with pytest.raises(sim.BadInput, match="how to run"):
        sim.load(setting)


@pytest.mark.parametrize(
    "wrong",
    [{"replications": 0}, {"replications": 2.0}, {"replications": 1, "seed": 1.5}, {"replications": 1, "threads": 0}],
)
def test_a_batch_refuses_what_it_cannot_use(wrong: dict) -> None:
    """If this failed, a slip of the hand would end in a traceback from the depths."""
    with pytest.raises(sim.BadInput):
        sim.replicate(sim.load("scenario.horizon_days=1"), **wrong)


def test_a_finished_model_stays_as_it_is() -> None:
    """If this failed, one step too many would change an outcome that has been written down."""
    model = short().run()
    before = model.frozen_state().tobytes()
    model.step()
    assert model.frozen_state().tobytes() == before


def test_a_standing_unit_set_down_inside_the_zone_is_inside() -> None:
    """If this failed, a unit moved by hand would stand before the garrison and count as outside."""
    model = short(**{"scenario.horizon_days": 10})
    while not any(agent.inside for agent in model.agents if isinstance(agent, agents.GroundUnit)):
        model.step()
    inside = next(agent for agent in model.agents if isinstance(agent, agents.GroundUnit) and agent.inside)
    inside.pos = (-70.0, 20.0)
    assert not inside.inside
    inside.pos = (-30.0, 10.0)
    assert inside.inside


def test_agents_show_what_their_rows_hold() -> None:
    """If this failed, a drone that has dropped its weapons would seem armed, or an advised patrol alone."""
    model = short()
    by_name = {agent.name: agent for agent in model.unit_agents}
    drone, raid, patrol = (by_name[name] for name in ("hezbollah drone 1", "isis raid 1", "partner patrol 1"))
    assert isinstance(drone, agents.ProRegimeDrone)
    assert isinstance(raid, agents.IsisRaid)
    assert isinstance(patrol, agents.PartnerPatrol)
    drone.unit.weapons, drone.unit.released, drone.unit.target = 1, 2, patrol.row
    raid.unit.fighters, raid.unit.target, raid.unit.enemy = 25, 0, 0
    patrol.unit.advised = True
    assert (drone.weapons, drone.released, drone.target, drone.seems_to_attack) == (1, 2, patrol, False)
    assert (raid.fighters, raid.target, raid.enemy) == (25, model.unit_agents[0], model.unit_agents[0])
    assert (patrol.advised, patrol.target, patrol.enemy) == (True, None, None)
    civil = by_name["civil traffic 1"]
    assert isinstance(civil, agents.CivilTraffic)
    assert not civil.inside
    civil.pos = (-20.0, 10.0)
    assert civil.inside
