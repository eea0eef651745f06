"""What the record says up to the evening of 8 June 2017, as numbers that a run has too, and how sure each is.

A number that is a whole count or a yes is taken as it stands; of a span ("27-29 km", "until about 1 June") any value
in it is as likely, so a run's own number is blurred by a draw from the same span before the two are compared (R. D.
Wilkinson 2013, Stat. Appl. Genet. Mol. Biol. 12, 129-141).  Counts are compared by their square roots, whose spread
does not grow with them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.rules.names import Mission
from sim.study.measures import strikes, written_down
from sim.study.pattern_measures import heavy, in_place

EARLY_MIN = 20 * 1440.0  # up to 31 May
SOON_H = 48.0
DUG = Mission.REINFORCE, Mission.FORTIFY


class Seen(NamedTuple):
    """One thing that record and run both tell; `give` is half the span of the record, `of` (runs,) has nan for none."""

    words: str
    value: float
    give: float
    source: str
    of: Callable[[np.ndarray], np.ndarray]
    told: str  # the record's value in words


def _count(column: str) -> Callable[[np.ndarray], np.ndarray]:
    return lambda rows: np.sqrt(rows[column].astype(float))


def _whether(column: str) -> Callable[[np.ndarray], np.ndarray]:
    return lambda rows: (rows[column] > 0).astype(float)


def _early(rows: np.ndarray) -> np.ndarray:
    """Strikes up to 31 May, of those written down."""
    return np.sqrt((strikes(rows, "minute") < EARLY_MIN).sum(axis=1).astype(float))


def _average(rows: np.ndarray, field: str, wanted: np.ndarray) -> np.ndarray:
    values, n = strikes(rows, field).astype(float), wanted.sum(axis=1)
    sums = np.where(wanted, values, 0.0).sum(axis=1)
    return np.where(n > 0, sums / np.maximum(n, 1), np.nan)


def _distance(*missions: Mission) -> Callable[[np.ndarray], np.ndarray]:
    """Mean distance from the garrison (km) of the strikes on these missions."""
    return lambda rows: _average(rows, "distance_km", written_down(rows) & np.isin(strikes(rows, "mission"), missions))


def _in_place(rows: np.ndarray) -> np.ndarray:
    """Whether all strikes lie 20 to 55 km from the garrison."""
    return np.where(written_down(rows).any(axis=1), in_place(rows).astype(float), np.nan)


def _killed(rows: np.ndarray) -> np.ndarray:
    """Mean killed of a strike on a heavy column."""
    return _average(rows, "killed", heavy(rows))


def _warned(number: int) -> Callable[[np.ndarray], np.ndarray]:
    """Kinds of warning before strike `number`."""
    return lambda rows: np.where(
        np.isfinite(rows[f"strike_{number}_minute"]), rows[f"strike_{number}_signals"].astype(float), np.nan
    )


def _hours(rows: np.ndarray) -> np.ndarray:
    """Logarithm of the hours from entry to the first strike, at least half an hour."""
    return np.log(np.maximum(rows["strike_1_hours_from_entry"], 0.5))


def _went_on(rows: np.ndarray) -> np.ndarray:
    """Share of the first struck column's vehicles in the zone that went on after the first show of force."""
    told = np.isfinite(rows["strike_1_minute"]) & (rows["strike_1_went_on"] >= 0) & (rows["strike_1_entered"] > 0)
    return np.where(told, rows["strike_1_went_on"] / np.maximum(rows["strike_1_entered"], 1), np.nan)


def _drone_soon(rows: np.ndarray) -> np.ndarray:
    """Whether the coalition was attacked by a drone, and first attacked within 48 h of a strike."""
    return ((rows["attack_by_drone"] > 0) & (rows["attack_after_strike_h"] <= SOON_H)).astype(float)


