"""The parameter groups of what happens in the field: movement, sensing, fighting, the air, anger.

`number(default, unit, low, high, source, meaning)`, as in `sim/config/groups.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.declare import number, text


@dataclass
class Movement:
    """Speeds (odd.md 7.3)."""

    road_km_h: float = number(30.0, "km/h", 20, 40, "prior", "columns and convoys on the highway")
    desert_km_h: float = number(15.0, "km/h", 10, 25, "prior", "columns and convoys on tracks")
    dash_km_h: float = number(60.0, "km/h", 30, 100, "prior", "light vehicles in one go")
    patrol_km_h: float = number(30.0, "km/h", 10, 60, "prior", "patrols, raiders and civil traffic")
    drone_km_h: float = number(140.0, "km/h", 80, 220, "S98-S101", "drones")
    jet_km_h: float = number(800.0, "km/h", 500, 1200, "prior; a fast jet", "Russian and Syrian jets")


@dataclass
class Sensing:
    """Who sees whom (odd.md 7.4)."""

    hazard_per_min: float = number(0.2, "1/min", 0.001, 1, "prior", "detection hazard at no distance in daylight")
    orbit_km: float = number(80.0, "km", 10, 150, "prior", "reach of the surveillance orbit")
    flight_km: float = number(60.0, "km", 10, 150, "prior", "reach of a fighter")
    garrison_km: float = number(25.0, "km", 1, 60, "prior", "reach of the garrison's sensors")
    patrol_km: float = number(8.0, "km", 1, 30, "prior", "reach of a patrol")
    convoy_signature: float = number(0.7, "factor", 0.05, 1, "prior", "of a militia convoy, a regime column being 1")
    team_signature: float = number(0.3, "factor", 0.05, 1, "prior", "of a Hezbollah team")
    static_signature: float = number(0.6, "factor", 0.05, 1, "prior", "of a unit that stands still")
    night_factor: float = number(0.6, "factor", 0.05, 1, "prior", "detection at night")
    track_min: float = number(30.0, "min", 5, 240, "prior", "a track is lost after this long unseen")
    misidentified: float = number(0.02, "probability", 0, 0.1, "S04 S06: Deir ez-Zor 2016", "whoever is newly seen is taken for somebody else, without tension")
    misidentified_tension: float = number(0.1, "log units", 0, 1, "prior", "how much tension makes it likelier")
    misidentified_line: float = number(2.0, "factor", 1, 5, "prior", "how much a closed line makes it likelier")
    drone_signature: float = number(0.5, "factor", 0.05, 1, "prior", "of a drone, a regime column being 1")
    clears: float = number(0.9, "probability", 0, 1, "prior", "a mistaken unit is recognised when it is signalled, or seen by a flight")
    help_min: float = number(180.0, "min", 10, 1440, "prior", "how long a partner's call for help stands")


@dataclass
class Responses:
    """What a signalled unit does (odd.md 7.7)."""

    go_on: float = number(0.25, "probability", 0.01, 0.99, "prior; 5 of 13 (S21 S41 S42) was seen in a column that went on to be struck", "share that goes on after a show of force, without fear")
    split_phi: float = number(3.0, "vehicles", 0, 20, "prior", "concentration of the share that goes on: 0 is all or nothing")
    rung_weight: float = number(0.3, "logit/rung", 0, 2, "prior", "how much each higher rung lowers going on")
    value_weight: float = number(1.0, "logit", 0, 4, "prior", "how much a growing corridor value raises going on")
    anger_weight: float = number(0.2, "logit", 0, 2, "prior", "how much anger raises going on, per unit of beta_anger")
    withdraw_share: float = number(0.5, "probability", 0, 1, "prior", "those who stop go back rather than stay")
    fire: float = number(0.03, "probability", 0, 0.5, "prior", "a struck unit fires at aircraft")
    fire_per_rung: float = number(0.3, "factor", 0.0, 1, "prior", "firing at each lower rung, relative to the next")
    misread: float = number(0.5, "factor", 0, 5, "prior", "share of misidentification with which a low pass is taken for an attack, and fired at")
    retaliator_resolve: float = number(1.5, "logit", 0, 5, "prior", "how much more a retaliating team goes on")


@dataclass
class Engagement:
    """What weapons do (odd.md 7.8)."""

    bombs_on_column: int = number(4, "bombs", 1, 12, "article, S37", "bombs on a heavy or large group")
    bombs_on_vehicles: int = number(2, "bombs", 1, 12, "S36: two of three hit", "bombs on a light group")
    large_group: int = number(6, "vehicles", 1, 40, "prior", "a group of this many vehicles is large")
    destroy: float = number(0.7, "probability", 0, 1, "prior", "a bomb destroys what it is aimed at")
    damage: float = number(0.5, "probability", 0, 1, "prior", "else it damages it beyond use today")
    killed_per_bomb: float = number(2.5, "fighters", 1, 5, "S33 S43: 6-10 by four bombs", "mean killed by a bomb")
    break_point: float = number(0.3, "share", 0.05, 1, "prior", "a group that loses this share in one strike goes back")
    air_defence_hit: float = number(0.01, "probability", 0, 0.2, "prior", "anti-aircraft fire hits")
    rockets: int = number(6, "rockets", 1, 40, "prior", "rockets of a salvo on the garrison")
    rocket_range_km: float = number(20.0, "km", 8, 75, "S105: a Grad reaches 20 km", "distance from which rockets are fired")
    rocket_hit: float = number(0.05, "probability", 0, 1, "prior", "a rocket lands inside the garrison")
    missile_km: float = number(4.0, "km", 1, 8, "S107: class value", "distance from which guided missiles are fired at a patrol")
    missile_hit: float = number(0.3, "probability", 0, 1, "prior", "such a missile hits")
    killed_per_missile: float = number(2.0, "people", 0, 8, "prior", "mean killed by a hit")
    adviser_share: float = number(0.1, "share", 0, 1, "prior", "of those killed with an advised patrol are of the coalition")
    killed_per_rocket: float = number(0.2, "people", 0, 5, "prior", "mean killed by such a rocket")


@dataclass
class Air:
    """Russian flights and encounters in the air (odd.md 7.9, 7.10)."""

    sorties_per_day: float = number(0.3, "sorties/d", 0, 4, "prior", "Russian sorties over the front without tension")
    escort_gain: float = number(0.3, "per tension", 0, 3, "prior", "how much tension with the coalition raises sorties")
    station_min: float = number(90.0, "min", 10, 240, "prior", "mean time on station")
    russian_probes_per_day: float = number(0.02, "probes/d", 0, 1, "prior", "Russian jets that look into the zone's airspace")
    regime_probes_per_day: float = number(0.04, "probes/d", 0, 1, "C06", "Syrian jets that do")
    regime_sorties_per_day: float = number(0.3, "sorties/d", 0, 2, "S16: jets hit FSA convoys", "Syrian sorties against partner and opposition outside the zone")
    probe_km: float = number(35.0, "km", 5, 60, "prior", "how near the garrison a probe means to fly")
    support: float = number(0.8, "probability", 0, 1, "C09", "jets come when a unit of theirs is attacked, at no risk")
    support_risk: float = number(0.3, "logit/flight", 0, 2, "prior", "how much each coalition flight on station deters them inside the zone")
    support_value: float = number(1.0, "logit", 0, 4, "prior", "how much a growing corridor value draws them")
    russian_share: float = number(0.5, "share", 0, 1, "C09: attributed to Russia", "of support is flown by Russia, the rest by Syria")
    support_killed: float = number(3.0, "fighters", 0, 20, "S29: none claimed; C01: some", "mean killed by a support strike")
    contested: float = number(20.0, "factor", 1, 1000, "prior", "how much likelier weapons are where air cover is contested")
    regime_weapons: float = number(0.002, "probability", 0, 0.05, "C06: no shot", "weapons are used when a Syrian flight is met")
    encounter_km: float = number(40.0, "km", 5, 100, "prior", "flights this close meet")
    intercept: float = number(0.8, "probability", 0, 1, "prior", "a meeting becomes an intercept")
    unsafe: float = number(0.1, "probability", 0, 1, "prior", "an intercept is unsafe, without tension")
    unsafe_tension: float = number(0.3, "logit", 0, 3, "prior", "how much tension makes it likelier")
    unsafe_silent: float = number(2.0, "factor", 1, 10, "prior", "how much likelier it is with the line closed")
    unsafe_support: float = number(3.0, "factor", 1, 10, "prior", "how much likelier it is on the way to forces that are to be struck")
    weapons: float = number(1e-3, "probability", 1e-4, 1e-2, "prior", "weapons are used in an unsafe intercept, without tension")
    weapons_tension: float = number(0.1, "log units", 0, 1, "prior", "how much tension makes it likelier")
    shot_down: float = number(0.5, "probability", 0, 1, "prior", "the flight fired at in air combat is lost")
    flight_station_h: float = number(4.0, "h", 1, 12, "S94: tankers", "a coalition flight's time on station")
    flight_away_h: float = number(6.67, "h", 1, 48, "2 x 20 min transit + 6 h turnaround", "its time away between two stations")


@dataclass
class Restraint:
    """Anger, red lines and retaliation (odd.md 7.12)."""

    anger_per_killed: float = number(0.05, "per killed", 0, 0.5, "prior", "anger of a strike beyond 1, per killed")
    militia_hezbollah: float = number(0.7, "share", 0, 1, "prior", "share of anger passed between militias and Hezbollah")
    regime_militia: float = number(0.5, "share", 0, 1, "prior", "between regime and militias")
    regime_hezbollah: float = number(0.5, "share", 0, 1, "prior", "between regime and Hezbollah")
    red_line: float = number(2.4, "anger", 1.2, 6, "prior", "anger at which restraint breaks")
    steepness: float = number(3.0, "1/anger", 0.5, 10, "prior", "how sharp the red line is")
    retaliation_per_day: float = number(0.5, "1/d", 0, 4, "prior", "rate of retaliation far beyond the red line")
    threat_per_day: float = number(1.0, "1/d", 0, 10, "S34: the day after 6 June", "rate of public threats above half the red line")
    threat_days: float = number(14.0, "d", 1, 60, "prior", "how long a threat binds its author")
    drone_share: float = number(0.72, "share", 0, 1, "C13", "retaliation by a drone that attacks a patrol")
    rocket_share: float = number(0.08, "share", 0, 1, "prior", "by rockets on the garrison")
    missile_share: float = number(0.07, "share", 0, 1, "prior", "by guided missiles at a patrol")
    assault_share: float = number(0.03, "share", 0, 1, "prior", "by an assault on a patrol")
    off_map_share: float = number(0.10, "share", 0, 1, "article: and their surroundings", "on a coalition position elsewhere")
    blame_anger: float = number(0.3, "anger", 0, 2, "C10: unresolved", "anger of an attacked unit that blames the partner")
    audience_cost: float = number(1.5, "factor", 1, 4, "prior", "retaliation while a threat stands")
    massing_factor: float = number(2.0, "factor", 1, 6, "article: gathering", "Hezbollah missions while a threat stands")


@dataclass
class Escalation:
    """Book-keeping of tension and episodes (odd.md 7.13, section 9)."""

    name: str = text("mid", "name of the severity scale")
    tension_half_life_days: float = number(10.0, "d", 3, 30, "prior", "fading of tension")
    display_severity: float = number(0.3, "tension", 0, 2, "MID level 3 against 4", "of a show of force or warning shots")
    threat_severity: float = number(0.2, "tension", 0, 2, "MID level 2 against 4", "of a threat or condemnation")
    force_severity: float = number(1.0, "tension", 0, 5, "MID level 4, the unit", "of a use of force")
    spill_over: float = number(0.5, "share", 0, 1, "prior", "share of tension that falls on the coalition and Russia")
    statement_fear: float = number(0.95, "factor", 0, 1, "prior", "fear left after the coalition says it does not seek to fight")
    statement_anger: float = number(0.95, "factor", 0, 1, "prior", "anger left after it")
    clash_hours: float = number(6.0, "h", 1, 48, "S31 S32: 6 June, one episode of 6 h", "acts of one dyad this close in time are one clash")
    clash_km: float = number(20.0, "km", 1, 100, "prior", "and this close in space")
    exchange_hours: float = number(72.0, "h", 6, 240, "prior", "force both ways within this time is an exchange")
    episode_clashes: int = number(3, "clashes", 2, 10, "odd.md 9", "clashes within the same time that make a serious episode")


@dataclass
class Raids:
    """Who attacks whom on the ground, and what comes of it (odd.md 7.2, 7.8)."""

    partner_raids_per_day: float = number(0.055, "raids/d", 0, 1, "prior; with both leashes 0.06 in all", "raids that the partner plans")
    opposition_raids_per_day: float = number(0.055, "raids/d", 0, 1, "C09", "raids that other groups plan")
    third_party_per_day: float = number(0.06, "attacks/d", 0.01, 0.3, "C10", "attacks on pro-regime units that stand in or near the ring")
    third_party_isis: float = number(0.7, "share", 0, 1, "C10: unresolved", "of them by ISIS, the rest by other groups")
    isis_raids_per_day: float = number(0.012, "raids/d", 0.002, 0.05, "C04", "ISIS raids on the garrison or a patrol")
    isis_patrol_share: float = number(0.3, "share", 0, 1, "prior", "of them on a patrol")
    near_km: float = number(20.0, "km", 0, 60, "prior", "how far outside the ring is near it")
    blame: float = number(0.3, "probability", 0, 1, "C10", "the attacked unit blames the partner")
    contact_km: float = number(4.0, "km", 1, 10, "a ground observer sees 3-10 km; prior", "distance of ground contact")
    contact_fire_per_h: float = number(0.1, "1/h", 0, 2, "prior", "rate at which a patrol and a pro-regime unit in contact open fire")
    partner_first: float = number(0.4, "probability", 0, 1, "prior", "the patrol fires first")
    raiders: int = number(30, "fighters", 5, 100, "prior", "fighters of a patrol or raid of partner or opposition")
    front: int = number(40, "fighters", 5, 200, "prior", "most fighters of a side that can fire at once")
    kills_per_h: float = number(0.15, "1/h", 0.01, 1, "prior", "killed per firing fighter and hour, aimed fire (Lanchester 1916)")
    advised: float = number(0.5, "probability", 0, 1, "prior", "coalition personnel go with a patrol")
    cover: float = number(3.0, "factor", 1, 5, "the 3:1 rule of combat (Mearsheimer 1989)", "how much better those who stand are covered than those who come")
    break_low: float = number(0.15, "share", 0.05, 1, "odd.md 7.8", "a side falls back after losing between this")
    break_high: float = number(0.30, "share", 0.05, 1, "odd.md 7.8", "and this share of its fighters")
    car_bomb: float = number(0.3, "probability", 0, 1, "C04", "the car bomb of a raid gets through")
    car_bomb_killed: float = number(3.0, "people", 0, 30, "C04", "mean killed by it")
    close_air_support_killed: float = number(8.0, "fighters", 0, 30, "C04: multiple strikes", "mean killed by a flight that comes to help")
    ambush_hours: float = number(24.0, "h", 1, 120, "prior", "how long a team waits for a patrol")
    journeys_per_day: float = number(2.0, "journeys/d", 0, 20, "prior", "of civilians to Rukban and back")
    raid_hours: float = number(2.0, "h", 0.5, 12, "prior", "how long raiders look for their enemy")


@dataclass
class Drones:
    """Pro-regime drones (odd.md 7.11)."""

    shadows_per_day: float = number(0.3, "sorties/d", 0, 4, "S34", "drones that go out to follow a patrol")
    loiter_hours: float = number(2.0, "h", 0.2, 12, "prior", "mean time over the patrol")
    weapons: int = number(3, "weapons", 1, 4, "S38: one of several", "most weapons of a drone")
    reach_km: float = number(5.0, "km", 1, 20, "prior", "distance from which a weapon is dropped")
    dud: float = number(0.5, "probability", 0, 1, "C13: a dud", "a weapon does not go off")
    killed_per_weapon: float = number(0.3, "people", 0, 10, "prior", "mean killed by one that does")
    shot_down: float = number(0.9, "probability", 0, 1, "C13", "a flight sent against a drone brings it down")
    read_intent: float = number(0.7, "probability", 0, 1, "prior", "a drone that means to attack is read so")
    regime_share: float = number(0.3, "share", 0, 1, "prior", "of drones are flown by the regime, the rest by Hezbollah")
