"""Rare outcomes of the model: splitting against runs that just see them, the command, what it refuses."""

from __future__ import annotations

import functools
import json
import pathlib

import numpy as np
import pytest
from scipy import stats

import sim
from experiments.__main__ import main
from sim.errors import BadInput, DamagedResults
from sim.rules.tables import Event
from sim.run import splitting as paths
from sim.run.columns import flat
from sim.run.model import EscalationModel
from sim.study import climbing, rare, rare_measured, rare_page, repetitions
from sim.study.designs import grid
from sim.study.estimate import probability
from sim.study.splitting import Plan, repeated, split, student

FAR = 5.0  # standard errors; a normal one lies beyond with a chance of 6e-7
SHORT = "scenario.horizon_days=2"


def process(column="strike_ground_count", count=2, *, threads=1, seed=9):
    """Two days of the standoff, to be split."""
    (point,) = grid([SHORT, f"seed={seed}"]).points
    return climbing.climber(point, column, count, threads)


@functools.cache
def brute():
    """10,000 plain runs of two days."""
    return sim.replicate(sim.load(SHORT), replications=10_000, seed=21, threads=2)


@pytest.mark.parametrize(
    ("column", "count", "low", "high"),
    [
        ("strike_ground_count", 1, 0.05, 0.2),
        ("strike_ground_count", 2, 0.004, 0.02),
        ("strike_ground_count", 3, 0.0003, 0.002),
        ("attack_on_coalition_count", 1, 0.003, 0.02),  # by way of the ladder of escalation
    ],
)
def test_splitting_is_brute_force(column, count, low, high):
    """If this failed, the chance of a rare chain would be the algorithm's and not the model's."""
    rows = brute()[column] >= count
    assert low < rows.mean() < high
    climb = process(column, count)
    made = np.array([one.chances[-1] for one in repeated(climb, climbing.levels_of(climb), Plan(60, 20))])
    error = np.hypot(made.std(ddof=1) / np.sqrt(20), rows.std() / np.sqrt(len(rows)))
    assert abs(made.mean() - rows.mean()) < 7 * error, "t with 19 degrees: a chance of 1e-6"


def test_paths_replay_in_the_ordinary_engine():
    """If this failed, a rare history could not be told, only counted."""
    climb = process(count=2)
    found = [path for number in range(4) for path in split(climb, climbing.levels_of(climb), Plan(60), number).paths]
    branched = [path for path in found if len(path.legs) > 1][:4]
    assert branched
    for path in branched:
        final = paths.replayed(climb.scenario, 9, path.legs)
        assert flat(np.array([final.outcome])).tobytes() == paths.finished(climb, path).tobytes()
        assert final.outcome.happenings[0].count >= 2
        assert [step for step, _ in path.legs] == sorted({step for step, _ in path.legs})


def test_a_path_is_told_by_the_mesa_model():
    """If this failed, what is shown of a rare history would be another history."""
    climb = process(count=2)
    path = next(
        one for k in range(9) for one in split(climb, climbing.levels_of(climb), Plan(60), k).paths if len(one.legs) > 1
    )
    model = EscalationModel(climb.scenario, rng=9, collect="none")
    lineages = dict(path.legs)
    for step in range(climb.scenario.steps):
        if step in lineages:
            model.state.replication = paths.LINEAGE | lineages[step]
        model.step()
    log = np.zeros(5000, Event.dtype_)
    final = paths.replayed(climb.scenario, 9, path.legs, log)
    assert model.outcome.tobytes() == flat(np.array([final.outcome])).tobytes()
    assert model.events.tobytes() == log[: final.n_events].tobytes()


def test_lineages_are_no_replications():
    """If this failed, a path would repeat the luck of a plain run, and two estimates would not be independent."""
    climb = process()
    plain = sim.replicate(climb.scenario, replications=1, seed=9)
    with_legs = [flat(np.array([paths.replayed(climb.scenario, 9, [(0, k)]).outcome])) for k in (0, 0, 1)]
    assert with_legs[0].tobytes() == with_legs[1].tobytes() != with_legs[2].tobytes()
    assert plain[0].tobytes() not in {rows.tobytes() for rows in with_legs}


def test_threads_do_not_matter():
    """If this failed, an estimate could not be made again on another machine."""
    one, two = (split(process(threads=n), climbing.levels_of(process()), Plan(40), 2) for n in (1, 2))
    assert (one.chances, one.begun, one.rounds) == (two.chances, two.begun, two.rounds)
    assert [path.legs for path in one.paths] == [path.legs for path in two.paths]


