"""What outcome and log can never say: counts that fall, parts that do not add up, effects before causes (odd.md)."""

from __future__ import annotations

import numpy as np

from sim.rules.names import SIGNALS, Act, Posture, Response, Rung
from sim.rules.outcome import Happening
from tests.watch_film import Book, Film, counters, is_over

law = Book()
GROWING = ("static_unstruck_h", "us_russia_air_hazard", "active_h", "static_h", "bypass_front_km")
SAME_NAME = "INTERCEPT UNSAFE_INTERCEPT LINE_SUSPENDED BORDER_REACHED ISOLATED GARRISON_LOST CROSSING_REACHED"
TWINS = (  # what is counted as a happening and written as an act
    *((Happening[name], Act[name]) for name in SAME_NAME.split()),
    (Happening.HEZBOLLAH_THREAT, Act.THREAT),
    (Happening.BLAMED, Act.BLAME),
    (Happening.REQUEST_GRANTED, Act.CONSENT),
)
ONCE = (
    Happening.BORDER_REACHED,
    Happening.ISOLATED,
    Happening.GENERAL_ESCALATION,
    Happening.ALL_AT_ONCE,
    Happening.GARRISON_LOST,
)
PARTNER_PARTS = (
    (Happening.STRIKE_ON_PARTNER_BY_REGIME, Happening.STRIKE_ON_PARTNER_BY_RUSSIA),
    (Happening.STRIKE_ON_PARTNER_INSIDE, Happening.STRIKE_ON_PARTNER_OUTSIDE),
)
ATTACKS = tuple(what for what in Happening if what.name.startswith("ATTACK_") and what != Happening.ATTACK_ON_COALITION)


@law
def counts_never_fall(film: Film) -> np.ndarray:
    """A count fell, or somebody came to life again."""
    return np.diff(film.words[:, counters()], axis=0) < 0


@law
def sums_never_fall(film: Film) -> np.ndarray:
    """A sum of hours or chances fell, or is no number; or the closest approach grew."""
    was, now = film.before["outcome"], film.after["outcome"]
    fell = [~(now[name] >= was[name]) for name in GROWING]
    return np.stack([*fell, now["closest_km"] > was["closest_km"]], axis=1)


@law
def happenings_are_dated(film: Film) -> np.ndarray:
    """A happening was counted and not dated, or dated after now, or dated anew."""
    was, now = film.before["outcome"]["happenings"], film.after["outcome"]["happenings"]
    happened = now["happened"] != 0
    told = (happened == (now["count"] > 0)) & (happened == np.isfinite(now["first_min"]))
    dated = ~happened | ((now["first_min"] >= 0.0) & (now["first_min"] <= film.minute + 1e-9))
    kept = (was["happened"] == 0) | (was["first_min"] == now["first_min"])
    return ~(told & dated & kept)


@law
def happenings_are_written(film: Film) -> np.ndarray:
    """What was counted was not written, or what was written was not counted."""
    pairs = [film.tally(what) != film.acts(act) for what, act in TWINS]
    return np.stack([*pairs, film.after["outcome"]["acts"].sum(axis=1) != film.after["n_events"]], axis=1)


@law
def what_happens_once_happens_once(film: Film) -> np.ndarray:
    """What can happen once happened twice."""
    return np.stack([film.tally(what) > 1 for what in ONCE], axis=1)


@law
def strikes_add_up(film: Film) -> np.ndarray:
    """Ground strikes are not those of the sides, or more entries were struck than there were."""
    outcome, strikes = film.after["outcome"], film.tally(Happening.STRIKE_GROUND)
    sides = outcome["strikes_on"].sum(axis=1) != strikes
    many = (outcome["strikes_on_static"] > strikes) | (outcome["entries_struck"] > strikes)
    written = np.isfinite(outcome["strikes"]["minute"]).sum(axis=1) != np.minimum(strikes, outcome["strikes"].shape[1])
    return sides | many | written | (film.acts(Act.ENTRY) != outcome["entries"]) | (film.acts(Act.STRIKE) < strikes)


@law
def strikes_on_partners_add_up(film: Film) -> np.ndarray:
    """Strikes on partners are not those of regime and Russia, or not those inside and outside."""
    total = film.tally(Happening.STRIKE_ON_PARTNER)
    parts = [film.tally(a) + film.tally(b) != total for a, b in PARTNER_PARTS]
    fewer = (film.tally(Happening.STRIKE_ON_PARTNER_ANSWERED), film.tally(Happening.RUSSIA_INSIDE_UNASKED))
    fewer_than = [few > total for few in fewer]
    return np.stack([*parts, *fewer_than, film.acts(Act.AIR_SUPPORT) < total], axis=1)


@law
def drones_shot_down_add_up(film: Film) -> np.ndarray:
    """Drones brought down are not those before and after a release, or more than were shot at."""
    total = film.tally(Happening.DRONE_SHOOTDOWN)
    parts = film.tally(Happening.DRONE_SHOOTDOWN_BEFORE_RELEASE) + film.tally(Happening.DRONE_SHOOTDOWN_AFTER_RELEASE)
    return (parts != total) | (film.acts(Act.SHOOT_DOWN) < total)


