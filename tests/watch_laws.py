"""What can never happen in a step (odd.md section 10): each law says where it is broken, all steps of a film at once.

A law's docstring is what has gone wrong when it is broken.  `tests/test_watch.py` breaks every one of them.
"""

from __future__ import annotations

import numpy as np

from sim.rules.names import NEVER, Kind, Posture
from tests.watch_film import OFF_STAGE, Book, Film, is_over, per_side

law = Book()
EPS = 1e-9
PARTS = ("fighters", "vehicles", "earth_movers", "tanks", "artillery", "anti_aircraft")
COUNTS = (*PARTS, "killed", "weapons", "released", "group", "legs", "launched", "entered", "signals", "met")
ON_THE_WAY = (Posture.MOVING, Posture.WITHDRAWING, Posture.RETURNING)
LAND = (Kind.REGIME_COLUMN, Kind.MILITIA_CONVOY, Kind.HEZBOLLAH_TEAM)


# ---------------------------------------------------------------- men and arms
@law
def revived(film: Film) -> np.ndarray:
    """A row that was destroyed came back."""
    return (film.was.posture == Posture.DESTROYED) & (film.now.posture != Posture.DESTROYED)


@law
def less_than_none(film: Film) -> np.ndarray:
    """A row has fewer than none of something."""
    return np.any([getattr(film.now, name) < 0 for name in COUNTS], axis=0)


@law
def killed_more_than_present(film: Film) -> np.ndarray:
    """More died in a row than were there, or the dead came back."""
    dead = film.now.killed - film.was.killed
    return (dead < 0) | (film.same & (dead > film.was.fighters))


@law
def men_conserved(film: Film) -> np.ndarray:
    """Men of a side appeared, or went without having been killed."""
    were = per_side(film, film.is_out[:-1] * film.was.fighters)
    are = per_side(film, film.involved * (film.now.fighters + film.now.killed - film.was.killed))
    return (were != are) & ~film.lost_sight


@law
def arms_conserved(film: Film) -> np.ndarray:
    """Weapons or vehicles appeared, or more were counted as destroyed than are gone."""
    broken = []
    for name in ("vehicles", "tanks", "artillery", "anti_aircraft"):
        parts = ("vehicles", "earth_movers") if name == "vehicles" else (name,)
        were = sum((film.is_out[:-1] * getattr(film.was, part)).sum(axis=1) for part in parts)
        are = sum((film.involved * getattr(film.now, part)).sum(axis=1) for part in parts)
        broken.append(were - are < np.diff(film.reel["outcome"][f"{name}_lost"]))
    return np.array(broken).T & ~film.lost_sight.any(axis=1)[:, None]


@law
def column_never_grows(film: Film) -> np.ndarray:
    """A column came in, or went on, with more than left base."""
    now = film.now
    here = film.is_out[1:] & np.isin(film.kind, LAND)
    return here & ((now.entered > now.launched) | (now.went_on > now.launched))


@law
def drones_carry_what_they_carry(film: Film) -> np.ndarray:
    """A drone dropped more than it can carry."""
    drone = film.is_out[1:] & (film.kind == Kind.PRO_REGIME_DRONE)
    return drone & (film.now.released + film.now.weapons > film.params.drones.weapons)


# ---------------------------------------------------------------- places
@law
def places_are_finite(film: Film) -> np.ndarray:
    """A row is nowhere."""
    now = film.now
    legs = (now.leg_x0_km, now.leg_y0_km, now.leg_x1_km, now.leg_y1_km, now.leg_start_min, now.leg_end_min)
    return ~np.isfinite(np.sum([now.x_km, now.y_km, now.due_min, now.speed_km_h, *legs], axis=0))


@law
def ready_means_at_base(film: Film) -> np.ndarray:
    """A row rests, or a flight waits, away from its base."""
    now = film.now
    away = np.hypot(now.x_km - now.base_x_km, now.y_km - now.base_y_km) > 1e-6
    waits = (film.kind == Kind.STRIKE_FLIGHT) & np.isin(now.posture, (Posture.ON_STATION, Posture.TURNAROUND))
    return away & ((now.posture == Posture.RESTING) | waits)