def test_score_is_that_of_the_outcome():
    """If this failed, paths would be chosen by the bytes of another column."""
    for column, count in (("strike_ground_count", 3), ("attack_on_coalition_count", 1)):
        climb, rungs = process(column, count), climbing.rungs_of(column, count)

        def score(state, climb=climb, rungs=rungs):
            row = flat(np.array([state.outcome]))[0]
            height = sum(weight * min(int(row[name]), most) for name, weight, most in rungs)
            return climb.worth[min(height, climb.goal), state.step]

        found = climb.begun(range(100))
        assert len({path.score for path in found}) >= 2
        for path in found:
            scores = [mark.score for mark in path.marks]
            assert scores == [score(mark.state) for mark in path.marks] == sorted(set(scores))
            if path.score < climbing.GOAL:
                assert path.score >= score(paths.replayed(climb.scenario, 9, path.legs)), "time only takes away"


def test_the_score_is_the_chance_that_is_left():
    """If this failed, paths would be given up that had the better chance: many more would be needed.

    Steady rates: the Poisson chance of what is still missing.  Rates that differ from run to run, drawn here: the share
    of runs that come to the goal among those that stand at a height at half time.
    """
    steady = climbing.chance_left(5, 100, np.array([2, 4] * 128))
    for height, step in ((0, 0), (2, 50), (4, 99)):
        assert np.exp(steady[height, step]) == pytest.approx(
            stats.poisson.sf(4 - height, 3 * (1 - step / 100)), rel=1e-2
        )
    assert (steady[5] == climbing.GOAL).all()
    assert (np.diff(steady[:5], axis=1) <= 0).all()
    dice = np.random.default_rng(5)
    rates = dice.gamma(2.0, 2.0, 400_000)
    first, second = dice.poisson(rates / 2), dice.poisson(rates / 2)
    worth = np.exp(climbing.chance_left(9, 100, first + second))
    for height in (0, 2, 5):
        mine = second[first == height] >= 9 - height
        assert worth[height, 50] == pytest.approx(
            mine.mean(), abs=5 * np.sqrt(mine.mean() / len(mine)) + 0.01 * mine.mean()
        )
    with pytest.raises(BadInput, match="no count"):
        paths.word_of("closest_km")


def ask(out, *more, replications=100):
    """Give the command."""
    return main(["rare", SHORT, f"replications={replications}", "rare.paths=20", f"out={out}", *more])


def test_command_keeps_each_repetition(tmp_path, capsys):
    """If this failed, what was computed before an interruption would be computed again, or differently."""
    out, other = tmp_path / "one", tmp_path / "two"
    asked = ("outcome=strike_ground", "count=2", "rare.method=splitting")
    assert ask(out, *asked) == 0
    told = capsys.readouterr().out
    for words in ("adaptive multilevel splitting", "20 independent repetitions", "seed 0", "coarse model"):
        assert words in told
    (beside,) = tmp_path.glob("one-splitting-*")
    files = {file.name: file.read_bytes() for file in beside.glob("*.json")}
    assert len(files) == 21
    (beside / "repetition-007.json").unlink()
    before = (beside / "repetition-008.json").stat().st_mtime_ns
    assert ask(out, *asked) == 0
    assert (beside / "repetition-008.json").stat().st_mtime_ns == before
    assert ask(other, *asked, "threads=2") == 0
    (again,) = tmp_path.glob("two-splitting-*")
    for folder in (beside, again):
        assert {file.name: file.read_bytes() for file in folder.glob("*.json")} == files
    kept = [json.loads(data)["content"] for name, data in files.items() if name.startswith("rep")]
    assert any(path["legs"] for one in kept for path in one["paths"])


def test_damage_is_noticed(tmp_path, capsys):
    """If this failed, a changed number in a folder would be published."""
    asked = ("outcome=strike_ground", "count=2", "rare.method=splitting")
    assert ask(tmp_path / "one", *asked) == 0
    (beside,) = tmp_path.glob("one-splitting-*")
    file = beside / "repetition-003.json"
    file.write_text(file.read_text().replace('"rounds": ', '"rounds": 1'))
    assert ask(tmp_path / "one", *asked) == DamagedResults.exit_code
    assert "repetition-003.json" in capsys.readouterr().err


@pytest.mark.parametrize(("seen", "method"), [(3, "splitting"), (30, "plain"), (99, "plain")])
def test_splitting_is_for_what_is_rare(seen, method):
    """If this failed, splitting would be used where it gains nothing, or plain runs where it gains a hundredfold."""
    design = grid(["outcome=strike_ground", "count=9"])
    assert rare.chosen(design.base, rare.ask(design), probability(seen, 2000))[0] == method


