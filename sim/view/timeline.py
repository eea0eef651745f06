"""A timeline of one run: acts by rung over the days, with arrows from cause to effect."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.ticker import MaxNLocator

from sim.rules.names import Act, Kind, Principal
from sim.view import style, telling

PRO_REGIME = (Principal.REGIME, Principal.MILITIA, Principal.HEZBOLLAH)
GROUND = (Kind.REGIME_COLUMN, Kind.MILITIA_CONVOY, Kind.HEZBOLLAH_TEAM)
GROUPS: tuple[tuple[str, dict[Act, str]], ...] = (  # from the bottom up
    ("moves", {Act.ENTRY: "entry into the ring", Act.REINFORCEMENT: "reinforcement", Act.DIGS_IN: "digs in"}),
    (
        "coalition’s\nladder",
        {
            Act.LEAFLETS: "leaflets",
            Act.LINE_CALL: "line call",
            Act.SHOW_OF_FORCE: "show of force",
            Act.WARNING_SHOTS: "warning shots",
            Act.STRIKE: "strike",
        },
    ),
    (
        "answers",
        {Act.WITHDRAWS: "withdraws", Act.HALTS: "halts", Act.GOES_ON: "goes on", Act.FIRES: "fires at aircraft"},
    ),
    (
        "on the\nground",
        {
            Act.CONTACT: "ground combat",
            Act.CAR_BOMB: "car bomb",
            Act.CLOSE_AIR_SUPPORT: "air support",
            Act.BLAME: "blames partner",
            Act.GARRISON_LOST: "garrison lost",
        },
    ),
    (
        "retaliation",
        {
            Act.THREAT: "public threat",
            Act.ROCKETS: "rockets",
            Act.MISSILES: "guided missile",
            Act.DRONE_ATTACK: "drone attack",
            Act.OFF_MAP_ATTACK: "attack elsewhere",
            Act.SHOOT_DOWN: "drone shot at",
        },
    ),
    (
        "in the air",
        {
            Act.CONSENT: "strike allowed",
            Act.REFUSAL: "strike refused",
            Act.AIR_SUPPORT: "jets bomb",
            Act.PROTEST: "protest",
            Act.INTERCEPT: "intercept",
            Act.UNSAFE_INTERCEPT: "unsafe intercept",
            Act.AIR_COMBAT: "air combat",
        },
    ),
    ("errors", {Act.MISTAKEN: "misidentified"}),
)
ALWAYS = (Act.ENTRY, Act.LINE_CALL, Act.SHOW_OF_FORCE, Act.WARNING_SHOTS, Act.STRIKE)  # rows drawn even if empty
LED_UP = tuple(act for _, acts in GROUPS for act in acts)
FORCE = (  # arrows to these are dark
    Act.STRIKE, Act.FIRES, Act.THREAT, Act.ROCKETS, Act.AIR_COMBAT, Act.CONTACT, Act.CAR_BOMB, Act.CLOSE_AIR_SUPPORT,
    Act.MISSILES, Act.DRONE_ATTACK, Act.OFF_MAP_ATTACK, Act.SHOOT_DOWN, Act.AIR_SUPPORT, Act.GARRISON_LOST,
)  # fmt: skip
BEFORE_MIN, AFTER_MIN, MOST_MIN = 45.0, 240.0, 24 * 60.0  # the time shown around the first strike
ROW_IN, STRIP_IN, HEAD, FOOT = 0.24, 0.62, 0.7, 0.92  # inches
SMALL_PRINT = (
    "One simulated run, one history of many: no probability can be read from it. Each mark is an act, in the colour of "
    "the side that does it or, for what the coalition does, that it is done to. Arrows lead from cause to effect; dark "
    "ones to uses of force and threats. Shaded grey: deconfliction line suspended; blue: hours enlarged at the right."
)


def draw_run(story: Any, stem: str | Path) -> list[Path]:
    """Draw the timeline of a `sim.run.story.Story` to `stem`.png and .svg; returns the two paths."""
    with style.sheet():
        return style.save(compose(story), Path(stem))


def compose(story: Any) -> Figure:
    """The timeline as a figure, beside it the first strike enlarged; call it under `style.sheet()`."""
    rows = rows_of(story.events)
    high = ROW_IN * len(rows) + 0.1
    drawn = style.figure(7.2, HEAD + STRIP_IN + 0.12 + high + FOOT)
    closer = around_first_strike(story.events)
    wide = 3.75 if closer else 5.6
    axes = style.axes_in(drawn, 1.45, FOOT, wide, high)
    strip = style.axes_in(drawn, 1.45, FOOT + high + 0.12, wide, STRIP_IN)
    days = story.scenario.config.scenario.horizon_days
    _acts(axes, story, rows, (0.0, 1440.0 * days, 1440.0))
    axes.set_xlabel("days from the start")
    _rows(axes, rows)
    _inside(strip, story)
    if closer:
        _enlarge(axes, rows, story, closer)
    _legend(drawn, story, rows)
    style.heading(drawn, "Timeline of one run: one history of many", telling.identity(story))
    style.footnote(drawn, SMALL_PRINT)
    return drawn


def rows_of(events: np.ndarray) -> dict[Act, int]:
    """The acts that get a row, numbered from the bottom: those that occurred, and always the ladder."""
    occurred = {int(act) for act in np.unique(events["act"])}
    shown = [act for _, acts in GROUPS for act in acts if act in ALWAYS or int(act) in occurred]
    return {act: row for row, act in enumerate(shown)}


def arrows(events: np.ndarray, rows: dict[Act, int]) -> list[tuple[int, int]]:
    """Pairs (cause, effect) of shown events: the cause is the nearest one shown on the way back."""
    shown = np.isin(events["act"], [int(act) for act in rows])
    pairs = []
    for effect in np.flatnonzero(shown):
        cause = int(events["cause"][effect])
        while cause >= 0 and not shown[cause]:
            cause = int(events["cause"][cause])
        if cause >= 0:
            pairs.append((cause, int(effect)))
    return pairs


def around_first_strike(events: np.ndarray) -> tuple[float, float] | None:
    """Minutes from shortly before the first act that led to the first strike until four hours after it.

    A day at most; None where there was no strike.
    """
    struck = np.flatnonzero(events["act"] == Act.STRIKE)
    if not len(struck):
        return None
    end = float(events["minute"][struck[0]]) + AFTER_MIN
    first, cause = int(struck[0]), int(events["cause"][struck[0]])
    while cause >= 0 and events["minute"][cause] >= end - MOST_MIN:
        if events["act"][cause] in LED_UP:
            first = cause
        cause = int(events["cause"][cause])
    return float(events["minute"][first]) - BEFORE_MIN, end


def _acts(axes: Axes, story: Any, rows: dict[Act, int], window: tuple[float, float, float]) -> None:
    """Marks and arrows between two minutes, on an axis counted in `unit` minutes from the first."""
    start, end, unit = window
    events, x = story.events, (story.events["minute"] - start) / unit
    inside = (events["minute"] >= start) & (events["minute"] <= end)
    _suspensions(axes, events, (start, end, unit))
    for cause, effect in arrows(events, rows):
        loop = events["act"][cause] == events["act"][effect] and x[effect] - x[cause] < 0.01 * (end - start) / unit
        if inside[cause] and inside[effect] and not loop:
            ends = [(x[event], rows[Act(int(events["act"][event]))]) for event in (cause, effect)]
            axes.add_patch(_arrow(ends, Act(int(events["act"][effect])) in FORCE))
    for act, row in rows.items():
        for event in np.flatnonzero(inside & (events["act"] == act)):
            colour = style.PRINCIPALS[telling.concerned(story, events[event])][1]
            marker, size = ("*", 9) if act == Act.STRIKE else ("o", 4.6)
            axes.plot(x[event], row, marker, ms=size, color=colour, mec="white", mew=0.5, zorder=4)
    axes.set_xlim(-0.01 * (end - start) / unit, 1.01 * (end - start) / unit)
    axes.set_ylim(-0.6, len(rows) - 0.4)


def _arrow(ends: Sequence[tuple[float, int]], dark: bool) -> FancyArrowPatch:
    level = ends[0][1] == ends[1][1]
    return FancyArrowPatch(
        ends[0], ends[1], connectionstyle=f"arc3,rad={-0.5 if level else 0.1}", arrowstyle="-|>", mutation_scale=5,
        lw=0.9 if dark else 0.5, color=style.INK if dark else style.GREY, alpha=0.8 if dark else 0.4, shrinkA=2.2,
        shrinkB=3.4 if dark else 2.6, zorder=3 if dark else 2,
    )  # fmt: skip


def _suspensions(axes: Axes, events: np.ndarray, window: tuple[float, float, float]) -> None:
    start, end, unit = window
    restored = events["minute"][events["act"] == Act.LINE_RESTORED]
    for begun in events["minute"][events["act"] == Act.LINE_SUSPENDED]:
        over = min([*restored[restored > begun], end])
        if begun < end and over > start:
            axes.axvspan((max(begun, start) - start) / unit, (over - start) / unit, color=style.SHADE, lw=0, zorder=0)


def _rows(axes: Axes, rows: dict[Act, int]) -> None:
    """Names of the rows, with the groups beside them and lines between the groups."""
    words = {act: name for _, acts in GROUPS for act, name in acts.items()}
    axes.set_yticks(list(rows.values()), [words[act] for act in rows])
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 7, 10]))
    for name, acts in GROUPS:
        held = [rows[act] for act in acts if act in rows]
        if held:
            middle = (min(held) + max(held)) / 2
            axes.annotate(
                name, (0, middle), xycoords=("axes fraction", "data"), xytext=(-98, 0), textcoords="offset points",
                va="center", size=6.8, weight="bold", color=style.GREY, linespacing=1.1, annotation_clip=False,
            )  # fmt: skip
    _dividers(axes, rows)


def _dividers(axes: Axes, rows: dict[Act, int]) -> None:
    for _, acts in GROUPS:
        held = [rows[act] for act in acts if act in rows]
        if held and min(held) > 0:
            axes.axhline(min(held) - 0.5, color=style.PALE, lw=0.6, zorder=0)
    for row in rows.values():
        axes.axhline(row, color="#F0F0F0", lw=0.5, zorder=0)


def _inside(axes: Axes, story: Any) -> None:
    """How many ground units of each pro-regime side are inside the ring, one on another."""
    days, counts = story.minutes / 1440.0, inside_ring(story)
    colours = [style.PRINCIPALS[side][1] for side in PRO_REGIME]
    axes.stackplot(days, counts, colors=colours, step="post", lw=0, alpha=0.85)
    horizon = story.scenario.config.scenario.horizon_days
    axes.set_xlim(-0.01 * horizon, 1.01 * horizon)
    axes.set_ylim(0, max(1.0, 1.1 * counts.sum(axis=0).max()))
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.tick_params(labelbottom=False, length=2)
    axes.set_ylabel("units inside\nthe ring", size=6.8, rotation=0, ha="right", va="center", labelpad=6)


def inside_ring(story: Any) -> np.ndarray:
    """Pro-regime ground units inside the ring by side and time, shape (3, times)."""
    radius = story.scenario.config.roe.zone_radius_km
    near = np.hypot(story.x_km, story.y_km) <= radius
    sides = np.array([telling.side_of(unit) if telling.kind_of(unit) in GROUND else -1 for unit in story.units])
    return np.array([(near & (sides == side)).sum(axis=1) for side in PRO_REGIME])


def _enlarge(axes: Axes, rows: dict[Act, int], story: Any, closer: tuple[float, float]) -> None:
    """The hours around the first strike at the right, on the same rows."""
    right = style.axes_in(style.figure_of(axes), 5.45, FOOT, 1.6, ROW_IN * len(rows) + 0.1)
    _acts(right, story, rows, (*closer, 60.0))
    _dividers(right, rows)
    right.set_yticks([])
    right.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    right.set_xlabel(f"hours from day {closer[0] / 1440:.2f}")
    right.set_title("around the first strike", size=7.2)
    axes.axvspan(closer[0] / 1440, closer[1] / 1440, color=style.SKY, alpha=0.25, lw=0, zorder=0.5)


def _legend(drawn: Figure, story: Any, rows: dict[Act, int]) -> None:
    shown = story.events[np.isin(story.events["act"], [int(act) for act in rows])]
    sides = sorted({telling.concerned(story, event) for event in shown} | set(PRO_REGIME))
    keys = [
        Line2D([], [], ls="none", marker="o", ms=4.6, color=style.PRINCIPALS[side][1], label=style.PRINCIPALS[side][0])
        for side in sides
    ]
    top = 1 - 0.42 / drawn.get_figheight()
    drawn.legend(handles=keys, loc="upper left", bbox_to_anchor=(0.19, top), ncols=len(keys), handletextpad=0.1,
                 columnspacing=1.2, borderaxespad=0)  # fmt: skip
