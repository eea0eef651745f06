"""Mesa, batch and plain Python are one model: events, outcomes and final states agree bit for bit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.rules import step as rule_book
from sim.rules.compiling import INTERPRETED
from sim.rules.names import Act
from sim.rules.rows import freeze, thaw
from sim.rules.tables import Event, State
from sim.run.batch import seeded
from sim.run.columns import flat

pytestmark = pytest.mark.skipif(INTERPRETED, reason="compares compiled code with plain Python")
SCENARIOS = sorted(path.stem for path in (Path(__file__).parents[1] / "conf" / "scenario").glob("*.yaml"))
SEEDS = range(6)
DAYS = "scenario.horizon_days=28"
ROOM = 4096  # events


def batch_run(scenario: sim.Scenario, seed: int, steps: int) -> tuple[State, np.ndarray]:
    """The batch's way: the compiled run over a record, with room for all events."""
    log = np.zeros(ROOM, Event.dtype_)
    state = seeded(scenario.state, seed, 0)
    rule_book.run(state, scenario.params, log, steps)
    assert state.n_events < ROOM
    return state, log[: state.n_events]


@pytest.mark.parametrize("name", SCENARIOS)
def test_mesa_and_batch_agree_over_the_whole_horizon(name: str) -> None:
    """If this failed, a run looked at in Mesa would not be the run counted in a sweep."""
    scenario = sim.load(f"scenario={name}", DAYS)
    looks = sorted(np.random.default_rng(1).choice(scenario.steps, 20, replace=False).tolist())
    for seed in SEEDS:
        model = sim.EscalationModel(scenario, rng=seed, collect="none")
        stepped = seeded(scenario.state, seed, 0)
        log = np.zeros(ROOM, Event.dtype_)
        for look in looks:
            while model.tick < look:
                model.step()
            rule_book.run(stepped, scenario.params, log, look - int(stepped.step))
            assert model.state.tobytes() == stepped.tobytes(), f"{name}, seed {seed}, step {look}"
        model.run()
        state, events = batch_run(scenario, seed, scenario.steps)
        assert model.events.tobytes() == events.tobytes()
        assert model.state.tobytes() == state.tobytes()
        outcome = sim.replicate(scenario, replications=1, seed=seed)
        assert outcome.tobytes() == np.asarray(model.outcome).tobytes() == flat(np.array([state.outcome])).tobytes()


def test_every_replication_is_its_own_run() -> None:
    """If this failed, row k of a batch would not be the run that a researcher replays as number k."""
    scenario = sim.load("scenario.horizon_days=10")
    rows = sim.replicate(scenario, replications=7, seed=3, first=4)
    for k, row in enumerate(rows):
        model = sim.EscalationModel(scenario, rng=3, replication=4 + k, collect="none").run()
        assert np.asarray(model.outcome).tobytes() == row.tobytes()
    assert len({row.tobytes() for row in rows}) == 7


def test_neither_threads_nor_chunks_change_a_bit() -> None:
    """If this failed, the same sweep on another machine would publish other numbers."""
    scenario = sim.load()
    one = sim.replicate(scenario, replications=300, seed=11, threads=1)
    two = sim.replicate(scenario, replications=300, seed=11, threads=2)
    pieces = [sim.replicate(scenario, replications=100, seed=11, first=k) for k in (200, 0, 100)]
    assert one.tobytes() == two.tobytes()
    assert one.tobytes() == np.concatenate([pieces[1], pieces[2], pieces[0]]).tobytes()


BUSY = (
    "scenario.horizon_days=3",
    "command.regime_per_day=1.1", "command.militia_per_day=3", "command.hezbollah_per_day=0.36",
    "scenario.ground_activity=4", "air.sorties_per_day=3", "command.patrols_per_day=5",
)  # fmt: skip
CROWDED = (
    "scenario.horizon_days=2", "scenario.ground_activity=4", "command.militia_per_day=3", "command.patrols_per_day=5",
    "raids.partner_raids_per_day=1", "raids.opposition_raids_per_day=1", "raids.third_party_per_day=0.3",
    "raids.contact_fire_per_h=2", "scenario.isis_activity=20", "drones.shadows_per_day=4",
    "air.russian_probes_per_day=1", "air.regime_probes_per_day=1", "air.regime_sorties_per_day=2",
    "theory.constant_attacks_per_day=4", "sensing.misidentified=0.1", "command.massing_hours=0.1",
)  # fmt: skip
SHORT = ("scenario.horizon_days=1",)
PLAIN_RUNS = [(BUSY, 3), (CROWDED, 3), *(((f"scenario={name}", *SHORT), 1) for name in SCENARIOS)]

