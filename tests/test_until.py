"""A sweep that goes on until an outcome is known closely enough."""

from __future__ import annotations

import fake_engine
import numpy as np
import pytest

from experiments.__main__ import main
from sim import results
from sim.study import runs, until
from sim.study.confidence_sequence import interval, intervals
from tests.reliability.sweeping import sha256

ASKED = ["roe.zone_radius_km=5,40", "replications=50", "seed=11", "figures=false"]


@pytest.fixture
def engine(monkeypatch):
    """A stand-in whose P(ground strike) is the radius over 100 km, in small parts."""
    fake_engine.install(monkeypatch)
    return monkeypatch


def sweep(path, *more):
    """Give the command; its exit code."""
    return main(["sweep", *ASKED, *more, f"out={path}"])


def test_it_stops_at_the_first_look_that_is_close_enough(engine, tmp_path, capsys):
    """If this failed, a sweep would be paid for beyond what was wanted, or end before it is known."""
    assert sweep(tmp_path / "a", "until.half_width=0.12") == 0
    found = results.open(tmp_path / "a")
    numbers = list(until.looks(50, 100_000))
    stopped = found.replications
    assert stopped in numbers
    rows = found.outcomes
    for number in numbers[: numbers.index(stopped) + 1]:
        seen = [rows[(rows["point"] == k) & (rows["replication"] < number)]["strike_ground"] for k in (0, 1)]
        edges = [interval(int(events.sum()), len(events)) for events in seen]
        shares = [events.mean() for events in seen]
        widest = max(max(high - p, p - low) for p, (low, high) in zip(shares, edges, strict=True))
        assert (widest <= 0.12) == (number == stopped)
    told = capsys.readouterr().out
    assert f"ended at {stopped:,} replications: strike_ground is known within" in told
    assert "as asked (+-12 points)" in told


def test_where_it_stops_is_only_a_matter_of_outcomes(engine, tmp_path):
    """If this failed, threads or a broken-off night would change how many runs there are."""
    for name, more in (("one", ["threads=1"]), ("two", ["threads=2"]), ("broken", ["until.most_replications=70"])):
        assert sweep(tmp_path / name, "until.half_width=0.12", *more) == 0
    assert sweep(tmp_path / "broken", "until.half_width=0.12") == 0
    assert len({sha256(tmp_path / name) for name in ("one", "two", "broken")}) == 1


def test_it_holds_what_a_sweep_of_as_many_runs_holds(engine, tmp_path):
    """If this failed, stopping early would leave another folder behind than asking for so many runs."""
    assert sweep(tmp_path / "a", "until.half_width=0.12") == 0
    stopped = results.open(tmp_path / "a").replications
    asked = [word for word in ASKED if not word.startswith("replications")]
    assert main(["sweep", *asked, f"replications={stopped}", f"out={tmp_path / 'b'}"]) == 0
    assert sha256(tmp_path / "a") == sha256(tmp_path / "b")


def test_it_gives_up_at_the_most(engine, tmp_path, capsys):
    """If this failed, a question that is too fine would never end."""
    assert sweep(tmp_path / "a", "until.half_width=0.001", "until.most_replications=130") == 0
    assert results.open(tmp_path / "a").replications == 130
    assert "would take more than until.most_replications=130" in capsys.readouterr().out


def test_what_was_never_seen_is_not_told_as_known(engine, tmp_path, capsys):
    """If this failed, zero events would pass for an estimate that is close enough."""
    asked = ["roe.zone_radius_km=0", "replications=50", "figures=false", "until.half_width=0.1"]
    assert main(["sweep", *asked, f"out={tmp_path / 'a'}"]) == 0
    assert "never seen, so all that is known is how likely it can be at most" in capsys.readouterr().out


def test_a_folder_says_which_command_tells_its_answer(engine, tmp_path, capsys):
    """If this failed, who resumes a sweep that was to go on until something is known would think it answered."""
    assert sweep(tmp_path / "a", "until.half_width=0.1") == 0
    capsys.readouterr()
    assert main(["status", str(tmp_path / "a")]) == 0
    told = capsys.readouterr().out
    assert "command   tanf sweep" in told
    assert "until.half_width=0.1" in told.splitlines()[-1]
    assert main(["resume", str(tmp_path / "a"), "figures=false"]) == 0
    assert "its answer is told by the command that asked: tanf sweep" in " ".join(capsys.readouterr().err.split())


def test_failed_runs_are_no_runs(engine, tmp_path):
    """If this failed, runs that crashed would count as quiet ones, and an interval be too narrow."""

    def failing(scenario, *, replications, first=0, **others):
        if first <= 7 < first + replications:
            raise IndexError("no")
        return fake_engine.replicate(scenario, replications=replications, first=first, **others)

    engine.setattr(runs.batch, "replicate", failing)
    assert sweep(tmp_path / "a", "until.half_width=0.1") == 3
    found = results.open(tmp_path / "a")
    look = until.look_at(found, "strike_ground")
    assert (look.runs == found.replications - 1).all()
    assert look.events[1] == found.outcomes[found.outcomes["point"] == 1]["strike_ground"].sum()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["until.half_width=0"], "until.half_width must be a number from 0.0001 to 0.5"),
        (["until.half_width=0.1", "until.outcome=peace"], "until.outcome must be an outcome"),
        (["until.half_width=0.1", "shard=1/2"], "do not go together"),
        (["until.outcome=serious_episode"], "add until.half_width=0.01"),
        (["until.half_width=0.1", "until.most_replications=5"], "is fewer than the"),
        (["until.half_with=0.1"], "did you mean until.half_width"),
    ],
)
def test_what_cannot_be_waited_for_is_refused(engine, tmp_path, capsys, more, told):
    """If this failed, a slip would let a sweep run on without end."""
    assert sweep(tmp_path / "a", *more) == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("p", "half_width"), [(1e-3, 0.002), (1e-2, 0.005), (0.1, 0.02), (0.5, 0.03)])
def test_the_interval_holds_where_the_outcome_chose_to_stop(p, half_width):
    """If this failed, stopping when it looks good would fool its user.

    2,000 sweeps each stop by the rule.  Were the true coverage 95 %, fewer than 92.5 % would hold p with a chance
    below 1e-6 (binomial); it is well above.
    """
    rng, times = np.random.default_rng(29), 2000
    numbers = np.array(list(until.looks(200, 60_000)))
    events = np.cumsum(rng.binomial(np.diff(numbers, prepend=0), p, (times, len(numbers))), axis=1)
    low, high = intervals(events, np.broadcast_to(numbers, events.shape))
    share = events / numbers
    close = np.maximum(high - share, share - low) <= half_width
    stop = np.where(close.any(axis=1), close.argmax(axis=1), len(numbers) - 1)
    held = (low <= p) & (p <= high)
    assert held[np.arange(times), stop].sum() >= 1900
    assert held.all(axis=1).sum() >= 1900, "and at all looks together"
