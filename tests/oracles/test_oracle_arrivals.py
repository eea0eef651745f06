"""Poisson processes: missions, their thinning, competing clocks, and patrols that find every row taken.

`test_raids.py` holds a single clock against the mean and the variance of a Poisson count, and
`test_rules.py` the declared rates.  Here whole runs of the model are held against what follows from them.
"""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest
from scipy import stats

import sim
from sim.rules import ends
from sim.rules import step as rule_book
from sim.rules.compiling import INTERPRETED
from sim.rules.names import Act, Kind, Mission, Principal
from sim.rules.tables import Event
from sim.run.batch import seeded
from tests.oracles.chances import FALSE_ALARM, RARE, fits, live, rows_of, z_of_mean, z_of_share
from tests.staging import stage

pytestmark = pytest.mark.skipif(INTERPRETED, reason="a year of missions wants compiled rules")

DAYS, PER_DAY, PROBES, MISTAKEN = 300, 12.0, 0.7, 0.1
# Militia alone, at one rate: probes, which come back, and positions that are given up within hours.  Nobody flies and
# nobody calls, so that whoever is seen is only looked at.
ONLY_MISSIONS = (
    "scenario=quiet", "theory=null", "step_min=3", f"scenario.horizon_days={DAYS}", "scenario.ground_activity=4",
    "command.militia_per_day=3", "command.regime_per_day=0", "command.hezbollah_per_day=0",
    "environment.corridor_floor=1", "command.patron_weight=0", "scenario.bypass_known=false",
    f"command.probe_share={PROBES}", f"command.fortify_share={1 - PROBES}", "command.push_share=0",
    "scenario.militia_convoys=36", "command.massing_hours=0.1", "command.look_hours=0.1", "command.dig_hours=1",
    "command.hold_days=0.5", "command.moving_share=1", "scenario.strike_flights=0", "scenario.partner_patrols=0",
    "scenario.hezbollah_teams=0", "scenario.hezbollah_drones=0", "scenario.line_exists=false", "theory.beta_fear=0",
    f"sensing.misidentified={MISTAKEN}", "sensing.hazard_per_min=1",
    "sensing.misidentified_tension=0", "sensing.misidentified_line=1",
    "theory.constant_threats_per_day=0", "theory.constant_attacks_per_day=0",
)  # fmt: skip


@functools.cache
def long_run() -> np.ndarray:
    """The log of one long run of missions."""
    scenario = sim.load(*ONLY_MISSIONS)
    state, log = seeded(scenario.state, 1, 0), np.zeros(60_000, Event.dtype_)
    rule_book.run(state, scenario.params, log, scenario.steps)
    assert state.outcome.rows_lacking == 0
    assert state.n_events < len(log)
    return log[: state.n_events]


def minutes_of(mission: Mission | None) -> np.ndarray:
    """When missions set out, of one kind or of any."""
    log = long_run()
    wanted = log["act"] == Act.LAUNCH
    if mission is not None:
        wanted &= log["value"] == float(mission)
    return log["minute"][wanted]


