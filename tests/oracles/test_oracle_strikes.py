"""Bombs, blood and what a column becomes: binomial hits, Poisson dead, shares by Polya's urn.

`test_rules_of_engagement.py` holds the means of a bomb load and the urn by itself against their forms; here
whole strikes and whole answers are carried out, and their whole distributions are compared.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.rules import engagement, response
from sim.rules.legs import set_leg
from sim.rules.names import Act, Kind, Posture, Rung
from tests.oracles.chances import FALSE_ALARM, RARE, fits, z_of_share
from tests.staging import acts_of, first_of, put_out, stage

pytestmark = [pytest.mark.interpreted, pytest.mark.boundscheck]

DESTROY, DAMAGE, KILLED, BREAK, MEN = 0.4, 0.3, 1.5, 0.3, 20
FLIGHT = 2


@pytest.mark.parametrize(("vehicles", "bombs"), [(12, 5), (3, 2)])
def test_a_strike_has_binomial_hits_and_poisson_dead(vehicles: int, bombs: int) -> None:
    """If this failed, strikes would be deadlier, or drive columns off more often, than bombs and break point say.

    A bomb puts an element out of use with d + (1 - d) m; n bombs kill Poisson(n k); who loses his break point's share
    of men withdraws.  Seen to fail with one draw for all bombs of a strike (0 for `k`, for hits and for dead), with
    `and` for `or` between destruction and damage, and with `>` for `>=` at the break point.
    """
    runs = 1200
    state, params, log = stage(
        f"engagement.destroy={DESTROY}", f"engagement.damage={DAMAGE}", f"engagement.killed_per_bomb={KILLED}",
        f"engagement.break_point={BREAK}", "engagement.bombs_on_column=5", "engagement.bombs_on_vehicles=2",
        "line.suspension_chance=0", "sensing.clears=0", "scenario.strike_flights=1",
    )  # fmt: skip
    i = first_of(state, Kind.MILITIA_CONVOY)
    unit, sent = put_out(state, i, -45.0, 0.0, Posture.MOVING), state.units[FLIGHT]
    hits, dead, driven_off, destroyed = np.zeros(bombs + 1, int), np.zeros(16, int), 0, 0
    for k in range(runs):
        state.step, state.now_min, state.n_events, state.outcome.vehicles_lost = k, 5.0, 0, 0
        unit.vehicles, unit.fighters, unit.posture = vehicles, MEN, int(Posture.MOVING)
        unit.flight, unit.ordered, unit.inside, unit.struck_min = FLIGHT, int(Rung.STRIKE), True, -1e12
        sent.posture, sent.task, sent.target = int(Posture.TASKED), int(Rung.STRIKE), i
        set_leg(state, FLIGHT, -45.0, 0.0, 0.0, 5.0)
        engagement.engagement(state, params, log)
        hits[vehicles - unit.vehicles] += 1
        destroyed += int(state.outcome.vehicles_lost)
        dead[min(15, MEN - unit.fighters)] += 1
        driven_off += Act.WITHDRAWS in acts_of(state, log)
    hit, law = DESTROY + (1.0 - DESTROY) * DAMAGE, stats.poisson(bombs * KILLED)
    assert fits(hits, stats.binom.pmf(range(bombs + 1), bombs, hit)) > RARE
    assert abs(z_of_share(destroyed, runs * bombs, DESTROY)) < FALSE_ALARM
    assert fits(dead, [*law.pmf(range(15)), law.sf(14)]) > RARE
    assert abs(z_of_share(driven_off, runs, law.sf(math.ceil(BREAK * MEN) - 1))) < FALSE_ALARM


def polya(n: int, mu: float, phi: float) -> list[float]:
    """Beta-binomial chances that 0 to n of n elements go on (Eggenberger and Polya 1923)."""
    return [float(p) for p in stats.betabinom.pmf(range(n + 1), n, mu * phi, (1.0 - mu) * phi)]


@pytest.mark.parametrize(("go_on", "phi"), [(0.35, 3.0), (0.7, 0.8)])
def test_a_signalled_column_goes_on_in_beta_binomial_numbers(go_on: float, phi: float) -> None:
    """If this failed, the lead would count twice, or not at all, in what its column does (P4: 23, 13, 5, 3).

    Lead and all others together are one urn, so that the number going on is beta-binomial; of those who stop, together
    or apart, as many go back as declared.  Seen to fail with the urn begun at mu phi whatever the lead chose, with the
    lead left out of `drawn`, and with a coin for `withdraw_share` in `go_apart`.
    """
    runs, n, back = 1500, 7, 0.3
    state, params, log = stage(
        f"responses.go_on={go_on}", f"responses.split_phi={phi}", "responses.fire=0", "responses.misread=0",
        f"responses.withdraw_share={back}", "responses.value_weight=0", "command.reinforce_chance=0",
        "scenario.militia_convoys=2", "scenario.strike_flights=0", "scenario.partner_patrols=0",
    )  # fmt: skip
    i = first_of(state, Kind.MILITIA_CONVOY)
    base_awake, counts, stopped, went_back = state.n_awake, np.zeros(n + 1, int), 0, 0
    for k in range(runs):
        state.step, state.n_awake, state.n_events = k, base_awake, 0
        state.units[i + 1].posture = int(Posture.RESTING)
        unit = put_out(state, i, -45.0, 0.0, Posture.MOVING)
        unit.vehicles, unit.fighters, unit.signal, unit.inside = n, 4 * n, int(Rung.SHOW_OF_FORCE), True
        response.response(state, params, log)
        parts = [state.units[j] for j in (i, i + 1) if state.units[j].posture != Posture.RESTING]
        assert sum(part.vehicles for part in parts) == n
        counts[sum(part.vehicles for part in parts if part.posture == Posture.MOVING)] += 1
        halted = [part for part in parts if part.posture != Posture.MOVING]
        stopped += len(halted)
        went_back += sum(part.posture == Posture.WITHDRAWING for part in halted)
    assert fits(counts, polya(n, go_on, phi)) > RARE
    assert abs(z_of_share(went_back, stopped, back)) < FALSE_ALARM
