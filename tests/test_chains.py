"""Chains of acts to force, counted in logs written by hand; and the interval of their chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta

from sim.rules.names import Act
from sim.rules.tables import Event
from sim.study.chains import Paths, chains, clustered, is_force, joined, most_frequent

CONVOY, DRONE, FLIGHT, GARRISON = 5, 6, 1, 0
KINDS = ["garrison", "strike_flight", "surveillance_orbit", "strike_flight", "partner_patrol", "militia_convoy",
         "pro_regime_drone"]  # fmt: skip
MILITIA, CIVILIANS = 6, 9  # dyads with the coalition
LOG = [  # act, actor, dyad, cause
    (Act.LAUNCH, CONVOY, -1, -1),  # 0
    (Act.DETECTION, CONVOY, -1, 0),  # 1: passed over
    (Act.LINE_CALL, GARRISON, MILITIA, 1),  # 2
    (Act.LINE_CALL, GARRISON, MILITIA, 2),  # 3: repeats at once
    (Act.ENTRY, CONVOY, -1, 3),  # 4
    (Act.STRIKE, FLIGHT, MILITIA, 4),  # 5: force
    (Act.STATEMENT, GARRISON, -1, 5),  # 6
    (Act.STRIKE, FLIGHT, MILITIA, 5),  # 7: a second bomb
    (Act.WITHDRAWS, CONVOY, -1, 7),  # 8
    (Act.LAUNCH, DRONE, -1, 7),  # 9
    (Act.DRONE_ATTACK, DRONE, MILITIA, 9),  # 10: force
    (Act.LAUNCH, CONVOY, -1, -1),  # 11
    (Act.LINE_CALL, GARRISON, MILITIA, 11),  # 12
    (Act.HALTS, CONVOY, -1, 12),  # 13
    (Act.STRIKE, FLIGHT, CIVILIANS, -1),  # 14: a mistake, no clash
]
SETS_OUT = "launch militia_convoy"
TO_STRIKE = (SETS_OUT, "line_call", "entry", "strike")
TO_DRONE = ("after strike", "launch pro_regime_drone", "drone_attack")


def log(lines=LOG):
    """A log of these lines, a minute apart."""
    events = np.zeros(len(lines), Event.dtype_)
    for number, (act, actor, dyad, cause) in enumerate(lines):
        events[number]["minute"], events[number]["act"] = number, act
        events[number]["actor"], events[number]["dyad"], events[number]["cause"] = actor, dyad, cause
    return events


def test_chains_are_those_counted_by_hand():
    """If this failed, the figure would show chains of acts that did not happen, or miss some that did."""
    came, forced, ends = chains(log(), KINDS)
    assert ends == {TO_STRIKE: 1, TO_DRONE: 1}
    assert {path: (n, forced[path]) for path, n in came.items()} == {
        (SETS_OUT,): (2, 1),
        (SETS_OUT, "line_call"): (2, 1),
        (SETS_OUT, "line_call", "entry"): (1, 1),
        (SETS_OUT, "line_call", "halts"): (1, 0),
        ("after strike",): (1, 1),
        ("after strike", "statement"): (1, 0),
        ("after strike", "withdraws"): (1, 0),
        ("after strike", "launch pro_regime_drone"): (1, 1),
        ("after drone_attack",): (1, 0),
        ("strike",): (1, 0),
    }


def test_a_second_bomb_is_no_new_use_of_force():
    """If this failed, one drone with four weapons would count as four chains of escalation."""
    whole = log()
    assert is_force(whole).sum() == 3
    assert is_force(joined(whole)).sum() == 2
    assert (joined(whole)["cause"] < np.arange(len(whole) - 1)).all()


def test_runs_add_up():
    """If this failed, the chance of force from a step on would be that of some runs only."""
    paths = Paths()
    for lines in (LOG, LOG[11:14], LOG):
        events = log(lines)
        if lines is not LOG:
            events["cause"] = [-1, 0, 1]
        paths.add(events, KINDS)
    assert (paths.runs, paths.forced) == (3, 4)
    assert paths.sums[(SETS_OUT,)].tolist() == [5, 2, 9, 4, 2, 3]
    share, low, high = paths.chance((SETS_OUT,))
    assert share == pytest.approx(0.4)
    assert low < share < high
    assert most_frequent(paths.ends, 1) == [TO_DRONE]  # as frequent as the other, and shorter
    assert most_frequent(paths.ends, 2, longest=3) == [TO_DRONE]
    assert paths.chance((SETS_OUT, "line_call", "halts"))[2] == pytest.approx(0.7076, abs=1e-4)  # none of 3 runs


def test_the_interval_holds_though_chains_of_a_run_share_its_luck():
    """If this failed, the brackets behind a per cent in the figure would promise more than the runs can tell."""
    rng, held, studies, truth = np.random.default_rng(5), 0, 1500, 0.3
    for _ in range(studies):
        n = rng.poisson(6, 120)
        k = rng.binomial(n, rng.beta(3 * truth, 3 * (1 - truth), 120))
        sums = np.array([n.sum(), k.sum(), (n * n).sum(), (n * k).sum(), (k * k).sum(), (n > 0).sum()], float)
        _, low, high = clustered(sums, len(n))
        held += low <= truth <= high
    assert 0.935 <= held / studies <= 0.98


def test_independent_chains_get_the_exact_interval():
    """If this failed, runs with one chain each would be told less, or more, than they are."""
    n, k = np.ones(50), np.array([1.0] * 20 + [0.0] * 30)
    sums = np.array([n.sum(), k.sum(), (n * n).sum(), (n * k).sum(), (k * k).sum(), 50])
    of_49 = 0.4, beta.ppf(0.025, 19.6, 30.4), beta.ppf(0.975, 20.6, 29.4)  # by the sample variance
    assert clustered(sums, 50) == pytest.approx(of_49)
