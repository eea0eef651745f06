"""What each column of an outcome says, in one line; times are minutes from the start, nan for never."""

from __future__ import annotations

import re

HAPPENINGS = {
    "strike_ground": "a coalition strike on a ground unit",
    "attack_on_coalition": "any use of force against the coalition",
    "attack_by_rockets": "rockets on the garrison",
    "attack_by_air_defence": "fire at coalition aircraft",
    "coalition_regime": "a clash of the coalition and the regime",
    "coalition_militia": "a clash of the coalition and Iran-backed militias",
    "coalition_hezbollah": "a clash of the coalition and Hezbollah",
    "coalition_regime_exchange": "force both ways, coalition and regime, close in time",
    "coalition_militia_exchange": "force both ways, coalition and militias, close in time",
    "coalition_hezbollah_exchange": "force both ways, coalition and Hezbollah, close in time",
    "us_russia_air": "weapons used between coalition and Russian aircraft",
    "intercept": "coalition and Russian aircraft meet and intercept",
    "unsafe_intercept": "an intercept that comes dangerously close",
    "hezbollah_threat": "a public threat by Hezbollah",
    "serious_episode": "several clashes, several adversaries, force both ways, close in time",
    "general_escalation": "a serious episode with coalition or Russian dead, or air combat",
    "border_reached": "the bypass reaches the border with Iraq",
    "line_suspended": "Russia suspends the deconfliction line",
}
SINGLE = {
    "launches": "ground units that left base",
    "entries": "entries into the zone",
    "entries_struck": "entries that ended in a strike",
    "closest_km": "nearest a ground unit came to the garrison, km; nan if none left base",
    "calls_lost": "line calls that were lost on the way",
    "vehicles_lost": "light vehicles and earth movers destroyed",
    "tanks_lost": "tanks destroyed",
    "artillery_lost": "guns destroyed",
    "anti_aircraft_lost": "anti-aircraft weapons destroyed",
    "static_unstruck_h": "longest stay inside the zone that was never struck, h",
    "bypass_front_km": "how far the road round the ring was worked, km",
    "us_russia_air_hazard": "gathered chance of US-Russia air combat, exact where the event is too rare to see",
    "rows_lacking": "launches and splits that found no spare row of the scenario",
}
SKIPPED = {"urgency": "time was short", "impatience": "signals were defied lately", "leaflets": "leaflets stood"}
STRIKE = {
    "minute": "when, min",
    "distance_km": "how far from the garrison, km",
    "killed": "people killed",
    "destroyed": "vehicles and weapons destroyed",
    "heavy": "the target had tanks, guns or anti-aircraft weapons",
    "mission": "mission of the target (number of sim.rules.tables.Mission)",
    "signals": "kinds of warning given before it",
    "hours_from_entry": "time since the target entered the zone, h",
}
FAMILIES = (  # pattern of a column, and its meaning with the parts filled in
    (r"signals_(?P<rung>.+)", "number of times the coalition used this rung: {rung}"),
    (r"answers_(?P<rung>.+)_(?P<answer>withdraw|halt|go_on|fire)", "units that answered a {rung} thus: {answer}"),
    (r"skipped_(?P<why>.+)", "rungs left out because {why}"),
    (r"killed_(?P<who>.+)", "people killed: {who}"),
    (r"highest_level_(?P<who>.+)", "highest hostility level, coalition and {who} (MID: 1 none to 4 use of force)"),
    (r"peak_tension_(?P<who>.+)", "highest tension between coalition and {who}"),
)


def meaning(column: str) -> str:
    """What a column says; raises KeyError for a column of no known family."""
    if column in SINGLE:
        return SINGLE[column]
    happening = re.fullmatch(r"(.+?)(_count|_first_min)?", column)
    if happening and happening[1] in HAPPENINGS:
        when = {None: "1 if it happened", "_count": "how often", "_first_min": "when first, min"}[happening[2]]
        return f"{when}: {HAPPENINGS[happening[1]]}"
    strike = re.fullmatch(r"strike_(\d)_(.+)", column)
    if strike:
        return f"ground strike {strike[1]}: {STRIKE[strike[2]]}"
    return _of_family(column)


def _of_family(column: str) -> str:
    for pattern, words in FAMILIES:
        found = re.fullmatch(pattern, column)
        if found:
            parts = found.groupdict().items()
            return words.format(**{name: SKIPPED.get(part, part.replace("_", " ")) for name, part in parts})
    raise KeyError(column)
