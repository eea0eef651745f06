"""What the reports of 8 June 2017 tell, sentence by sentence, and what in a run shows it.

The sentences are those of the accounts of the third strike near al Tanf and of the three weeks before it
(docs/bibliography.md); each names one or more things that a run of the model can contain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.study.measures import strikes, written_down

Seen = Callable[[np.ndarray], np.ndarray]  # outcomes, one row a run: which runs show it
THIRD_STRIKE_KM = (35.0, 43.0)  # 24 miles, 39 km, give or take a tenth


@dataclass(frozen=True)
class Sentence:
    """What is told, and what shows it in the outcome of a run."""

    told: str
    shown: dict[str, Seen]


def column(name: str) -> dict[str, Seen]:
    """Runs in which a column of the outcome is above 0."""
    return {f"`{name}`": lambda rows: rows[name] > 0}


def strike(how: str, which: Seen) -> dict[str, Seen]:
    """Runs in which one of the strikes written down is such."""
    return {how: lambda rows: (which(rows) & written_down(rows)).any(axis=1)}


def _at_24_miles(rows: np.ndarray) -> np.ndarray:
    low, high = THIRD_STRIKE_KM
    distance_km = strikes(rows, "distance_km")
    return (distance_km >= low) & (distance_km <= high)


def _two_hit(rows: np.ndarray) -> np.ndarray:
    return ~strikes(rows, "heavy").astype(bool) & (strikes(rows, "destroyed") == 2)


def _about_ten_killed(rows: np.ndarray) -> np.ndarray:
    killed = strikes(rows, "killed")
    return strikes(rows, "heavy").astype(bool) & (killed >= 8) & (killed <= 12)


SENTENCES = (
    Sentence("The coalition fights ISIS, the government and its backers at the same time", column("all_at_once")),
    Sentence(
        "A third strike in three weeks, 24 miles from the base, well inside a 34-mile zone",
        {"`strike_ground_count` >= 3": lambda rows: rows["strike_ground_count"] >= 3}
        | strike("a strike at 35 to 43 km", _at_24_miles),
    ),
    Sentence("Three vehicles enter, two are hit", strike("two vehicles of a light group destroyed", _two_hit)),
    Sentence("A drone drops one of several weapons and is shot down", column("drone_shootdown_after_release")),
    Sentence(
        "Personnel train and advise at the garrison; an attack by ISIS is repulsed",
        column("attack_on_coalition") | column("isis_repulsed"),
    ),
    Sentence(
        "Russian efforts fail; a show of force, warning shots; a refusal to leave",
        column("acts_dissuasion")
        | column("signals_show_of_force")
        | column("signals_warning_shots")
        | column("answers_warning_shots_go_on"),
    ),
    Sentence(
        "Aircraft of the other side strike the opposition, which attacks militia on the ground; Russia relays a "
        "request, the US agrees; hours later a column enters and is struck",
        column("strike_on_partner")
        | column("partner_militia")
        | column("acts_request")
        | column("request_granted")
        | column("helped_then_struck"),
    ),
    Sentence(
        "A tank, artillery, anti-aircraft weapons, more than 60 fighters; four bombs; about ten killed",
        column("tanks_lost")
        | column("artillery_lost")
        | column("anti_aircraft_lost")
        | strike("a strike on a heavy column, 8 to 12 killed", _about_ten_killed),
    ),
    Sentence(
        "Encounters that could lead to a greater conflict", column("serious_episode") | column("general_escalation")
    ),
    Sentence(
        '"Does not seek to fight"; hostile intent and hostile acts', column("acts_statement") | column("acts_hardened")
    ),
    Sentence(
        "The south-east gains in value: a highway, a crossing; forces at the garrison are cut off from it",
        column("border_reached") | column("crossing_reached") | column("isolated"),
    ),
    Sentence(
        "Militia driven back by fighters of the coalition; Russian jets drive those back",
        column("partner_fired_first") | column("strike_on_partner_by_russia"),
    ),
    Sentence(
        "Hezbollah: self-restraint, a threat against the Americans, red lines and the blood of allies",
        column("hezbollah_threat") | column("attack_off_map"),
    ),
    Sentence("The US hesitates less against Hezbollah", column("coalition_hezbollah_exchange")),
    Sentence("Moscow's support from the air would mean air combat", column("us_russia_air")),
)


def counted(rows: np.ndarray) -> dict[tuple[str, str], int]:
    """In how many runs each thing is seen, by what is told and what shows it; `rows` are outcomes, one a run."""
    return {
        (sentence.told, how): int(seen(rows).sum()) for sentence in SENTENCES for how, seen in sentence.shown.items()
    }
