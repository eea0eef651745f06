"""What must look like May and June 2017: the patterns, each with the record's value, a bound and a measure.

Patterns and bounds are those of the model's description (docs/odd.md 8); docs/verification.md says how each
is measured.  J marks a bound that is a judgement.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.rules.names import Mission
from sim.study import pattern_measures as measure
from sim.study.estimate import Estimate
from sim.study.pattern_measures import Measure
from sim.study.verdicts import Verdict, judge, worst

START_DATE, DAYS = "2017-05-12", measure.DAYS  # the weeks that the patterns are about
RECORD_FUNNEL = {"launched": 23, "entered": 13, "went_on": 5, "destroyed": 3}  # vehicles, 18 May (S21 S41 S42)
SHARE = "%"


@dataclass(frozen=True)
class Check:
    """One thing that is held against the record."""

    pattern: str
    what: str
    observed: str  # what the record says, in words
    seen: tuple[float, ...]  # the same as numbers, in the unit of the bound, where it is one
    low: float
    high: float
    unit: str
    measure: Measure


def _within_twice(above: str, below: str) -> tuple[tuple[float, ...], float, float]:
    """The record's ratio of two stages, half of it and twice of it."""
    record = RECORD_FUNNEL[above] / RECORD_FUNNEL[below]
    return (record,), record / 2, record * 2


_TO_STRIKE, _NONE = "hours from entry to strike", ()
CHECKS: tuple[Check, ...] = (
    Check("P1", "ground strikes a run, mean", "3", (3,), 1.5, 5, "strikes", measure.mean_strikes),
    Check("P1", "runs with 3 ground strikes or fewer", "3", _NONE, 0.1, 1, SHARE, measure.strikes_at_most(3)),
    Check("P1", "runs with 3 ground strikes or more", "3", _NONE, 0.1, 1, SHARE, measure.strikes_at_least(3)),
    Check("P2", "runs with strikes, all at 20-55 km", "27-29, 45-55, 39 km", _NONE, 0.9, 1, SHARE, measure.all_in_place),
    Check("P2", "strikes on dashes, median distance (J)", "39", (39,), 35, 50, "km", measure.distance(Mission.DASH)),
    Check("P2", "strikes on pushes, median distance (J)", "27-29", (28,), 22, 40, "km", measure.distance(Mission.PUSH)),
    Check("P2", "on reinforcing or digging, median distance (J)", "45-55", (50,), 40, 55, "km", measure.distance(Mission.REINFORCE, Mission.FORTIFY)),
    Check("P3", "runs with 14 days of static presence inside, unstruck", "yes", _NONE, 0.2, 0.7, SHARE, measure.stood_unstruck),
    Check("P4", "heavy columns struck: entered / launched", "13/23", *_within_twice("entered", "launched"), "", measure.funnel("entered", "launched")),
    Check("P4", "heavy columns struck: went on / entered", "5/13", *_within_twice("went_on", "entered"), "", measure.funnel("went_on", "entered")),
    Check("P4", "heavy columns struck: destroyed / went on", "3/5", *_within_twice("destroyed", "went_on"), "", measure.funnel("destroyed", "went_on")),
    Check("P4", "heavy columns struck that had left a part behind", "yes", _NONE, 0.5, 1, SHARE, measure.of_heavy("parted")),
    Check("P5", "kinds of warning, first strike less third, mean", "3", (3,), 0.4, math.inf, "kinds", measure.thinning),
    Check("P5", "first of three strikes warned of", "yes", _NONE, 0.7, 1, SHARE, measure.warned_at_first),
    Check("P6", "runs with jets bombing outside, unanswered", "yes", _NONE, 0.3, 0.9, SHARE, measure.runs_with("acts_no_answer")),
    Check("P6", "runs with Russian jets inside, unasked (J)", "no", _NONE, 0, 0.2, SHARE, measure.runs_with("russia_inside_unasked")),
    Check("P7", "first attack on the coalition within 48 h of a strike", "yes", _NONE, 0.45, 1, SHARE, measure.soon_after_a_strike),
    Check("P7", "first attack on the coalition by a drone (J)", "yes", _NONE, 0.6, 1, SHARE, measure.by_drone),
    Check("P8", "public threat before the first attack", "yes", _NONE, 0.6, 1, SHARE, measure.threatened_before),
    Check("P9", "runs without coalition dead", "yes", _NONE, 0.6, 1, SHARE, measure.runs_without("killed_coalition")),
    Check("P9", "runs without US-Russian fire (J)", "yes", _NONE, 0.97, 1, SHARE, measure.runs_without("us_russia_air")),
    Check("P9", "ISIS raids repulsed", "yes (April)", _NONE, 0.9, 1, SHARE, measure.isis_repulsed),
    Check("P10", "killed by a strike on a heavy column, median", "6-8, 2-10", (6, 8), 4, 14, "killed", measure.killed(1)),
    Check("P10", "killed by a strike on a light group, median", "not reported", _NONE, 0, 8, "killed", measure.killed(0)),
    Check("P10", "heavy strikes: guns hit before trucks", "yes", _NONE, 0.8, 1, SHARE, measure.of_heavy("in_order")),
    Check("P11", "runs in which a request to strike is granted", "yes", _NONE, 0.05, 0.6, SHARE, measure.runs_with("request_granted")),
    Check("P11", "struck in the 24 h after it was helped, times as often", "yes", _NONE, 1.5, math.inf, "times", measure.helped_then_struck),
    Check("P12", f"{_TO_STRIKE}, median", "hours to a day; about 6", (6,), 1, 8, "h", measure.hours_inside(0.5)),
    Check("P12", f"{_TO_STRIKE}, 90th percentile", "more than 3", _NONE, 3, math.inf, "h", measure.hours_inside(0.9)),
    Check("P13", "strikes an hour, moving over static", "none on static", _NONE, 10, math.inf, "times", measure.moving_over_static),
    Check("P14", "runs in which the border is not reached", "yes", _NONE, 0.4, 1, SHARE, measure.runs_without("border_reached")),
    Check("P15", "runs with jets met in the ring", "yes", _NONE, 0.4, 0.95, SHARE, measure.runs_with("airspace_met")),
    Check("P15", "intercepts with a weapon fired", "none", _NONE, 0, 0.01, SHARE, measure.shots_per_intercept),
    Check("P16", "runs with a serious episode", "yes (6-8 June)", _NONE, 0.1, 0.8, SHARE, measure.runs_with("serious_episode")),
)
PATTERNS = tuple(dict.fromkeys(check.pattern for check in CHECKS))


@dataclass(frozen=True)
class Finding:
    """What was found of one thing that is held against the record."""

    check: Check
    found: Estimate
    verdict: Verdict


def judged(check: Check, rows: np.ndarray) -> Finding:
    """One check on the outcomes of many runs, one row a run."""
    found = check.measure(rows)
    return Finding(check, found, judge(found, check.low, check.high, len(rows)))


def findings(rows: np.ndarray, patterns: Sequence[str] = PATTERNS) -> list[Finding]:
    """Every check of these patterns."""
    return [judged(check, rows) for check in CHECKS if check.pattern in patterns]


def by_pattern(told: Sequence[Finding]) -> dict[str, str]:
    """The verdict on each pattern: the worst on its parts."""
    names = dict.fromkeys(each.check.pattern for each in told)
    return {name: worst(each.verdict.word for each in told if each.check.pattern == name) for name in names}
