"""A map of one run: where the ground units went, and where what happened happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from sim.rules.names import Act, Kind, Posture, Principal
from sim.view import ground, style, telling, visitors

GROUND = (Kind.REGIME_COLUMN, Kind.MILITIA_CONVOY, Kind.HEZBOLLAH_TEAM)
AT_BASE = (Posture.RESTING, Posture.DESTROYED)
STANDING = (Posture.HELD, Posture.DIGGING)
STOOD_H, TOP_KM_H, ASIDE_KM = 24.0, 120.0, 1.3  # a long stand, a jump rather than a drive, sideways shift
HIGH = 8.65  # inches
ACROSS_M2 = np.array([0.45, 0.89])  # at right angles to the road


@dataclass(frozen=True)
class Sign:
    """How an act is marked on the map."""

    words: str
    marker: Any
    size: float
    hollow: bool = False


SIGNS: dict[Act, Sign] = {
    Act.ENTRY: Sign("entry into the ring", "o", 3.4, hollow=True),
    Act.SHOW_OF_FORCE: Sign("show of force", "^", 4.6),
    Act.WARNING_SHOTS: Sign("warning shots", "s", 4.2),
    Act.STRIKE: Sign("strike (numbered)", "*", 11),
    Act.FIRES: Sign("unit fires at aircraft", "v", 4.8),
    Act.ROCKETS: Sign("rockets", "D", 4.6),
    Act.MISSILES: Sign("guided missile", "d", 4.6),
    Act.CONTACT: Sign("ground combat", "x", 4.4),
    Act.CAR_BOMB: Sign("car bomb", (8, 1, 0), 6.5),
    Act.CLOSE_AIR_SUPPORT: Sign("air support against ISIS", (4, 1, 0), 6.5),
    Act.AIR_SUPPORT: Sign("air strike by jets", (4, 1, 45), 7),
    Act.DRONE_ATTACK: Sign("drone drops a weapon", ">", 4.8),
    Act.SHOOT_DOWN: Sign("drone shot at", "<", 4.8),
    Act.INTERCEPT: Sign("air intercept", "P", 5),
    Act.UNSAFE_INTERCEPT: Sign("unsafe intercept", "X", 5.5),
    Act.AIR_COMBAT: Sign("air combat", "h", 7),
}
SMALL_PRINT = (
    "One simulated run, one history of many: no probability can be read from it. Axes in km from the garrison. "
    "Tracks of columns, moved sideways by up to 1.3 km to be told apart; behind them, thin, whoever comes and goes; of "
    "jets and drones only where they held, with a tail towards their base; coalition flights are left out. "
    "Acts stand where the unit concerned was. Roads are straight between places."
)


def draw_run(story: Any, stem: str | Path) -> list[Path]:
    """Draw the map of a `sim.run.story.Story` to `stem`.png and .svg; returns the two paths."""
    with style.sheet():
        return style.save(compose(story), Path(stem))


def compose(story: Any) -> Figure:
    """The map as a figure, the whole above and the road to the garrison below; call it under `style.sheet()`."""
    drawn = style.figure(7.2, HIGH)
    whole = style.axes_in(drawn, 0.5, HIGH - 4.53, 6.6, 4.02)
    road = style.axes_in(drawn, 0.5, HIGH - 7.0, 3.7, 2.05)
    below = ground.windows_of(story.scenario)[1]  # strikes near the road have their number there, the others above
    windows = tuple(zip((whole, road), ground.windows_of(story.scenario), strict=True))
    labels = {axes: ground.draw(axes, story.scenario, window) for axes, window in windows}
    for axes, window in windows:
        wide = window.enlarged
        seen = visitors.draw(axes, story)
        sides = _tracks(axes, story, 0.9 if wide else ASIDE_KM)
        occurred = _acts(axes, story, window, 1.0 if wide else 0.75)
        strikes = [
            (number, event)
            for number, event in enumerate(telling.strikes(story), 1)
            if wide == below.holds(event["x_km"], event["y_km"])
        ]
        _number(axes, strikes, labels[axes])
    whole.set_xlabel("km east of the garrison", labelpad=1.5)
    whole.set_ylabel("km north of the garrison", labelpad=1.5)
    road.tick_params(labelsize=6.3)
    _frame(whole, below)
    _legends(drawn, _lines(sides) + visitors.keys(seen), occurred, telling.strike_lines(story))
    style.heading(drawn, "Map of one run: one history of many", telling.identity(story))
    style.footnote(drawn, SMALL_PRINT)
    return drawn


def _frame(axes: Axes, window: ground.Window) -> None:
    (left, right), (bottom, top) = window.east, window.north
    axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, fill=False, ec=style.INK, lw=0.6, zorder=2))
    axes.annotate("enlarged below", (left, bottom), (1, -2), textcoords="offset points", size=6, va="top")


def tracks(story: Any) -> list[tuple[int, np.ndarray, np.ndarray]]:
    """Of every pro-regime ground unit that left its base: its row, and its x and y in km.

    Breaks (nan) stand where it was at base or a new group set out.
    """
    found = []
    hours = np.diff(story.minutes, prepend=story.minutes[0]) / 60.0
    for row, unit in enumerate(story.units):
        out = ~np.isin(story.postures[:, row], AT_BASE)
        if telling.kind_of(unit) not in GROUND or not out.any():
            continue
        x, y = np.where(out, story.x_km[:, row], np.nan), np.where(out, story.y_km[:, row], np.nan)
        jump = np.hypot(np.diff(x, prepend=x[0]), np.diff(y, prepend=y[0])) > TOP_KM_H * np.maximum(hours, 1e-9)
        x[jump] = np.nan
        found.append((row, x, y))
    return found


def _tracks(axes: Axes, story: Any, aside_km: float) -> list[Principal]:
    """Draw the tracks; returns the sides that moved."""
    found = tracks(story)
    shifts = np.linspace(-aside_km, aside_km, max(len(found), 2))
    sides = [telling.side_of(story.units[row]) for row, _, _ in found]
    for (row, x, y), side, shift in zip(found, sides, shifts, strict=False):
        colour = style.PRINCIPALS[side][1]
        right, up = shift * ACROSS_M2
        axes.plot(x + right, y + up, color=colour, lw=0.8, alpha=0.75, zorder=3, solid_joinstyle="round")
        for where in stands(story, row):
            axes.plot(where[0] + right, where[1] + up, "s", ms=5.5, mfc="none", mec=colour, mew=1.0, zorder=4)
    return sorted(set(sides))


def stands(story: Any, row: int) -> list[tuple[float, float]]:
    """Places (km) inside the ring where a pro-regime unit held or dug in for a day or longer at a stretch."""
    if telling.kind_of(story.units[row]) not in GROUND:
        return []
    still = np.isin(story.postures[:, row], STANDING)
    still &= np.hypot(story.x_km[:, row], story.y_km[:, row]) <= story.scenario.config.roe.zone_radius_km
    edges = np.flatnonzero(np.diff(np.concatenate([[False], still, [False]]).astype(int)))
    starts, ends = edges[::2], edges[1::2] - 1
    long = (story.minutes[ends] - story.minutes[starts]) >= 60.0 * STOOD_H
    return [(float(story.x_km[at, row]), float(story.y_km[at, row])) for at in starts[long]]


def _acts(axes: Axes, story: Any, window: ground.Window, scale: float) -> list[Act]:
    """Mark the acts; returns those that occurred, in the order of the legend."""
    occurred = []
    for act, sign in SIGNS.items():
        events = story.events[story.events["act"] == act]
        if len(events):
            occurred.append(act)
        for event in events:
            if not window.holds(event["x_km"], event["y_km"]):
                continue
            colour = style.PRINCIPALS[telling.concerned(story, event)][1]
            look = _look(sign, colour, 0.5)
            axes.plot(event["x_km"], event["y_km"], ms=scale * sign.size, zorder=5, alpha=0.95, **look)
    return occurred


def _number(axes: Axes, strikes: Sequence[tuple[int, Any]], labels: Sequence[Annotation]) -> None:
    """The number of each strike beside it, in the first free place round it."""
    taken = [label.get_window_extent() for label in labels]
    taken += [_box(axes.transData.transform((event["x_km"], event["y_km"])), 5) for _, event in strikes]
    per_point = style.figure_of(axes).dpi / 72
    for number, event in strikes:
        here = axes.transData.transform((event["x_km"], event["y_km"]))
        around = [(reach * np.cos(turn), reach * np.sin(turn)) for reach in (10, 15, 21, 28) for turn in TURNS]
        offset = next((each for each in around if not _hits(here, each, per_point, taken)), around[0])
        taken.append(_box(here + np.multiply(offset, per_point), 4 * per_point))
        place = (event["x_km"], event["y_km"])
        style.leader(axes, place, (0.7 * offset[0], 0.7 * offset[1]), style.INK, above=4.9)
        axes.annotate(
            str(number), place, offset, textcoords="offset points", ha="center", va="center", size=7, weight="bold",
            zorder=8,
        )  # fmt: skip


TURNS = np.deg2rad([-60, -30, -90, 60, 30, 90, -120, 120, 0, 180, 150, -150])


def _hits(here: np.ndarray, offset: tuple[float, float], per_point: float, taken: Sequence[Bbox]) -> bool:
    box = _box(here + np.multiply(offset, per_point), 4 * per_point)
    return any(box.overlaps(other) for other in taken)


def _box(centre: np.ndarray, half: float) -> Bbox:
    return Bbox([centre - half, centre + half])


def _lines(sides: Sequence[Principal]) -> list[Line2D]:
    """Entries of the legend for the columns."""
    lines = [Line2D([], [], color=style.PRINCIPALS[side][1], lw=1.6, label=style.PRINCIPALS[side][0]) for side in sides]
    stood = f"stood {STOOD_H:g} h or longer"
    return [*lines, Line2D([], [], ls="none", marker="s", mfc="none", mec=style.GREY, label=stood)]


def _legends(drawn: Figure, lines: list[Line2D], acts: Sequence[Act], strikes: str) -> None:
    """Units and acts at the right of the lower map, the strikes below it."""
    left, high, marks = 4.34 / drawn.get_figwidth(), drawn.get_figheight(), [_key(SIGNS[act]) for act in acts]
    for handles, title, at in ((lines, "Units", left), (marks, "Acts (colour: side)", left + 0.196)):
        drawn.legend(
            handles=handles, title=title, loc="upper left", bbox_to_anchor=(at, (HIGH - 4.93) / high),
            borderaxespad=0.0, alignment="left", title_fontproperties={"weight": "bold", "size": 7}, fontsize=6.3,
            handlelength=1.8, handletextpad=0.5,
        )  # fmt: skip
    left, words = 0.5 / drawn.get_figwidth(), "Strikes: day, unit, km from the garrison, killed"
    drawn.text(left, 1.42 / high, words, size=7, weight="bold", va="top")
    drawn.text(left, 1.28 / high, strikes, size=6.4, va="top", linespacing=1.3)


def _look(sign: Sign, colour: str, edge: float) -> dict[str, Any]:
    """A sign in a colour: filled with a white edge of this width, or of lines alone."""
    if sign.hollow or sign.marker == "x":
        return {"marker": sign.marker, "ls": "none", "mfc": "none", "mec": colour, "mew": 0.8}
    return {"marker": sign.marker, "ls": "none", "mfc": colour, "mec": "white", "mew": edge}


def _key(sign: Sign) -> Line2D:
    return Line2D([], [], ms=min(sign.size, 8), label=sign.words, **_look(sign, style.GREY, 0.4))
