"""Outcomes made by hand that look like May and June 2017 in every way that is asked, and ways to spoil them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.rules.names import Mission
from sim.run.columns import COLUMNS, FLAT

STRIKES = (  # distance, mission, heavy, killed, signals, hours from entry, went on
    (28.0, Mission.PUSH, 1, 8, 3, 6.0, 5),
    (50.0, Mission.REINFORCE, 1, 7, 1, 5.0, -1),
    (39.0, Mission.DASH, 0, 2, 0, 0.7, -1),
    (47.0, Mission.FORTIFY, 0, 3, 0, 4.0, -1),
)
FIELDS = ("distance_km", "mission", "heavy", "killed", "signals", "hours_from_entry", "went_on")


def empty(runs: int) -> np.ndarray:
    """Runs in which nothing happened."""
    rows = np.zeros(runs, FLAT)
    for name in COLUMNS:
        if name.endswith(("_first_min", "_minute", "_after_strike_h")):
            rows[name] = np.nan
    return rows


def good(runs: int, seed: int = 1) -> np.ndarray:
    """Runs that look like the record: every pattern holds, given enough of them."""
    rows, dice = empty(runs), np.random.default_rng(seed)

    def some(share: float) -> np.ndarray:
        return dice.random(runs) < share

    _strike(rows, dice.integers(2, 5, runs))
    rows["static_unstruck_h"] = np.where(some(0.4), 400.0, 100.0)
    rows["active_h"], rows["static_h"] = 100.0, 200.0
    rows["acts_no_answer"], rows["russia_inside_unasked"] = some(0.6), some(0.03)
    attacked = some(0.6)
    rows["attack_on_coalition"] = rows["attack_on_coalition_count"] = attacked
    rows["attack_on_coalition_first_min"][attacked] = 30_000.0
    rows["attack_after_strike_h"][attacked & some(0.85)] = 20.0
    rows["attack_by_drone_first_min"][attacked & some(0.85)] = 30_000.0
    rows["hezbollah_threat_first_min"][attacked & some(0.85)] = 29_000.0
    rows["hezbollah_threat_count"] = np.isfinite(rows["hezbollah_threat_first_min"])
    rows["drone_shootdown_count"] = attacked & some(0.7)
    rows["killed_coalition"] = some(0.1)
    rows["isis_attack_count"], rows["isis_repulsed_count"] = 1, some(0.97)
    rows["request_granted"] = rows["helped_militia"] = some(0.3)
    rows["helped_then_struck_count"] = (rows["helped_militia"] > 0) & some(0.5)
    rows["strikes_on_militia"] = 2
    rows["border_reached"], rows["serious_episode"] = some(0.3), some(0.4)
    rows["airspace_met"] = some(0.7)
    rows["airspace_met_count"], rows["intercept_count"] = 2 * rows["airspace_met"], 3
    rows["partner_militia_count"] = some(0.5)
    return rows


def _strike(rows: np.ndarray, counts: np.ndarray) -> None:
    rows["strike_ground_count"], rows["strike_ground"] = counts, counts > 0
    for k, particulars in enumerate(STRIKES, 1):
        struck = counts >= k
        rows[f"strike_{k}_minute"][struck] = 8_640.0 * k
        for field, value in zip(FIELDS, particulars, strict=True):
            rows[f"strike_{k}_{field}"][struck] = value
        for field, value in {"launched": 23, "entered": 13, "destroyed": 3, "parted": 1, "in_order": 1}.items():
            rows[f"strike_{k}_{field}"][struck] = value


def put(**columns: float) -> Callable[[np.ndarray], None]:
    """A spoiler that sets columns; STRIKE in a name stands for each of the first four strikes."""

    def spoil(rows: np.ndarray) -> None:
        for name, value in columns.items():
            for k in range(1, 5) if "STRIKE" in name else (0,):
                rows[name.replace("STRIKE", f"strike_{k}")] = value

    return spoil


SPOILERS: dict[str, Callable[[np.ndarray], None]] = {  # by what is checked: what makes it fail
    "ground strikes a run, mean": put(strike_ground_count=9),
    "runs with 3 ground strikes or fewer": put(strike_ground_count=9),
    "runs with 3 ground strikes or more": put(strike_ground_count=1),
    "runs with strikes, all at 20-55 km": put(strike_2_distance_km=70.0),
    "strikes on dashes, median distance (J)": put(strike_3_distance_km=20.0),
    "strikes on pushes, median distance (J)": put(strike_1_distance_km=15.0),
    "on reinforcing or digging, median distance (J)": put(strike_2_distance_km=25.0),
    "runs with 14 days of static presence inside, unstruck": put(static_unstruck_h=10.0),
    "heavy columns struck: entered / launched": put(STRIKE_entered=5),
    "heavy columns struck: went on / entered": put(strike_1_went_on=13),
    "heavy columns struck: destroyed / went on": put(strike_1_destroyed=1),
    "heavy columns struck that had left a part behind": put(STRIKE_parted=0),
    "kinds of warning, first strike less third, mean": put(strike_3_signals=3),
    "first of three strikes warned of": put(strike_1_signals=0),
    "runs with jets bombing outside, unanswered": put(acts_no_answer=0),
    "runs with Russian jets inside, unasked (J)": put(russia_inside_unasked=1),
    "first attack on the coalition within 48 h of a strike": put(attack_after_strike_h=49.0),
    "first attack on the coalition by a drone (J)": put(attack_by_drone_first_min=40_000.0),
    "public threat before the first attack": put(hezbollah_threat_first_min=40_000.0),
    "runs without coalition dead": put(killed_coalition=1),
    "runs without US-Russian fire (J)": put(us_russia_air=1),
    "ISIS raids repulsed": put(isis_repulsed_count=0),
    "killed by a strike on a heavy column, median": put(STRIKE_killed=1),
    "killed by a strike on a light group, median": put(strike_3_killed=20),
    "heavy strikes: guns hit before trucks": put(STRIKE_in_order=0),
    "runs in which a request to strike is granted": put(request_granted=0),
    "struck in the 24 h after it was helped, times as often": put(helped_then_struck_count=0),
    "hours from entry to strike, median": put(STRIKE_hours_from_entry=0.3),
    "hours from entry to strike, 90th percentile": put(STRIKE_hours_from_entry=2.0),
    "strikes an hour, moving over static": put(strikes_on_static=1),
    "runs in which the border is not reached": put(border_reached=1),
    "runs with jets met in the ring": put(airspace_met=0),
    "intercepts with a weapon fired": put(regime_air_count=1),
    "runs with a serious episode": put(serious_episode=1),
}
