"""What the ladder checker reports is seen in whole runs: force without a warning, and rungs that never come."""

from __future__ import annotations

import pytest

import sim
from sim.config.compose import compose
from sim.rules.compiling import INTERPRETED
from sim.rules.names import Mission, Rung
from sim.study import ladder
from sim.study.ladder_faults import faults

pytestmark = pytest.mark.skipif(INTERPRETED, reason="hundreds of runs want compiled rules")
NO_WARNING = ("roe.line_call=false", "roe.show_of_force=false", "roe.warning_shots=false")
BUSY = ("scenario.ground_activity=2", "scenario.horizon_days=14")
UNFRIENDLY = (
    "responses.fire=0",
    "sensing.misidentified=0",
    "scenario.patrol_activity=0",
    "scenario.isis_activity=0",
    "restraint.retaliation_per_day=0",
)


def strikes(*overrides: str, replications: int = 150) -> tuple[int, list[int]]:
    """Ground strikes in some busy runs, and the number of kinds of signal before each of the first five."""
    rows = sim.replicate(sim.load(*BUSY, *UNFRIENDLY, *overrides), replications=replications, seed=5)
    signals = [int(row[f"strike_{k}_signals"]) for row in rows for k in range(1, 6) if row["strike_ground_count"] >= k]
    return int(rows["strike_ground_count"].sum()), signals


def test_force_without_a_warning_is_seen_where_it_is_reported_and_nowhere_else() -> None:
    """If this failed, the promise of a warning would be reported kept where it is broken, or broken where it is kept.

    Nobody fires at the coalition and nobody is mistaken here, so every strike is one on intent.
    """
    number, signals = strikes("roe=warning_promised")
    assert number > 50
    assert min(signals) >= 1
    for broken in ("roe.skip_for_urgency=true", "roe.impatience=1", "roe.leaflet_skip=1"):
        more = ("scenario.leaflets_standing=true",) if "leaflet" in broken else ()
        assert "unwarned" in [fault.kind for fault in faults(compose("roe=warning_promised", broken, *more))]
        assert min(strikes("roe=warning_promised", broken, *more)[1]) == 0, broken


def test_units_that_get_no_signal_are_struck_without_one() -> None:
    """If this failed, "no way down" would be reported of a ladder that has one."""
    number, signals = strikes(*NO_WARNING)
    assert number > 100
    assert set(signals) == {0}


@pytest.mark.parametrize(
    ("overrides", "never"),
    [
        (("scenario=no_line",), "signals_line_call"),
        (("scenario.strike_flights=0",), "signals_show_of_force"),
        (("scenario.strike_flights=0",), "strike_ground_count"),
        (("roe.zone_radius_km=10", "roe.inner_line_km=5"), "signals_warning_shots"),
        (("roe.threshold=5", "roe.hezbollah_readiness=1", "roe.hardening=1"), "strike_ground_count"),
        (("roe.ultimatum_hours=6", "roe.strike_on_intent=false"), "strike_ground_count"),
    ],
)
def test_a_rung_reported_unreachable_is_not_reached(overrides: tuple[str, ...], never: str) -> None:
    """If this failed, a rung would be called dead that is alive; with the baseline it is seen to live."""
    assert faults(compose(*overrides))
    assert sim.replicate(sim.load(*BUSY, *UNFRIENDLY, *overrides), replications=100, seed=5)[never].sum() == 0
    assert sim.replicate(sim.load(*BUSY, *UNFRIENDLY), replications=100, seed=5)[never].sum() > 0


def test_the_shortest_way_to_force_of_the_baseline_is_that_of_8_june() -> None:
    """If this failed, the doctor would miss what the record shows: a dash, struck without a warning (S36)."""
    way = ladder.shortest(compose(), Rung.STRIKE)
    assert way
    told = ladder.told(compose(), way)
    assert "dashes" in told[0]
    assert [line.split(":")[0] for line in told[1:]] == [
        "without a call over the line", "without a show of force", "without warning shots", "a strike"
    ]  # fmt: skip
    rows = sim.replicate(sim.load(*UNFRIENDLY), replications=300, seed=5)
    assert any(row["strike_1_mission"] == Mission.DASH and row["strike_1_signals"] == 0 for row in rows)
