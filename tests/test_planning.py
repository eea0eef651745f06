"""Planned before it is paid for: what a plan says is true, writes nothing, and a sweep stops where it was told to."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time

import fake_engine
import numpy as np
import pytest
from scipy import stats

from experiments.__main__ import main
from sim import results
from sim.errors import BadInput
from sim.results.parts import rows_of
from sim.run.columns import COLUMNS
from sim.study import estimate, precision, room, runs, summary, sweep, watching
from sim.study.confidence_sequence import holds, interval
from sim.study.designs import grid
from sim.study.paired import pairs_of
from sim.study.pilot import spread

ASKED = ["roe.zone_radius_km=0,20,80", "seed=7", "replications=40", "figures=false"]


@pytest.fixture
def engine(monkeypatch):
    """The stand-in for the engine."""
    fake_engine.install(monkeypatch)
    return monkeypatch


def failing(numbers):
    """An engine in which these replications fail, as a log that is too short does, wherever they are run."""

    def replicate(scenario, *, replications, seed=0, first=0, threads=None):
        if any(k in numbers for k in range(first, first + replications)):
            raise IndexError("the log is full")
        return fake_engine.replicate(scenario, replications=replications, seed=seed, first=first)

    return replicate


# ---------------------------------------------------------------- the confidence sequence
@pytest.mark.parametrize("p", [0.02, 0.3])
def test_the_truth_is_inside_at_every_look(p):
    """If this failed, a sweep watched for an hour would show an interval that has left the truth behind.

    400 studies of 2,000 runs, a look after every 20: at most 5 % may ever miss; seen by chance in more than 11 %
    with a probability below 1e-6.
    """
    seen = np.random.default_rng(3).random((400, 2000)) < p
    events, n = seen.reshape(400, 100, 20).sum(axis=2).cumsum(axis=1), 20 * np.arange(1, 101)
    missed = (~holds(events, n, p)).any(axis=1).sum()
    assert stats.binom.sf(44, 400, 0.05) < 1e-6
    assert missed <= 44
    low, high = estimate.clopper_pearson(events, n)
    assert ((p < low) | (high < p)).any(axis=1).sum() > 44, "an interval for one look does not do this"


@pytest.mark.parametrize(("events", "n"), [(0, 3), (1, 40), (30, 100), (99, 100), (7, 7)])
def test_the_interval_is_where_the_ratio_is_small(events, n):
    """If this failed, the interval that is shown would not be the one that was tested."""
    low, high = interval(events, n)
    p = np.linspace(0, 1, 2001)
    assert (holds(events, n, p[1:-1]) == ((low < p) & (p < high))[1:-1]).all()


def test_an_interval_for_one_look_would_not_do():
    """If this failed, the sequence would be wider than it need be, or the test above could not fail."""
    low, high = interval(30, 100)
    one_low, one_high = estimate.clopper_pearson(np.asarray(30), np.asarray(100))
    assert low < one_low < 0.3 < one_high < high
    assert interval(0, 0) == (0.0, 1.0)
    assert interval(0, 50)[0] == 0.0
    assert interval(50, 50)[1] == 1.0
    with pytest.raises(ValueError, match="3 events of 2 runs"):
        interval(3, 2)


# ---------------------------------------------------------------- what runs can show
@pytest.mark.parametrize(("p", "n"), list(itertools.product((0.001, 0.1, 0.5), (10, 1000))))
def test_widths_to_expect(p, n):
    """If this failed, a researcher would buy too few runs, or far too many."""
    k = np.arange(n + 1)
    lows, highs = estimate.clopper_pearson(k, np.asarray(n))
    low, high, half = precision.expected_interval(p, n)
    assert half == pytest.approx((stats.binom.pmf(k, n, p) * (highs - lows) / 2).sum(), rel=1e-6)
    assert (low, high) == (lows[round(n * p)], highs[round(n * p)])
    assert precision.chance_of_none(p, n) == pytest.approx(stats.binom.pmf(0, n, p))


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_the_smallest_difference_is_seen_as_often_as_promised(correlation):
    """If this failed, a comparison would be planned that cannot find what it looks for.  80 % of 4,000 studies, and
    4 % beyond: five standard errors of the simulation are 3.2 %.
    """
    p, n = 0.2, 600
    q = p + precision.smallest_difference(p, n, correlation)
    both = p * q + correlation * np.sqrt(p * (1 - p) * q * (1 - q))
    cells = np.random.default_rng(1).multinomial(n, [both, p - both, q - both, 1 - p - q + both], size=4000)
    fell, rose = cells[:, 1], cells[:, 2]
    found = np.abs(rose - fell) / np.sqrt(np.maximum(rose + fell, 1)) > stats.norm.ppf(0.975)
    assert found.mean() == pytest.approx(precision.POWER, abs=0.04)


def test_too_few_pairs_show_nothing():
    """If this failed, a plan of three runs would promise to see differences."""
    assert precision.smallest_difference(0.5, 3) is None
    assert precision.smallest_difference(0.1, 10_000, 0.5) < precision.smallest_difference(0.1, 10_000)


def test_correlation_of_pairs_is_not_that_of_the_points():
    """If this failed, points that differ would be taken for luck that is shared."""
    chance = np.random.default_rng(2)
    apart = (chance.random((4000, 2)) < [0.2, 0.8]).astype(float)
    alike = (chance.random((4000, 1)) < [0.3, 0.3]).astype(float)
    well = np.ones((4000, 2), bool)
    assert abs(pairs_of(apart, well).correlation) < 0.1
    assert pairs_of(alike, well).correlation == pytest.approx(1.0)
    assert pairs_of(alike[:10], well[:10]).correlation is None


@pytest.mark.parametrize("points", [1, 9, 60, 61, 1000, 100_000])
def test_the_pilot_is_spread_over_the_design(points):
    """If this failed, the dear end of a design would be paid for without having been asked."""
    chosen = spread(points)
    assert chosen == sorted(set(chosen))
    assert chosen[0] >= 0
    assert chosen[-1] < points
    assert len(chosen) >= min(points, 59)
    assert max(np.diff([-1, *chosen, points])) <= 2 * points / 60 + 1


# ---------------------------------------------------------------- the command
def test_plan_tells_and_writes_nothing(engine, tmp_path, monkeypatch, capsys):
    """If this failed, asking what a sweep costs would itself leave something behind, or not say what was asked for."""
    monkeypatch.chdir(tmp_path)
    assert main(["plan", *ASKED]) == 0
    told = capsys.readouterr().out
    for part in ("3 points x 40 replications = 120 runs", "time ", "memory ", "disk ", "pilot ", "0.001", "96 %"):
        assert part in told
    assert list(tmp_path.iterdir()) == []


def test_a_plan_without_a_fixed_number_says_so(engine, capsys):
    """If this failed, the plan of the first look would be taken for that of all."""
    assert main(["plan", *ASKED, "until.half_width=0.01", "until.most_replications=5000"]) == 0
    assert "that is the first look; it may go on to 5,000 replications" in capsys.readouterr().out


def test_plan_counts_what_is_there(engine, tmp_path, capsys):
    """If this failed, the price of going on would be told as that of beginning anew."""
    out = f"out={tmp_path / 'a'}"
    assert main(["sweep", *ASKED, out]) == 0
    assert main(["plan", *[one.replace("=40", "=100") for one in ASKED], out]) == 0
    assert "holds 120 runs of this question; 180 are still to be computed" in capsys.readouterr().out
    assert main(["plan", "roe.zone_radius_km=0,20", "seed=8", out]) == 2, "another question"


@pytest.mark.parametrize("verb", ["plan", "sweep"])
def test_an_outcome_that_there_is_not(engine, tmp_path, capsys, verb):
    """If this failed, a misspelt outcome would be found out after the runs, or not at all."""
    assert main([verb, *ASKED, "watch=strike_grund", f"out={tmp_path / 'a'}"]) == 2
    assert "did you mean strike_ground?" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


# ---------------------------------------------------------------- room
def test_no_room_is_said_before_the_start(engine, tmp_path, capsys):
    """If this failed, a sweep would fill the disk and end in an error hours later."""
    engine.setattr(room.os, "statvfs", lambda _: os.statvfs_result((4096, 4096, 100, 10, 10, 9, 9, 9, 0, 255)))
    assert main(["sweep", *ASKED, f"out={tmp_path / 'a'}"]) == 4
    told = capsys.readouterr().err
    assert "the disk has 41 kB free" in told
    assert "out=FOLDER" in told
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- failures
def test_failed_runs_cost_their_rows_and_no_other(engine, tmp_path):
    """If this failed, one bad run would change, or cost, its neighbours."""
    assert main(["sweep", *ASKED, f"out={tmp_path / 'good'}"]) == 0
    engine.setattr(runs.batch, "replicate", failing({3, 17, 30}))
    assert main(["sweep", *ASKED, "max_failures=9", f"out={tmp_path / 'bad'}"]) == 3
    good, bad = (results.open(tmp_path / name) for name in ("good", "bad"))
    kept = good.outcomes[~np.isin(good.outcomes["replication"], [3, 17, 30])]
    assert kept.tobytes() == bad.outcomes.tobytes()
    assert [(one["point"], one["replication"]) for one in bad.failures] == [
        (p, k) for k in (3, 17, 30) for p in range(3)
    ]
    assert len((tmp_path / "bad" / "failures.jsonl").read_text().splitlines()) == 9


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("max_failures=2", "3 runs failed, among them 0:3 (IndexError: the log is full), "),
        ("fail_fast=true", "run 0:3 (IndexError: the log is full) failed and fail_fast=true"),
    ],
)
def test_stopped_by_failures_keeps_what_is_finished(engine, tmp_path, capsys, setting, told):
    """If this failed, a broken question would burn a night of computing, or a few bad runs cost the good ones."""
    out = f"out={tmp_path / 'a'}"
    engine.setattr(runs.batch, "replicate", failing({3}))
    assert main(["sweep", *ASKED, setting, out]) == 3
    assert told in capsys.readouterr().err
    engine.setattr(runs.batch, "replicate", failing({37}))
    assert main(["sweep", *ASKED, setting, out]) == 3
    assert results.open(tmp_path / "a", partial=True).runs == 105, "five parts were finished before replication 37"
    assert main(["sweep", *ASKED, out]) == 3
    assert len(results.open(tmp_path / "a").failures) == 3


def test_a_ledger_of_an_endless_number(engine):
    """If this failed, a run with an infinite outcome would not count as failed."""
    watch = watching.Watch(grid([*ASKED, "max_failures=0"]))
    rows = fake_engine.replicate(grid(ASKED).points[1].config, replications=5)
    rows[runs.FLOATS[0]][2] = np.inf
    with pytest.raises(watching.FailedRuns, match="1:12"):
        watch.see(1, 10, rows, runs.status_of(rows, 1000))


# ---------------------------------------------------------------- while it runs
def test_the_watched_estimate_is_that_of_the_runs(engine):
    """If this failed, what a researcher sees while waiting would be about other runs than those of the answer."""
    watch = watching.Watch(grid(ASKED))
    engine_of = runs.Runs(grid(ASKED), watch.see)
    rows, _ = engine_of.part(range(40), lambda _: None)
    assert watch.runs == 40
    assert watch.events == rows["strike_ground"][:, watch.point].sum()
    assert watch.told().startswith(f"strike_ground {100 * watch.events / 40:.1f} % [")
    assert "of 40 runs at roe.zone_radius_km=80" in watch.told(), "nearest to the 55 km of 2017"
    with pytest.raises(BadInput, match="did you mean intercept"):
        watching.watched("intercepted")


def test_the_watched_estimate_goes_on_where_it_was(engine, tmp_path):
    """If this failed, who goes on with a sweep would see an estimate of a few runs and take it for that of all."""
    made: list[watching.Watch] = []
    engine.setattr(sweep, "Watch", lambda *given: made.append(watching.Watch(*given)) or made[-1])
    assert main(["sweep", *ASKED, f"out={tmp_path / 'a'}"]) == 0
    more = [word if not word.startswith("replications") else "replications=90" for word in ASKED]
    assert main(["sweep", *more, f"out={tmp_path / 'a'}"]) == 0
    found = results.open(tmp_path / "a").outcomes
    mine = found[found["point"] == made[-1].point]
    assert [watch.runs for watch in made] == [40, 90]
    assert made[-1].events == mine["strike_ground"].sum()


def test_order_of_chunks_changes_nothing(engine):
    """If this failed, results would hang on which thread was free first."""
    straight = runs.Runs(grid(ASKED)).part(range(40), lambda _: None)
    turned = runs.Runs(grid(ASKED), order=lambda chunks: chunks[::-1])
    turned.chunk = 7
    assert straight[0].tobytes() == turned.part(range(40), lambda _: None)[0].tobytes()


# ---------------------------------------------------------------- the summary
def test_summary_part_by_part_is_that_of_all_runs(engine, tmp_path):
    """If this failed, a summary made in little memory would be another one than that of the runs."""
    assert main(["sweep", *ASKED, f"out={tmp_path / 'a'}"]) == 0
    found = results.open(tmp_path / "a")
    assert len(found.manifest["parts"]) > 1
    everything = rows_of(list(found.batches()))
    for row in summary.summarise(found):
        values = everything[row["outcome"]][everything["point"] == row["point"]]
        kind = COLUMNS[row["outcome"]]
        told = estimate.probability(int(values.sum()), len(values)) if kind is bool else estimate.mean(values)
        for name, value in told._asdict().items():
            assert row[name] == (value if isinstance(value, str) else pytest.approx(value, rel=1e-12, nan_ok=True)), row


# ---------------------------------------------------------------- signals
STUCK = """
import os, signal, time
from experiments.watchdog import watchdog
signal.signal(signal.SIGTERM, lambda *_: time.sleep(60))  # a step that cannot be broken off
with watchdog({patience}):
    os.kill(os.getpid(), signal.SIGTERM)
"""


@pytest.mark.parametrize(("patience", "again", "told"), [(0.2, False, True), (60, True, False)])
def test_a_step_that_cannot_be_broken_off_is(patience, again, told):
    """If this failed, Ctrl-C during a long compilation would be ignored until somebody takes kill -9."""
    words = [sys.executable, "-c", STUCK.format(patience=patience)]
    with subprocess.Popen(words, stderr=subprocess.PIPE) as process:
        if again:
            time.sleep(2)
            process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 128 + signal.SIGTERM
        assert (b"the same command goes on" in process.stderr.read()) == told
