"""The ladder as a graph: it says what the rules do, finds what is broken, and what it finds is seen to happen."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

import sim
from sim.config.compose import compose
from sim.rules import keys, roe
from sim.rules.names import Posture, Rung
from sim.run.batch import no_log
from sim.study import ladder, situations
from sim.study.ladder_faults import faults
from sim.study.situations import DASHES, GOES_ROUND, Situation
from tests.situated import staged

PRESETS = sorted(file.stem for file in (Path(sim.__file__).parents[1] / "conf" / "roe").glob("*.yaml"))
SCENARIOS = sorted(file.stem for file in (Path(sim.__file__).parents[1] / "conf" / "scenario").glob("*.yaml"))


def sample(*overrides: str, every: int) -> list[Situation]:
    """Some situations of a configuration; `every` is prime, so that conducts, distances and memories all vary."""
    return list(itertools.islice(situations.situations(compose(*overrides)), 0, None, every))


@pytest.mark.interpreted
@pytest.mark.slow
@pytest.mark.parametrize("overrides", [(f"roe={preset}",) for preset in PRESETS])
def test_the_graph_scores_what_the_rules_score(overrides: tuple[str, ...]) -> None:
    """If this failed, `tanf doctor` would judge other rules than those that are run."""
    config = compose(*overrides)
    for at in sample(*overrides, every=89):
        state, params, i = staged(at, Rung.NONE, *overrides)
        assert situations.points(config, at) == pytest.approx(keys.points(state, params, i), rel=1e-12), at
        assert situations.turns(config, at) == keys.key_turns(state, params, i), at


@pytest.mark.interpreted
@pytest.mark.slow
@pytest.mark.parametrize(
    "overrides",
    [
        ("roe=baseline_2017",),
        ("roe=no_warning_shots",),
        ("roe=warning_promised",),
        ("roe=restrictive", "roe.leaflet_skip=1"),
        ("roe=self_defence_only",),
        ("roe=denial",),
        ("roe=baseline_2017", "roe.line_call=false", "roe.skip_for_urgency=false"),
    ],
)
def test_the_graph_has_just_the_moves_that_the_rules_make(overrides: tuple[str, ...]) -> None:
    """If this failed, a way up the ladder would be reported that no unit can go, or one overlooked.

    Each situation is put to the rules 40 times with fixed seeds.
    Seen to fail with the windows of show and shots exchanged.
    """
    config = compose(*overrides)
    for at in [one for one in sample(*overrides, every=127) if situations.turns(config, one)]:
        for rung in (Rung.NONE, Rung.LINE_CALL, Rung.SHOW_OF_FORCE):
            state, params, i = staged(at, rung, *overrides)
            seen = set()
            for step in range(40):
                state.step = step
                seen.add(Rung(int(roe.next_rung(state, params, i))))
            expected = {move.rung for move in ladder.moves(config, at, rung)} or {Rung.NONE}
            assert seen == expected, (at, rung)


@pytest.mark.interpreted
@pytest.mark.parametrize(
    ("overrides", "dead"),
    [
        (("scenario=no_line",), Rung.LINE_CALL),
        (("scenario.strike_flights=0",), Rung.SHOW_OF_FORCE),
        (("scenario.strike_flights=0",), Rung.STRIKE),
        (("roe.threshold=5", "roe.hezbollah_readiness=1", "roe.hardening=1"), Rung.STRIKE),
        (("scenario.leaflets_standing=true", "roe.leaflet_skip=1"), Rung.WARNING_SHOTS),
        (("roe=denial", "roe.zone_radius_km=0", "scenario.strike_flights=0"), Rung.STRIKE),
    ],
)
def test_the_witness_of_a_rung_that_never_comes_does_not_meet_it(overrides: tuple[str, ...], dead: Rung) -> None:
    """If this failed, what the doctor shows of a dead rung could not be seen in the model.

    Seen to fail with a call allowed where there is no line, in the graph and in the rules.
    """
    config = compose(*overrides)
    (fault,) = [one for one in faults(config) if one.kind == "unreachable" and ladder.WORDS[dead] in one.sentence]
    way = ladder.witness(config)
    assert way
    assert fault.witness[0] == ladder.told(config, way)[0]
    for rung in range(Rung.NONE, dead):
        for step in range(20):
            state, params, i = staged(way.at, Rung(rung), *overrides)
            state.step = step
            roe.consider(state, params, no_log(), i)
            flown = [state.units[k].task for k in range(state.n_units) if state.units[k].posture == Posture.TASKED]
            assert dead not in flown
            assert dead != Rung.LINE_CALL or state.n_events == 0


@pytest.mark.interpreted
def test_units_on_the_bypass_are_looked_at_under_denial_alone() -> None:
    """If this failed, `denial` would be judged by none of the units that make it denial, others by those let pass.

    Denial reaches every rung outside the zone, also where there is no zone.
    """
    there = {
        preset: [at for at in situations.situations(compose(f"roe={preset}")) if at.conduct == GOES_ROUND]
        for preset in PRESETS
    }
    assert [preset for preset, some in there.items() if some] == ["denial"]
    assert not faults(compose("roe=denial", "roe.zone_radius_km=0"))
    assert not list(situations.situations(compose("roe=denial", "roe.zone_radius_km=0", "scenario=no_bypass")))


@pytest.mark.interpreted
def test_rocket_teams_come_nearer_than_others() -> None:
    """If this failed, a small zone would be called out of reach of those who fire from inside it."""
    near = ("roe.zone_radius_km=18", "roe.inner_line_km=5", "engagement.rocket_range_km=8")
    assert ladder.shortest(compose(*near), Rung.STRIKE)
    for nobody in ("scenario.hezbollah_teams=0", "restraint.rocket_share=0", "restraint.retaliation_per_day=0"):
        (first, *_) = faults(compose(*near, nobody))
        assert "nearer than 20 km" in first.sentence


@pytest.mark.interpreted
@pytest.mark.parametrize("choice", [*(f"roe={name}" for name in PRESETS), *(f"scenario={name}" for name in SCENARIOS)])
def test_shipped_ladders_are_sound(choice: str) -> None:
    """If this failed, a preset would have a rung that never comes, or break what it promises."""
    expected = ["unreachable"] if choice == "scenario=no_line" else []  # there the call is what is missing
    assert [fault.kind for fault in faults(compose(choice))] == expected


WARNED = ("self_defence_only", "warning_promised")  # no force on intent, or none without a warning
PROMISED = ("roe=warning_promised",)
NO_WARNING = ("roe.line_call=false", "roe.show_of_force=false", "roe.warning_shots=false")
LEAFLETS = ("roe.closing_weight_leaflets=0",)
WEIGHTLESS = tuple(f"roe.{what}_weight=0" for what in ("closing", "reinforce", "heavy", "fortify")) + LEAFLETS
BROKEN = [
    # force without the promised warning
    *[((f"roe={preset}", "roe.promises_warning=true"), "unwarned") for preset in PRESETS if preset not in WARNED],
    ((*PROMISED, "roe.skip_for_urgency=true"), "unwarned"),
    ((*PROMISED, "roe.impatience=0.1"), "unwarned"),
    ((*PROMISED, "roe.leaflet_skip=0.01"), "unwarned"),
    ((*PROMISED, "roe.leaflet_skip=1"), "unwarned"),
    ((*PROMISED, "roe.leaflet_skip=0.5", "scenario.leaflets_standing=true", "scenario.horizon_days=7"), "unwarned"),
    ((*PROMISED, *NO_WARNING), "unwarned"),
    ((*PROMISED, "roe.line_call=false", "roe.show_of_force=false", "roe.impatience=1"), "unwarned"),
    ((*PROMISED, "roe.leaflet_skip=1", "scenario.horizon_days=9"), "unwarned"),  # hours of many units add up
    ((*PROMISED, "theory.tremble=0.5"), "unwarned"),
    ((*PROMISED, "roe.drone_policy=on_zone_entry"), "unwarned"),
    ((*PROMISED, "roe.drone_policy=on_hostile_intent"), "unwarned"),
    # no way down
    (NO_WARNING, "no way down"),
    (("roe=permissive", *NO_WARNING), "no way down"),
    (("roe=exclusion_zone", *NO_WARNING), "no way down"),
    (("roe=ultimatum", *NO_WARNING), "no way down"),
    (("roe.show_of_force=false", "roe.warning_shots=false", "line.dissuasion=0"), "no way down"),
    (("roe.show_of_force=false", "roe.warning_shots=false", "line.misplaced=1"), "no way down"),
    (("roe.show_of_force=false", "roe.warning_shots=false", "scenario=no_line"), "no way down"),
    # rungs that never come
    (("scenario=no_line",), "unreachable"),
    (("scenario.line_exists=false", "roe=restrictive"), "unreachable"),
    (("scenario.strike_flights=0",), "unreachable"),
    (("scenario.strike_flights=0", "roe=self_defence_only"), "unreachable"),
    (("roe.zone_radius_km=0",), "unreachable"),
    (("roe.zone_radius_km=10", "roe.inner_line_km=5"), "unreachable"),
    (("roe.zone_radius_km=30", "command.stand_off_km=35"), "unreachable"),
    (("roe.threshold=5", "roe.hezbollah_readiness=1", "roe.hardening=1"), "unreachable"),
    (("roe.threshold=2.5", *WEIGHTLESS, "roe.hezbollah_readiness=1", "roe.hardening=1"), "unreachable"),
    (("roe=self_defence_only", "roe.threshold=5", "roe.hezbollah_readiness=1", "roe.hardening_days=0"), "unreachable"),
    # rules against each other
    (("roe=self_defence_only", "roe.promises_warning=true", *NO_WARNING), "contradictory"),
    (("roe=ultimatum", "roe.strike_on_intent=false"), "contradictory"),
    (("roe=self_defence_only", "roe.ultimatum_hours=6"), "contradictory"),
    (("roe=higher_authority", "roe.strike_on_intent=false"), "contradictory"),
    (("roe=self_defence_only", "roe.approval_min=10"), "contradictory"),
    (("roe=denial", "roe.strike_on_intent=false"), "contradictory"),
    (("roe.answer_own=false",), "contradictory"),
    (("roe.answer_own=false", "roe.answer_partner_inside=0.1", "roe.answer_partner_outside=0"), "contradictory"),
    (("roe=partner_defence", "roe.answer_own=false"), "contradictory"),
    (("roe.answer_partner_inside=0",), "contradictory"),
    (("roe=partner_defence", "roe.answer_partner_inside=0.5"), "contradictory"),
    (("roe.answer_russian_air=0.2",), "contradictory"),
    (("roe.answer_russian_air=0.05", "roe.answer_regime_air=0"), "contradictory"),
    (("roe.closing_weight_leaflets=0.7",), "contradictory"),
    (("roe.closing_weight=1.2",), "contradictory"),
    (("roe.drone_policy=on_zone_entry", "roe.zone_radius_km=0"), "contradictory"),
    (("scenario.strike_flights=0", "roe=baseline_2017"), "contradictory"),
    # thresholds in the shadow of others
    (("roe.inner_line_km=55",), "shadowed"),
    (("roe.inner_line_km=60",), "shadowed"),
    (("roe.zone_radius_km=20",), "shadowed"),
    (("roe.zone_radius_km=25", "roe.inner_line_km=25"), "shadowed"),
    (("roe.show_window_min=121",), "shadowed"),
    (("roe.call_window_min=30",), "shadowed"),
    (("roe.shots_window_min=61",), "shadowed"),
    (("roe=restrictive", "roe.show_window_min=50"), "shadowed"),
    (("roe.reach_min=140",), "shadowed"),
    (("roe.zone_radius_km=35",), "shadowed"),
    (("roe=exclusion_zone", "roe.ultimatum_hours=24"), "shadowed"),
    (("roe=ultimatum", "roe.presence_weight=1.5"), "shadowed"),
    (("roe=ultimatum", "scenario.horizon_days=1"), "shadowed"),
    (("roe=denial", "environment.coalition_stake=0", "roe.heavy_weight=0"), "shadowed"),
    (("roe=denial", "scenario=no_bypass"), "shadowed"),
    (("roe=denial", "command.bypass_share=0"), "shadowed"),
]  # fmt: skip


@pytest.mark.interpreted
@pytest.mark.parametrize(("overrides", "kind"), BROKEN)
@pytest.mark.slow
def test_broken_ladders_are_found(overrides: tuple[str, ...], kind: str) -> None:
    """If this failed, a researcher would sweep a ladder for days that cannot do what it says."""
    found = faults(compose(*overrides))
    assert kind in [fault.kind for fault in found]
    assert all(fault.sentence and fault.change and fault.witness for fault in found)


NO_WEIGHT = tuple(f"roe.{what}_weight=0" for what in ("fortify", "reinforce", "heavy", "call", "reach"))
NOBODY_ELSE = ("scenario.regime_columns=0", "scenario.hezbollah_teams=0", "scenario.partner_patrols=0")
SOUND = [  # of one kind of fault, whatever else they are
    (("roe=exclusion_zone", "roe.promises_warning=true", "roe.skip_for_urgency=false", "roe.impatience=0",
      "roe.leaflet_skip=0.6"), "unwarned"),  # presence turns the key, so nothing is tolerated and no leaflets fall
    (("roe.threshold=5", "roe.hezbollah_readiness=1", "roe.hardening=1", "theory.tremble=0.5"), "unreachable"),
    ((*NO_WEIGHT, "roe.hezbollah_readiness=1", "roe.hardening=1", "roe.closing_weight_leaflets=0.8",
      "roe.threshold=1.2", "roe.call_window_min=10", "roe.show_window_min=10", "roe.shots_window_min=5"),
     "unreachable"),  # the key turns and there is time, between 20 km and half-way only
    ((*NOBODY_ELSE, "roe.threshold=2.2", "roe.hardening_days=0"), "unreachable"),  # militia has heavy weapons too
    (("roe.zone_radius_km=5", "roe.approach_km=5", "roe.inner_line_km=2", "engagement.rocket_range_km=8",
      "roe.show_of_force=false", "roe.warning_shots=false", "roe.strike_on_intent=false"), "unreachable"),
    (("roe=denial", "roe.denial_weight=1.5", "roe.heavy_weight=0.2"), "shadowed"),  # a team of Hezbollah turns it
    (("roe.ultimatum_hours=24", "roe.strike_on_intent=false", "scenario.horizon_days=1"), "contradictory"),
    (("roe.show_window_min=121", "scenario=no_line"), "shadowed"),  # there is no call to be slower than
    (("roe.show_window_min=121", "roe.skip_for_urgency=false"), "shadowed"),
]  # fmt: skip


@pytest.mark.interpreted
@pytest.mark.parametrize(("overrides", "kind"), SOUND)
def test_sound_ladders_are_not_called_broken(overrides: tuple[str, ...], kind: str) -> None:
    """If this failed, a researcher would mend what is not broken."""
    assert kind not in [fault.kind for fault in faults(compose(*overrides))]


@pytest.mark.interpreted
def test_nobody_dashes_who_is_not_sent() -> None:
    """If this failed, the shortest way to force would be that of a unit which never comes."""
    for nobody in (("command.push_share=0",), ("theory=accident", "command.dash_share=0")):
        assert DASHES not in {at.conduct for at in situations.situations(compose(*nobody))}
    for quiet in ("scenario=quiet", "scenario.ground_activity=0"):
        assert not list(situations.situations(compose(quiet)))


def test_fifty_ladders_are_broken() -> None:
    """If this failed, the list above would have been cut short."""
    assert len(set(BROKEN)) >= 50


def test_only_what_the_scenario_can_bring_about_is_looked_at() -> None:
    """If this failed, a ladder would be judged by days without leaflets where they stand, and by units nobody sends."""
    seen = list(situations.situations(compose("scenario.leaflets_standing=true", "command.fortify_share=0")))
    assert seen
    assert all(at.leaflets and not at.conduct.digging for at in seen)
    assert {fault.kind for fault in faults(compose("scenario.leaflets_standing=true", "roe.leaflet_skip=1"))} == {
        "unreachable"
    }
