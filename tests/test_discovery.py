"""`tanf discover`: a box that is there is found, one that is not does not look like one, and every slip is told."""

from __future__ import annotations

import importlib.util

import fake_engine
import numpy as np
import pytest
from scipy.stats import beta, qmc

import sim
from experiments.__main__ import main
from sim.errors import BadInput
from sim.study import discovery, prim, runs
from sim.study.discovery import Sample, checked, chosen_of, counted
from sim.study.discovery_page import nowhere

needs_prim = pytest.mark.skipif(
    importlib.util.find_spec("ema_workbench") is None, reason="the extra `discover` is not installed"
)
RADIUS = "roe.zone_radius_km=interval(0,100)"
ASKED = [RADIUS, "line.dissuasion=interval(0,1)", "seed=3"]
SMALL = ["samples=64", "replications=20", "figures=false"]


@pytest.fixture
def engine(monkeypatch):
    """An engine in which the radius is the chance, and nothing else matters."""
    fake_engine.install(monkeypatch, runs_per_part=2000)
    return monkeypatch


def planted(points=600, replications=20, seed=1):
    """A chance of 0.85 where a > 0.6 and b < 0.5, of 0.1 elsewhere; c changes nothing."""
    unit = qmc.Sobol(3, seed=seed).random(points)
    p = np.where((unit[:, 0] > 0.6) & (unit[:, 1] < 0.5), 0.85, 0.1)
    events = np.random.default_rng(seed).binomial(replications, p)
    return Sample(dict(zip("abc", unit.T.tolist(), strict=True)), events, np.full(points, replications), 0.5)


# ---------------------------------------------------------------- the box
@needs_prim
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("seed", range(2))
def test_a_planted_box_is_found(seed):
    """If this failed, the limits that are printed would not be where the chance changes."""
    sample = planted(seed=seed)
    boxes = prim.trajectory(sample.columns, sample.interest)
    box = boxes[chosen_of(boxes, sample)]
    assert set(box.limits) == {"a", "b"}, "c changes nothing"
    assert box.limits["a"][0] == pytest.approx(0.6, abs=0.03)
    assert box.limits["b"][1] == pytest.approx(0.5, abs=0.03)
    assert box.quasi_p["a"][0] < 1e-6
    assert np.isnan(box.quasi_p["a"][1]), "that end is free"
    held = counted(box, sample)
    assert held.density[0] > 0.95
    assert held.coverage[0] > 0.95


@needs_prim
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_words_and_switches_may_be_limits():
    """If this failed, a rule of engagement could not be part of a box."""
    dice = np.random.default_rng(2)
    rules = dice.choice(["loose", "strict", "old"], 400).tolist()
    shown, other = (dice.random(400) < 0.5).tolist(), dice.random(400).tolist()
    interest = np.array([rule != "strict" and show for rule, show in zip(rules, shown, strict=True)])
    boxes = prim.trajectory({"roe": rules, "show": shown, "other": other}, interest)
    assert boxes[-1].limits == {"roe": frozenset({"loose", "old"}), "show": frozenset({True})}
    assert (boxes[-1].holds({"roe": rules, "show": shown, "other": other}, 400) == interest).all()


@needs_prim
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_box_of_nothing_is_found_out_on_other_points():
    """If this failed, a box that luck made would be told as if it were there."""
    found, told, excess = 0, 0, []
    for seed in range(12):
        dice = np.random.default_rng(seed)
        columns = {name: dice.random(200).tolist() for name in "abcd"}
        sample = Sample(columns, (dice.random(200) < 0.4) * 10, np.full(200, 10), 0.5)
        boxes = prim.trajectory(sample.columns, sample.interest)
        here, there = counted(boxes[-1], sample), checked(sample, seed)
        share = sample.interest.mean()
        found += here.density[1] > share  # the box that was peeled farthest
        told += there.density[1] > share
        excess.append(here.density[0] - there.density[0])
    assert np.mean(excess) > 0.05, "on the points it was found on a box of nothing looks like one"
    assert found >= 3
    assert told <= 2, "1 in 40 each, so that 3 of 12 come by luck once in 300 times"