@law
def nobody_jumps(film: Film) -> np.ndarray:
    """A row went further than in a step at its speed.

    Two for a drone, which flies on to its target in the step in which it arrives.
    """
    went = np.hypot(film.now.x_km - film.was.x_km, film.now.y_km - film.was.y_km)
    can = film.was.speed_km_h * film.params.step_min / 60.0
    steps = np.where(film.kind == Kind.PRO_REGIME_DRONE, 2.0, 1.0)
    return film.same & film.is_out[:-1] & (film.kind != Kind.STRIKE_FLIGHT) & (went > steps * can + EPS)


@law
def destroyed_stay_where_they_are(film: Film) -> np.ndarray:
    """What is left of a row moved, or lost men."""
    gone = film.was.posture == Posture.DESTROYED
    moved = (film.now.x_km != film.was.x_km) | (film.now.y_km != film.was.y_km)
    return gone & (moved | (film.now.killed != film.was.killed) | (film.now.group != film.was.group))


@law
def the_ring_is_where_it_is(film: Film) -> np.ndarray:
    """A column is taken to be inside the ring and is not, or drives about inside it unnoticed."""
    column = film.is_out[1:] & np.isin(film.kind, LAND)
    away, radius = np.hypot(film.now.x_km, film.now.y_km), film.params.roe.zone_radius_km
    inside = film.now.inside != 0
    unnoticed = (film.now.posture == Posture.MOVING) & (away < radius - EPS) & ~inside
    return column & ((inside & (away > radius + EPS)) | unnoticed)


# ---------------------------------------------------------------- clocks
@law
def time_goes_on(film: Film) -> np.ndarray:
    """A step was left out or taken twice, or the clock does not show it."""
    late = np.abs(film.after["now_min"] - film.after["step"] * film.params.step_min) > EPS
    return (np.diff(film.reel["step"]) != 1) | (late & ~is_over(film))


@law
def clocks_run_forward(film: Film) -> np.ndarray:
    """A clock has gathered less than nothing, or rings before it was wound."""
    hazard, budget = film.after["hazard"], film.after["budget"]
    return ~((hazard >= 0.0) & (hazard < np.inf) & (budget > 0.0))


@law
def eyes_gather(film: Film) -> np.ndarray:
    """A sensor has gathered less than nothing, or more than its budget."""
    now, seen = film.now, film.is_out[1:] & film.same & (film.now.sense_budget > 0.0)
    return (now.sensed < 0.0) | (now.sense_budget < 0.0) | (seen & (now.sensed >= now.sense_budget) & watched(film))


def watched(film: Film) -> np.ndarray:
    """Rows that the coalition looks for, and that were out when it last looked."""
    raiders = (Kind.PARTNER_PATROL, Kind.ISIS_RAID, Kind.PRO_REGIME_DRONE, Kind.CIVIL_TRAFFIC)
    return np.isin(film.kind, (*LAND, *raiders)) & film.is_out[:-1]


@law
def what_is_due_is_done(film: Film) -> np.ndarray:
    """A row should have done something in an earlier step, or a call should have been answered.

    What becomes due in a step after its movement (a flight is back, a struck column at a waypoint) has a step more.
    """
    now, began = film.now, film.minute - film.params.step_min
    waits = film.is_out[:-1] & film.is_out[1:] & (now.posture != Posture.TASKED) & (now.due_min < began - EPS)
    unanswered = film.is_out[:-1] & film.is_out[1:] & (now.call_due_min <= film.minute)
    return (waits | unanswered) & ~is_over(film)[:, None]


@law
def legs_end_after_they_begin(film: Film) -> np.ndarray:
    """A row arrives before it sets out."""
    on_the_way = film.is_out[1:] & np.isin(film.now.posture, ON_THE_WAY)
    return on_the_way & (film.now.leg_end_min < film.now.leg_start_min)


@law
def tracks_are_lost(film: Film) -> np.ndarray:
    """A row is followed though nobody has seen it for longer than a track lasts."""
    followed = watched(film) & film.is_out[1:] & (film.now.tracked != 0)
    return followed & (film.minute - film.now.seen_min > film.params.sensing.track_min) & ~is_over(film)[:, None]


# ---------------------------------------------------------------- who is out, and with whom
@law
def out_means_on_the_list(film: Film) -> np.ndarray:
    """The list of those who are out has somebody twice, out of order, missing or too many."""
    rows = film.is_out.shape[1]
    due = np.sort(np.where(film.is_out[1:], np.arange(rows), rows), axis=1)
    listed = film.after["awake"][:, :rows]
    return np.where(np.arange(rows) < film.after["n_awake"][:, None], listed, rows) != due


