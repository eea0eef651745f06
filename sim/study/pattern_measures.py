"""What the patterns measure: each takes the outcomes of many runs, one row a run, and gives an estimate.

Only the first five strikes of a run are written down one by one; measures over strikes are over those.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.rules.names import Mission
from sim.study.estimate import UPPER_BOUND, Estimate
from sim.study.measures import (
    NOTHING,
    average,
    of_sums,
    poisson_bound,
    pooled_share,
    quantile,
    rate_ratio,
    ratio,
    share,
    strikes,
    written_down,
)

DAYS = 28.0  # of a run that the patterns are held against
STATIC_DAYS = 14.0
HELPED = ("regime", "militia", "hezbollah")  # sides that can be let help themselves
Measure = Callable[[np.ndarray], Estimate]


def runs_with(column: str) -> Measure:
    """The share of runs in which something happened."""
    return lambda rows: share(rows[column] > 0)


def strikes_at_most(most: int) -> Measure:
    """The share of runs with so many ground strikes or fewer."""
    return lambda rows: share(rows["strike_ground_count"] <= most)


def strikes_at_least(fewest: int) -> Measure:
    """The share of runs with so many ground strikes or more."""
    return lambda rows: share(rows["strike_ground_count"] >= fewest)


def mean_strikes(rows: np.ndarray) -> Estimate:
    """The mean number of ground strikes of a run."""
    return average(rows["strike_ground_count"])


def runs_without(column: str) -> Measure:
    """The share of runs in which something never happened."""
    return lambda rows: share(rows[column] == 0)


def stood_unstruck(rows: np.ndarray) -> Estimate:
    """The share of runs in which a unit stood inside for 14 days and was not struck."""
    return share(rows["static_unstruck_h"] >= 24.0 * STATIC_DAYS)


def isis_repulsed(rows: np.ndarray) -> Estimate:
    """The share of ISIS raids that were repulsed."""
    return pooled_share(rows["isis_repulsed_count"], rows["isis_attack_count"])


def distance(*missions: Mission) -> Measure:
    """The median distance of the strikes on these missions from the garrison (km)."""

    def measure(rows: np.ndarray) -> Estimate:
        wanted = written_down(rows) & np.isin(strikes(rows, "mission"), missions)
        return quantile(strikes(rows, "distance_km"), wanted)

    return measure


def in_place(rows: np.ndarray) -> np.ndarray:
    """Which runs have no strike nearer than 20 km to the garrison or farther than 55, shape (runs,)."""
    km = strikes(rows, "distance_km")
    return (((km >= 20.0) & (km <= 55.0)) | ~written_down(rows)).all(axis=1)


def all_in_place(rows: np.ndarray) -> Estimate:
    """The share of runs with strikes in which all lie 20 to 55 km from the garrison."""
    return share(in_place(rows)[written_down(rows).any(axis=1)])


def heavy(rows: np.ndarray) -> np.ndarray:
    """Which strikes hit a heavy column, shape (runs, 5)."""
    return written_down(rows) & (strikes(rows, "heavy") == 1)


def funnel(above: str, below: str) -> Measure:
    """The ratio of two stages of struck heavy columns, summed over strikes (vehicles over vehicles).

    A column that was never shown force (`went_on` = -1) has no such stage and is left out of the ratios that
    need it: only there the ladder was skipped.
    """

    def measure(rows: np.ndarray) -> Estimate:
        counted = heavy(rows)
        if "went_on" in (above, below):
            counted &= strikes(rows, "went_on") >= 0
        sums = [np.where(counted, strikes(rows, stage), 0).sum(axis=1) for stage in (above, below)]
        return ratio(*sums)

    return measure


def of_heavy(field: str) -> Measure:
    """The share of strikes on heavy columns of which something is so."""
    return lambda rows: pooled_share((heavy(rows) & (strikes(rows, field) == 1)).sum(axis=1), heavy(rows).sum(axis=1))


def thinning(rows: np.ndarray) -> Estimate:
    """Kinds of warning before the first strike less before the third, where there were three."""
    three = rows[rows["strike_ground_count"] >= 3]
    return average((three["strike_1_signals"] - three["strike_3_signals"]).astype(float))


def warned_at_first(rows: np.ndarray) -> Estimate:
    """The share of runs with three strikes in which the first was warned of in at least one way."""
    three = rows[rows["strike_ground_count"] >= 3]
    return share(three["strike_1_signals"] >= 1)


def attacked(rows: np.ndarray) -> np.ndarray:
    """The runs in which the coalition was attacked."""
    return rows[rows["attack_on_coalition"] > 0]


def soon_after_a_strike(rows: np.ndarray) -> Estimate:
    """The share of attacked runs in which a ground strike lay at most 48 h before the first attack."""
    return share(attacked(rows)["attack_after_strike_h"] <= 48.0)  # nan, no strike before, compares false


def by_drone(rows: np.ndarray) -> Estimate:
    """The share of attacked runs in which the first attack was a drone's."""
    met = attacked(rows)
    return share(met["attack_by_drone_first_min"] == met["attack_on_coalition_first_min"])


def threatened_before(rows: np.ndarray) -> Estimate:
    """The share of attacked runs in which Hezbollah had threatened in public before."""
    met = attacked(rows)
    return share(met["hezbollah_threat_first_min"] < met["attack_on_coalition_first_min"])


def killed(weight: int) -> Measure:
    """The median number of people killed by a strike on a heavy column (1) or a light group (0)."""
    return lambda rows: quantile(strikes(rows, "killed"), written_down(rows) & (strikes(rows, "heavy") == weight))


def helped_then_struck(rows: np.ndarray) -> Estimate:
    """How many times as often as at any time a side is struck in the 24 h after it was let help itself.

    Above: strikes that followed within 24 h (each is counted, so rates are compared, not chances).  Below:
    the helps of each side times its strikes per day of all runs.  No strike that followed: the one-sided
    bound.
    """
    helps = np.stack([rows[f"helped_{side}"] for side in HELPED], axis=1)
    struck = np.stack([rows[f"strikes_on_{side}"] for side in HELPED], axis=1)
    parts, run_days = np.column_stack([rows["helped_then_struck_count"], helps, struck]), len(rows) * DAYS

    def expected(sums: np.ndarray) -> np.ndarray:
        return (sums[..., 1:4] * sums[..., 4:]).sum(axis=-1) / run_days

    by_chance, cases = float(expected(parts.sum(axis=0))), helps.sum(axis=1) > 0
    if by_chance == 0.0:
        return NOTHING
    if not parts[:, 0].any():
        return Estimate(int(cases.sum()), 0, 0.0, 0.0, poisson_bound(by_chance), UPPER_BOUND)
    return of_sums(parts, lambda sums: sums[..., 0] / expected(sums), cases)


def moving_over_static(rows: np.ndarray) -> Estimate:
    """How much likelier, an hour, a tracked unit inside is struck that moves, digs or reinforces."""
    static = int(rows["strikes_on_static"].sum())
    counts = int(rows["strike_ground_count"].sum()) - static, static
    return rate_ratio(counts, (float(rows["active_h"].sum()), float(rows["static_h"].sum())))


def hours_inside(part: float) -> Measure:
    """The hours from entry to strike that `part` of the strikes do not exceed."""
    return lambda rows: quantile(strikes(rows, "hours_from_entry"), written_down(rows), part)


def shots_per_intercept(rows: np.ndarray) -> Estimate:
    """Intercepts of regime or Russian aircraft in which a weapon was fired, as a share of all, in the ring or not."""
    return pooled_share(rows["regime_air_count"] + rows["us_russia_air_count"], rows["intercept_count"])