def test_a_share_near_the_bound_is_not_told_for_certain():
    """If this failed, luck at a point would count as knowledge."""
    events, n = np.array([0, 5, 9, 10, 11, 15, 20]), np.full(7, 20)
    sample = Sample({"a": list(range(7))}, events, n, 0.5)
    assert sample.surely == pytest.approx(beta.sf(0.5, events + 0.5, n - events + 0.5), abs=1e-12)
    assert sample.told.tolist() == [True, True, False, False, False, True, True]
    assert sample.interest.tolist() == [False] * 4 + [True] * 3


def test_intervals_of_density_and_coverage_are_exact():
    """If this failed, a density of 4 of 4 points would be told as certainty."""
    held = discovery.Counted(4, 4, 8)
    assert held.density == pytest.approx((1.0, 0.397635, 1.0), abs=1e-6)
    assert held.coverage == pytest.approx((0.5, 0.157013, 0.842987), abs=1e-6)
    assert discovery.Counted(0, 0, 8).density[1:] == (0.0, 1.0)


@pytest.mark.parametrize(("events", "told"), [([0, 3], "nowhere"), ([20, 19], "everywhere")])
def test_a_bound_that_is_never_crossed_is_said_with_an_interval(events, told):
    """If this failed, "nowhere" would hide how few runs say so."""
    sample = Sample({"a": [0, 1]}, np.array(events), np.array([20, 20]), 0.5)
    sentence = nowhere(sample)
    assert sentence.startswith(f"P exceeds 0.5 {told} in this sample; ")
    assert {"nowhere": "largest 0.15 [0.02, 0.41]", "everywhere": "least 0.95 [0.72, 1.00]"}[told] in sentence


# ---------------------------------------------------------------- the command
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["bound=0"], "bound must be a number from 0.0001 to 0.9999 (probability)"),
        (["bound=1.5"], "bound must be a number from 0.0001 to 0.9999"),
        (["bound=half"], "bound must be a number"),
        (["outcome=peace"], "outcome must be an outcome"),
        (["method=sobol"], "`tanf discover` takes prim or map"),
        (["method=forest"], "method must be one of"),
        (["until.half_width=0.1"], "is for `tanf sweep`"),
        (["samples=39"], "39 points are too few to find a box in; give samples=40 or more"),
        (["margin=0.1"], "margin is read by `tanf compare` only"),
    ],
)
def test_what_is_no_discovery_is_refused(asked, told, capsys, tmp_path):
    """If this failed, a slip would cost an hour, or be answered as another question."""
    settled = {one.partition("=")[0] for one in asked}
    rest = [one for one in [*ASKED, *SMALL] if one.partition("=")[0] not in settled]
    assert main(["discover", *rest, *asked, f"out={tmp_path / 'a'}"]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", ["sensitivity", "plan"])
def test_other_commands_refuse_its_methods(verb, capsys):
    """If this failed, a sensitivity analysis would be made by a method that makes none."""
    assert main([verb, *ASKED, "method=prim", "samples=64", "replications=8"]) == 2
    assert "method=prim is for `tanf discover`" in capsys.readouterr().err
    assert main(["sweep", *ASKED, "bound=0.5"]) == 2
    assert "bound is read by `tanf discover` only" in capsys.readouterr().err


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch, capsys, tmp_path):
    """If this failed, somebody would wait for the runs and then read a traceback."""
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ema_workbench" else there(name))
    assert main(["discover", *ASKED, *SMALL, f"out={tmp_path / 'a'}"]) == 2
    error = capsys.readouterr().err
    assert "pip install 'tanf-escalation[discover]'" in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@needs_prim
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_discovery_is_a_folder_that_goes_on_and_is_checked(engine, tmp_path, capsys):
    """If this failed, a discovery could be neither resumed nor checked, or would find another box than is there."""
    path = tmp_path / "a"
    words = ["discover", *ASKED, "samples=128", "replications=20", "bound=0.5", f"out={path}"]
    assert main(words) == 0
    out = capsys.readouterr().out
    row = next(line for line in out.splitlines() if line.strip().startswith("roe.zone_radius_km (km)"))
    assert "at least " in row
    assert float(row.split("at least ")[1].split()[0]) == pytest.approx(50, abs=6)
    assert next(line for line in out.splitlines() if "line.dissuasion" in line).split()[-1] == "any"
    for told in ("density", "coverage", "not found on", "for certain", "seed 3", "coarse model"):
        assert told in " ".join(out.split())
    figures = {file.name for file in (path / "figures").iterdir()}
    assert {"prim-strike_ground.png", "prim-strike_ground.svg", "prim-strike_ground.csv", "report.html"} <= figures
    assert "The box, limited inputs first" in (path / "figures" / "report.html").read_text()
    assert main(["check", str(path)]) == 0

    def refusing(*_, **__):
        raise AssertionError("nothing is missing")

    engine.setattr(runs.batch, "replicate", refusing)
    before = (path / "figures" / "prim-strike_ground.csv").read_bytes()
    assert main(words) == 0
    assert "done already" in capsys.readouterr().out
    assert (path / "figures" / "prim-strike_ground.csv").read_bytes() == before
    assert main(["discover", str(path), "bound=0.8", "figures=false"]) == 0
    assert "exceeds 80 %" in capsys.readouterr().out
    assert main(["discover", str(path), "seed=4"]) == 2
    assert "seed is not set here" in capsys.readouterr().err
    assert main(["discover", str(path), "method=map"]) == 2
    assert "chooses points of its own" in capsys.readouterr().err


