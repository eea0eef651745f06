"""Who goes out against whom, how often, and whom the coalition can hold back (odd.md 7.2)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.rules import raids, roster
from sim.rules.draws import Clock
from sim.rules.names import Act, Kind, Mission, Posture, Principal
from tests.staging import acts_of, first_of, put_out, raider_of, send_home, stage

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6
ONCE = "scenario.horizon_days=1"


@pytest.mark.parametrize("step_min", [1, 5, 15])
def test_what_comes_at_a_rate_comes_as_a_poisson_process(step_min: int) -> None:
    """If this failed, raids, sorties and threats would come too often, too seldom, or in step with one another."""
    state, params, _ = stage(f"step_min={step_min}")
    state.budget[Clock.PATROL] = 1.0
    windows, looks, expected = 200, 80, 4.0
    per_day = expected / looks * 1440 / step_min
    counts = []
    for k in range(windows):
        came = 0
        for s in range(looks):
            state.step = k * looks + s
            came += roster.is_due(state, params, Clock.PATROL, per_day)
        counts.append(came)
    mean = sum(counts) / windows
    spread = sum((c - mean) ** 2 for c in counts) / (windows - 1)
    assert abs(mean - expected) < FALSE_ALARM * math.sqrt(expected / windows)
    # A Poisson count's variance is its mean; the variance of the estimate is (m + 2 m^2) / n.
    assert abs(spread - expected) < FALSE_ALARM * math.sqrt((expected + 2 * expected**2) / windows)


def test_a_clock_that_stands_still_never_rings_and_keeps_what_it_has() -> None:
    """If this failed, what is switched off would happen, or waiting would begin anew whenever a rate changes."""
    state, params, _ = stage()
    state.budget[Clock.DRONE] = 1.0
    assert not any(roster.is_due(state, params, Clock.DRONE, 0.0) for _ in range(1000))
    assert not roster.is_due(state, params, Clock.DRONE, 0.75 * 288)
    assert not any(roster.is_due(state, params, Clock.DRONE, 0.0) for _ in range(10))
    assert roster.is_due(state, params, Clock.DRONE, 0.5 * 288)
    assert state.hazard[Clock.DRONE] == pytest.approx(0.25)


def standing(*overrides: str, at: tuple[float, float] = (-45.0, 20.0)) -> tuple[Any, Any, Any, int]:
    """A militia convoy that stands near the ring, to be raided."""
    state, params, log = stage(ONCE, *overrides)
    i = first_of(state, Kind.MILITIA_CONVOY)
    put_out(state, i, *at)
    return state, params, log, i


@pytest.mark.parametrize(("leash", "goes"), [(0, True), (1, False)])
@pytest.mark.parametrize("side", [Principal.PARTNER, Principal.OPPOSITION])
def test_a_leash_that_always_holds_lets_nobody_go_and_one_that_never_does_everybody(
    side: Principal, leash: int, goes: bool
) -> None:
    """If this failed, partners on and off the leash would be the same scenario."""
    state, params, log, target = standing(f"leash.coalition_{side.name.lower()}={leash}")
    for k in range(40):
        state.step = k
        raids.plan_raid(state, params, log, side)
        i = raider_of(state, side)
        assert (state.units[i].posture == Posture.MOVING) == goes
        if goes:
            assert (state.units[i].mission, state.units[i].target) == (Mission.RAID, target)
            send_home(state, i)


def test_a_leash_holds_as_often_as_declared() -> None:
    """If this failed, Washington would hold its partner more or less often than the record suggests (S28, S54)."""
    state, params, log, _ = standing("leash.coalition_partner=0.7")
    i, went, runs = raider_of(state, Principal.PARTNER), 0, 2000
    for k in range(runs):
        state.step = k
        raids.plan_raid(state, params, log, Principal.PARTNER)
        if state.units[i].posture == Posture.MOVING:
            went += 1
            send_home(state, i)
    assert abs(went / runs - 0.3) < FALSE_ALARM * math.sqrt(0.3 * 0.7 / runs)


def test_a_raid_goes_to_the_nearest_unit_that_stands_within_reach() -> None:
    """If this failed, raiders would drive after moving columns, or across the desert."""
    state, params, log, near = standing(at=(-40.0, 0.0))
    far = near + 1
    put_out(state, far, -55.0, 0.0)
    assert raids.nearest_standing(state, 0.0, 0.0, 65.0) == near
    state.units[near].posture = int(Posture.MOVING)
    assert raids.nearest_standing(state, 0.0, 0.0, 65.0) == far
    state.units[far].enemy = 3
    assert raids.nearest_standing(state, 0.0, 0.0, 65.0) == -1
    state.units[far].enemy = -1
    assert raids.nearest_standing(state, 0.0, 0.0, 54.0) == -1
    raids.plan_raid(state, params, log, Principal.OPPOSITION)
    assert state.n_events in (0, 1)


@pytest.mark.parametrize(("isis", "side"), [(1, Principal.ISIS), (0, Principal.OPPOSITION)])
def test_a_third_party_is_isis_or_the_opposition(isis: int, side: Principal) -> None:
    """If this failed, it would be the partner who attacks when the record does not know who did (C10)."""
    state, params, log, target = standing(f"raids.third_party_isis={isis}")
    raids.third_party(state, params, log)
    i = raider_of(state, side)
    unit = state.units[i]
    assert acts_of(state, log) == [Act.LAUNCH]
    assert (unit.posture, unit.target) == (Posture.MOVING, target)
    if side == Principal.ISIS:
        assert (unit.base_x_km, unit.base_y_km) == (-36.0, 32.0)
        assert unit.fighters == params.scenario.isis_raiders


def test_a_third_party_attacks_only_in_or_near_the_ring() -> None:
    """If this failed, units at Zaza would be attacked on account of a zone they are far from."""
    state, params, log, target = standing(at=(-76.0, 0.0))
    raids.third_party(state, params, log)
    assert state.n_events == 0 or state.x_km[target] > -75.0
    assert state.n_events == 0


@pytest.mark.parametrize("on_patrol", [0, 1])
def test_isis_raids_the_garrison_or_a_patrol_that_is_out(on_patrol: int) -> None:
    """If this failed, C04 would be out of reach, or patrols safe from ISIS."""
    state, params, log = stage(ONCE, f"raids.isis_patrol_share={on_patrol}")
    raids.isis_raid(state, params, log)
    i = raider_of(state, Principal.ISIS)
    assert state.units[i].target == 0  # nobody is out
    send_home(state, i)
    patrol = raider_of(state, Principal.PARTNER)
    put_out(state, patrol, 0.0, 38.0)
    raids.isis_raid(state, params, log)
    assert state.units[i].target == (patrol if on_patrol else 0)


def test_a_garrison_that_is_lost_is_neither_raided_nor_sends_patrols() -> None:
    """If this failed, the war at the gate would go on after the garrison has fallen."""
    state, params, log = stage(ONCE, "raids.isis_patrol_share=0")
    state.garrison_lost = True
    raids.isis_raid(state, params, log)
    raids.send_patrol(state, params, log)
    put_out(state, first_of(state, Kind.MILITIA_CONVOY), -20.0, 0.0)
    params.world.coalition_leash[Principal.PARTNER] = 0.0
    raids.plan_raid(state, params, log, Principal.PARTNER)
    assert state.n_events == 0
    assert state.n_awake == len([u for u in state.units[: state.n_units] if u.posture != Posture.RESTING])


@pytest.mark.parametrize("advised", [0, 1])
def test_patrols_go_three_ways_with_advisers_as_declared(advised: int) -> None:
    """If this failed, patrols would not reach Zakf outside the ring, or advisers would be with all or none (S38)."""
    state, params, log = stage(ONCE, f"raids.advised={advised}")
    i, places = raider_of(state, Principal.PARTNER), set()
    for k in range(60):
        state.step = k
        raids.send_patrol(state, params, log)
        unit = state.units[i]
        assert unit.advised == bool(advised)
        assert unit.fighters == params.raids.raiders
        places.add(round(math.hypot(unit.leg_x1_km, unit.leg_y1_km)))
        send_home(state, i)
    assert places == {38, 50, 65}


def rate_of(clock: Clock, state: Any, params: Any, log: Any) -> float:
    """Events a day of one clock: the hazard that it gathers in one step."""
    before = state.hazard[clock]
    state.budget[clock] = 1e9
    raids.raids(state, params, log)
    return float((state.hazard[clock] - before) * 1440.0 / params.step_min)


@pytest.mark.parametrize(("stake", "per_day"), [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)])
def test_patrols_follow_what_the_garrison_is_worth(stake: float, per_day: float) -> None:
    """If this failed, the coalition's stake would be a number without effect (odd.md 7.1)."""
    state, params, log = stage(ONCE, f"environment.coalition_stake={stake}")
    assert rate_of(Clock.PATROL, state, params, log) == pytest.approx(per_day)


