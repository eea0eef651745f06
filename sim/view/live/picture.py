"""What a page shows of a run, as JSON: the browser draws it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.rules.names import Act, Kind, Posture, Principal, Rung
from sim.run.causes import Chronicle
from sim.run.explanation import DOING
from sim.run.model import EscalationModel
from sim.run.words import beginning, capital, clock, named
from sim.scenario import Scenario
from sim.view.ground import COUNTRIES, roads_of, windows_of
from sim.view.map import SIGNS

FED = 60  # events told beside the map
MARKED_H = 24.0  # an act stays on the map for so long
TOGETHER_KM = 3.0  # so near one another, signs would hide one another
PRINCIPAL = 1000  # events name a principal as 1000 + its number
LEVELS = {1: "nothing", 2: "threat", 3: "display of force", 4: "use of force"}  # Militarized Interstate Disputes
RUNGS = [rung.name.lower().replace("_", " ") for rung in Rung]
AWAY = (Posture.RESTING, Posture.TURNAROUND, Posture.DESTROYED)  # not on the map
SHAPES = {
    Kind.GARRISON: "plus",
    Kind.STRIKE_FLIGHT: "up",
    Kind.SURVEILLANCE_ORBIT: "ring",
    Kind.PARTNER_PATROL: "circle",
    Kind.HEZBOLLAH_TEAM: "diamond",
    Kind.RUSSIAN_FLIGHT: "up",
    Kind.REGIME_FLIGHT: "up",
    Kind.PRO_REGIME_DRONE: "down",
    Kind.ISIS_RAID: "cross",
    Kind.CIVIL_TRAFFIC: "dot",
}  # every other unit is a square


def side(principal: int) -> str:
    """The name of a principal that the page's colours go by."""
    return Principal(int(principal)).name.lower()


def ground(scenario: Scenario) -> dict[str, Any]:
    """Borders, roads, rings and places, in km east and north of the garrison."""
    roe, places, (window, _) = scenario.config.roe, scenario.places, windows_of(scenario)
    highway, *tracks = roads_of(scenario)
    countries = COUNTRIES.items() if scenario.ground.shipped else ()
    return {
        "east": window.east,
        "north": window.north,
        "countries": [{"name": name, "x": x, "y": y} for name, (x, y) in countries],
        "borders": [_points(ring) for _, ring in scenario.borders],
        "road": _points(zip(*highway, strict=True)),
        "tracks": [_points(zip(*track, strict=True)) for track in tracks],
        "zone_km": float(roe.zone_radius_km),
        "inner_km": float(min(roe.inner_line_km, roe.zone_radius_km)),
        "places": [_place(places[name], label) for name, label in window.labels.items()],
    }


def _points(pairs: Any) -> list[list[float]]:
    return [[round(float(x), 2), round(float(y), 2)] for x, y in pairs]


def _place(where: tuple[float, float], label: tuple[str, float, float, str]) -> dict[str, Any]:
    words, right, up, align = label
    anchor = {"left": "start", "right": "end", "center": "middle"}[align]
    return {"x": where[0], "y": where[1], "words": " ".join(words.split()), "right": right, "up": up, "anchor": anchor}


def clock_of(model: EscalationModel, over: bool) -> dict[str, Any]:
    """Where the run is in time."""
    minute = float(model.state.now_min)
    return {
        "minute": minute,
        "step": model.tick,
        "steps": model.cfg.steps,
        "days": float(model.cfg.config.scenario.horizon_days),
        "local": clock(beginning(model.cfg), minute),
        "over": over,
        "line_open": bool(model.state.line_open),
        "strikes": int(model.state.outcome.acts[Act.STRIKE]),
        "entries": int(model.state.outcome.entries),
    }


def units(model: EscalationModel) -> list[dict[str, Any]]:
    """The garrison and every unit that is out: where it is, where its leg began, whose it is."""
    rows = [row for row in sorted({0, *model.rows_out()}) if int(model.state.units[row].posture) not in AWAY]
    return _fanned([_unit(model, row) for row in rows])