@needs_prim
def test_points_have_luck_of_their_own(engine, tmp_path):
    """If this failed, the errors of all points would be one, and the intervals of density too narrow."""
    path = tmp_path / "a"
    assert main(["discover", *ASKED, *SMALL, f"out={path}"]) == 0
    assert sim.open(path).settings["common_seeds"] is False


@needs_prim
@pytest.mark.parametrize(("reach", "bound", "told"), [("0,30", 0.9, "nowhere"), ("80,100", 0.1, "everywhere")])
def test_a_bound_out_of_reach_is_an_answer(engine, tmp_path, capsys, reach, bound, told):
    """If this failed, "it never happens" would look like a mistake of the user."""
    words = [f"roe.zone_radius_km=interval({reach})", "line.dissuasion=interval(0,1)", f"bound={bound}"]
    assert main(["discover", *words, *SMALL, f"out={tmp_path / 'a'}"]) == 0
    assert f"P exceeds {bound} {told} in this sample; " in capsys.readouterr().out


@needs_prim
def test_a_handful_of_cases_is_refused_with_what_would_help(engine, tmp_path, capsys):
    """If this failed, a box would be drawn round two points."""
    words = ["roe.zone_radius_km=interval(0,41)", "line.dissuasion=interval(0,1)", "bound=0.65", "seed=3", *SMALL]
    design = discovery.grid([*words, "common_seeds=false", "method=prim"])
    assert 0 < sum(fake_share(point) > 0.65 for point in design.points) < 5, "the case is as it should be"
    assert main(["discover", *words, f"out={tmp_path / 'a'}"]) == 2
    error = capsys.readouterr().err
    assert "a box needs 5 at which it does" in error
    assert "stays in" in error
    with pytest.raises(BadInput):
        discovery.refuse_too_few_points(3)


def fake_share(point):
    """The share of strikes that the stand-in gives a point."""
    return fake_engine.replicate(point.config, replications=20, seed=point.seed)["strike_ground"].mean()