PLAIN = """
import json, sys, numpy as np, sim
from sim.rules import step as rule_book
from sim.rules.rows import freeze, thaw
from sim.rules.tables import Event
from sim.run.batch import seeded
out = []
for overrides, seeds in json.loads(sys.argv[1]):
    scenario = sim.load(*overrides)
    for seed in range(seeds):
        row = seeded(scenario.state, seed, 0)
        state, log = thaw(row), [thaw(e) for e in np.zeros(4096, Event.dtype_)]
        rule_book.run(state, thaw(scenario.params), log, scenario.steps)
        freeze(state, row)
        events = np.zeros(int(row.n_events), Event.dtype_)
        for plain, event in zip(log, events):
            freeze(plain, event)
        model = sim.EscalationModel(scenario, rng=seed, collect="none").run()
        assert model.events.tobytes() == events.tobytes() and model.frozen_state().tobytes() == row.tobytes()
        out.append([events.tobytes().hex(), row.tobytes().hex()])
print(json.dumps(out))
"""


def test_plain_python_computes_the_same_bytes() -> None:
    """If this failed, the rules that people read would not be the rules that the compiler runs."""
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-c", PLAIN, json.dumps(PLAIN_RUNS)]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    plain = iter(json.loads(told.stdout))
    for overrides, seeds in PLAIN_RUNS:
        scenario = sim.load(*overrides)
        for seed in range(seeds):
            events_hex, state_hex = next(plain)
            state, events = batch_run(scenario, seed, scenario.steps)
            assert len(events) > 100 or overrides[-1:] == SHORT
            assert events.tobytes().hex() == events_hex, f"{overrides}, seed {seed}"
            assert state.tobytes().hex() == state_hex, f"{overrides}, seed {seed}"


def test_the_crowded_run_has_the_whole_cast_in_it() -> None:
    """If this failed, plain Python and compiled rules would be compared where nothing new happens."""
    rows = sim.replicate(sim.load(*CROWDED), replications=3)
    for act in ("contact", "breaks", "air_support", "mistaken", "turned_away", "sortie", "drone_attack"):
        assert rows[f"acts_{act}"].sum() > 0, act


def test_a_unit_moved_by_hand_changes_what_follows() -> None:
    """If this failed, agents would be copies: a researcher's change would be shown but not simulated."""
    scenario = sim.load()
    untouched = sim.EscalationModel(scenario, rng=5, collect="none").run()
    model = sim.EscalationModel(scenario, rng=5, collect="none")
    entry = untouched.events[untouched.events["act"] == Act.ENTRY][0]
    while model.state.now_min < entry["minute"]:
        model.step()
    model.unit_agents[int(entry["actor"])].pos = (-18.0, 8.0)
    assert model.unit_agents[int(entry["actor"])].distance_km < 20.0
    model.run()
    before = untouched.events["minute"] < entry["minute"]
    assert np.array_equal(model.events[: before.sum()], untouched.events[before])
    assert model.events.tobytes() != untouched.events.tobytes()


@pytest.mark.boundscheck
def test_a_busy_run_stays_inside_its_tables() -> None:
    """If this failed with bounds checked, a rule would read or write a row that is not there."""
    busy = [key for key in BUSY if "horizon" not in key]
    rows = sim.replicate(sim.load("scenario.horizon_days=28", *busy), replications=20, seed=1)
    assert rows["rows_lacking"].sum() > 0
    assert rows["entries"].min() > 20


def test_thaw_and_freeze_are_inverse() -> None:
    """If this failed, comparing plain Python with compiled rules would compare nothing."""
    scenario = sim.load()
    row = np.zeros(1, State.dtype_)[0]
    freeze(thaw(scenario.state), row)
    assert row.tobytes() == scenario.state.tobytes()
