"""Fights as Lanchester (1916) has them: exact chances of small ones, exact moments of large ones.

`test_combat.py` holds the losses of a step and the mean of a fight against the closed form.  Here whole fights
are fought to the end, and their chances come from an exact Markov chain of the same step, whose limit of small
steps is the dynamic programme of the square law; large fights keep the square law's invariant, and massed ones
the linear law.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.rules import combat
from sim.rules.names import Kind, Mission, Posture, Principal
from tests.oracles.chances import FALSE_ALARM, RARE, fits, z_of_mean
from tests.staging import first_of, put_out, raider_of, set_fighting, stage

pytestmark = pytest.mark.boundscheck  # thousands of fights: compiled only

COVER = 2.0


def fight(kills_per_h: float, step_min: int, front: int = 200) -> tuple[Any, Any, Any, int, int]:
    """An opposition group and a column within reach of each other, and nobody else."""
    state, params, log = stage(
        "scenario=quiet", f"step_min={step_min}", f"raids.kills_per_h={kills_per_h}", f"raids.front={front}",
        f"raids.cover={COVER}", "scenario.strike_flights=0", "scenario.partner_patrols=0", "scenario.militia_convoys=1",
    )  # fmt: skip
    i, j = raider_of(state, Principal.OPPOSITION), first_of(state, Kind.MILITIA_CONVOY)
    for row, x in ((i, -60.0), (j, -61.0)):
        put_out(state, row, x, 0.0)
    return state, params, log, i, j


def to_the_end(state: Any, params: Any, log: Any, rows: tuple[int, int], men: tuple[int, int]) -> tuple[int, int, int]:
    """Men left on both sides, and steps, of a fight to the last man."""
    i, j = rows
    set_fighting(state, i, j, men)
    state.units[i].breaks_at = state.units[j].breaks_at = 0
    steps = 0
    while state.units[i].enemy == j:
        state.step += 1
        steps += 1
        combat.exchange_fire(state, params, log, i)
    return int(state.units[i].fighters), int(state.units[j].fighters), steps


def chain(men: tuple[int, int], rate: float) -> tuple[np.ndarray, float]:
    """Exact chances of (men left, men left) at the end of a fight in steps, and its mean length in steps.

    From (m, k) both sides lose a Poisson number, of means rate k and rate m / COVER, cut off at what there is.
    """

    def losses(there: int, mean: float) -> np.ndarray:
        chances = stats.poisson.pmf(np.arange(there + 1), mean)
        chances[there] = stats.poisson.sf(there - 1, mean)
        return chances[::-1]  # by men left

    now, end, length = np.zeros((men[0] + 1, men[1] + 1)), np.zeros((men[0] + 1, men[1] + 1)), 0.0
    now[men] = 1.0
    for m in range(men[0], 0, -1):  # every state is left for a smaller one, or stays: a geometric number of steps
        for k in range(men[1], 0, -1):
            to = np.outer(losses(m, rate * k), losses(k, rate * m / COVER))
            stays = to[m, k]
            visits = now[m, k] / (1.0 - stays)
            length += visits
            to[m, k] = 0.0
            now[: m + 1, : k + 1] += visits * to
    end[0, :], end[:, 0] = now[0, :], now[:, 0]
    return end, length


@functools.cache
def square_law(m: int, k: int) -> float:
    """P(the attacker wins) in continuous time: (a m P(m, k - 1) + b k P(m - 1, k)) / (a m + b k), a = b / COVER."""
    if m == 0 or k == 0:
        return float(k == 0)
    ours, theirs = m / COVER, float(k)
    return (ours * square_law(m, k - 1) + theirs * square_law(m - 1, k)) / (ours + theirs)


def test_the_chain_of_steps_tends_to_the_square_law() -> None:
    """If this failed, the oracle below would be wrong: its limit of small steps is known by dynamic programming.

    The chance that both sides fall in one step, and the bias on who wins, shrink in proportion to the step.
    """
    exact, bias = square_law(14, 10), []
    for rate in (0.04, 0.02, 0.01):
        end, _ = chain((14, 10), rate)
        assert end.sum() == pytest.approx(1.0, abs=1e-12)
        bias.append(end[1:, 0].sum() + 0.5 * end[0, 0] - exact)
    assert abs(bias[2]) < 0.6 * abs(bias[1]) < 0.6 * 0.6 * abs(bias[0])
    assert abs(bias[2]) < 2e-3


@pytest.mark.parametrize(("kills_per_h", "step_min", "men"), [(1.0, 15, (14, 10)), (1.0, 3, (7, 6))])
def test_small_fights_end_as_their_markov_chain_says(kills_per_h: float, step_min: int, men: tuple[int, int]) -> None:
    """If this failed, small raids would be won by the wrong side, or take too long: numbers count twice, cover once.

    Who is left and with how many men, and the mean length, against the exact chain of the same step; at 3 minutes
    within 0.01 of the square law's dynamic programme.  Seen to fail with cover given to the attacker too, and with the
    attacker firing with those whom the defender has left.
    """
    runs, rate = 1000, kills_per_h * step_min / 60.0
    state, params, log, i, j = fight(kills_per_h, step_min)
    end, length = chain(men, rate)
    left, steps = np.zeros(end.shape, int), []
    start = [state.awake[k] for k in range(state.n_awake)]
    for _ in range(runs):
        state.n_awake = len(start)
        for k, row in enumerate(start):
            state.awake[k] = row
        for row in (i, j):
            state.units[row].posture = int(Posture.HELD)
        m, k, n = to_the_end(state, params, log, (i, j), men)
        left[m, k] += 1
        steps.append(n)
    assert fits(left.ravel(), end.ravel()) > RARE
    assert abs(z_of_mean(steps, length)) < FALSE_ALARM
    if step_min == 3:
        assert end[1:, 0].sum() == pytest.approx(square_law(*men), abs=0.01)


def test_large_fights_keep_the_invariant_of_the_square_law() -> None:
    """If this failed, twice the men would not be worth four times as much (Lanchester 1916).

    x^2 - c y^2 is kept in the mean field; in steps of Poisson losses its expectation follows, exactly,
    I' = I (1 - r^2 / c) + r y - r x, with x' = x - r y and y' = y - r x / c.  Seen to fail with cover squared, and
    with the attacker firing with those whom the defender has left.
    """
    runs, steps, start, rate = 250, 3, (190, 150), 1.0 * 15.0 / 60.0
    state, params, log, i, j = fight(1.0, 15)
    x, y = float(start[0]), float(start[1])
    invariant = x * x - COVER * y * y
    for _ in range(steps):
        invariant = invariant * (1.0 - rate * rate / COVER) + rate * y - rate * x
        x, y = x - rate * y, y - rate * x / COVER
    got = []
    for run in range(runs):
        set_fighting(state, i, j, start)
        for k in range(steps):
            state.step = 1000 * (run + 1) + k
            combat.exchange_fire(state, params, log, i)
        got.append((float(state.units[i].fighters), float(state.units[j].fighters)))
    left = np.array(got)
    assert abs(z_of_mean(left[:, 0] ** 2 - COVER * left[:, 1] ** 2, invariant)) < FALSE_ALARM
    assert abs(z_of_mean(left[:, 0], x)) < FALSE_ALARM
    assert abs(z_of_mean(left[:, 1], y)) < FALSE_ALARM


def test_massed_sides_lose_by_the_linear_law() -> None:
    """If this failed, men who cannot fire for want of room would fire all the same.

    Beyond `front` losses do not depend on numbers: Poisson, of mean r F n against the attacker and r F n / c against
    the defender.  Seen to fail with `min` left out for one side.
    """
    runs, steps, front, rate = 600, 4, 10, 0.6 * 5.0 / 60.0
    state, params, log, i, j = fight(0.6, 5, front)
    lost = np.zeros((2, runs), int)
    for run in range(runs):
        set_fighting(state, i, j, (150, 90), Mission.RAID)
        for k in range(steps):
            state.step = 1000 * (run + 1) + k
            combat.exchange_fire(state, params, log, i)
        lost[:, run] = 150 - state.units[i].fighters, 90 - state.units[j].fighters
    for sample, mean in ((lost[0], rate * front * steps), (lost[1], rate * front * steps / COVER)):
        law = stats.poisson(mean)
        counts = np.bincount(np.minimum(sample, 9), minlength=10)
        assert fits(counts, [*law.pmf(range(9)), law.sf(8)]) > RARE
        assert mean == pytest.approx(math.fsum(k * law.pmf(k) for k in range(60)), rel=1e-9)