def test_support_emboldens_the_partner_only_under_entrapment() -> None:
    """If this failed, the theory of entrapment would be the default by another name (Snyder 1984)."""
    for theory, factor in (("mixed", 1.0), ("entrapment", 3.0)):
        state, params, log = stage(ONCE, f"theory={theory}")
        state.support = 2.0
        for clock in (Clock.PARTNER_RAID, Clock.OPPOSITION_RAID):
            assert rate_of(clock, state, params, log) == pytest.approx(0.055 * factor)


def test_each_clock_sends_its_own_raid() -> None:
    """If this failed, a clock would ring and nobody, or somebody else, would go."""
    sent = {
        Clock.PATROL: (Principal.PARTNER, Mission.PATROL),
        Clock.PARTNER_RAID: (Principal.PARTNER, Mission.RAID),
        Clock.OPPOSITION_RAID: (Principal.OPPOSITION, Mission.RAID),
        Clock.THIRD_PARTY: (Principal.ISIS, Mission.RAID),
        Clock.ISIS_RAID: (Principal.ISIS, Mission.RAID),
    }
    unheld = ("scenario.partner_control=0", "raids.third_party_isis=1")
    for clock, (side, mission) in sent.items():
        state, params, log, _ = standing(*unheld)
        for other in sent:
            state.budget[other] = 1e9
        state.budget[clock] = 0.0
        raids.raids(state, params, log)
        out = [u for u in state.units[: state.n_units] if roster.is_raider(u) and u.posture == Posture.MOVING]
        assert [(u.principal, u.mission) for u in out] == [(side, mission)]
