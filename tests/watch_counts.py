"""What the outcome of a run can never say: counts that fall, parts that do not add up (model.md sections 9 and 10)."""

from __future__ import annotations

import numpy as np

from sim.rules.names import SIGNALS, Act, Response, Rung
from sim.rules.outcome import Happening as H
from tests.watch_film import Film, counters, Book

law = Book()
GROWING = ("static_unstruck_h", "us_russia_air_hazard", "active_h", "static_h", "bypass_front_km")
TWINS = (  # what is counted as a happening and written as an act
    (H.INTERCEPT, Act.INTERCEPT), (H.UNSAFE_INTERCEPT, Act.UNSAFE_INTERCEPT), (H.HEZBOLLAH_THREAT, Act.THREAT),
    (H.LINE_SUSPENDED, Act.LINE_SUSPENDED), (H.BORDER_REACHED, Act.BORDER_REACHED), (H.ISOLATED, Act.ISOLATED),
    (H.GARRISON_LOST, Act.GARRISON_LOST), (H.BLAMED, Act.BLAME), (H.CROSSING_REACHED, Act.CROSSING_REACHED),
    (H.REQUEST_GRANTED, Act.CONSENT),
)  # fmt: skip
ONCE = (H.BORDER_REACHED, H.ISOLATED, H.GENERAL_ESCALATION, H.ALL_AT_ONCE)  # a lost garrison may be lost to others again
PARTNER_PARTS = (
    (H.STRIKE_ON_PARTNER_BY_REGIME, H.STRIKE_ON_PARTNER_BY_RUSSIA),
    (H.STRIKE_ON_PARTNER_INSIDE, H.STRIKE_ON_PARTNER_OUTSIDE),
)
ATTACKS = tuple(what for what in H if what.name.startswith("ATTACK_") and what != H.ATTACK_ON_COALITION)


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
    outcome, strikes = film.after["outcome"], film.tally(H.STRIKE_GROUND)
    sides = outcome["strikes_on"].sum(axis=1) != strikes
    many = (outcome["strikes_on_static"] > strikes) | (outcome["entries_struck"] > strikes)
    written = np.isfinite(outcome["strikes"]["minute"]).sum(axis=1) != np.minimum(strikes, outcome["strikes"].shape[1])
    return sides | many | written | (film.acts(Act.ENTRY) != outcome["entries"]) | (film.acts(Act.STRIKE) < strikes)


@law
def strikes_on_partners_add_up(film: Film) -> np.ndarray:
    """Strikes on partners are not those of regime and Russia, or not those inside and outside."""
    total = film.tally(H.STRIKE_ON_PARTNER)
    parts = [film.tally(a) + film.tally(b) != total for a, b in PARTNER_PARTS]
    fewer = (film.tally(H.STRIKE_ON_PARTNER_ANSWERED), film.tally(H.RUSSIA_INSIDE_UNASKED))
    fewer_than = [few > total for few in fewer]
    return np.stack([*parts, *fewer_than, film.acts(Act.AIR_SUPPORT) < total], axis=1)


@law
def drones_shot_down_add_up(film: Film) -> np.ndarray:
    """Drones brought down are not those before and after a release, or more than were shot at."""
    total = film.tally(H.DRONE_SHOOTDOWN)
    parts = film.tally(H.DRONE_SHOOTDOWN_BEFORE_RELEASE) + film.tally(H.DRONE_SHOOTDOWN_AFTER_RELEASE)
    return (parts != total) | (film.acts(Act.SHOOT_DOWN) < total)


@law
def contacts_add_up(film: Film) -> np.ndarray:
    """Fights on the ground are not those with ISIS and those with partner or opposition."""
    isis, others = film.tally(H.ISIS_ATTACK), film.tally(H.PARTNER_MILITIA)
    more = (film.tally(H.PARTNER_FIRED_FIRST) > others) | (film.tally(H.ISIS_REPULSED) > isis)
    return more | (isis + others != film.acts(Act.CONTACT))


@law
def attacks_add_up(film: Film) -> np.ndarray:
    """Attacks on the coalition are more than those of all kinds, or none where there was one."""
    total, kinds = film.tally(H.ATTACK_ON_COALITION), [film.tally(what) for what in ATTACKS]
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