@law
def fights_are_mutual(film: Film) -> np.ndarray:
    """A row fights though it is not there, or fights somebody who does not fight it."""
    enemy, rows = film.now.enemy, np.arange(film.now.enemy.shape[1])
    alone = (enemy > 0) & (np.take_along_axis(enemy, np.maximum(enemy, 0), axis=1) != rows)
    alone[:, 0] = False  # many may attack the garrison
    return alone | ((enemy >= 0) & np.isin(film.now.posture, OFF_STAGE))


@law
def raiders_without_an_enemy_go(film: Film) -> np.ndarray:
    """A raid stands for ever without an enemy."""
    raider = np.isin(film.kind, (Kind.PARTNER_PATROL, Kind.ISIS_RAID)) & (film.now.posture == Posture.HELD)
    return raider & (film.now.enemy < 0) & (film.now.due_min >= NEVER)


@law
def flights_know_their_targets(film: Film) -> np.ndarray:
    """A flight has been sent against a row, and is not on its way to it."""
    flight, rows = film.now.flight, np.arange(film.now.flight.shape[1])
    sent = film.is_out[1:] & (flight >= 0)
    at = np.maximum(flight, 0)
    target, posture = (np.take_along_axis(column, at, axis=1) for column in (film.now.target, film.now.posture))
    return sent & ((target != rows) | (posture != Posture.TASKED) | (film.kind[at] != Kind.STRIKE_FLIGHT))


@law
def decisions_are_draws(film: Film) -> np.ndarray:
    """A decision's chances do not add up, or it fell on what was impossible."""
    told = film.after["units"]["decision"][:, : film.same.shape[1]]
    drawn, chances, u = told["draw"] >= 0, told["p"], told["u"]
    total, chosen = chances.sum(axis=2), np.clip(told["chosen"], 0, chances.shape[2] - 1)
    taken = np.take_along_axis(chances, chosen[:, :, None], axis=2)[:, :, 0]
    fair = (np.abs(total - 1.0) < EPS) & (chances >= 0.0).all(axis=2) & (u > 0.0) & (u < 1.0) & (taken > 0.0)
    return drawn & ~(fair & (told["chosen"] == chosen))


# ---------------------------------------------------------------- minds and the world
@law
def feelings_are_never_negative(film: Film) -> np.ndarray:
    """A feeling is negative, or no number."""
    minds, world = film.after["principals"], film.after
    moods = [minds[name] for name in ("fear", "anger", "struck_belief", "radius_factor", "killed")]
    single = [world[name][:, None] for name in ("defiance", "support", "tolerated_belief", "tolerated_min")]
    return np.concatenate([~((mood >= 0.0) & (mood < np.inf)) for mood in (*moods, *single)], axis=1)


@law
def tension_is_book_kept(film: Film) -> np.ndarray:
    """Tension is negative or above its peak, or a hostility level fell or is none."""
    was, now = film.before["dyads"], film.after["dyads"]
    fell = (now["level"] < was["level"]) | (now["peak_tension"] < was["peak_tension"])
    tense = ~(now["tension"] >= 0.0) | (now["tension"] > now["peak_tension"])
    return fell | tense | (now["level"] > 4) | (now["level"] < 1)


@law
def the_world_has_bounds(film: Film) -> np.ndarray:
    """Control, the corridor's value or the bypass front is where it cannot be."""
    was, now = film.before, film.after
    shares = [(now[name] >= 0.0) & (now[name] <= 1.0) for name in ("isis_control", "raqqa_left", "corridor_value")]
    falls = [now[name] <= was[name] for name in ("isis_control", "raqqa_left")]
    front = (now["bypass_front_km"] >= was["bypass_front_km"]) & (now["bypass_front_km"] <= film.params.world.bypass_km)
    return ~np.stack([*shares, *falls, front], axis=1)


@law
def what_is_done_is_done(film: Film) -> np.ndarray:
    """What happens once was undone."""
    once = ("leaflets", "border_reached", "isolated", "garrison_lost", "n_clashes", "n_events")
    return np.stack([film.after[name] < film.before[name] for name in once], axis=1)
