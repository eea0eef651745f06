"""How fights on the ground begin, and who answers for what (odd.md 7.6, 7.8)."""

from __future__ import annotations

import math

import pytest

from sim.rules import contact, roe
from sim.rules.names import NEVER, Act, Mission, Posture, Principal
from sim.rules.outcome import Happening
from tests.staging import (
    INSIDE,
    OUTSIDE,
    acts_of,
    meeting,
    set_fighting,
)

FALSE_ALARM = 4.9  # standard errors: two-sided probability below 1e-6
GARRISON = 0


def test_fire_on_an_advised_patrol_is_fire_on_the_coalition() -> None:
    """If this failed, coalition people under fire would not count, or not be answered for (odd.md 7.6)."""
    state, params, log, i, j = meeting(Principal.PARTNER, x_km=OUTSIDE)
    state.units[i].advised = True
    contact.begin(state, params, log, i, j)
    happened = state.outcome.happenings
    assert happened[Happening.ATTACK_ON_GROUND].count == happened[Happening.ATTACK_ON_COALITION].count == 1
    assert happened[Happening.COALITION_MILITIA].count == 1
    assert happened[Happening.PARTNER_FIRED_FIRST].count == 0
    assert state.units[j].hostile
    assert state.units[j].authority_min >= NEVER  # on the spot, anywhere


@pytest.mark.parametrize(("answered", "hostile"), [(0.0, False), (1.0, True)])
def test_an_unadvised_patrol_outside_the_ring_is_avenged_only_from_above(answered: float, hostile: bool) -> None:
    """If this failed, the partner would be defended anywhere on the spot (S64: higher authority)."""
    state, params, log, i, j = meeting(
        Principal.PARTNER, "raids.partner_first=0", f"roe.answer_partner_outside={answered}", x_km=OUTSIDE
    )
    contact.begin(state, params, log, i, j)
    unit = state.units[j]
    assert state.outcome.happenings[Happening.ATTACK_ON_COALITION].count == 0
    assert (unit.hostile, unit.authority_min < NEVER) == (hostile, hostile)
    if hostile:
        due = unit.authority_min
        assert due > 0.0
        unit.ordered, state.now_min = 4, due - 0.01
        assert not roe.has_authority(state, params, log, j)
        state.now_min = due
        assert roe.has_authority(state, params, log, j)
        assert acts_of(state, log)[-1] == Act.AUTHORISED


@pytest.mark.parametrize(
    ("who", "tracked", "hostile"),
    [(Principal.PARTNER, True, True), (Principal.PARTNER, False, False), (Principal.OPPOSITION, True, False)],
)
def test_inside_the_ring_the_partner_is_defended_on_the_spot(who: Principal, tracked: bool, hostile: bool) -> None:
    """If this failed, the hostile-act table would protect the wrong people (odd.md 7.6)."""
    state, params, log, i, j = meeting(who, "raids.partner_first=0")
    state.units[j].tracked = tracked
    contact.begin(state, params, log, i, j)
    assert state.units[j].hostile == hostile
    assert state.units[j].authority_min >= NEVER


@pytest.mark.parametrize("first", [0, 1])
def test_who_fires_first_is_drawn_for_patrols_and_sure_for_raids(first: int) -> None:
    """If this failed, blame for ground fights would fall on the wrong side (outcome partner_fired_first)."""
    state, params, log, i, j = meeting(Principal.PARTNER, f"raids.partner_first={first}")
    contact.begin(state, params, log, i, j)
    assert state.outcome.happenings[Happening.PARTNER_FIRED_FIRST].count == first
    set_fighting(state, i, j, (30, 30), Mission.RAID)
    contact.begin(state, params, log, i, j)
    assert state.outcome.happenings[Happening.PARTNER_FIRED_FIRST].count == first + 1
    assert state.outcome.happenings[Happening.PARTNER_MILITIA].count == 2


@pytest.mark.parametrize(
    ("who", "blame", "x_km", "blamed"),
    [
        (Principal.OPPOSITION, 1, INSIDE, 1),
        (Principal.ISIS, 1, INSIDE, 1),
        (Principal.ISIS, 0, INSIDE, 0),
        (Principal.ISIS, 1, OUTSIDE, 0),
        (Principal.PARTNER, 1, INSIDE, 0),
    ],
)
def test_the_partner_is_blamed_only_for_what_others_did(who: Principal, blame: int, x_km: float, blamed: int) -> None:
    """If this failed, there would be no tension over attacks by third parties (C10), or over the partner's own."""
    state, params, log, i, j = meeting(who, f"raids.blame={blame}", x_km=x_km)
    state.units[i].mission = int(Mission.RAID)
    contact.begin(state, params, log, i, j)
    assert state.outcome.happenings[Happening.BLAMED].count == blamed
    anger = params.restraint.blame_anger * blamed
    assert state.principals[Principal.MILITIA].anger == pytest.approx(anger)
    assert state.principals[Principal.HEZBOLLAH].anger == pytest.approx(0.7 * anger)


def test_contact_comes_to_fire_at_its_rate_and_an_ambush_at_once() -> None:
    """If this failed, patrols and columns that see one another would always, or never, open fire."""
    state, params, log, i, j = meeting(Principal.PARTNER, "raids.contact_fire_per_h=1.2")
    fights, runs = 0, 3000
    for k in range(runs):
        state.step = k
        state.units[i].posture, state.units[i].enemy, state.units[j].enemy = int(Posture.HELD), -1, -1
        state.units[i].mission = int(Mission.PATROL)
        contact.look_round(state, params, log, i)
        fights += state.units[i].enemy == j
    p = 1.2 * 5 / 60
    assert abs(fights / runs - p) < FALSE_ALARM * math.sqrt(p * (1 - p) / runs)
    state.units[i].posture, state.units[i].enemy, state.units[j].enemy = int(Posture.MOVING), -1, -1
    state.units[j].mission = int(Mission.RAID)
    contact.look_round(state, params, log, i)
    assert (state.units[i].enemy, state.units[i].posture) == (j, Posture.HELD)


def test_nobody_is_fought_twice_over_or_on_his_way_home() -> None:
    """If this failed, raiders would fall on a unit that is already fighting, or one that has given up."""
    state, params, _, i, j = meeting(Principal.PARTNER)
    assert contact.enemy_near(state, params, i) == j
    state.units[j].enemy = 99
    assert contact.enemy_near(state, params, i) == -1
    state.units[j].enemy, state.units[j].posture = -1, int(Posture.WITHDRAWING)
    assert contact.enemy_near(state, params, i) == -1
    state.units[j].posture, state.y_km[i] = int(Posture.HELD), 4.1
    assert contact.enemy_near(state, params, i) == -1
