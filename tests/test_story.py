"""A run as a story: which events are roots, what led to the worst moment, and what a reader gets to see."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import sim
from sim.rules.compiling import INTERPRETED
from sim.rules.names import Act, Mission, Principal
from sim.rules.tables import Event
from sim.run.causes import Chronicle
from sim.run.story import tell
from sim.run.words import ERRANDS, PARTIES, errand, party
from sim.view import narrative, worst
from sim.view.worst import worst_moment
from tests.fake_results import story

BUSY = ("scenario.ground_activity=3", "scenario.russian_activity=3", "air.unsafe=0.5", "responses.fire=0.2")
ROOTS = {Act.LAUNCH, Act.SORTIE, Act.MISTAKEN}  # by a rate, the first two; civilians are never launched
MILITIA_AND_PARTNER = int(Principal.PARTNER * len(Principal) + Principal.MILITIA)  # a dyad without the coalition
HARMLESS = {  # never the worst moment: they lead to one, or follow one
    Act.LAUNCH, Act.EXIT, Act.CONTACT_REPORT, Act.CALL_LOST, Act.DISSUASION, Act.LEAFLETS, Act.WITHDRAWS, Act.HALTS,
    Act.GOES_ON, Act.DIGS_IN, Act.REINFORCEMENT, Act.LINE_SUSPENDED, Act.LINE_RESTORED, Act.STATEMENT,
    Act.CONDEMNATION, Act.SORTIE, Act.BORDER_REACHED, Act.BREAKS, Act.BLAME, Act.REQUEST, Act.CONSENT, Act.REFUSAL,
    Act.NO_ANSWER, Act.PROTEST, Act.TURNED_AWAY, Act.REPULSED, Act.RECOGNISED, Act.CROSSING_REACHED, Act.ISOLATED,
    Act.HARDENED, Act.AUTHORISED,
}  # fmt: skip


@pytest.mark.skipif(INTERPRETED, reason="hundreds of runs want compiled rules")
@pytest.mark.parametrize("overrides", [(), BUSY, ("scenario=line_suspended",)], ids=["baseline", "busy", "suspended"])
def test_every_event_follows_from_an_earlier_one_or_is_a_root(overrides: tuple[str, ...]) -> None:
    """If this failed, a strike would come from nowhere, or be caused by what came after it."""
    scenario = sim.load(*overrides)
    roots = set()
    for replication in range(100):
        events = tell(scenario, seed=17, replication=replication, every_min=1e6).events
        causes = events["cause"]
        assert (causes < np.arange(len(events))).all()
        led = causes >= 0
        assert (events["minute"][causes[led]] <= events["minute"][led]).all()
        roots |= {Act(int(act)) for act in events["act"][~led]}
    before = {Act.LINE_RESTORED} if "scenario=line_suspended" in overrides else set()  # suspended before the start
    assert roots <= ROOTS | before


def by_hand(*lines: tuple) -> np.ndarray:
    """A log of (minute, act, cause, value[, other side]); everything is done by the first column to the first flight.

    The coalition is one of the two sides; the other is Hezbollah unless it is said.
    """
    events = np.zeros(len(lines), Event.dtype_)
    for event, (minute, act, cause, value, *other) in zip(events, lines, strict=True):
        event.minute, event.act, event.cause, event.value = minute, act, cause, value
        event.actor, event.target, event.dyad = 8, 2, other[0] if other else Principal.HEZBOLLAH
    return events


@pytest.mark.parametrize(
    ("log", "number", "words"),
    [
        ([(1, Act.STRIKE, -1, 30), (2, Act.AIR_COMBAT, -1, 0)], 1, "weapons used between"),
        ([(1, Act.FIRES, -1, 0), (2, Act.ROCKETS, -1, 1), (3, Act.STRIKE, -1, 9)], 1, "an attack that killed"),
        ([(1, Act.STRIKE, -1, 30), (2, Act.FIRES, -1, 0), (3, Act.ROCKETS, -1, 0)], 1, "an attack on the"),
        ([(1, Act.STRIKE, -1, 2), (2, Act.STRIKE, -1, 9), (3, Act.STRIKE, -1, 9)], 1, "a ground strike"),
        ([(1, Act.THREAT, -1, 0), (2, Act.UNSAFE_INTERCEPT, -1, 0)], 1, "a dangerous intercept"),
        ([(1, Act.ENTRY, -1, 0), (2, Act.SHOW_OF_FORCE, -1, 0), (3, Act.WARNING_SHOTS, -1, 0)], 2, "warning shots"),
        ([(2, Act.ENTRY, -1, 0), (1, Act.ENTRY, -1, 0), (3, Act.INTERCEPT, -1, 0)], 2, "an intercept"),
        ([(2, Act.ENTRY, -1, 0), (1, Act.ENTRY, -1, 0), (3, Act.LAUNCH, -1, 4)], 1, "an entry"),
        ([(1, Act.AIR_COMBAT, -1, 1, Principal.REGIME), (2, Act.AIR_COMBAT, -1, 0, Principal.RUSSIA)], 1, "weapons"),
        ([(1, Act.STRIKE, -1, 30), (2, Act.STRIKE, -1, 1, Principal.CIVILIANS)], 1, "a strike on those"),
        ([(1, Act.DRONE_ATTACK, -1, 9, MILITIA_AND_PARTNER), (2, Act.DRONE_ATTACK, -1, 0)], 1, "an attack on the"),
        (
            [(1, Act.CONTACT, -1, 0, MILITIA_AND_PARTNER), (2, Act.CONTACT, -1, 0, Principal.ISIS)],
            1,
            "an attack by ISIS",
        ),
        ([(1, Act.CONTACT, -1, 0, MILITIA_AND_PARTNER), (2, Act.THREAT, -1, 0)], 0, "fighting on the ground"),
    ],
)
def test_the_worst_moment_is_the_worst_the_deadliest_the_first(log: list, number: int, words: str) -> None:
    """If this failed, a run with dead in the garrison would be told as one with a low pass."""
    found = worst_moment(by_hand(*log))
    assert found is not None
    assert found[0] == number
    assert found[1].words.startswith(words)


def test_every_act_is_ranked_or_harmless() -> None:
    """If this failed, a new kind of attack could happen and never be the worst moment of a run."""
    ranked = {act for rank in worst.RANKS for act in rank.acts}
    assert ranked | HARMLESS == set(Act)
    assert not ranked & HARMLESS


def test_the_chain_is_told_from_its_root_to_the_worst_moment() -> None:
    """If this failed, a reader would see a strike without what led to it, or with what did not."""
    told = story()
    chronicle = Chronicle.of(told.scenario, told.events)
    assert chronicle.chain(6) == [0, 1, 2, 3, 4, 5, 6]
    assert chronicle.chain(8) == [0, 1, 2, 3, 4, 5, 6, 8]
    assert chronicle.chain(-1) == []
    first, *_, last = chronicle.chain_lines(6)
    assert first == "  1. 12 May 15:00 - regime column 1 leaves base (no earlier event led to this)"
    assert last == "  7. 13 May 00:20 -> because of that strike flight 1 strikes regime column 1, 8 killed"


def test_long_stretches_of_sightings_and_calls_are_cut_short() -> None:
    """If this failed, two weeks of calls about a standing unit would hide the six steps that led to its strike."""
    calls = [(10.0 * k, Act.LINE_CALL if k % 2 else Act.DETECTION, k - 1, 0.0) for k in range(1, 21)]
    log = by_hand((0.0, Act.LAUNCH, -1, 0.0), *calls, (300.0, Act.STRIKE, 20, 4.0))
    chronicle = Chronicle(log, {8: "regime column 1", 2: "strike flight 1"}, Chronicle.of(sim.load(), log).begin)
    lines = list(chronicle.chain_lines(21))
    assert [line.split(".")[0].strip() for line in lines] == ["1", "2", "", "21", "22"]
    assert lines[2].strip() == "... 18 more sightings and calls ..."


def quiet() -> Any:
    """A told run in which nothing happened."""
    return tell(sim.load("scenario=quiet", "scenario.horizon_days=1"))


def test_a_quiet_run_says_that_nothing_happened() -> None:
    """If this failed, an empty page would leave a reader to wonder whether the program worked."""
    lines = list(narrative.lines(quiet()))
    assert "Nothing happened." in lines
    assert lines[-1].startswith("No worst moment")


def test_a_story_tells_every_event_once_in_order_of_time() -> None:
    """If this failed, a reader would miss events, or read an answer before its question."""
    told = tell(sim.load("scenario.horizon_days=3", "scenario.ground_activity=4"), seed=3)
    lines = list(narrative.day_by_day(Chronicle.of(told.scenario, told.events)))
    days = [line for line in lines if line.startswith("Day ")]
    rest = [line for line in lines if not line.startswith("Day ")]
    assert len(told.events) > 20
    assert sorted(int(line.split()[0]) for line in rest) == list(range(len(told.events)))
    assert days == sorted(set(days), key=lambda line: int(line.split()[1].strip(",")))
    minutes = [told.events[int(line.split()[0])]["minute"] for line in rest]
    assert minutes == sorted(minutes)
    roots = [line for line in rest if "(because of" not in line]
    assert len(roots) == (told.events["cause"] < 0).sum()
    assert narrative.roots(told.events).startswith(f"events: {len(told.events)}; following from no earlier one: ")


def test_parties_and_errands_without_words_of_their_own_are_named() -> None:
    """If this failed, a party or a mission that is new in the rules would stop a story halfway."""
    kept = PARTIES.copy(), ERRANDS.copy()
    PARTIES.clear()
    ERRANDS.clear()
    try:
        assert (party(3), errand(5), errand(99)) == ("russia", " for: bypass", "")
    finally:
        PARTIES.update(kept[0])
        ERRANDS.update(kept[1])


def test_a_hit_is_told() -> None:
    """If this failed, a flight that was lost would seem to have been missed."""
    log = by_hand((0, Act.AIR_COMBAT, -1, 1.0), (1, Act.AIR_COMBAT, -1, 0.0), (2, Act.FIRES, -1, 1.0))
    chronicle = Chronicle(log, {8: "russian flight 1", 2: "strike flight 1"}, SimpleNamespace())
    assert chronicle.sentence(0) == "Russian flight 1 fires at strike flight 1 and hits"
    assert chronicle.sentence(1) == "Russian flight 1 fires at strike flight 1"
    assert chronicle.sentence(2) == "Russian flight 1 fires at aircraft and hits"


@pytest.mark.parametrize(
    ("act", "value", "names", "told"),
    [
        (
            Act.LAUNCH,
            Mission.SHADOW,
            ("hezbollah drone 1", "partner patrol 2"),
            "leaves base to watch partner patrol 2",
        ),
        (Act.LAUNCH, Mission.RAID, ("isis raid 1", "garrison 1"), "ISIS raid 1 leaves base to attack the garrison"),
        (Act.SORTIE, 0, ("russian flight 1", "militia convoy 2"), "takes off to fly over militia convoy 2"),
        (Act.SORTIE, 0, ("regime flight 1", "opposition group 1"), "takes off to bomb opposition group 1"),
        (Act.MISTAKEN, Principal.MILITIA, ("strike flight 1", "civil traffic 3"), "for a unit of the militias"),
        (Act.MISTAKEN, Principal.HEZBOLLAH, ("strike flight 1", "hezbollah drone 1"), "for one that attacks"),
        (Act.SHOOT_DOWN, 1, ("strike flight 1", "regime drone 1"), "fires at regime drone 1 and brings it down"),
        (Act.SHOOT_DOWN, 0, ("strike flight 1", "regime drone 1"), "fires at regime drone 1 and misses"),
    ],
)
def test_who_did_what_to_whom(act: Act, value: float, names: tuple[str, str], told: str) -> None:
    """If this failed, a drone that watched would be told as one that attacked, or a raid without its target."""
    log = by_hand((0, act, -1, float(value)))
    words = Chronicle(log, {8: names[0], 2: names[1]}, SimpleNamespace()).sentence(0)
    assert words.endswith(told)
