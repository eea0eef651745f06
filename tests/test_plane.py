"""Geometry of straight legs, and the places of the record on the plane."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.geography import geography, project, round_the_ring
from sim.rules.plane import closest_approach, distance, first_crossing, part_of_leg
from sim.scenario import CLEARANCE_KM

KM = st.floats(-200, 200, allow_nan=False)


@given(KM, KM, KM, KM, st.floats(1, 100))
def test_a_leg_enters_the_ring_where_it_is_first_met(x0: float, y0: float, x1: float, y1: float, radius: float) -> None:
    """If this failed, entries would be dated before or after the ring is crossed."""
    part = first_crossing(x0, y0, x1, y1, radius)
    parts = [k / 2000 for k in range(2001)]
    sampled = [t for t in parts if math.hypot(x0 + t * (x1 - x0), y0 + t * (y1 - y0)) <= radius]
    if part > 1.0:
        assert not sampled or (math.hypot(x0, y0) > radius * 0.999 and len(sampled) < 200)
    else:
        x, y = x0 + part * (x1 - x0), y0 + part * (y1 - y0)
        assert part == 0.0 or math.hypot(x, y) == pytest.approx(radius, rel=1e-6, abs=1e-6)
        assert not sampled or part <= sampled[0] + 1e-9


@given(st.tuples(KM, KM, KM, KM), st.tuples(KM, KM, KM, KM))
def test_closest_approach_is_never_beaten_by_a_sampled_moment(one: tuple, other: tuple) -> None:
    """If this failed, jets that pass one another within a step would sometimes not meet."""
    (ax, ay, bx, by), (cx, cy, dx, dy) = one, other
    least = closest_approach(ax, ay, bx, by, cx, cy, dx, dy)
    for k in range(101):
        t = k / 100
        gap = math.hypot(ax + t * (bx - ax) - cx - t * (dx - cx), ay + t * (by - ay) - cy - t * (dy - cy))
        assert least <= gap + 1e-6


def test_a_leg_is_covered_in_proportion_to_time() -> None:
    """If this failed, units would arrive early or late."""
    assert [part_of_leg(10.0, 20.0, t) for t in (5.0, 10.0, 12.5, 20.0, 30.0)] == [0.0, 0.0, 0.25, 1.0, 1.0]
    assert part_of_leg(10.0, 10.0, 10.0) == 1.0


# Geodesic distances of the gazetteers' coordinates, to the kilometre (sphere against ellipsoid: 0.4 %)
PUBLISHED_KM = {
    "crossing": 27, "rukban": 23, "shalighm": 40, "shuhaymi_east": 44, "shuhaymi": 50, "m2_checkpoint": 59,
    "zaza": 76, "sabaa_biyar": 92, "jabal_ghurab": 56, "halbah": 66, "ulayyaniyah": 74, "border_ene": 106,
    "palmyra": 121, "t4": 145, "hmeimim": 324, "azraq": 254, "damascus": 216,
}  # fmt: skip


@pytest.mark.parametrize(("place", "km"), PUBLISHED_KM.items())
def test_places_lie_as_far_out_as_published(place: str, km: float) -> None:
    """If this failed, strikes would be reported at distances that mean nothing on the real map."""
    assert distance(*geography().places[place], 0.0, 0.0) == pytest.approx(km, abs=0.6 + 0.004 * km)


def test_the_garrison_is_the_origin_and_north_is_up() -> None:
    """If this failed, the map would be turned or shifted."""
    assert geography().places["garrison"] == (0.0, 0.0)
    x, y = project(34.5058, 38.6178)
    assert (x, y) == pytest.approx((0.0, 111.195), abs=1e-3)  # one degree of a meridian, R = 6371.0088 km
    assert geography().places["zaza"][0] < 0 < geography().places["zaza"][1]


def test_syria_iraq_and_jordan_meet_south_east_of_the_garrison() -> None:
    """If this failed, the border on the map would not be the border of the record."""
    names = {name for name, _ in geography().borders}
    assert {"Syria", "Iraq", "Jordan"} <= names
    x, y = geography().places["tri_border"]
    for country in ("Syria", "Iraq", "Jordan"):
        nearest = min(
            math.hypot(px - x, py - y) for name, ring in geography().borders for px, py in ring if name == country
        )
        assert nearest < 1.0


@given(st.floats(0, 73))  # a wider ring holds the base itself
def test_the_bypass_stays_outside_the_ring(radius_km: float) -> None:
    """If this failed, working on the bypass would count as entering the zone."""
    where = geography().places
    road = [where[name] for name in ("zaza", "ulayyaniyah", "halbah", "border_ene")]
    drawn = round_the_ring(road, radius_km + CLEARANCE_KM)
    for (ax, ay), (bx, by) in pairwise(drawn):
        assert closest_approach(ax, ay, bx, by, 0.0, 0.0, 0.0, 0.0) > radius_km
