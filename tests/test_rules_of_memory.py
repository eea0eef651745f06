"""What is remembered, believed and decided under each theory (odd.md 4, 7.6, 7.12)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.rules import acts, command, contact, engagement, environment, escalation, keys, roe, step
from sim.rules.draws import Clock
from sim.rules.names import Act, Kind, Mission, Posture, Principal, Response, Rung
from sim.rules.response import lead_choice
from tests.staging import acts_of, first_of, put_out, raider_of, stage

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6
SIDES = range(Principal.RUSSIA, Principal.ISIS)
NO_WARNING = ("roe.line_call=false", "roe.show_of_force=false", "roe.warning_shots=false")


def test_own_dead_halve_the_threshold_for_seven_days() -> None:
    """If this failed, the coalition would not be readier to strike after losses, or would be so for ever."""
    state, params, log = stage("roe.hardening=0.5", "roe.hardening_days=7")
    i = first_of(state, Kind.REGIME_COLUMN)
    put_out(state, i, -45.0, 0.0).inside = True
    state.units[i].tanks = 1
    assert not keys.key_turns(state, params, i)  # 0.68 points
    acts.bury(state, Principal.COALITION, 1, 0.0, -1, False)
    state.last_loss_event = 0
    for day, turned in ((0.0, True), (6.99, True), (7.01, False)):
        state.now_min = 1440.0 * day
        roe.harden(state, params, log)
        assert (state.hardened, keys.key_turns(state, params, i)) == (turned, turned)
    assert acts_of(state, log) == [Act.HARDENED]


def test_credibility_is_a_belief_reckoned_by_hand() -> None:
    """If this failed, the theory of credibility would compute something else than it says (Beta-Bernoulli)."""
    state, params, _ = stage("theory=credibility", "theory.belief_prior=2", "theory.beta_belief=4")
    assert acts.dread(state, params, Principal.MILITIA) == pytest.approx(0.0)
    state.principals[Principal.MILITIA].struck_belief, state.tolerated_belief = 3.0, 0.5
    assert acts.dread(state, params, Principal.MILITIA) == pytest.approx(4 * ((1 + 3) / (2 + 3 + 0.5) - 0.5))
    state.principals[Principal.MILITIA].fear = 9.0  # takes no part
    assert acts.dread(state, params, Principal.MILITIA) == pytest.approx(4 * (4 / 5.5 - 0.5))
    assert acts.dread(state, params, Principal.REGIME) == pytest.approx(4 * (1 / 2.5 - 0.5))


def test_strikes_feed_the_belief_tolerated_presence_starves_it_and_both_fade() -> None:
    """If this failed, a threat that is never carried out would stay as credible as one that is."""
    state, params, log = stage("theory=credibility", "theory.fear_half_life_days=7", "scenario.ground_activity=0")
    acts.suffer(state, params, Principal.MILITIA, 7, 0)
    for _ in range(288):
        roe.tolerate(state, params, log, 0)
    assert state.principals[Principal.MILITIA].struck_belief == 1.0
    assert state.tolerated_belief == pytest.approx(1.0)
    for _ in range(7 * 288):
        environment.environment(state, params, log)
    assert state.principals[Principal.MILITIA].struck_belief == pytest.approx(0.5)
    assert state.tolerated_belief == pytest.approx(0.5)


@pytest.mark.parametrize("theory", ["null", "accident"])
def test_without_memory_nothing_is_felt_or_remembered(theory: str) -> None:
    """If this failed, the bar that every mechanism must beat would have the mechanism in it."""
    state, params, log = stage(f"theory={theory}", "scenario=after_8_june", "raids.blame=1")
    i, j = first_of(state, Kind.MILITIA_CONVOY), raider_of(state, Principal.OPPOSITION)
    put_out(state, i, -45.0, 0.0).fighters = 500
    put_out(state, j, -45.0, 2.0).mission = int(Mission.RAID)
    state.units[i].inside = state.units[j].inside = True
    contact.begin(state, params, log, j, i)
    state.units[i].signals = 0b1110
    state.units[i].help_until_min = 1e9
    engagement.strike(state, params, log, (2, i), 0.0)
    roe.tolerate(state, params, log, i)
    assert [float(state.principals[p].fear) for p in SIDES] == [0.0] * 5
    assert [float(state.principals[p].anger) for p in SIDES] == [0.0] * 5
    assert [float(state.principals[p].struck_belief) for p in SIDES] == [0.0] * 5
    assert state.support == state.defiance == state.tolerated_belief == 0.0
    before = command.missions_per_day(state, params, Principal.MILITIA)
    state.principals[Principal.MILITIA].helped_until_min = 1e9
    assert command.missions_per_day(state, params, Principal.MILITIA) == before


def test_null_has_constant_threats_and_attacks_whatever_happened() -> None:
    """If this failed, `null` would not be independent constant hazards (odd.md 4)."""
    state, params, log = stage("theory=null")
    rates = []
    for anger in (0.0, 50.0):
        state.principals[Principal.HEZBOLLAH].anger = anger
        before = state.hazard[Clock.THREAT]
        escalation.warn_in_public(state, params, log)
        rates.append((escalation.retaliations_per_day(state, params), state.hazard[Clock.THREAT] - before))
    assert rates == [pytest.approx((0.04, 0.05 / 288))] * 2


def test_strikes_before_the_start_are_remembered_by_hand() -> None:
    """If this failed, the evening of 8 June would begin with the wrong memory (odd.md 5)."""
    state, _, _ = stage("scenario.strikes_before_days=21/2.5/0.5", "theory=mixed")
    fear = sum(0.5 ** (age / 7.0) for age in (21, 2.5, 0.5))
    anger = sum(1.35 * 0.5 ** (age / 20.0) for age in (21, 2.5, 0.5))
    militia, regime, hezbollah = (
        state.principals[p] for p in (Principal.MILITIA, Principal.REGIME, Principal.HEZBOLLAH)
    )
    assert militia.fear == pytest.approx(fear, rel=1e-12)
    assert (regime.fear, hezbollah.fear) == (0.0, 0.0)
    assert [side.anger for side in (militia, regime, hezbollah)] == pytest.approx([anger, 0.5 * anger, 0.7 * anger])


def test_without_strikes_before_the_start_nobody_is_afraid() -> None:
    """If this failed, the baseline would begin with a memory that nobody has."""
    state, _, _ = stage()
    assert max(side.fear + side.anger for side in state.principals) == 0.0


@pytest.mark.parametrize("ends", [True, False])
def test_a_run_stops_at_the_outcome_it_was_told_to_stop_at(ends: bool) -> None:
    """If this failed, an absorbing outcome would be followed by more of it (odd.md 7.14)."""
    state, params, log = stage("scenario=quiet", *(("scenario.stop_after=hezbollah_threat",) if ends else ()))
    state.step = 1
    state.budget[Clock.THREAT], params.theory.constant_threats_per_day, params.restraint.threat_days = 1e-9, 4.0, 0.01
    step.run(state, params, log, 600)
    threats = state.outcome.acts[Act.THREAT]
    assert (threats == 1) == ends
    assert state.step == 601


def shares(state: Any, params: Any, runs: int = 3000) -> dict[Mission, float]:
    """How often restraint that has broken takes each form."""
    seen = dict.fromkeys((Mission.DRONE_ATTACK, Mission.RETALIATE, Mission.MISSILES, Mission.RAID, Mission.NONE), 0)
    for k in range(runs):
        state.step = k
        seen[Mission(escalation.pick_kind(state, params))] += 1
    return {mission: count / runs for mission, count in seen.items()}


def test_retaliation_takes_each_form_as_often_as_declared() -> None:
    """If this failed, checking the forms in an order would favour the first ones (odd.md 2)."""
    state, params, _ = stage()
    kinds = params.restraint
    declared = (kinds.drone_share, kinds.rocket_share, kinds.missile_share, kinds.assault_share, kinds.off_map_share)
    for share, p in zip(shares(state, params).values(), declared, strict=True):
        p /= sum(declared)
        assert abs(share - p) < FALSE_ALARM * math.sqrt(p * (1 - p) / 3000)


def test_an_attack_off_the_map_is_an_attack_and_nothing_else() -> None:
    """If this failed, what nobody saw would have a place, or not count (odd.md 7.12)."""
    state, params, log = stage()
    for share in ("drone_share", "rocket_share", "missile_share", "assault_share"):
        setattr(params.restraint, share, 0.0)
    state.budget[Clock.RETALIATION], state.principals[Principal.HEZBOLLAH].anger = 0.0, 20.0
    escalation.escalation(state, params, log)
    assert Act.OFF_MAP_ATTACK in acts_of(state, log)
    assert state.principals[Principal.HEZBOLLAH].retaliates == 0


@pytest.mark.parametrize("mission", [Mission.RETALIATE, Mission.MISSILES, Mission.RAID])
def test_the_next_retaliation_waits_until_this_one_is_over(mission: Mission) -> None:
    """If this failed, one red line crossed would bring a volley of teams."""
    state, params, _ = stage()
    state.principals[Principal.HEZBOLLAH].anger = 20.0
    assert escalation.retaliations_per_day(state, params) > 0.0
    unit = put_out(state, first_of(state, Kind.HEZBOLLAH_TEAM), -38.0, 0.0, Posture.HALTED)
    unit.mission = int(mission)
    assert escalation.retaliations_per_day(state, params) == 0.0
    unit.posture = int(Posture.WITHDRAWING)
    assert escalation.retaliations_per_day(state, params) > 0.0


def test_nobody_retaliates_where_there_is_nobody_to() -> None:
    """If this failed, an absent party would threaten and attack (odd.md 10)."""
    state, params, log = stage(
        "scenario.hezbollah_teams=0", "scenario.hezbollah_drones=0", "theory.constant_threats_per_day=4"
    )
    state.principals[Principal.HEZBOLLAH].anger = 20.0
    state.budget[Clock.THREAT] = state.budget[Clock.RETALIATION] = 0.0
    escalation.warn_in_public(state, params, log)
    assert (escalation.retaliations_per_day(state, params), state.n_events) == (0.0, 0)


def test_a_hand_that_always_trembles_takes_any_option() -> None:
    """If this failed, "random decisions" would still follow the ladder (Selten 1975)."""
    state, params, log = stage("theory.tremble=1")
    i = first_of(state, Kind.REGIME_COLUMN)
    put_out(state, i, -45.0, 0.0, Posture.MOVING).inside = True
    turned, rungs, answers = 0, set(), set()
    for k in range(400):
        state.step, state.units[i].rung_due_min, state.units[i].rung = k, -1e12, 0
        if keys.key_turns(state, params, i):
            turned += 1
            rungs.add(Rung(roe.next_rung(state, params, i)))
        answers.add(Response(lead_choice(state, params, i, Rung.SHOW_OF_FORCE, 0.5)))
    assert abs(turned - 200) < FALSE_ALARM * 10
    assert rungs == {Rung.LINE_CALL, Rung.SHOW_OF_FORCE, Rung.WARNING_SHOTS, Rung.STRIKE}
    assert answers == {Response.WITHDRAW, Response.HALT, Response.GO_ON}
    assert state.n_events == 0
    assert len(log) > 0


@pytest.mark.parametrize(
    ("has", "rungs"),
    [
        (("roe.line_call=false", "roe.strike_on_intent=false"), {Rung.SHOW_OF_FORCE, Rung.WARNING_SHOTS}),
        (("scenario.line_exists=false", "roe.show_of_force=false"), {Rung.WARNING_SHOTS, Rung.STRIKE}),
        (("roe.show_of_force=false", "roe.warning_shots=false", "roe.strike_on_intent=false"), {Rung.LINE_CALL}),
        ((*NO_WARNING, "roe.strike_on_intent=false"), {Rung.NONE}),
    ],
)
def test_a_trembling_hand_takes_no_rung_that_the_rules_do_not_have(has: tuple[str, ...], rungs: set[Rung]) -> None:
    """If this failed, "random decisions" would be held against 2017 with warnings and strikes that nobody allowed.

    Seen to fail with all four rungs offered.
    """
    state, params, _ = stage("theory.tremble=1", *has)
    i = first_of(state, Kind.REGIME_COLUMN)
    seen = set()
    for k in range(100):
        state.step = k
        seen.add(Rung(int(roe.next_rung(state, params, i))))
    assert seen == rungs
