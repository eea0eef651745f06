"""The parameter groups of those who decide: scenario, rules of engagement, theories, command, line, leashes.

`number(default, unit, low, high, source, meaning)`.  A source "prior" is a judgement of the
conceptual model, to be varied; a source with a reference is documented in `docs/bibliography.md`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.config.declare import number, one_of, switch, text

MOST_REMEMBERED_DAYS = 365.0


@dataclass
class Scenario:
    """Order of battle, beginning and length."""

    name: str = text("may_june_2017", "name of the scenario")
    start_date: str = text("2017-05-12", "first day of the run, local date")
    start_hour: float = number(0.0, "h", 0, 24, "prior", "local time at which the run starts")
    horizon_days: float = number(28.0, "d", 0.25, 365, "12 May to 8 June 2017", "length of a run")
    strike_flights: int = number(3, "flights", 0, 8, "S55 S56; 2.7 are continuous cover", "pairs of coalition fighters in rotation")
    partner_patrols: int = number(3, "patrols", 0, 8, "prior", "patrols the partner force can have out at once")
    regime_columns: int = number(12, "columns", 0, 20, "prior", "rows for regime columns and the parts they leave behind")
    militia_convoys: int = number(24, "convoys", 0, 36, "prior", "rows for Iran-backed militia convoys and their parts")
    hezbollah_teams: int = number(8, "teams", 0, 16, "prior", "rows for Hezbollah teams")
    opposition_groups: int = number(2, "groups", 0, 6, "S14 S29", "other armed groups near Zaza that can be out at once")
    garrison_fighters: int = number(200, "fighters", 20, 1000, "S90: a couple hundred", "defenders of the garrison")
    isis_raiders: int = number(25, "fighters", 5, 200, "S10-S13: 20-30", "fighters of an ISIS raid")
    hezbollah_drones: int = number(8, "drones", 0, 8, "S36 S129; enough for those lost", "drones flown for Hezbollah, supplied by Iran, in the whole run")
    regime_drones: int = number(1, "drones", 0, 4, "prior", "drones flown by the regime")
    isis_raids: int = number(4, "raids", 0, 6, "S10-S13", "ISIS raiding parties that can be out at once")
    civil_traffic: int = number(3, "rows", 0, 6, "prior", "civilian convoys on the roads, only there to be mistaken")
    regime_flights: int = number(2, "flights", 0, 4, "S16 S17", "Syrian pairs that may be up at once")
    russian_flights: int = number(2, "flights", 0, 4, "prior", "Russian pairs that may be up at once")
    ground_activity: float = number(1.0, "factor", 0, 4, "prior", "scales every side's ground missions and retaliation")
    hezbollah_activity: float = number(1.0, "factor", 0, 10, "prior", "scales Hezbollah's missions once more")
    patrol_activity: float = number(1.0, "factor", 0, 4, "prior", "scales partner patrols")
    raid_activity: float = number(1.0, "factor", 0, 4, "prior", "scales raids of partner and opposition")
    isis_activity: float = number(1.0, "factor", 0, 20, "prior", "scales attacks by ISIS and by unknown third parties")
    drone_activity: float = number(1.0, "factor", 0, 4, "prior", "scales drones that shadow")
    regime_air_activity: float = number(1.0, "factor", 0, 4, "prior", "scales Syrian sorties")
    russian_activity: float = number(1.0, "factor", 0, 4, "prior", "scales Russian sorties")
    bypass_known: bool = switch(True, "hindsight: docs/limits.md", "the road round the ring is an option")
    line_exists: bool = switch(True, "S68-S70: since October 2015", "there is a deconfliction line at all")
    line_open: bool = switch(True, "S25 S26", "the deconfliction line is open at the start")
    leaflets_standing: bool = switch(False, "S26: dropped 27-28 May", "leaflets have been dropped before the start")
    threat_standing: bool = switch(False, "S34: 7 June", "Hezbollah has threatened in public before the start")
    raqqa_taken: bool = switch(False, "prior", "Raqqa has fallen before the start")
    consent: bool = switch(True, "S37", "the coalition may consent to a strike inside the zone")
    partner_control: float = number(1.0, "factor", 0, 5, "prior", "scales the coalition's two leashes; none grows beyond 1")
    hezbollah_readiness: float = number(1.0, "factor", 0, 4, "prior", "scales roe.hezbollah_readiness")
    russian_air_cover: bool = switch(False, "article: Hof", "Russia supports its allies inside the zone without asking, and the coalition contests it")
    strikes_before_days: str = text("", "ages in days of strikes that are remembered at the start, as in 21/2.5/0.5")
    geography: str = text("", "folder of another ground (docs/tutorials/own_geography.md); empty for al Tanf")
    stop_after: str = text("", "an outcome that ends a run, such as us_russia_air; empty for none")


def ages(written: str) -> list[float]:
    """The numbers in text such as "21/2.5/0.5"; raises ValueError for anything else."""
    return [float(age) for age in written.split("/") if written]


@dataclass
class Roe:
    """Coalition rules of engagement: two keys and a ladder (odd.md 7.6)."""

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
    promises_warning: bool = switch(False, "odd.md 7.6", "a signal before force on intent is promised; `tanf doctor` holds the ladder to it")
    call_window_min: float = number(120.0, "min", 5, 480, "prior", "median wait after a call")
    show_window_min: float = number(60.0, "min", 5, 240, "prior", "median wait after a show of force")
    shots_window_min: float = number(30.0, "min", 2, 120, "prior", "median wait after warning shots")
    window_sd: float = number(0.5, "log units", 0, 1.5, "prior", "lognormal spread of the windows")
    flight_delay_min: float = number(10.0, "min", 1, 60, "prior", "time for a flight on station to be over its target")
    skip_for_urgency: bool = switch(True, "S36: no warning on 8 June", "leave out a rung whose window is longer than the way to the inner line")
    impatience: float = number(1.0, "per defiance", 0, 3, "prior", "a rung is skipped with 1 - exp(-impatience x units lately warned in vain)")
    defiance_half_life_days: float = number(7.0, "d", 1, 60, "prior", "fading of the memory of units warned in vain")
    leaflet_skip: float = number(0.6, "probability", 0, 1, "prior", "a rung is skipped once leaflets stand")
    leaflets_after_hours: float = number(216.0, "h", 1, 2000, "S26 S28: nine days after 18 May", "static presence inside before leaflets are dropped")
    repeat_call_hours: float = number(24.0, "h", 1, 240, "S25 S26: daily", "time between calls about a unit that stands inside")
    approach_km: float = number(20.0, "km", 0, 60, "prior", "a closing unit may be called about from this far outside")
    presence_weight: float = number(0.0, "points", 0, 2, "S59: not an exclusion area", "key 2: being inside")
    ultimatum_hours: float = number(0.0, "h", 0, 48, "S74: the 48 hours of the other side", "a unit inside for longer has turned key 2; 0 for no ultimatum")
    denial_weight: float = number(0.0, "points", 0, 4, "S48: not let through to Iraq", "points for moving to the border outside the zone, at full coalition stake")
    hardening: float = number(0.5, "factor", 0.1, 1, "prior", "the threshold is multiplied by this after own dead")
    hardening_days: float = number(7.0, "d", 0, 60, "prior", "for how long")
    approval_min: float = number(0.0, "min", 0, 240, "S60 S61: commander on the ground", "median wait for force to be approved off-site; 0 if it is decided on the spot")
    drone_policy: str = one_of("after_hostile_act", ("ignore", "after_hostile_act", "on_hostile_intent", "on_zone_entry"), "S36 S38", "when a drone is shot at")
    answer_partner_inside: float = number(1.0, "probability", 0, 1, "S45", "a ground attack on the partner inside the zone is a hostile act")
    answer_partner_outside: float = number(0.2, "probability", 0, 1, "S64: higher authority", "the same outside the zone")
    answer_regime_air: float = number(0.1, "probability", 0, 1, "C01 C06: higher authority", "force against regime aircraft that bomb the partner inside the zone")
    answer_outside_air: float = number(0.05, "probability", 0, 1, "C09: no answer", "regime aircraft that bomb partner or opposition outside are met")
    answer_russian_air: float = number(0.0, "probability", 0, 1, "C01: protest only", "force against Russian aircraft that bomb the partner inside the zone")
    answer_own: bool = switch(True, "S64: inherent right", "whoever fires at coalition people or aircraft is struck at once")
    answer_own_russian: float = number(1.0, "probability", 0, 1, "odd.md 7.6: a switch", "the same against Russian aircraft")
    authority_min: float = number(30.0, "min", 1, 240, "prior", "median time for higher authority to answer")


@dataclass
class Theory:
    """What a strike does to those who suffer or watch it (odd.md section 4)."""

    name: str = text("mixed", "name of the theory")
    beta_fear: float = number(0.7, "per strike", 0, 3, "prior", "how much fear lowers launches, risk taken and going on")
    beta_anger: float = number(0.2, "per strike", 0, 3, "prior", "how much anger raises launches")
    fear_half_life_days: float = number(7.0, "d", 2, 20, "prior", "fading of fear")
    anger_half_life_days: float = number(20.0, "d", 7, 60, "prior", "fading of anger")
    credibility: bool = switch(False, "prior", "belief that a warned unit is struck takes the place of fear")
    beta_belief: float = number(4.0, "logit", 0, 10, "prior", "how much that belief lowers launches, risk taken and going on")
    belief_prior: float = number(2.0, "cases", 0.1, 20, "prior", "weight of the prior belief of one half, in warned units seen")
    beta_support: float = number(0.0, "per strike", 0, 3, "prior", "how much coalition support raises partner raids and inflates calls (entrapment)")
    memory: bool = switch(True, "prior", "strikes, defiance, consent and tolerated presence are remembered; if not, only misreading and the line escalate")
    constant_threats_per_day: float = number(0.0, "1/d", 0, 4, "prior", "threats that come whatever happened")
    constant_attacks_per_day: float = number(0.0, "1/d", 0, 4, "prior", "retaliation that comes whatever happened")
    tremble: float = number(0.0, "probability", 0, 1, "Selten 1975: trembling hand", "a decision is replaced by any of its options")


@dataclass
class Environment:
    """What drives the value of the south-east (odd.md 7.1)."""

    isis_days: float = number(60.0, "d", 20, 200, "prior", "ISIS control decays with this time constant")
    raqqa_days: float = number(60.0, "d", 20, 365, "prior", "the fight for Raqqa ends with this time constant")
    corridor_floor: float = number(0.5, "value", 0, 1, "prior", "value of the corridor at the start")
    raqqa_weight: float = number(0.3, "share", 0, 1, "prior", "share of the corridor's growth that Raqqa decides")
    value_lost_at_border: float = number(0.5, "share", 0, 0.9, "prior", "drop in value once the border is reached by the bypass")
    coalition_stake: float = number(0.5, "value", 0, 1, "prior", "what the garrison is worth to the coalition: scales patrols, and points for denial")


@dataclass
class Command:
    """Who is sent, how often, to do what (odd.md 7.2)."""

    regime_per_day: float = number(0.22, "missions/d", 0.0, 1.1, "prior", "regime ground missions at full corridor value")
    militia_per_day: float = number(0.6, "missions/d", 0.0, 3.0, "prior", "militia ground missions at full corridor value")
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
    stand_off_km: float = number(20.0, "km", 2, 40, "S105: a Grad reaches 20 km; S17: nobody came nearer than 27", "nearest to the garrison that anybody means to go")
    bound_min: float = number(20.0, "min", 5, 120, "S41: searching on the way", "mean length of a bound")
    moving_share: float = number(0.25, "share", 0.05, 1, "prior", "share of a push spent moving")
    look_hours: float = number(1.0, "h", 0.1, 24, "prior", "mean stay of a probe")
    dig_hours: float = number(24.0, "h", 1, 240, "prior", "mean time to dig in")
    hold_days: float = number(16.0, "d", 0.5, 30, "S28 S52: 18 May to 1 June", "mean stay of a held element")
    bypass_km_per_day: float = number(9.0, "km/d", 3, 360, "prior; 360 is a drive without a halt", "advance of the bypass front")
    reinforce_chance: float = number(0.4, "probability", 0, 1, "prior", "a warned or struck unit's call for help is answered")
    reinforce_hours: float = number(4.0, "h", 0.5, 48, "S31 S32: within hours", "mean time before the column on call leaves")
    patrols_per_day: float = number(0.5, "patrols/d", 0, 5, "prior", "partner patrols at a coalition stake of one half")
    patrol_hours: float = number(6.0, "h", 1, 48, "prior", "mean stay of a patrol at its far end")
    regime_vehicles: float = number(12.0, "vehicles", 1, 40, "S17 S21 S23: 20-27 in all", "mean light vehicles of a regime column")
    militia_vehicles: float = number(8.0, "vehicles", 1, 40, "prior", "mean light vehicles of a militia convoy")
    hezbollah_vehicles: float = number(3.0, "vehicles", 1, 12, "prior", "mean vehicles of a Hezbollah team")
    dash_vehicles: float = number(3.0, "vehicles", 1, 12, "S36 S37: three technicals", "mean vehicles of a dash")
    fighters_per_vehicle: float = number(4.0, "fighters", 1, 12, "S31: more than 60 men", "men to each vehicle, heavy or light")
    ring_error: float = number(0.15, "share", 0, 0.5, "prior", "sd of where a side takes the ring to be, until it is told")
    helped_factor: float = number(2.0, "factor", 1, 4, "S32 S37: more arrives", "launches of a side for a day after it was let help itself")
    heavy_militia: float = number(0.3, "probability", 0, 1, "S24 S46", "a militia convoy brings a tank and a gun")


@dataclass
class Line:
    """The deconfliction line (odd.md 7.5)."""

    latency_min: float = number(3.0, "min", 0.5, 30, "S04 S06; 27 min the documented worst", "median time for a call to reach the right officer")
    latency_sd: float = number(0.94, "log units", 0, 2, "27 min as the 99th percentile", "lognormal spread of the latency")
    misplaced: float = number(0.05, "probability", 0, 1, "S04: 9 km off", "the call names a place so wrong that the unit is not found")
    dissuasion: float = number(0.8, "probability", 0.0, 1, "S19", "Russia tries to turn the unit back")
    mediation: float = number(3.0, "logit", 0, 6, "prior", "how much a held leash lowers going on")
    request_chance: float = number(0.6, "probability", 0, 1, "S37", "Russia relays a request to strike for an ally attacked inside the zone")
    consent: float = number(0.4, "probability", 0, 1, "S37", "the coalition consents, unless the target is its partner")
    helped_hours: float = number(24.0, "h", 1, 96, "odd.md 7.5", "how long a consent counts")
    suspension_chance: float = number(0.1, "probability", 0, 0.5, "S07 S08: April 2017", "Russia suspends the line after a strike")
    suspension_days: float = number(14.0, "d", 1, 60, "S08 S09: one month", "median length of a suspension")
    through_when_suspended: float = number(0.5, "probability", 0, 1, "S09: the call took place", "a call gets through all the same")


@dataclass
class Leash:
    """Chance that a patron who wants restraint gets it (odd.md section 2)."""

    russia_regime: float = number(0.6, "probability", 0, 1, "prior", "Russia over the regime")
    russia_militia: float = number(0.3, "probability", 0, 1, "prior", "Russia over the militias")
    russia_hezbollah: float = number(0.15, "probability", 0, 1, "prior", "Russia over Hezbollah")
    iran_militia: float = number(0.6, "probability", 0, 1, "prior", "Iran over the militias")
    iran_hezbollah: float = number(0.4, "probability", 0, 1, "prior", "Iran over Hezbollah")
    coalition_partner: float = number(0.7, "probability", 0, 1, "S28 S54: Washington held them back", "the coalition over its partner")
    coalition_opposition: float = number(0.2, "probability", 0, 1, "S29: on their own account", "the coalition over other groups")
    russian_control: float = number(1.0, "factor", 0, 4, "prior", "scales Russia's three leashes; none grows beyond 1")