@pytest.mark.parametrize(
    ("asked", "method"),
    [
        (("outcome=us_russia_air",), "conditional"),
        (("outcome=us_russia_air", "count=2"), "splitting"),
        (("outcome=strike_ground", "count=9"), "splitting"),
        (("outcome=killed_coalition", "count=2", "rare.method=plain"), "plain"),
    ],
)
def test_the_cheapest_method_is_chosen(asked, method):
    """If this failed, a minute's answer would take a day, or a day's answer would be of no use."""
    design = grid(list(asked))
    assert rare.chosen(design.base, rare.ask(design), probability(3, 2000))[0] == method


def test_many_events_need_no_method():
    """If this failed, splitting would be used where counting is as good."""
    design = grid(["outcome=strike_ground"])
    assert rare.chosen(design.base, rare.ask(design), probability(700, 2000))[0] == "plain"


@pytest.mark.parametrize(
    "asked",
    [
        ["outcome=strike_gound"],
        ["outcome=closest_km"],
        ["roe.zone_radius_km=20,40"],
        ["until.half_width=0.01"],
        ["shard=1/2"],
        ["outcome=strike_ground", "rare.method=conditional"],
        ["outcome=us_russia_air", "count=2", "rare.method=conditional"],
        ["rare.repetitions=19"],
        ["rare.paths=1"],
    ],
)
def test_bad_questions_are_refused(asked, tmp_path, monkeypatch, capsys):
    """If this failed, a question that means nothing would be answered all the same."""
    monkeypatch.chdir(tmp_path)
    assert main(["rare", *asked]) == BadInput.exit_code
    assert capsys.readouterr().err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def made(chances, paths_each=100):
    """Repetitions as if they had been computed."""
    return repetitions.Repetitions(None, Plan(paths_each), np.array(chances), 1000.0, [])


def test_what_is_not_carried_is_refused():
    """If this failed, four lucky repetitions of twenty would pass for an estimate."""
    few = made([[0.1, 1e-4 if k < 4 else 0.0] for k in range(20)])
    assert not few.carried()
    assert few.carried(0)
    assert few.bound == pytest.approx(0.1)
    assert few.enough > 100
    assert rare_page._bound(few, probability(0, 10)).startswith("bound: at most 0.1,")
    assert rare_page._bound(few, probability(0, 1000)) == "bound: at most 0.003, as plain runs say below"
    none = made([[0.0, 0.0]] * 20)
    assert (none.carried(), none.enough) == (False, None)
    assert rare_page._bound(none, probability(0, 1000)).endswith("as plain runs say below")
    good = made([[0.1, 1e-4 * (1 + 0.1 * (k % 3))] for k in range(20)])
    assert good.carried()
    values = good.chances[:, 1]
    assert good.estimate == student(values)
    p = values.mean()
    assert good.gain == pytest.approx(p * (1 - p) / (values.var(ddof=1) / 20 * 1000.0))


def test_page_says_so(tmp_path, capsys):
    """If this failed, a bound would be printed as an estimate."""
    assert ask(tmp_path / "one", "outcome=killed_coalition", "count=30", "rare.method=splitting") == 0
    told = capsys.readouterr().out
    assert "estimate: none" in told
    assert "would be enough" in told
    assert ask(tmp_path / "two", "outcome=us_russia_air", replications=2) == 0
    assert "estimate: none" in capsys.readouterr().out


def test_the_page_is_what_was_measured():
    """If this failed, docs/rare.md would tell other numbers than docs/rare.json, or promise more than was measured."""
    docs = pathlib.Path(__file__).parents[1] / "docs"
    found = json.loads((docs / "rare.json").read_text("utf-8"))
    assert rare_measured.page(found) == (docs / "rare.md").read_text("utf-8")
    chains = found["chain"]["chains"]
    rarest = min(chains, key=lambda one: one["splitting"]["estimate"])
    assert rarest["splitting"]["high"] <= 1e-5
    assert rarest["spread"] <= repetitions.MOST_SPREAD, "or the command itself would refuse it"
    assert min(rarest["gain_by_steps"][0], rarest["gain_by_seconds"][0]) >= 100
    assert all(abs(one["apart"]) < FAR for one in chains if one["apart"] is not None)


def test_gain_by_hand():
    """If this failed, "as good as so many plain runs" would be a number of its own making."""
    chances, work = np.array([1e-4, 3e-4]), np.array([100.0, 300.0])
    assert rare_measured.gain(chances, work) == pytest.approx(2e-4 * (1 - 2e-4) / (2e-8 * 200))