@law
def contacts_add_up(film: Film) -> np.ndarray:
    """Fights on the ground are not those with ISIS and those with partner or opposition."""
    isis, others = film.tally(Happening.ISIS_ATTACK), film.tally(Happening.PARTNER_MILITIA)
    more = (film.tally(Happening.PARTNER_FIRED_FIRST) > others) | (film.tally(Happening.ISIS_REPULSED) > isis)
    return more | (isis + others != film.acts(Act.CONTACT))


@law
def attacks_add_up(film: Film) -> np.ndarray:
    """Attacks on the coalition are more than those of all kinds, or none where there was one."""
    total, kinds = film.tally(Happening.ATTACK_ON_COALITION), [film.tally(what) for what in ATTACKS]
    return (total > sum(kinds)) | ((total > 0) != (sum(kinds) > 0))


@law
def signals_and_answers_add_up(film: Film) -> np.ndarray:
    """Signals were given and not written, calls answered that were not made, or more answers than signals."""
    outcome = film.after["outcome"]
    acts = (Act.LINE_CALL, Act.SHOW_OF_FORCE, Act.WARNING_SHOTS, Act.STRIKE)
    told = [film.acts(act) != outcome["signals"][:, k] for k, act in enumerate(acts)]
    answers = outcome["answers"].reshape(-1, len(SIGNALS), len(Response)).sum(axis=2)
    heard = outcome["signals"].copy()
    heard[:, Rung.LINE_CALL - 1] = film.acts(Act.DISSUASION)
    calls = film.acts(Act.CALL_LOST) + film.acts(Act.DISSUASION) > film.acts(Act.LINE_CALL)
    lost = film.acts(Act.CALL_LOST) != outcome["calls_lost"]
    asked = film.acts(Act.REQUEST) != film.acts(Act.CONSENT) + film.acts(Act.REFUSAL)
    helped = outcome["helped"].sum(axis=1) != film.acts(Act.CONSENT)
    return np.stack([*told, calls, lost, asked, helped, *(answers > heard).T], axis=1)


@law
def the_dead_add_up(film: Film) -> np.ndarray:
    """The dead of the principals are not those of the outcome, or fewer than those of their units."""
    outcome = film.after["outcome"]
    other = (film.after["principals"]["killed"] != outcome["killed"]).any(axis=1)
    return other | (film.now.killed.sum(axis=1) > outcome["killed"].sum(axis=1))


# ---------------------------------------------------------------- the log
@law
def causes_come_before(film: Film) -> np.ndarray:
    """An event was caused by itself, a later one or none that there is."""
    told, steps = film.events
    number = min(int(film.before["n_events"][0]), len(film.log)) + np.arange(len(told))
    return in_steps(film, steps, (told["cause"] >= number) | (told["cause"] < -1))


@law
def events_have_a_time_and_a_place(film: Film) -> np.ndarray:
    """An event is dated before the run or after its step, or is nowhere."""
    told, steps = film.events
    wrong = ~((told["minute"] >= 0.0) & (told["minute"] <= film.after["now_min"][steps] + 1e-9))
    return in_steps(film, steps, wrong | ~np.isfinite(told["x_km"] + told["y_km"]) | ~(told["value"] >= 0.0))


@law
def nobody_acts_after_the_end(film: Film) -> np.ndarray:
    """A row that was destroyed, or rested all the time, acted."""
    told, steps = film.events
    row = np.where((told["actor"] >= 0) & (told["actor"] < film.same.shape[1]), told["actor"], 0)
    gone = (film.was.posture == Posture.DESTROYED) | (
        (film.was.posture == Posture.RESTING) & (film.now.posture == Posture.RESTING) & film.same
    )
    return in_steps(film, steps, gone[steps, row] & (row > 0))


@law
def nobody_shoots_at_the_destroyed(film: Film) -> np.ndarray:
    """Somebody shot at a row that had been destroyed before."""
    told, steps = film.events
    shots = (Act.STRIKE, Act.SHOOT_DOWN, Act.CONTACT, Act.AIR_SUPPORT, Act.DRONE_ATTACK, Act.MISSILES, Act.AIR_COMBAT)
    row = np.where((told["target"] >= 0) & (told["target"] < film.same.shape[1]), told["target"], 0)
    gone = film.was.posture == Posture.DESTROYED
    return in_steps(film, steps, gone[steps, row] & (row > 0) & np.isin(told["act"], shots))


def in_steps(film: Film, steps: np.ndarray, wrong: np.ndarray) -> np.ndarray:
    """Events that are wrong, as the steps in which they were written."""
    return np.bincount(steps[wrong], minlength=len(film.after)) > 0


@law
def nothing_happens_after_the_end(film: Film) -> np.ndarray:
    """Something was written, or somebody moved, after the run was over."""
    moved = (film.now.x_km != film.was.x_km) | (film.now.posture != film.was.posture)
    wrote = np.diff(film.reel["n_events"]) != 0
    return is_over(film) & (wrote | moved.any(axis=1))
