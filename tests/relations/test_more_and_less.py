"""More of a cause, more of its effect: paired by seed, one-sided, and never by luck."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from twins import FALSE_ALARM_SD, paired_z, rows, story, world

from sim.rules.compiling import INTERPRETED
from sim.rules.names import Act

pytestmark = pytest.mark.skipif(INTERPRETED, reason="hundreds of runs want compiled rules")
RUNS = 300
DAYS = "scenario.horizon_days=14"
# A coalition that only looks: no signal changes what anybody does, so more sight can only mean more seen.
ONLY_LOOKS = (
    "roe.line_call=false", "roe.show_of_force=false", "roe.warning_shots=false", "roe.strike_on_intent=false",
    "sensing.misidentified=0", "responses.fire=0", "restraint.retaliation_per_day=0", "scenario.raid_activity=0",
    "scenario.isis_activity=0", "scenario.patrol_activity=0", "roe.answer_own=false", "scenario.drone_activity=0",
    "roe.leaflets_after_hours=2000",
)  # fmt: skip

# A coalition that takes the ladder rung by rung against columns that come, stay and neither fire nor fight.
LADDER_ONLY = (
    "roe.skip_for_urgency=false", "roe.impatience=0", "roe.leaflet_skip=0", "command.dash_share=0",
    "scenario.raid_activity=0", "scenario.isis_activity=0", "scenario.patrol_activity=0", "responses.fire=0",
    "line.dissuasion=0", "command.hold_days=30",
)  # fmt: skip
WINDOWS = {"call_window_min": (10, 360), "show_window_min": (5, 240), "shots_window_min": (2, 120)}


def assert_rises(column: str, *steps: tuple[str, ...]) -> None:
    """Each of the settings, one after the other, has more of it than the one before: by 4.89 standard errors."""
    found = [rows(*step, DAYS, runs=RUNS)[column] for step in steps]
    for less, more in itertools.pairwise(found):
        assert paired_z(more, less) > FALSE_ALARM_SD, (column, [float(values.mean()) for values in found])


def test_whoever_sees_farther_sees_more() -> None:
    """If this failed, better sensors would see less: hours that columns are tracked while they act inside the ring.

    Monotone.  Seen to fail with a reach beyond 55 km taken for 20 km in `sensing.hazard_per_min`.
    """
    assert_rises(
        "active_h",
        (*ONLY_LOOKS, "sensing.orbit_km=30", "sensing.flight_km=30"),
        (*ONLY_LOOKS, "sensing.orbit_km=50", "sensing.flight_km=40"),
        (*ONLY_LOOKS, "sensing.orbit_km=80", "sensing.flight_km=60"),
    )


def test_whoever_sees_farther_is_never_the_last_to_find_somebody() -> None:
    """If this failed, a group would be found later for being visible from farther off.

    Monotone in every single run, as both coalitions only look: the same groups go the same ways, and the first of
    them is found no later.  Seen to fail with a reach beyond 60 km taken for 30 km in
    `sensing.hazard_per_min`.
    """
    near, far = world(*ONLY_LOOKS, "sensing.orbit_km=45"), world(*ONLY_LOOKS, "sensing.orbit_km=70")
    earlier = 0
    for replication in range(40):
        found = []
        for scenario in (near, far):
            _, events = story(scenario, replication)
            moves = events[np.isin(events["act"], (Act.LAUNCH, Act.ENTRY, Act.EXIT, Act.DIGS_IN))]
            seen = events["minute"][events["act"] == Act.DETECTION]
            found.append((moves[["minute", "act", "actor"]].tolist(), seen.min() if len(seen) else np.inf))
        assert found[0][0] == found[1][0]
        assert found[1][1] <= found[0][1]
        earlier += found[1][1] < found[0][1]
    assert earlier > 5


def test_more_missions_mean_more_encounters() -> None:
    """If this failed, sending more columns would bring fewer of them into the ring, or fewer strikes.  Monotone.

    Seen to fail with the activity left out of the missions a day in `sim.scenario`.
    """
    steps = [(f"scenario.ground_activity={factor}",) for factor in ("0.25", "0.8", "2")]
    for column in ("launches", "entries", "strike_ground_count"):
        assert_rises(column, *steps)


def test_a_higher_threshold_never_brings_more_strikes() -> None:
    """If this failed, a coalition slower to see intent would bomb more: strikes, and the harm that they do.  Monotone.

    Seen to fail with the comparison turned round in `keys.key_turns`.
    """
    steps = [(f"roe.threshold={points}",) for points in ("5", "2", "1")]
    assert_rises("strike_ground_count", *steps)
    assert_rises("killed_militia", steps[0], steps[-1])
    assert rows(*steps[0], DAYS, runs=RUNS)["strike_ground_count"].mean() < 0.5


@pytest.mark.parametrize("window", WINDOWS)
def test_more_patience_brings_later_strikes(window: str) -> None:
    """If this failed, longer windows would hasten the strike: hours from entry to the first one.  Monotone.

    No rung is skipped, as a longer window is skipped sooner; and nobody fights, fires or heeds a call, as a strike in
    answer to fire waits for no window.  A sign test of pairs of runs that both have a strike: some first strikes are
    on units that stood for days, whose hours would drown all others in a mean.
    Seen to fail with every window taken for 30 minutes in `engagement.signal`, or in `roe.mark` and
    `movement.cross`.
    """
    hours = []
    for minutes in WINDOWS[window]:
        found = rows(*LADDER_ONLY, f"roe.{window}={minutes}", DAYS, runs=RUNS)
        hours.append(found["strike_1_hours_from_entry"])
    sooner, later = hours
    both = np.isfinite(sooner) & np.isfinite(later)
    signs = np.sign(later[both] - sooner[both])
    assert signs.sum() > FALSE_ALARM_SD * np.sqrt(np.count_nonzero(signs))


def test_a_higher_red_line_holds_longer() -> None:
    """If this failed, a more patient Hezbollah would threaten and attack sooner.  Monotone.

    Seen to fail with the sign of `over` turned round in `escalation.retaliations_per_day`.
    """
    steps = [(f"restraint.red_line={anger}", "restraint.retaliation_per_day=2") for anger in ("6", "3", "1.2")]
    assert_rises("hezbollah_threat", *steps)
    assert_rises("attack_on_coalition", *steps)


def test_more_fear_keeps_more_at_home() -> None:
    """If this failed, whoever is frightened would come more often: deterrence would work backwards.  Monotone.

    Seen to fail with the sign of `dread` turned round in `command.missions_per_day`.
    """
    calm = ("theory.beta_anger=0", "command.reinforce_chance=0")
    assert_rises("launches", *[(*calm, f"theory.beta_fear={fear}") for fear in ("2", "0.7", "0")])


def test_more_anger_sends_more() -> None:
    """If this failed, those who have been bombed would be appeased by it.  Monotone.

    Seen to fail with anger left out of `command.missions_per_day`.
    """
    fearless = ("theory.beta_fear=0", "command.reinforce_chance=0")
    assert_rises("launches", *[(*fearless, f"theory.beta_anger={anger}") for anger in ("0", "0.5", "2")])
