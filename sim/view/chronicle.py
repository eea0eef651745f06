"""A run in plain words: one line for each event, and what the run amounts to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sim.rules.names import Act, Principal
from sim.rules.outcome import Happening

PRINCIPAL = 1000  # events name a principal as 1000 + its number
CALL_LOST = {1: "does not get through", 2: "names the wrong place", 3: "is not passed on"}

ANSWERS = (Act.WITHDRAWS, Act.HALTS, Act.GOES_ON)

SENTENCES = {
    Act.LAUNCH: "{actor} leaves base",
    Act.ENTRY: "{actor} enters the deconfliction zone",
    Act.EXIT: "{actor} leaves the deconfliction zone",
    Act.DETECTION: "{actor} is detected",
    Act.CONTACT_REPORT: "{actor} reports {target} and calls for help",
    Act.LINE_CALL: "{actor} calls Russia over the line about {target}",
    Act.CALL_LOST: "the call about {target} {lost}",
    Act.DISSUASION: "{actor} asks {target} to turn back",
    Act.LEAFLETS: "{actor} drops leaflets on {target}",
    Act.SHOW_OF_FORCE: "{actor} makes a low pass over {target}",
    Act.WARNING_SHOTS: "{actor} fires warning shots ahead of {target}",
    Act.STRIKE: "{actor} strikes {target}, {value:.0f} killed",
    Act.WITHDRAWS: "{actor} withdraws",
    Act.HALTS: "{actor} halts",
    Act.GOES_ON: "{actor} goes on",
    Act.FIRES: "{actor} fires at aircraft",
    Act.DIGS_IN: "{actor} digs in",
    Act.REINFORCEMENT: "{actor} joins the unit that called for help",
    Act.ROCKETS: "{actor} fires rockets at {target}, {value:.0f} killed",
    Act.LINE_SUSPENDED: "{actor} suspends the deconfliction line",
    Act.LINE_RESTORED: "{actor} restores the deconfliction line",
    Act.STATEMENT: "{actor} says that it does not seek to fight",
    Act.CONDEMNATION: "{actor} condemns {target}",
    Act.THREAT: "{actor} threatens {target}",
    Act.SORTIE: "{actor} takes off",
    Act.INTERCEPT: "{actor} and {target} intercept one another",
    Act.UNSAFE_INTERCEPT: "{actor} and {target} come dangerously close",
    Act.AIR_COMBAT: "{actor} fires at {target}",
    Act.BORDER_REACHED: "the bypass reaches the border with Iraq",
}


def events(story: Any) -> Iterator[str]:
    """One line for each event of a `sim.run.story.Story`: number, day, local time, what happened, what caused it."""
    names = {unit["id"]: unit["name"] for unit in story.units}
    begin = beginning(story)
    for number, event in enumerate(story.events):
        when = begin + timedelta(minutes=float(event["minute"]))
        day = (when.date() - begin.date()).days + 1
        because = "" if event["cause"] < 0 else f"  (because of {event['cause']})"
        yield f"{number:5}  day {day:2}, {when:%d %b %H:%M}  {sentence(event, names)}{because}"


def beginning(story: Any) -> datetime:
    """Local time at which the run starts."""
    settings = story.scenario.config.scenario
    return datetime.fromisoformat(settings.start_date) + timedelta(hours=settings.start_hour)


def sentence(event: Any, names: Mapping[int, str]) -> str:
    """Who did what to whom; `event` is a row of the log, `names` the units' names by id."""
    actor, target = _who(int(event["actor"]), names), _who(int(event["target"]), names)
    lost = CALL_LOST.get(int(event["value"]), "is lost")
    words = SENTENCES[Act(int(event["act"]))]
    if event["act"] in ANSWERS and event["target"] >= 0:  # a group that answers in two ways splits
        actor += f", parted from {target},"
    return words.format(actor=actor, target=target, value=float(event["value"]), lost=lost)


def _who(identity: int, names: Mapping[int, str]) -> str:
    if identity >= PRINCIPAL:
        return Principal(identity - PRINCIPAL).name.capitalize()
    return names.get(identity, "nobody" if identity < 0 else f"unit {identity}")


def amounts_to(outcome: Any) -> list[str]:
    """What one outcome row says: what happened, how often and when first; entries; the dead; the nearest approach."""
    names = [happening.name.lower() for happening in Happening]
    return [
        *(_happened(outcome, name) for name in names if outcome[name]),
        f"launches: {outcome['launches']}; entries: {outcome['entries']}, struck: {outcome['entries_struck']}",
        f"killed: {_dead(outcome) or 'nobody'}",
        *([f"closest to the garrison: {outcome['closest_km']:.0f} km"] if outcome["closest_km"] >= 0 else []),
    ]


def _happened(outcome: Any, name: str) -> str:
    days = outcome[f"{name}_first_min"] / 1440.0
    return f"{name.replace('_', ' ')}: {outcome[f'{name}_count']}, first after {days:.1f} days"


def _dead(outcome: Any) -> str:
    dead = {who.name.lower(): int(outcome[f"killed_{who.name.lower()}"]) for who in Principal}
    return ", ".join(f"{count} {who}" for who, count in dead.items() if count)
