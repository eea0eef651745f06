"""One run as a page to play: a single file with everything in it, that asks no address for anything.

The page keeps the bends of every unit's way, not frames, and works out where everybody is at any moment.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from sim.rules.names import Act, Kind, Principal, Rung
from sim.run.causes import FOLDED, ROUTINE, Chronicle
from sim.run.explanation import DOING, LED_UP, NOTHING_LED, UNDECIDED
from sim.run.film import Film, changes
from sim.run.words import capital, named
from sim.view import ground, style, telling
from sim.view.timeline import FORCE, PRO_REGIME

PAGES = Path(__file__).parent / "pages"
MADE_BY = "tanf replay"  # in every file that the command makes, so that it replaces no other
INSIDE = 16  # added to a posture's number
ON_DARK = {  # colours that would not show on a dark page
    style.BLUE: "#4D9DE0",
    style.SKY: "#A5D8F3",
    style.GREY: "#A3A3A3",
    style.INK: "#D0D0D0",
    style.BLACK: "#FFFFFF",
    style.BROWN: "#C9A36A",
}
SHAPES = {
    Kind.GARRISON: "cross",
    Kind.STRIKE_FLIGHT: "arrow",
    Kind.SURVEILLANCE_ORBIT: "ring",
    Kind.PARTNER_PATROL: "circle",
    Kind.REGIME_COLUMN: "square",
    Kind.MILITIA_CONVOY: "diamond",
    Kind.HEZBOLLAH_TEAM: "pentagon",
    Kind.RUSSIAN_FLIGHT: "arrow",
    Kind.REGIME_FLIGHT: "arrow",
    Kind.PRO_REGIME_DRONE: "saltire",
    Kind.ISIS_RAID: "star",
    Kind.CIVIL_TRAFFIC: "dot",
}
SHAPE_WORDS = {
    "square": "regime column",
    "diamond": "militia convoy",
    "pentagon": "Hezbollah team",
    "circle": "patrol, opposition group",
    "star": "ISIS raid",
    "arrow": "aircraft, nose where it flies",
    "saltire": "drone",
    "ring": "surveillance orbit",
    "dot": "civilians",
}


def page(film: Film, which: str) -> str:
    """The page of a run; `which` names it, as in "run 2:17 of results/zone_radius"."""
    css, script = ((PAGES / f"replay.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(
        (PAGES / "replay.html").read_text(encoding="utf-8")
    )
    return template.render(
        made_by=MADE_BY,
        policy=_policy(css, script),
        css=Markup(css),
        script=Markup(script),
        data=Markup(embedded(data(film))),
        which=which,
        identity=telling.identity(film),
        log_sha256=film.log_sha256,
        half_life_days=f"{film.scenario.config.escalation.tension_half_life_days:g}",
    )


def embedded(value: Any) -> str:
    """A value as JSON that may stand between script tags, whatever texts are in it: ASCII, and no `<`, `>` or `&`."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _policy(css: str, script: str) -> str:
    """Nothing may be loaded, and only our own style and script, named by their hashes, may work."""
    digests = (hashlib.sha256(text.encode()).digest() for text in (css, script))
    ours, played = (base64.b64encode(digest).decode() for digest in digests)
    return (
        f"default-src 'none'; style-src 'sha256-{ours}'; script-src 'sha256-{played}'; "
        "base-uri 'none'; form-action 'none'"
    )


def data(film: Film) -> dict[str, Any]:
    """Everything the script needs; km in hundredths, steps counted from 0, all lists flat."""
    chronicle = Chronicle.of(film.scenario, film.events)
    return {
        "begin": chronicle.begin.strftime("%Y-%m-%dT%H:%M"),
        "stepMin": float(film.scenario.params.step_min),
        "steps": len(film.minutes) - 1,
        "sides": [_side(side) for side in Principal],
        "shapes": SHAPE_WORDS,
        "doing": {int(posture): words for posture, words in DOING.items()},
        "inside": INSIDE,
        "units": [_unit(film, row) for row in range(film.x_km.shape[1])],
        "events": _events(film, chronicle),
        "routine": [int(act) for act in ROUTINE],
        "force": [int(act) for act in FORCE],
        "folded": FOLDED,
        "words": {"undecided": UNDECIDED, "ledUp": LED_UP, "nothingLed": NOTHING_LED},
        "rungNames": [rung.name.lower().replace("_", " ") for rung in Rung],
        "rungs": [[int(side), steps_of(film.rung_against(side))] for side in _sides_met(film)],
        "tension": _tension(film),
        "suspended": _suspended(film),
        "map": _map(film),
    }


def _side(side: Principal) -> dict[str, str]:
    words, colour = style.PRINCIPALS[side]
    return {"name": words, "light": colour, "dark": ON_DARK.get(colour, colour)}


