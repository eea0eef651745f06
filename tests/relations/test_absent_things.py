"""What is not there does nothing, what cannot happen never happens, and what is certain always does."""

from __future__ import annotations

import numpy as np
import pytest
from twins import SEED, but, rows, story, total, twin, world

import sim
from sim.rules.compiling import INTERPRETED
from sim.rules.names import Act, Kind, Mission, Principal
from sim.rules.tables import Params, State
from sim.run.batch import seeded

pytestmark = pytest.mark.skipif(INTERPRETED, reason="whole runs want compiled rules")
RUNS = 30
BUSY = (
    "scenario.raid_activity=4", "scenario.isis_activity=8", "scenario.drone_activity=4", "command.patrols_per_day=2",
    "air.regime_probes_per_day=0.5", "air.russian_probes_per_day=0.5", "restraint.retaliation_per_day=2",
    "raids.contact_fire_per_h=1", "sensing.misidentified=0.1", "responses.fire=0.2", "command.massing_hours=1",
)  # fmt: skip
PEACEFUL = (
    "responses.fire=0", "restraint.retaliation_per_day=0", "sensing.misidentified=0", "raids.contact_fire_per_h=0",
)  # fmt: skip


def launches_of(scenario: sim.Scenario, events: np.ndarray, kind: Kind, principal: Principal) -> np.ndarray:
    """Which events are a launch or sortie by a kind of a side."""
    units = np.asarray(scenario.state.units)[: scenario.state.n_units]
    mine = units["id"][(units["kind"] == kind) & (units["principal"] == principal)]
    return np.isin(events["actor"], mine) & np.isin(events["act"], (Act.LAUNCH, Act.SORTIE))