@pytest.mark.parametrize(("mission", "share"), [(None, 1.0), (Mission.PROBE, PROBES), (Mission.FORTIFY, 1.0 - PROBES)])
def test_missions_are_a_poisson_process_and_so_is_each_kind_of_them(mission: Mission | None, share: float) -> None:
    """If this failed, missions would come bunched or like clockwork, or their kinds would take turns.

    Counts of windows have Poisson chances, gaps are exponential (Kolmogorov and Smirnov), and the windows are
    independent of their neighbours.  Seen to fail with budgets that are always 1 (`is_due`), and with the weight of
    probes given to fortifications (`pick_mission`).
    """
    minutes, rate = minutes_of(mission), PER_DAY * share / 1440.0
    n, expected = len(minutes), rate * 1440.0 * DAYS
    assert abs(n - expected) < FALSE_ALARM * math.sqrt(expected)
    window = 240.0
    counts = np.bincount((minutes // window).astype(int), minlength=round(DAYS * 1440.0 / window))
    mean = rate * window
    chances = stats.poisson.pmf(np.arange(20), mean)
    assert fits(np.bincount(np.minimum(counts, 20), minlength=21), [*chances, 1.0 - chances.sum()]) > RARE
    gaps = np.diff(minutes)[: round(0.9 * expected)]  # a fixed number of them: none is cut off by the horizon
    grid = rate * 3.0  # a launch is dated by the end of its step
    assert stats.kstest(gaps, stats.expon(scale=1.0 / rate).cdf).statistic < 2.7 / math.sqrt(len(gaps)) + grid
    neighbours = np.corrcoef(counts[:-1], counts[1:])[0, 1]
    assert abs(neighbours) < FALSE_ALARM / math.sqrt(len(counts))


def test_kinds_of_mission_do_not_wait_for_one_another() -> None:
    """If this failed, a probe would tell when the next position is dug: its kinds come independently.

    Seen to fail with a mission chosen by the number of launches, three in ten, in place of `choice`.
    """
    windows = [
        np.bincount((minutes_of(mission) // 360.0).astype(int), minlength=DAYS * 4)
        for mission in (Mission.PROBE, Mission.FORTIFY)
    ]
    assert abs(np.corrcoef(*windows)[0, 1]) < FALSE_ALARM / math.sqrt(DAYS * 4)


def test_mistakes_are_a_thinning_of_those_who_are_seen() -> None:
    """If this failed, misidentification would strike more often than its share, twice the same group, or in runs.

    Every group is identified once; whom it is taken for is a fair coin.  Seen to fail with `identify` called at every
    new track, and with everybody taken for Hezbollah.
    """
    log = long_run()
    mistakes = log[log["act"] == Act.MISTAKEN]
    groups = len(who_was_seen(log))
    assert 0.99 * len(minutes_of(None)) < groups <= len(minutes_of(None))  # hardly anybody comes and goes unseen
    assert abs(z_of_share(len(mistakes), groups, MISTAKEN)) < FALSE_ALARM
    taken = {int(p): int((mistakes["value"] == p).sum()) for p in (Principal.ISIS, Principal.HEZBOLLAH)}
    assert sum(taken.values()) == len(mistakes)
    assert abs(z_of_share(taken[int(Principal.ISIS)], len(mistakes), 0.5)) < FALSE_ALARM
    gaps = np.diff(mistakes["minute"])
    mean = 1440.0 / (PER_DAY * MISTAKEN)
    assert stats.kstest(gaps, stats.expon(scale=mean).cdf).pvalue > RARE


def who_was_seen(log: np.ndarray) -> set[tuple[int, int]]:
    """The groups that were detected: the row, and how often it had set out by then."""
    launches: dict[int, int] = {}
    seen = set()
    for act, row in zip(log["act"].tolist(), log["actor"].tolist(), strict=True):
        if act == Act.LAUNCH:
            launches[row] = launches.get(row, 0) + 1
        elif act == Act.DETECTION:
            seen.add((row, launches[row]))
    return seen


def test_of_competing_clocks_each_rings_first_in_proportion_to_its_rate() -> None:
    """If this failed, whoever stands first in the order of sides would be first in the desert.

    P(k first) = l_k / sum l in continuous time.  Within a step sides go in order, which lifts the first by a known
    share: P(k first) = prod_{j<k} q_j (1 - q_k) / (1 - prod q), q = exp(-l dt); at 15 minutes and these rates by
    0.018 and less.  Seen to fail with the sides in reverse order (`range` in `command`).
    """
    rates = np.array([4.4, 12.0, 1.44]) / 1440.0
    kept = [line for line in ONLY_MISSIONS if not any(name in line for name in ("_per_day", "step_min", "teams"))]
    state, params, log = stage(
        *(line for line in kept if "columns" not in line), "step_min=15",
        "command.regime_per_day=1.1", "command.militia_per_day=3", "command.hezbollah_per_day=0.36",
        "scenario.hezbollah_teams=1", "scenario.regime_columns=1",
    )  # fmt: skip
    start, runs, steps = state.copy(), 6000, 30
    first, when = np.zeros(3, int), []
    for k in range(runs):
        fresh = start.copy()
        fresh.replication = k
        rule_book.run(fresh, params, log, steps)
        if fresh.n_events > 0 and log[0].act == Act.LAUNCH:
            first[fresh.units[log[0].actor].principal - Principal.REGIME] += 1
            when.append(round(log[0].minute / 15.0))
    stays = np.exp(-15.0 * rates)
    exact = np.cumprod([1.0, *stays[:2]]) * (1.0 - stays) / (1.0 - stays.prod())
    assert 0.005 < np.abs(exact - rates / rates.sum()).max() < 0.05
    assert fits(first, exact) > RARE
    gone = stays.prod()
    by_step = np.array([(1.0 - gone) * gone**k for k in range(steps)])
    counts = np.bincount(np.array(when) - 1, minlength=steps)
    assert fits([*counts, runs - len(when)], [*by_step, gone**steps]) > RARE


def test_patrols_find_rows_taken_as_often_as_erlang_says() -> None:
    """If this failed, patrols would be out longer, or oftener, than rate and stay say, or queue for a row.

    Patrols come as a Poisson process, stay out for a time of any distribution, and are lost where no row is at rest:
    Erlang's loss system, whose chances depend on the mean stay alone (Erlang 1917), P(n) ~ rho^n / n!.  Seen to
    fail with `patrol_hours` counted twice (`stay_min`).
    """
    rows, per_day, runs, days = 3, 6.0, 1500, 3
    state, params, log = stage(
        "scenario=quiet", f"scenario.partner_patrols={rows}", "scenario.strike_flights=0", "step_min=5",
        "command.patrols_per_day=3", "scenario.patrol_activity=2", "environment.coalition_stake=0.5",
        "command.patrol_hours=3", "movement.patrol_km_h=40",
    )  # fmt: skip
    way_km = (38.0 * math.hypot(0.93, 0.37) + 50.0 + 65.0 * math.hypot(0.90, 0.44)) / 3.0
    out_h = 2.0 * way_km / 40.0 + 3.0 + 0.5 * 5.0 / 60.0  # the end of a journey is noticed at the end of its step
    terms = np.array([(per_day * out_h / 24.0) ** n / math.factorial(n) for n in range(rows + 1)])
    start, patrols, out, lost = state.copy(), rows_of(state, [Kind.PARTNER_PATROL]), np.zeros(rows + 1, int), []
    for k in range(runs):
        fresh = start.copy()
        fresh.replication = k
        ends.begin(fresh, params)
        live(fresh, params, log, 1440.0 * days)
        out[sum(fresh.units[i].posture != 0 for i in patrols if fresh.units[i].principal == Principal.PARTNER)] += 1
        fresh.outcome.rows_lacking = 0
        live(fresh, params, log, 1440.0)
        lost.append(fresh.outcome.rows_lacking)
    chances = terms / terms.sum()
    assert fits(out, chances) > RARE
    assert abs(z_of_mean(lost, per_day * chances[rows])) < FALSE_ALARM
