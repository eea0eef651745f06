"""A comparison: the difference of two arms with the same luck, and what parts two histories of one seed."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from scipy.stats import binom

import sim
from experiments.__main__ import main
from experiments.compare import draw
from sim import scenario
from sim.config.compose import compose
from sim.config.settings import put, value_of
from sim.rules.compiling import INTERPRETED
from sim.run.story import tell
from sim.study import compare, compare_page, twin
from sim.study.arms import arms
from sim.study.differences import Difference, interval, of_happening, pairs_wanted, runs_for_few, verdict
from sim.study.estimate import clopper_pearson

ASKED = ["scenario.horizon_days=3", "replications=60", "seed=5", "figures=false"]


# ---------------------------------------------------------------- the interval
@pytest.mark.parametrize("n", [100, 200, 2000])
def test_the_interval_holds_where_few_pairs_differ(n):
    """If this failed, "95 %" would be 86, and what matters would be said not to, where an arm only adds a cause.

    Only b has the outcome alone, in a share of pairs; coverage, and the error of two one-sided tests where the share is
    the margin, are binomial sums and not drawn: exact.
    """
    most = 120
    wide = np.array([interval(0, k, n, 0.95) for k in range(min(most, n))])
    inner = np.array([interval(0, k, n, 0.90) for k in range(min(most, n))])
    for share in np.linspace(0.1, 40, 200) / n:
        if share < 0.5:
            chances = binom.pmf(np.arange(len(wide)), n, share)
            assert chances[(wide[:, 0] <= share) & (share <= wide[:, 1])].sum() >= 0.95
            assert chances[(-share < inner[:, 0]) & (inner[:, 1] < share)].sum() <= 0.0501


def test_with_one_kind_of_pair_it_is_clopper_and_pearsons():
    """If this failed, a difference that is a chance would have another interval than that chance."""
    for events in (0, 1, 7, 60):
        low, high = clopper_pearson(np.asarray(events), np.asarray(100))
        assert interval(0, events, 100, 0.95)[1] == pytest.approx(float(high))
        assert interval(events, 0, 100, 0.95)[0] == pytest.approx(-float(high))
        assert interval(0, events, 100, 0.95)[0] <= float(low)


def test_a_difference_from_pairs():
    """If this failed, pairs would be taken for unpaired runs, or a for b."""
    a = np.repeat([True, True, False, False], [794, 150, 86, 570])
    b = np.repeat([True, False, True, False], [794, 150, 86, 570])
    found = of_happening(a, b)
    assert found.difference == pytest.approx(-0.04)
    assert found.events == (944, 880)
    assert found.differing == 236
    p, q, apart = 944 / 1600, 880 / 1600, 236 / 1600 - 0.04**2
    assert found.gain == pytest.approx((p * (1 - p) + q * (1 - q)) / apart)
    turned = of_happening(b, a)
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


@pytest.mark.parametrize(("p", "q", "shared"), [(0.5, 0.5, 0.9), (0.3, 0.2, 0.5), (0.02, 0.04, 0.0), (0.9, 0.95, 0.8)])
def test_the_interval_holds_the_truth(p, q, shared):
    """If this failed, differences that do not exist would be published.

    400 pairs, 4,000 times; fewer than 93.5 % hold it with a chance below 1e-6 where coverage is 95 %.
    """
    rng = np.random.default_rng(17)
    n, times, held = 400, 4000, 0
    u = rng.random((times, n))
    v = np.where(rng.random((times, n)) < shared, u, rng.random((times, n)))
    for a, b in zip(u < p, v < q, strict=True):
        low, high = interval(int((a & ~b).sum()), int((b & ~a).sum()), n, 0.95)
        held += low <= q - p <= high
    assert held / times > 0.935


def test_of_few_events_there_is_only_a_bound():
    """If this failed, two events against seven would be told as a difference."""
    a, b = np.arange(1000) < 4, np.arange(1000) >= 980
    found = of_happening(a, b)
    assert found.bound
    assert found.low < 0.016 < found.high
    assert verdict(found, 0.002).startswith("more in b")
    assert verdict(of_happening(a, ~a & (np.arange(1000) > 995)), 0.02) == "too few events; less than the margin"
    assert runs_for_few(found) == 1300, "1,250 for five, to two digits"
    assert runs_for_few(of_happening(a & False, b)) is None


def test_nothing_differs_where_nothing_varies():
    """If this failed, two equal arms would have no answer, or a division by zero."""
    same = np.arange(3000) % 2 == 0
    found = of_happening(same, same)
    assert (found.difference, found.differing) == (0, 0)
    assert np.isnan(found.gain)
    assert verdict(found, 0.02) == "no difference that matters"


def _found(difference: float, half: float, inner: float) -> Difference:
    within = (difference - inner, difference + inner)
    return Difference(
        100, (50, 50), (0.5, 0.5), difference, difference - half, difference + half, within, 1.0, 9, False
    )


@pytest.mark.parametrize(
    ("difference", "half", "inner", "said"),
    [
        (0.05, 0.02, 0.017, "more in b"),
        (-0.05, 0.02, 0.017, "less in b"),
        (0.010, 0.005, 0.004, "more in b, by less than the margin"),
        (0.001, 0.005, 0.004, "no difference that matters"),
        (0.010, 0.050, 0.040, "open; about 1,600 pairs"),
    ],
)
def test_what_may_be_said(difference, half, inner, said):
    """If this failed, a wide interval would be called equality, or a small difference none."""
    assert verdict(_found(difference, half, inner), 0.02) == said


def test_so_many_pairs_settle_it():
    """If this failed, somebody would pay for as many pairs as were said, and still not know."""
    rng = np.random.default_rng(3)
    a, b = rng.random(2000) < 0.30, rng.random(2000) < 0.31
    first = of_happening(a, b)
    assert verdict(first, 0.02).startswith("open")
    more = pairs_wanted(first, 0.02) // 2000 + 1
    again = of_happening(np.tile(a, more), np.tile(b, more))
    assert not verdict(again, 0.02).startswith("open")


# ---------------------------------------------------------------- the arms
def test_arms_are_the_same_question_twice():
    """If this failed, something else than what was named would differ between the arms."""
    design = arms([*ASKED, "roe=permissive", "a.roe.zone_radius_km=40", "b.roe=restrictive"])
    a, b = (point.config for point in design.points)
    assert (a.roe.name, a.roe.zone_radius_km, b.roe.name) == ("permissive", 40.0, "restrictive")
    assert b.roe.zone_radius_km == compose("roe=restrictive").roe.zone_radius_km
    assert (a.seed, a.scenario) == (b.seed, b.scenario)
    assert [list(point.labels) for point in design.points] == [["roe.zone_radius_km", "roe"]] * 2


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["a.roe=restrictive", "b.roe=restrictive"], "same settings"),
        ([], "has 1 point;"),
        (["roe.zone_radius_km=0,20,40"], "has 3 points"),
        (["a.roe=restrictive", "roe.zone_radius_km=0,20"], "has several values"),
        (["a.roe=restrictive", "experiment=line"], "axes of its own"),
        (["a.roe=nowhere"], "roe has no option"),
        (["a.rob=restrictive"], "no setting"),
        (["a.seed=1", "b.seed=2"], "seed is common to both arms"),
        (["a.most_events=9", "b.roe=restrictive"], "most_events is common to both arms"),
        (["until.half_width=0.1,0.2"], "until.half_width takes one value"),
        (["a.threads=1", "b.roe=restrictive"], "threads is common to both arms"),
        (["a.roe=restrictive", "common_seeds=false"], "no pairs to compare"),
        (["a.roe=restrictive,permissive"], "takes one value"),
        (["a.", "b.roe=restrictive"], "is not a setting"),
        (["a.until.half_width=0.1", "b.roe=restrictive"], "until.half_width is common to both arms"),
        (["b.roe=restrictive", "until.half_width=0.1"], "is for `tanf sweep`"),
        (["b.roe=restrictive", "twin=60"], "not among the replications 0 to 59"),
        (["a.roe=restrictive", "outcome=peace"], "outcome must be an outcome"),
        (["a.roe=restrictive", "margin=0"], "margin must be a number from 0.0001 to 0.5"),
    ],
)
def test_what_is_no_comparison_is_refused(asked, told, capsys, tmp_path):
    """If this failed, a slip would cost an hour, or be answered as another question."""
    assert main(["compare", *ASKED, *asked, f"out={tmp_path / 'a'}"]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- the twin
@pytest.mark.skipif(INTERPRETED, reason="a thousand runs twice; the compiled leg makes them")
def test_a_change_of_nothing_parts_no_history():
    """If this failed, settings that do not act would seem to, and a twin would show noise.

    Where there is no line, it is of no account how far clients listen to what is said over it.
    """
    asked = ("scenario=no_line", "scenario.horizon_days=2")
    a, b = (scenario.build(compose(*asked, f"line.dissuasion={share}")) for share in (0, 1))
    assert bytes(a.params) != bytes(b.params)
    for replication in range(1000):
        logs = [tell(one, seed=5, replication=replication, every_min=2880).events for one in (a, b)]
        assert twin.first_difference(*logs) is None


@pytest.mark.skipif(INTERPRETED, reason="needs compiled runs")
def test_a_comparison_of_nothing_says_so(tmp_path, capsys, monkeypatch):
    """If this failed, two arms that are the same world would be told a twin, as if their histories parted."""
    monkeypatch.chdir(tmp_path)
    asked = ["scenario=no_line", "scenario.horizon_days=2", "a.line.dissuasion=0", "b.line.dissuasion=1"]
    assert main(["compare", *asked, "replications=30", "out=same", "figures=false"]) == 0
    told = capsys.readouterr().out
    assert "No pair differs in any outcome, to the last bit." in told
    assert "The twin" not in told


def test_pairs_differ_but_for_their_point():
    """If this failed, the number of an arm would pass for a difference of its histories."""
    kind = [("point", "u4"), ("replication", "u4"), ("seen", "?"), ("when", "f8")]
    a = np.array([(0, k, False, np.nan) for k in range(3)], kind)
    b = np.array([(1, k, False, np.nan) for k in range(3)], kind)
    assert not compare.differing(a, b).any()
    b["when"][1] = 5.0
    assert compare.differing(a, b).tolist() == [False, True, False]
    assert (a["point"].tolist(), b["point"].tolist()) == ([0, 0, 0], [1, 1, 1])


def test_the_first_event_that_differs():
    """If this failed, two histories would be said to part where they do not."""
    log = tell(scenario.build(compose("scenario.horizon_days=3")), seed=1, every_min=1440).events
    assert len(log) > 3
    other = log.copy()
    other["value"][2] = 99
    assert twin.first_difference(log, other) == 2
    assert twin.first_difference(log[:3], log) == 3
    assert twin.first_difference(log[:0], log[:0]) is None


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """A comparison of two ladders, a week long."""
    asked = ["a.roe=baseline_2017", "b.roe=restrictive", "scenario.horizon_days=7", "replications=60", "seed=5"]
    path = tmp_path_factory.mktemp("compare") / "a"
    assert main(["compare", *asked, "figures=false", f"out={path}"]) == 0
    return compare.compared(arms(asked), sim.open(path))


@pytest.mark.skipif(INTERPRETED, reason="needs the runs of the compiled leg")
def test_the_setting_that_parts_the_histories_does_so_alone(compared):
    """If this failed, the wrong setting would be blamed for a clash."""
    found = compared.twin
    assert found.first is not None
    assert found.alone
    a, b = (point.config for point in compared.design.points)
    assert all(key in {name for name, *_ in found.settings} for key in found.alone)
    others = [key for key, *_ in found.settings if key not in found.alone]
    for key in others:  # all the others together part them elsewhere, or not at all
        put(a, key, value_of(b, key))
    log = tell(scenario.build(a), seed=5, replication=found.replication, every_min=1440).events
    assert twin.first_difference(log[: found.first + 1], found.stories[1].events[: found.first + 1]) is not None


@pytest.mark.skipif(INTERPRETED, reason="needs the runs of the compiled leg")
def test_the_table_counts_the_runs_of_the_folder(compared):
    """If this failed, the two arms would be mixed up, or pairs formed of different luck."""
    rows = compared.results.outcomes
    for name, found in compared.differences.items():
        there = [rows[rows["point"] == point][name] for point in (0, 1)]
        assert found.chances == (there[0].mean(), there[1].mean())
        assert found.differing == (there[0] != there[1]).sum()


@pytest.mark.skipif(INTERPRETED, reason="needs the runs of the compiled leg")
def test_arms_asked_the_other_way_round(compared):
    """If this failed, going on with a folder under swapped names would turn every sign."""
    asked = ["b.roe=baseline_2017", "a.roe=restrictive", "scenario.horizon_days=7", "replications=60", "seed=5"]
    turned = compare.compared(arms(asked), compared.results)
    for name, found in compared.differences.items():
        assert turned.differences[name].difference == -found.difference


@pytest.mark.skipif(INTERPRETED, reason="needs the runs of the compiled leg")
def test_the_page_says_where_histories_part(compared):
    """If this failed, a reader would have to find the first difference himself."""
    text = compare_page.render(compared)
    assert "60 pairs of runs of 7 days" in text
    assert f"replication {compared.twin.replication} in both arms" in text
    assert "enough for it by itself: roe." in text
    assert "sim/rules/" in text


@pytest.mark.skipif(INTERPRETED, reason="draws the runs of the compiled leg")
def test_a_picture_of_the_differences(compared, tmp_path):
    """If this failed, a comparison would have no figure for a paper."""
    draw(compared.design, compared.results, tmp_path)
    assert {file.suffix for file in tmp_path.iterdir()} == {".png", ".svg", ".csv", ".html"}
    with (tmp_path / "differences.csv").open(encoding="utf-8") as file:
        rows = {row["outcome"]: row for row in csv.DictReader(file)}
    for name, one in compared.differences.items():
        assert float(rows[name]["chance_b"]) == one.chances[1]
        assert rows[name]["difference"] == ("" if one.bound else str(one.difference)), "of few events only a bound"