def _unit(film: Film, row: int) -> dict[str, Any]:
    """A unit: its way, what it did, which event explains that, and its decisions."""
    unit = film.units[row]
    at = film.bends(row)
    way = np.column_stack([at, *(np.round(100 * path[at, row]) for path in (film.x_km, film.y_km))])
    return {
        "name": capital(named(unit["name"])),
        "side": int(telling.side_of(unit)),
        "shape": SHAPES[telling.kind_of(unit)],
        "way": way.astype(int).ravel().tolist(),
        "does": steps_of(film.posture[:, row] + INSIDE * film.inside[:, row]),
        "outings": outings(film, row),
        "explains": steps_of(film.explains[:, row]),
        "decisions": [[step, "\n".join(told)] for step, whose, told in film.decisions if whose == row],
    }


def steps_of(values: np.ndarray) -> list[int]:
    """A value, shape (t,), as step, value, step, value, ... wherever it became another."""
    at = changes(values)
    return np.column_stack([at, values[at]]).astype(int).ravel().tolist()


def outings(film: Film, row: int) -> list[int]:
    """First and last step of every time that a unit was out as one group: first, last, first, last, ..."""
    which = np.where(film.out[:, row], film.group[:, row], -1)
    starts = changes(which)
    ends = np.append(starts[1:], len(which)) - 1
    return [int(step) for pair in zip(starts, ends, strict=True) if which[pair[0]] >= 0 for step in pair]


def _events(film: Film, chronicle: Chronicle) -> list[list[Any]]:
    """Minute, act, actor, target, km east and north (none where no unit is named), cause, sentence."""
    found, placed = [], telling.placed(film.events)
    for number, event in enumerate(film.events):
        where = [round(100 * float(event[axis])) if placed[number] else None for axis in ("x_km", "y_km")]
        side = int(telling.concerned(film, event))
        told = [round(float(event["minute"]), 2), int(event["act"]), side, *where, int(event["cause"])]
        found.append([*told, chronicle.sentence(number)])
    return found


def _sides_met(film: Film) -> list[Principal]:
    """The sides that get a row of the rung strip: the pro-regime ones, and whoever else met the ladder."""
    return [side for side in Principal if side in PRO_REGIME or film.rung_against(side).any()]


def _tension(film: Film) -> list[list[Any]]:
    """Side, and step, tension in thousandths, ... where the curve bends by more than one in a hundred."""
    sides = [side for side in Principal if side in PRO_REGIME or film.tension[:, side].any()]
    return [[int(side), thinned(film.tension[:, side])] for side in sides]


def thinned(values: np.ndarray, share: float = 0.01) -> list[int]:
    """A curve, shape (t,), as step, thousandths, ...: every jump, and a point wherever `share` has faded."""
    kept = [0]
    for step in range(1, len(values)):
        if values[step] > values[step - 1]:
            kept += [step - 1, step]
        elif values[step] < (1 - share) * values[kept[-1]] and values[kept[-1]] > 1e-3:
            kept.append(step)
    at = np.unique([*kept, len(values) - 1])
    return np.column_stack([at, np.round(1000 * values[at])]).astype(int).ravel().tolist()


def _suspended(film: Film) -> list[float]:
    """First and last minute of every time that the deconfliction line was suspended: first, last, first, last, ..."""
    ends = film.events["minute"][film.events["act"] == Act.LINE_RESTORED]
    last = float(film.minutes[-1])
    begun = film.events["minute"][film.events["act"] == Act.LINE_SUSPENDED]
    return [float(minute) for first in begun for minute in (first, min([*ends[ends > first], last]))]


def _map(film: Film) -> dict[str, Any]:
    """Borders, roads, ring and places, in hundredths of a km."""
    scenario, (window, _) = film.scenario, ground.windows_of(film.scenario)
    labels = {name: label[0].replace("\n", " ") for name, label in window.labels.items()}
    countries = ground.COUNTRIES.items() if scenario.ground.shipped else ()
    return {
        "borders": [[country, _flat(ring[:, 0], ring[:, 1])] for country, ring in scenario.borders],
        "roads": [_flat(east, north) for east, north in ground.roads_of(scenario)],
        "places": [[words, *_flat(*([km] for km in scenario.places[name]))] for name, words in labels.items()],
        "countries": [[name, *where] for name, where in countries],
        "zoneKm": float(scenario.config.roe.zone_radius_km),
        "innerKm": float(min(scenario.config.roe.inner_line_km, scenario.config.roe.zone_radius_km)),
        "window": [*window.east, *window.north],
    }


def _flat(x_km: Any, y_km: Any) -> list[int]:
    return np.round(100 * np.column_stack([x_km, y_km])).astype(int).ravel().tolist()
