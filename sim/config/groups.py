"""The parameter groups: every number of the model, declared once.

`number(default, unit, low, high, source, meaning)`.  A source "prior" is a judgement of the
conceptual model, to be varied; a source with a reference is documented in `docs/bibliography.md`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.declare import number, switch, text


@dataclass
class Scenario:
    """Order of battle, beginning and length."""

    name: str = text("may_june_2017", "name of the scenario")
    start_date: str = text("2017-05-12", "first day of the run, local date")
    start_hour: float = number(0.0, "h", 0, 24, "prior", "local time at which the run starts")
    horizon_days: float = number(28.0, "d", 0.25, 365, "12 May to 8 June 2017", "length of a run")
    strike_flights: int = number(3, "flights", 0, 8, "S55 S56; 2.7 are continuous cover", "pairs of coalition fighters in rotation")
    partner_patrols: int = number(3, "patrols", 0, 8, "prior", "patrols the partner force can have out at once")
    regime_columns: int = number(12, "columns", 0, 24, "prior", "rows for regime columns and the parts they leave behind")
    militia_convoys: int = number(24, "convoys", 0, 40, "prior", "rows for Iran-backed militia convoys and their parts")
    hezbollah_teams: int = number(8, "teams", 0, 16, "prior", "rows for Hezbollah teams")
    russian_flights: int = number(2, "flights", 0, 4, "prior", "Russian pairs that may be up at once")
    ground_activity: float = number(1.0, "factor", 0, 4, "prior", "scales every side's ground missions and retaliation")
    patrol_activity: float = number(1.0, "factor", 0, 4, "prior", "scales partner patrols")
    russian_activity: float = number(1.0, "factor", 0, 4, "prior", "scales Russian sorties")
    line_open: bool = switch(True, "S25 S26", "the deconfliction line is open at the start")
    leaflets_standing: bool = switch(False, "S26: dropped 27-28 May", "leaflets have been dropped before the start")


@dataclass
class Roe:
    """Coalition rules of engagement: two keys and a ladder (model.md 7.6)."""

    name: str = text("baseline_2017", "name of the preset")
    zone_radius_km: float = number(55.0, "km", 0, 100, "S17 S19", "radius of the deconfliction zone (key 1)")
    inner_line_km: float = number(20.0, "km", 0, 60, "prior", "line a unit must not reach; never beyond the zone")
    closing_weight: float = number(0.8, "points", 0, 2, "prior", "key 2: advancing on the garrison")
    closing_weight_leaflets: float = number(1.0, "points", 0, 2, "S26: movement is hostile intent", "the same once leaflets are out")
    reach_weight: float = number(0.5, "points", 0, 2, "prior", "key 2: could reach the inner line soon")
    reach_min: float = number(60.0, "min", 5, 480, "prior", "how soon is soon")
    heavy_weight: float = number(0.5, "points", 0, 2, "prior", "key 2: tanks, artillery or anti-aircraft weapons")
    fortify_weight: float = number(1.0, "points", 0, 2, "S27 S31 S44", "key 2: digging in")
    reinforce_weight: float = number(1.0, "points", 0, 2, "S31 S32", "key 2: joining a warned unit")
    call_weight: float = number(0.5, "points", 0, 2, "S45", "key 2: a partner's call for help stands against it")
    threshold: float = number(1.0, "points", 0.1, 5, "prior", "points at which key 2 turns")
    hezbollah_readiness: float = number(1.5, "factor", 1, 4, "prior", "key 2 points of a Hezbollah unit are multiplied by this")
    line_call: bool = switch(True, "S19 S31", "call Russia over the line before anything else")
    show_of_force: bool = switch(True, "S19", "low passes")
    warning_shots: bool = switch(True, "S19", "fire ahead of the unit")
    strike_on_intent: bool = switch(True, "S59 S60 S61", "strike on hostile intent; if false only after a hostile act")
    call_window_min: float = number(120.0, "min", 5, 480, "prior", "median wait after a call")
    show_window_min: float = number(60.0, "min", 5, 240, "prior", "median wait after a show of force")
    shots_window_min: float = number(30.0, "min", 2, 120, "prior", "median wait after warning shots")
    window_sd: float = number(0.5, "log units", 0, 1.5, "prior", "lognormal spread of the windows")
    flight_delay_min: float = number(10.0, "min", 1, 60, "prior", "time for a flight on station to be over its target")
    skip_for_urgency: bool = switch(True, "S36: no warning on 8 June", "leave out a rung whose window is longer than the way to the inner line")
    impatience: float = number(0.3, "per defiance", 0, 3, "prior", "a rung is skipped with 1 - exp(-impatience x recent defiances)")
    defiance_half_life_days: float = number(7.0, "d", 1, 60, "prior", "fading of recent defiances")
    leaflet_skip: float = number(0.6, "probability", 0, 1, "prior", "a rung is skipped once leaflets stand")
    leaflets_after_hours: float = number(216.0, "h", 1, 2000, "S26 S28: nine days after 18 May", "static presence inside before leaflets are dropped")
    repeat_call_hours: float = number(24.0, "h", 1, 240, "S25 S26: daily", "time between calls about a unit that stands inside")
    approach_km: float = number(20.0, "km", 0, 60, "prior", "a closing unit may be called about from this far outside")


@dataclass
class Theory:
    """What a strike does to those who suffer or watch it (model.md section 4)."""

    name: str = text("mixed", "name of the theory")
    beta_fear: float = number(0.7, "per strike", 0, 3, "prior", "how much fear lowers launches, risk taken and going on")
    beta_anger: float = number(0.2, "per strike", 0, 3, "prior", "how much anger raises launches")
    fear_half_life_days: float = number(7.0, "d", 2, 20, "prior", "fading of fear")
    anger_half_life_days: float = number(20.0, "d", 7, 60, "prior", "fading of anger")


@dataclass
class Environment:
    """What drives the value of the south-east (model.md 7.1)."""

    isis_days: float = number(60.0, "d", 20, 200, "prior", "ISIS control decays with this time constant")
    raqqa_days: float = number(60.0, "d", 20, 365, "prior", "the fight for Raqqa ends with this time constant")
    corridor_floor: float = number(0.5, "value", 0, 1, "prior", "value of the corridor at the start")
    raqqa_weight: float = number(0.3, "share", 0, 1, "prior", "share of the corridor's growth that Raqqa decides")
    value_lost_at_border: float = number(0.5, "share", 0, 0.9, "prior", "drop in value once the border is reached by the bypass")


@dataclass
class Command:
    """Who is sent, how often, to do what (model.md 7.2)."""

    regime_per_day: float = number(0.27, "missions/d", 0.0, 1.1, "prior", "regime ground missions at full corridor value")
    militia_per_day: float = number(0.75, "missions/d", 0.0, 3.0, "prior", "militia ground missions at full corridor value")
    hezbollah_per_day: float = number(0.09, "missions/d", 0.0, 0.36, "prior", "Hezbollah ground missions at full corridor value")
    probe_share: float = number(0.35, "share", 0, 1, "prior", "missions that cross the ring, look and go back")
    push_share: float = number(0.30, "share", 0, 1, "prior", "missions that advance on the garrison")
    fortify_share: float = number(0.20, "share", 0, 1, "prior", "missions that dig in inside the ring")
    bypass_share: float = number(0.15, "share", 0, 1, "prior", "missions on the road round the ring")
    dash_share: float = number(0.2, "share", 0, 1, "prior", "pushes made by light vehicles in one go, without fear")
    dash_share_afraid: float = number(0.6, "share", 0, 1, "prior", "the same in great fear")
    value_pull: float = number(1.0, "logit", 0, 4, "prior", "how much the corridor's value draws pushes and bypasses")
    length_aversion: float = number(0.02, "logit/km", 0, 0.1, "prior", "how much a longer road is avoided")
    patron_weight: float = number(0.3, "logit", 0, 2, "prior", "strength of Iran's urging and Russia's restraint on launches")
    massing_hours: float = number(3.0, "h", 0.1, 48, "S28 S53: massing outside the ring", "mean wait at the last checkpoint")
    probe_depth_km: float = number(8.0, "km", 1, 30, "prior", "mean depth of a probe inside the ring")
    fortify_depth_km: float = number(7.0, "km", 1, 30, "S31: less than 10 km inside", "mean depth of a fortified position")
    stand_off_km: float = number(10.0, "km", 2, 40, "prior", "nearest to the garrison that anybody means to go")
    bound_min: float = number(20.0, "min", 5, 120, "S41: searching on the way", "mean length of a bound")
    moving_share: float = number(0.25, "share", 0.05, 1, "prior", "share of a push spent moving")
    look_hours: float = number(1.0, "h", 0.1, 24, "prior", "mean stay of a probe")
    dig_hours: float = number(24.0, "h", 1, 240, "prior", "mean time to dig in")
    hold_days: float = number(8.0, "d", 0.5, 30, "S28 S52: 18 May to 1 June", "mean stay of a held element")
    bypass_km_per_day: float = number(9.0, "km/d", 3, 30, "prior", "advance of the bypass front")
    reinforce_chance: float = number(0.4, "probability", 0, 1, "prior", "a warned or struck unit's call for help is answered")
    reinforce_hours: float = number(4.0, "h", 0.5, 48, "S31 S32: within hours", "mean time before the column on call leaves")
    patrols_per_day: float = number(0.5, "patrols/d", 0, 5, "prior", "partner patrols")
    patrol_hours: float = number(6.0, "h", 1, 48, "prior", "mean stay of a patrol at its far end")
    regime_vehicles: float = number(12.0, "vehicles", 1, 40, "S17 S21 S23: 20-27 in all", "mean light vehicles of a regime column")
    militia_vehicles: float = number(8.0, "vehicles", 1, 40, "prior", "mean light vehicles of a militia convoy")
    hezbollah_vehicles: float = number(3.0, "vehicles", 1, 12, "prior", "mean vehicles of a Hezbollah team")
    dash_vehicles: float = number(3.0, "vehicles", 1, 12, "S36 S37: three technicals", "mean vehicles of a dash")
    fighters_per_vehicle: float = number(4.0, "fighters", 1, 12, "S31: more than 60 men", "men to each vehicle, heavy or light")
    heavy_militia: float = number(0.3, "probability", 0, 1, "S24 S46", "a militia convoy brings a tank and a gun")


@dataclass
class Movement:
    """Speeds (model.md 7.3)."""

    road_km_h: float = number(30.0, "km/h", 20, 40, "prior", "columns and convoys on the highway")
    desert_km_h: float = number(15.0, "km/h", 10, 25, "prior", "columns and convoys on tracks")
    dash_km_h: float = number(60.0, "km/h", 30, 100, "prior", "light vehicles in one go")
    patrol_km_h: float = number(30.0, "km/h", 10, 60, "prior", "partner patrols")


@dataclass
class Sensing:
    """Who sees whom (model.md 7.4)."""

    hazard_per_min: float = number(0.1, "1/min", 0.001, 1, "prior", "detection hazard at no distance in daylight")
    orbit_km: float = number(80.0, "km", 10, 150, "prior", "reach of the surveillance orbit")
    flight_km: float = number(60.0, "km", 10, 150, "prior", "reach of a fighter")
    garrison_km: float = number(25.0, "km", 1, 60, "prior", "reach of the garrison's sensors")
    patrol_km: float = number(8.0, "km", 1, 30, "prior", "reach of a patrol")
    convoy_signature: float = number(0.7, "factor", 0.05, 1, "prior", "of a militia convoy, a regime column being 1")
    team_signature: float = number(0.3, "factor", 0.05, 1, "prior", "of a Hezbollah team")
    static_signature: float = number(0.6, "factor", 0.05, 1, "prior", "of a unit that stands still")
    night_factor: float = number(0.6, "factor", 0.05, 1, "prior", "detection at night")
    track_min: float = number(30.0, "min", 5, 240, "prior", "a track is lost after this long unseen")
    help_min: float = number(180.0, "min", 10, 1440, "prior", "how long a partner's call for help stands")


@dataclass
class Line:
    """The deconfliction line (model.md 7.5)."""

    latency_min: float = number(3.0, "min", 0.5, 30, "S04 S06; 27 min the documented worst", "median time for a call to reach the right officer")
    latency_sd: float = number(0.94, "log units", 0, 2, "27 min as the 99th percentile", "lognormal spread of the latency")
    misplaced: float = number(0.05, "probability", 0, 1, "S04: 9 km off", "the call names a place so wrong that the unit is not found")
    dissuasion: float = number(0.8, "probability", 0.0, 1, "S19", "Russia tries to turn the unit back")
    mediation: float = number(3.0, "logit", 0, 6, "prior", "how much a held leash lowers going on")
    suspension_chance: float = number(0.1, "probability", 0, 0.5, "S07 S08: April 2017", "Russia suspends the line after a strike")
    suspension_days: float = number(14.0, "d", 1, 60, "S08 S09: one month", "median length of a suspension")
    through_when_suspended: float = number(0.5, "probability", 0, 1, "S09: the call took place", "a call gets through all the same")


@dataclass
class Leash:
    """Chance that a patron who wants restraint gets it (model.md section 2)."""

    russia_regime: float = number(0.6, "probability", 0, 1, "prior", "Russia over the regime")
    russia_militia: float = number(0.3, "probability", 0, 1, "prior", "Russia over the militias")
    russia_hezbollah: float = number(0.15, "probability", 0, 1, "prior", "Russia over Hezbollah")
    iran_militia: float = number(0.6, "probability", 0, 1, "prior", "Iran over the militias")
    iran_hezbollah: float = number(0.4, "probability", 0, 1, "prior", "Iran over Hezbollah")
    russian_control: float = number(1.0, "factor", 0, 4, "prior", "scales Russia's three leashes; none grows beyond 1")


@dataclass
class Responses:
    """What a signalled unit does (model.md 7.7)."""

    go_on: float = number(0.2, "probability", 0.01, 0.99, "prior; 5 of 13 (S21 S41 S42) was seen in a column that went on to be struck", "share that goes on after a show of force, without fear")
    split_phi: float = number(2.0, "vehicles", 0.5, 20, "prior", "concentration of the share that goes on: small is all or nothing")
    rung_weight: float = number(0.3, "logit/rung", 0, 2, "prior", "how much each higher rung lowers going on")
    value_weight: float = number(1.0, "logit", 0, 4, "prior", "how much a growing corridor value raises going on")
    anger_weight: float = number(0.2, "logit", 0, 2, "prior", "how much anger raises going on, per unit of beta_anger")
    withdraw_share: float = number(0.5, "probability", 0, 1, "prior", "those who stop go back rather than stay")
    fire: float = number(0.03, "probability", 0, 0.5, "prior", "a struck unit fires at aircraft")
    fire_per_rung: float = number(0.3, "factor", 0.0, 1, "prior", "firing at each lower rung, relative to the next")
    retaliator_resolve: float = number(1.5, "logit", 0, 5, "prior", "how much more a retaliating team goes on")


@dataclass
class Engagement:
    """What weapons do (model.md 7.8)."""

    bombs_on_column: int = number(4, "bombs", 1, 12, "seed, S37", "bombs on a heavy or large group")
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
    killed_per_rocket: float = number(0.2, "people", 0, 5, "prior", "mean killed by such a rocket")


@dataclass
class Air:
    """Russian flights and encounters in the air (model.md 7.9, 7.10)."""

    sorties_per_day: float = number(0.3, "sorties/d", 0, 4, "prior", "Russian sorties over the front without tension")
    escort_gain: float = number(0.3, "per tension", 0, 3, "prior", "how much tension with the coalition raises sorties")
    station_min: float = number(90.0, "min", 10, 240, "prior", "mean time on station")
    transit_min: float = number(25.0, "min", 10, 60, "324 km at 800 km/h", "transit from Hmeimim")
    encounter_km: float = number(40.0, "km", 5, 100, "prior", "flights this close meet")
    intercept: float = number(0.8, "probability", 0, 1, "prior", "a meeting becomes an intercept")
    unsafe: float = number(0.1, "probability", 0, 1, "prior", "an intercept is unsafe, without tension")
    unsafe_tension: float = number(0.3, "logit", 0, 3, "prior", "how much tension makes it likelier")
    weapons: float = number(1e-3, "probability", 1e-4, 1e-2, "prior", "weapons are used in an unsafe intercept, without tension")
    weapons_tension: float = number(0.1, "log units", 0, 1, "prior", "how much tension makes it likelier")
    shot_down: float = number(0.5, "probability", 0, 1, "prior", "the flight fired at in air combat is lost")
    flight_station_h: float = number(4.0, "h", 1, 12, "S94: tankers", "a coalition flight's time on station")
    flight_away_h: float = number(6.67, "h", 1, 48, "2 x 20 min transit + 6 h turnaround", "its time away between two stations")


@dataclass
class Restraint:
    """Anger, red lines and retaliation (model.md 7.12)."""

    anger_per_killed: float = number(0.05, "per killed", 0, 0.5, "prior", "anger of a strike beyond 1, per killed")
    militia_hezbollah: float = number(0.7, "share", 0, 1, "prior", "share of anger passed between militias and Hezbollah")
    regime_militia: float = number(0.5, "share", 0, 1, "prior", "between regime and militias")
    regime_hezbollah: float = number(0.5, "share", 0, 1, "prior", "between regime and Hezbollah")
    red_line: float = number(2.4, "anger", 1.2, 6, "prior", "anger at which restraint breaks")
    steepness: float = number(3.0, "1/anger", 0.5, 10, "prior", "how sharp the red line is")
    retaliation_per_day: float = number(1.0, "1/d", 0, 4, "prior", "rate of retaliation far beyond the red line")
    threat_per_day: float = number(1.0, "1/d", 0, 10, "S34: the day after 6 June", "rate of public threats above half the red line")
    threat_days: float = number(14.0, "d", 1, 60, "prior", "how long a threat binds its author")
    audience_cost: float = number(1.5, "factor", 1, 4, "prior", "retaliation while a threat stands")
    massing_factor: float = number(2.0, "factor", 1, 6, "seed: gathering", "Hezbollah missions while a threat stands")


@dataclass
class Escalation:
    """Book-keeping of tension and episodes (model.md 7.13, section 9)."""

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
    episode_clashes: int = number(3, "clashes", 2, 10, "model.md 9", "clashes within the same time that make a serious episode")