def _threat_first(rows: np.ndarray) -> np.ndarray:
    """Whether Hezbollah threatened in public before the coalition was first attacked."""
    threat, attack = rows["hezbollah_threat_first_min"], rows["attack_on_coalition_first_min"]
    return np.where(rows["attack_on_coalition"] > 0, (threat < attack).astype(float), np.nan)


def _fire_in_the_air(rows: np.ndarray) -> np.ndarray:
    """Whether a weapon was fired at an aircraft or by one that was met."""
    return (rows["regime_air_count"] + rows["us_russia_air_count"] > 0).astype(float)


_HOURS = float(np.log(3.0)), float(np.log(24.0))
SEEN: tuple[Seen, ...] = (
    Seen("ground strikes", 3**0.5, 0, "C07 C10 C12", _count("strike_ground_count"), "3"),
    Seen("ground strikes up to 31 May", 1.0, 0, "C07 C10", _early, "1"),
    Seen("drones shot down", 1.0, 0, "C13", _count("drone_shootdown_count"), "1"),
    Seen("attacks on the coalition", 1.0, 0, "C13", _count("attack_on_coalition_count"), "1"),
    Seen("first attack by drone, soon after a strike", 1.0, 0, "C13", _drone_soon, "yes"),
    Seen("coalition dead", 0.0, 0, "no report", _whether("killed_coalition"), "none"),
    Seen("strikes on pushes, mean distance (km)", 28.0, 1.0, "C07", _distance(Mission.PUSH), "27-29"),
    Seen("strikes on dashes, mean distance (km)", 39.0, 1.0, "C12", _distance(Mission.DASH), "39"),
    Seen("strikes on reinforcing or digging, mean distance (km)", 50.0, 5.0, "C10", _distance(*DUG), "45-55"),
    Seen("all strikes at 20-55 km", 1.0, 0, "C07 C10 C12", _in_place, "yes"),
    Seen("killed by a strike on a heavy column, mean", 6.5, 2.5, "C07 C10", _killed, "4-9"),
    Seen("kinds of warning before strike 1", 3.0, 0, "C07", _warned(1), "3"),
    Seen("kinds of warning before strike 2", 1.0, 0, "C10", _warned(2), "1"),
    Seen(
        "log hours from entry to strike 1", sum(_HOURS) / 2, (_HOURS[1] - _HOURS[0]) / 2, "judgement", _hours, "3-24 h"
    ),
    Seen("share of column 1 that went on", 5 / 13, 0.1, "C07; give judged", _went_on, "5 of 13"),
    Seen("longest static presence (h)", 312.0, 36.0, "C08", lambda rows: rows["static_unstruck_h"], "12-14 d"),
    Seen("a request to strike granted", 1.0, 0, "C10", _whether("request_granted"), "yes"),
    Seen("jets bombed outside, unanswered", 1.0, 0, "C09", _whether("acts_no_answer"), "yes"),
    Seen("jets met in the zone", 1.0, 0, "C06", _whether("airspace_met"), "yes"),
    Seen("weapon fired at or by a jet that was met", 0.0, 0, "C06 C09", _fire_in_the_air, "no"),
    Seen("public threat by Hezbollah", 1.0, 0, "C11", _whether("hezbollah_threat"), "yes"),
    Seen("public threat before the first attack", 1.0, 0, "C11 C13", _threat_first, "yes"),
    Seen("ground fight of partner or opposition", 1.0, 0, "C09", _whether("partner_militia"), "yes"),
    Seen("border reached", 0.0, 0, "not before 9 June", _whether("border_reached"), "no"),
)
OBSERVED = np.array([one.value for one in SEEN])
GIVE = np.array([one.give for one in SEEN])


def summaries(rows: np.ndarray, dice: np.random.Generator) -> np.ndarray:
    """What runs show of each thing, blurred as the record is, (runs, things); nan where there is nothing."""
    told = np.stack([one.of(rows) for one in SEEN], axis=1).astype(float)
    return told + GIVE * dice.uniform(-1, 1, told.shape)
