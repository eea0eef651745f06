"""What each column of an outcome says, in one line; times are minutes from the start, nan for never."""

from __future__ import annotations

import re

HAPPENINGS = {
    "strike_ground": "a coalition strike on a ground unit",
    "attack_on_coalition": "a use of force against the coalition, however made; ISIS does not count",
    "attack_by_rockets": "rockets on the garrison",
    "attack_by_air_defence": "fire at coalition aircraft from the ground",
    "coalition_regime": "a clash of the coalition and the regime",
    "coalition_militia": "a clash of the coalition and Iran-backed militias",
    "coalition_hezbollah": "a clash of the coalition and Hezbollah",
    "coalition_regime_exchange": "force both ways, coalition and regime, close in time",
    "coalition_militia_exchange": "force both ways, coalition and militias, close in time",
    "coalition_hezbollah_exchange": "force both ways, coalition and Hezbollah, close in time",
    "us_russia_air": "weapons used between coalition and Russian aircraft",
    "intercept": "coalition and Russian or Syrian aircraft meet and intercept",
    "unsafe_intercept": "an intercept of a Russian flight that comes dangerously close",
    "hezbollah_threat": "a public threat by Hezbollah",
    "serious_episode": "several clashes, several adversaries, force both ways, close in time",
    "general_escalation": "a serious episode with coalition or Russian dead, or air combat",
    "border_reached": "the bypass reaches the border with Iraq",
    "line_suspended": "Russia suspends the deconfliction line",
    "drone_shootdown": "a coalition flight brings down a drone",
    "drone_shootdown_before_release": "a drone brought down that had dropped no weapon",
    "drone_shootdown_after_release": "a drone brought down that had dropped a weapon",
    "attack_by_drone": "a drone drops a weapon on the garrison or on a patrol with coalition personnel",
    "attack_on_ground": "fire or a guided missile at a patrol with coalition personnel",
    "attack_off_map": "an attack on a coalition position elsewhere",
    "coalition_regime_believed": "a clash of the coalition with what it takes for the regime",
    "coalition_militia_believed": "a clash of the coalition with what it takes for militias",
    "coalition_hezbollah_believed": "a clash of the coalition with what it takes for Hezbollah",
    "strike_on_partner": "Syrian or Russian jets bomb partner or opposition",
    "strike_on_partner_by_regime": "Syrian jets bomb partner or opposition",
    "strike_on_partner_by_russia": "Russian jets bomb partner or opposition",
    "strike_on_partner_inside": "jets bomb partner or opposition inside the zone",
    "strike_on_partner_outside": "jets bomb partner or opposition outside the zone",
    "strike_on_partner_answered": "jets bomb partner or opposition, and the coalition protests or does more",
    "russia_inside_unasked": "Russian jets bomb inside the zone while no consent stands",
    "partner_militia": "ground combat of partner or opposition and a pro-regime unit",
    "partner_fired_first": "such combat in which partner or opposition fired first",
    "isis_attack": "ISIS attacks the garrison, a patrol or a pro-regime unit on the ground",
    "isis_repulsed": "an ISIS raid is beaten back",
    "misidentified_strike": "a strike on whoever was taken for somebody else, or a shot at a drone that only watched",
    "request_granted": "the coalition consents to a strike inside the zone",
    "helped_then_struck": "a strike on a unit of a side that was helped with consent within the last day",
    "all_at_once": "coalition force with ISIS, with regime or militia, and with Russia or Hezbollah, within a week",
    "crossing_reached": "a pro-regime unit reaches the crossing past a lost garrison",
    "isolated": "the border is reached by the bypass and the highway is held at the ring",
    "garrison_lost": "an ISIS raid overruns the garrison",
    "airspace_met": "a Russian or Syrian flight is met inside the zone, without shots",
    "regime_air": "weapons used between coalition and Syrian aircraft",
    "blamed": "a unit attacked by others blames the partner",
    "attack_by_aircraft": "jets bomb a patrol with coalition personnel, or fire first at a coalition flight",
}
SINGLE = {
    "launches": "ground units that left base",
    "entries": "entries into the zone",
    "entries_struck": "entries that ended in a strike",
    "closest_km": "nearest a pro-regime ground unit came to the garrison, km; nan if none entered the zone",
    "calls_lost": "line calls that were lost on the way",
    "vehicles_lost": "light vehicles and earth movers destroyed",
    "tanks_lost": "tanks destroyed",
    "artillery_lost": "guns destroyed",
    "anti_aircraft_lost": "anti-aircraft weapons destroyed",
    "static_unstruck_h": "longest stay inside the zone that was never struck, h",
    "bypass_front_km": "how far the road round the ring was worked, km",
    "us_russia_air_hazard": "gathered chance of US-Russia air combat at intercepts, where the event is too rare to see",
    "strikes_on_static": "ground strikes on units that merely stood",
    "active_h": "unit-hours inside, while tracked, moving or digging, h",
    "static_h": "unit-hours inside, while tracked, merely standing, h",
    "attack_after_strike_h": "from the last ground strike to the first attack on the coalition, h; nan if none",
    "rows_lacking": "launches and splits that found no spare row of the scenario",
}
SKIPPED = {"urgency": "time was short", "impatience": "signals were defied lately", "leaflets": "leaflets stood"}
STRIKE = {
    "minute": "when, min",
    "distance_km": "how far from the garrison, km",
    "killed": "people killed",
    "destroyed": "vehicles and weapons destroyed",
    "heavy": "the target had tanks, guns or anti-aircraft weapons",
    "mission": "mission of the target (number of sim.rules.names.Mission)",
    "on": "side of the target (number of sim.rules.names.Principal)",
    "signals": "kinds of warning given before it",
    "hours_from_entry": "time since the target entered the zone, h",
    "launched": "vehicles and weapons of the target's column when it left base",
    "entered": "of them, how many came into the zone",
    "went_on": "of them, how many went on after the first show of force; -1 if there was none",
    "parted": "a part of the column had stopped or turned back by then",
    "in_order": "no vehicle was lost while a gun or anti-aircraft weapon was left",
}
FAMILIES = (  # pattern of a column, and its meaning with the parts filled in
    (r"signals_(?P<rung>.+)", "number of times the coalition used this rung: {rung}"),
    (r"answers_(?P<rung>.+)_(?P<answer>withdraw|halt|go_on|fire)", "units that answered a {rung} thus: {answer}"),
    (r"skipped_(?P<why>.+)", "rungs left out because {why}"),
    (r"killed_(?P<who>.+)", "people killed: {who}"),
    (r"highest_level_(?P<who>.+)", "highest hostility level, coalition and {who} (MID: 1 none to 4 use of force)"),
    (r"peak_tension_(?P<who>.+)", "highest tension between coalition and {who}"),
    (r"strikes_on_(?P<who>.+)", "ground strikes on units of: {who}"),
    (r"helped_(?P<who>.+)", "times that the coalition let jets help this side inside the zone: {who}"),
    (r"acts_(?P<act>.+)", "events of this kind in the log: {act}"),
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