SWITCHES = {  # what is switched off: whose launches or sorties it makes impossible, and in what missions (none: in all)
    "scenario.hezbollah_activity=0": (Kind.HEZBOLLAH_TEAM, Principal.HEZBOLLAH, ()),
    "command.regime_per_day=0": (Kind.REGIME_COLUMN, Principal.REGIME, ()),
    "command.militia_per_day=0": (Kind.MILITIA_CONVOY, Principal.MILITIA, ()),
    "scenario.patrol_activity=0": (Kind.PARTNER_PATROL, Principal.PARTNER, (Mission.PATROL,)),
    "raids.partner_raids_per_day=0": (Kind.PARTNER_PATROL, Principal.PARTNER, (Mission.RAID,)),
    "raids.journeys_per_day=0": (Kind.CIVIL_TRAFFIC, Principal.CIVILIANS, ()),
    "air.regime_probes_per_day=0": (Kind.REGIME_FLIGHT, Principal.REGIME, (Mission.AIRSPACE,)),
    "scenario.drone_activity=0": (Kind.PRO_REGIME_DRONE, None, (Mission.SHADOW,)),
    "scenario.russian_activity=0": (Kind.RUSSIAN_FLIGHT, Principal.RUSSIA, (Mission.ESCORT, Mission.AIRSPACE)),
}


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_party_that_stays_away_changes_nothing_before_it_would_have_come(switch: str) -> None:
    """If this failed, runs of two policies would differ by luck, and no difference between them would mean anything.

    Exact: all events before the party's first one are the same; where it never came, the whole run is.
    Seen to fail with what all clocks have waited for added to `sub` in `random.uniform`.
    """
    kind, principal, missions = SWITCHES[switch]
    with_them, without = world(), world(switch)
    came = 0
    for replication in range(RUNS // 3):
        _, events = story(with_them, replication)
        _, alone = story(without, replication)
        sides = Principal if principal is None else (principal,)
        theirs = np.any([launches_of(with_them, events, kind, side) for side in sides], axis=0)
        if missions:
            theirs &= np.isin(events["value"], missions)
        first = int(np.argmax(theirs)) if theirs.any() else len(events)
        came += bool(theirs.any())
        assert events[:first].tobytes() == alone[:first].tobytes()
        assert theirs.any() or len(alone) == len(events)
    assert came > 0


def test_without_flights_nothing_but_calls() -> None:
    """If this failed, somebody would fly, warn or bomb with aircraft that are not there.  Exact: none in any run.

    Seen to fail with a strike signalled by `roe.climb` where no flight is free.
    """
    found = rows("scenario.strike_flights=0", *BUSY, runs=RUNS)
    assert total(found, "signals_show_of_force", "signals_warning_shots", "signals_strike", "strike_ground_count") == 0
    assert total(found, "acts_close_air_support", "acts_shoot_down", "acts_intercept", "acts_air_combat") == 0
    assert total(found, "signals_line_call") > RUNS
    assert total(rows(*BUSY, runs=RUNS), "acts_strike", "acts_shoot_down", "acts_intercept") > RUNS


def test_whoever_is_never_seen_is_never_warned() -> None:
    """If this failed, the coalition would act on what it cannot know.  Exact: no signal in any run.

    The hazard of detection is 0, which no setting allows.  Seen to fail with `unit.tracked` left out of `roe.roe`.
    """

    def blind(params: Params, state: State) -> None:
        params.sensing.hazard_per_min = 0.0

    found = sim.replicate(twin(world(*BUSY), blind), replications=RUNS, seed=SEED)
    warned = ("line_call", "show_of_force", "warning_shots", "strike")
    assert total(found, *(f"signals_{rung}" for rung in warned), "strike_ground_count", "acts_contact_report") == 0
    assert total(found, "acts_detection", "acts_mistaken", "acts_shoot_down", "acts_close_air_support") == 0
    assert found["entries"].min() > 0


def test_inside_a_ring_round_everything_whoever_leaves_base_has_entered() -> None:
    """If this failed, the ring would be crossed by something else than motion: entries would not be presence.

    Exact in every run: each launch of a column is an entry, nobody exits, and no other radius gives as many.
    Seen to fail with `away < radius` in `movement.cross` made `away < min(radius, 60.0)`.
    """

    def wide(params: Params, state: State) -> None:
        params.roe.zone_radius_km = 500.0

    # Nobody is launched in the very last step of these runs, so that everybody launched has also moved.
    found = sim.replicate(twin(world(), wide), replications=RUNS, seed=SEED)
    assert total(found, "acts_exit") == 0
    assert np.array_equal(found["entries"], found["launches"])
    usual = rows(runs=RUNS)
    assert usual["entries"].sum() < usual["launches"].sum()
    assert total(usual, "acts_exit") > 0


def test_rules_that_forbid_strikes_on_intent_are_kept_while_nobody_fires() -> None:
    """If this failed, `self_defence_only` would not be what its name says.  Exact: no bomb on the ground in any run.

    Seen to fail with `next_rung` returning a strike where the ladder ends.
    """
    found = rows("roe.strike_on_intent=false", *PEACEFUL, runs=4 * RUNS)
    assert total(found, "acts_strike", "strike_ground_count", "signals_strike") == 0
    assert total(found, "signals_warning_shots") > 0
    assert total(rows(*PEACEFUL, runs=4 * RUNS), "acts_strike") > 0


def test_why_a_call_is_lost_makes_no_difference() -> None:
    """If this failed, a call that names a wrong place would do something that a call nobody passes on does not.

    Exact: every event and outcome, but for the reason noted.  Seen to fail with the side told where the ring is
    unless the place was wrong.
    """
    misplaced, not_passed_on = world("line.misplaced=1"), world("line.misplaced=0", "line.dissuasion=0")
    lost = 0
    for replication in range(RUNS // 3):
        ended, events = story(misplaced, replication)
        ended_too, events_too = story(not_passed_on, replication)
        lost += ended.outcome.calls_lost
        for told in (events, events_too):
            told["value"][told["act"] == Act.CALL_LOST] = 0.0
        assert events.tobytes() == events_too.tobytes()
        assert ended.outcome.tobytes() == ended_too.outcome.tobytes()
    assert lost > RUNS


def test_a_line_that_nobody_calls_over_is_no_line() -> None:
    """If this failed, the line would work by being there, and its worth would not be that of its calls.

    Exact, with all that the line's silence does elsewhere switched off: mistakes, danger in the air, requests.
    Seen to fail with calls allowed in `roe.is_allowed` where the scenario has no line.
    """
    apart = ("air.unsafe_silent=1", "line.suspension_chance=0", "line.request_chance=0", "sensing.misidentified_line=1")
    unused, missing = (
        rows("roe.line_call=false", *apart, runs=RUNS),
        rows("scenario.line_exists=false", *apart, runs=RUNS),
    )
    assert unused.tobytes() == missing.tobytes()
    assert total(unused, "signals_line_call") == 0 < total(unused, "signals_show_of_force")
    assert rows(*apart, runs=RUNS).tobytes() != unused.tobytes()


def test_without_ties_of_blood_hezbollah_threatens_and_attacks_nobody() -> None:
    """If this failed, anger would come from somewhere else than from one's own dead and those of allies.

    Exact: none in any run, while the others are struck.  Hezbollah itself stays at home, so none of its own dies,
    and the red line is as sharp as it may be: a blunt one lets restraint break without any anger now and then.
    Seen to fail with `share > 0.0` in `acts.enrage` made `share >= 0.0` and anger added whole.
    """
    home = ("scenario.hezbollah_activity=0", "scenario.drone_activity=0", "restraint.steepness=10")
    ties = ("restraint.militia_hezbollah=0", "restraint.regime_hezbollah=0")
    found = rows(*home, *ties, runs=4 * RUNS)
    assert total(found, "hezbollah_threat_count", "attack_by_rockets_count", "attack_by_drone_count") == 0
    assert total(found, "coalition_hezbollah_count", "attack_off_map_count") == 0
    assert total(found, "strike_ground_count") > 0
    assert total(rows(*home, runs=4 * RUNS), "hezbollah_threat_count", "attack_by_drone_count") > 0


IMPOSSIBLE = {  # what is given no chance: the acts that must not appear, and that do appear otherwise
    "line.request_chance=0": ("request", "consent", "refusal"),
    "line.consent=0": ("consent",),
    "line.suspension_chance=0": ("line_suspended",),
    "raids.car_bomb=0": ("car_bomb",),
    "raids.blame=0": ("blame",),
    "command.reinforce_chance=0": ("reinforcement",),
    "air.intercept=0": ("intercept", "unsafe_intercept", "turned_away"),
    "air.unsafe=0": ("unsafe_intercept",),
    "sensing.misidentified=0": ("mistaken", "recognised"),
    "roe.show_of_force=false": ("show_of_force",),
    "roe.warning_shots=false": ("warning_shots",),
    "command.fortify_share=0": ("digs_in",),
    "restraint.off_map_share=0": ("off_map_attack",),
    "theory.memory=false": ("threat", "leaflets"),
}


@pytest.mark.parametrize("setting", IMPOSSIBLE)
def test_what_has_no_chance_never_happens(setting: str) -> None:
    """If this failed, something would happen that its own parameter rules out.  Exact: in no run.

    Seen to fail with a draw compared with 0.97 p + 0.02 in `random.chance`, also where p is 0; the four in
    which that decides nothing, with the show of force allowed always in `roe.is_allowed`, 0.01 added to the share that
    digs in and 0.02 to that off the map, and leaflets dropped without memory in `roe.tolerate`.
    """
    columns = [f"acts_{act}" for act in IMPOSSIBLE[setting]]
    usual = rows(*BUSY, runs=RUNS)
    assert all(total(usual, column) > 0 for column in columns)
    assert total(rows(*but(BUSY, setting), runs=RUNS), *columns) == 0


CERTAIN = {  # what is made certain: acts that then come equally often
    "raids.car_bomb=1": ("acts_car_bomb", "isis_attack_count"),
    "drones.shot_down=1": ("drone_shootdown_count", "acts_shoot_down"),
    "line.consent=1": ("acts_consent", "acts_request"),
    "raids.partner_first=1": ("partner_fired_first_count", "partner_militia_count"),
}


@pytest.mark.parametrize("setting", CERTAIN)
def test_what_is_certain_always_happens(setting: str) -> None:
    """If this failed, a certainty would sometimes fail to come true.  Exact: in every run as often as its occasion.

    Seen to fail with a draw compared with 0.97 p + 0.02 in `random.chance`.
    """
    done, occasion = CERTAIN[setting]
    # All patrols without advisers and no ambush, so that a fight may be opened by the patrol; no partner attacked
    # inside, so that consent may be given.
    others = ["raids.advised=0", "restraint.assault_share=0", "raids.partner_raids_per_day=0"]
    if "consent" in setting:
        others.append("raids.contact_fire_per_h=0")
    scenario = but(BUSY, *others)
    certain, usual = rows(*scenario, setting, runs=RUNS), rows(*scenario, runs=RUNS)
    assert total(certain, occasion) > 0
    assert np.array_equal(certain[done], certain[occasion])
    assert usual[done].sum() < usual[occasion].sum()


def test_stories_of_these_tests_are_runs_of_the_batch() -> None:
    """If this failed, the relations would be shown for other runs than those that are counted."""
    ended, _ = story(world(), 3)
    assert seeded(world().state, SEED, 3).replication == 3
    assert np.array([ended.outcome]).tobytes() == rows(runs=RUNS)[3:4].tobytes()
