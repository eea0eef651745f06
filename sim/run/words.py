"""Words for what the tables number: parties, errands, names of units, days and hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from sim.rules.names import Mission, Principal
from sim.scenario import Scenario

PARTIES = {
    Principal.COALITION: "the coalition",
    Principal.PARTNER: "the partner force",
    Principal.OPPOSITION: "the opposition",
    Principal.RUSSIA: "Russia",
    Principal.IRAN: "Iran",
    Principal.REGIME: "the regime",
    Principal.MILITIA: "the militias",
    Principal.HEZBOLLAH: "Hezbollah",
    Principal.ISIS: "ISIS",
    Principal.CIVILIANS: "civilians",
}
PROPER = {"hezbollah": "Hezbollah", "russian": "Russian", "isis": "ISIS"}  # in names of units
ONLY_ONE = {"garrison 1": "the garrison", "surveillance orbit 1": "the surveillance orbit"}
ERRANDS = {
    Mission.NONE: "",
    Mission.PROBE: " to look inside the zone",
    Mission.PUSH: " to push towards the garrison",
    Mission.DASH: " to dash for the garrison",
    Mission.FORTIFY: " to dig in inside the zone",
    Mission.BYPASS: " to work on the road round the zone",
    Mission.REINFORCE: " to help a unit that called",
    Mission.RETALIATE: " to retaliate",
    Mission.PATROL: " on patrol",
    Mission.RAID: " to attack on the ground",
    Mission.MISSILES: " to fire guided missiles at a patrol",
    Mission.ESCORT: " to fly over its side's units",
    Mission.SUPPORT: " to bomb whoever fights its side",
    Mission.AIRSPACE: " to look into the zone's airspace",
    Mission.SHADOW: " to follow a patrol",
    Mission.DRONE_ATTACK: " to drop weapons on a patrol",
    Mission.TRAVEL: " to travel",
}
ERRANDS_AGAINST = {  # the same where the log names a target
    Mission.RAID: " to attack {target}",
    Mission.SHADOW: " to watch {target}",
    Mission.DRONE_ATTACK: " to drop weapons on {target}",
}


def party(principal: int) -> str:
    """A principal as it stands in a sentence."""
    who = Principal(principal)
    return PARTIES.get(who, who.name.lower())


def errand(mission: int, target: str = "") -> str:
    """What a unit leaves its base for, with a space before it; nothing where the number is no mission."""
    if mission not in list(Mission):
        return ""
    what = Mission(mission)
    if target and what in ERRANDS_AGAINST:
        return ERRANDS_AGAINST[what].format(target=target)
    return ERRANDS.get(what, f" for: {what.name.lower().replace('_', ' ')}")


def named(unit: str) -> str:
    """The name of a unit as it stands in a sentence."""
    return ONLY_ONE.get(unit) or " ".join(PROPER.get(word, word) for word in unit.split(" "))


def capital(words: str) -> str:
    """Words that begin a sentence."""
    return words[:1].upper() + words[1:]


def beginning(scenario: Scenario) -> datetime:
    """Local time at which a run of a scenario starts."""
    settings = scenario.config.scenario
    return datetime.fromisoformat(settings.start_date) + timedelta(hours=settings.start_hour)


def clock(begin: datetime, minute: float) -> str:
    """Local day and time of a minute of the run, as in "14 May 09:35"."""
    return f"{begin + timedelta(minutes=float(minute)):%d %b %H:%M}".lstrip("0")