def _fanned(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Units at one place stand round it, so that each can be seen and clicked; `aside` says how far, in signs."""
    places: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for unit in shown:
        places.setdefault((round(unit["x"] / TOGETHER_KM), round(unit["y"] / TOGETHER_KM)), []).append(unit)
    for together in places.values():
        for number, unit in enumerate(together):
            turn, away = 2.4 * number, 1.5 * number**0.5  # a sunflower: the golden angle, equal room for each
            unit["aside"] = [round(away * math.sin(turn), 2), round(-away * math.cos(turn), 2)]
    return shown


def _unit(model: EscalationModel, row: int) -> dict[str, Any]:
    agent, unit = model.unit_agents[row], model.state.units[row]
    x, y = agent.pos or (0.0, 0.0)
    moving = float(unit.leg_end_min) > float(model.state.now_min)
    return {
        "row": row,
        "name": capital(named(agent.name)),
        "side": side(unit.principal),
        "shape": SHAPES.get(Kind(int(unit.kind)), "square"),
        "doing": DOING[Posture(int(unit.posture))],
        "x": round(x, 2),
        "y": round(y, 2),
        "from": _points([(unit.leg_x0_km, unit.leg_y0_km)])[0] if moving else None,
    }


def marks(model: EscalationModel) -> list[dict[str, Any]]:
    """Acts of the last day that have a sign on maps, and how long ago they were as a share of it."""
    events, now = model.events, float(model.state.now_min)
    recent = np.flatnonzero(events["minute"] > now - 60.0 * MARKED_H)
    return [
        {
            "number": int(number),
            "x": round(float(events[number]["x_km"]), 2),
            "y": round(float(events[number]["y_km"]), 2),
            "words": SIGNS[Act(int(events[number]["act"]))].words.removesuffix(" (numbered)"),
            "strike": int(events[number]["act"]) == Act.STRIKE,
            "age": round((now - float(events[number]["minute"])) / (60.0 * MARKED_H), 3),
        }
        for number in recent
        if int(events[number]["act"]) in SIGNS
    ]


def ladder(model: EscalationModel, against: Sequence[Principal]) -> list[dict[str, Any]]:
    """Per dyad with the coalition: the rung its units that are out stand on now, and the hostility level so far.

    Rungs are the coalition's answers to ground units; `now` is None for a side without such units.
    """
    return [
        {
            "side": side(who),
            "now": None if who == Principal.RUSSIA else _rung(model, who),
            "signals": None if who == Principal.RUSSIA else RUNGS,
            "level": LEVELS[int(model.state.dyads[int(who)].level)],
        }
        for who in against
    ]


def _rung(model: EscalationModel, who: Principal) -> int:
    rows = [model.state.units[row] for row in model.rows_out()]
    return max((int(unit.rung) for unit in rows if int(unit.principal) == who), default=0)


def feed(model: EscalationModel) -> list[dict[str, Any]]:
    """The last events in words, newest first, each with the unit it is about."""
    chronicle = Chronicle.of(model.cfg, model.events)
    last = np.argsort(chronicle.events["minute"], kind="stable")[-FED:][::-1]
    return [_told(model, chronicle, int(number)) for number in last]


def _told(model: EscalationModel, chronicle: Chronicle, number: int) -> dict[str, Any]:
    event = chronicle.events[number]
    rows = [int(event[who]) for who in ("actor", "target") if 0 <= event[who] < PRINCIPAL]
    whose = model.state.units[rows[0]].principal if rows else max(int(event["actor"]) - PRINCIPAL, 0)
    return {
        "number": number,
        "when": chronicle.when(number),
        "words": capital(chronicle.sentence(number)),
        "side": side(whose),
        "row": rows[0] if rows else None,
        "force": int(event["act"]) in SIGNS,
    }


def why(model: EscalationModel, row: int) -> dict[str, Any]:
    """Why a unit is where it is: its state, its last decision with the odds, and what led to it."""
    agent = model.unit_agents[row]
    told = agent.why()
    options = [
        {"name": name.replace("_", " "), "p": round(p, 4), "chosen": name == told.chosen}
        for name, p in told.probabilities.items()
    ]
    return {
        "row": row,
        "name": capital(named(agent.name)),
        "side": side(agent.unit.principal),
        "state": f"{capital(named(told.unit))}, {told.state}.",
        "options": options if told.decided else [],
        "lines": list(told.lines),
    }
