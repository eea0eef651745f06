"""P(clash) against the lever, by clash type, with an interval at every point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory

from sim.view import dots, labels, marks, panels, style
from sim.view.sample import Axis, Chance, Sample, chances_of, part, runs_in_words, words_of

COLUMNS = 4  # panels side by side in one figure
RADIUS, POSTS_KM, STAGING_KM = "roe.zone_radius_km", 59.0, 76.0  # places.csv: m2_checkpoint, zaza
MOVED = "Points are moved sideways a little so that bars can be told apart."
SHADED = (
    " Shaded: from 59 km the ring reaches the checkpoint on the M2, from 76 km (darker) the staging place at Zaza; "
    "units that stand inside when a run starts are a static presence, watched and warned but not struck."
)


@dataclass(frozen=True)
class Facet:
    """One column of panels: its title and the points in it, in the order of the lever's values."""

    title: str
    points: tuple[int, ...]


def compose(sample: Sample) -> list[Figure]:
    """P(clash) against the radius or the first numeric lever; further levers make columns, four to a figure.

    First the clashes of the coalition, then force by party and around the garrison (`style.PAGES`).
    A design without a numeric lever is drawn as dots, a row for each point.
    """
    radius_first = sorted(sample.axes, key=lambda axis: axis.key != RADIUS)
    lever = next((axis for axis in radius_first if axis.numeric), None)
    if lever is None:
        return dots.compose(sample)
    facets = facets_of(sample, lever)
    chances = chances_of(sample)
    pages = [facets[start : start + COLUMNS] for start in range(0, len(facets), COLUMNS)]
    shown = [{name: chances[name] for name in names} for names in style.PAGES]
    return [_page(sample, lever, page, each) for each in shown for page in pages]


def facets_of(sample: Sample, lever: Axis) -> list[Facet]:
    """Group the points by the values of every axis but `lever`, in the order of the design."""
    others = [axis for axis in sample.axes if axis is not lever]
    groups: dict[tuple[Any, ...], list[int]] = {}
    for number, point in enumerate(sample.points):
        groups.setdefault(tuple(point[axis.key] for axis in others), []).append(number)
    for numbers in groups.values():
        numbers.sort(key=lambda number: sample.points[number][lever.key])
    return [Facet(_title(others, values), tuple(numbers)) for values, numbers in groups.items()]


def _title(axes: Sequence[Axis], values: Sequence[Any]) -> str:
    return ", ".join(axis.told(value) for axis, value in zip(axes, values, strict=True))


def _page(sample: Sample, lever: Axis, page: Sequence[Facet], chances: Mapping[str, Chance]) -> Figure:
    titles = [panels.wrapped(facet.title, len(page)) for facet in page]
    head = 0.76 + 0.15 * max(len(title.splitlines()) for title in titles)
    drawn, rows = panels.grid(panels.split(chances), len(page), panels.floor_of(chances), (head, 1.1))
    for row in rows:
        for column, (axes, facet) in enumerate(zip(row.panels, page, strict=True)):
            x = np.array([sample.points[point][lever.key] for point in facet.points], dtype=float)
            _panel(axes, lever, x, row.names, {name: part(chances[name], facet.points) for name in row.names})
            axes.tick_params(labelbottom=row is rows[-1])
            if row is rows[0]:
                axes.set_title(titles[column], pad=22 if _reaches_posts(lever) else 6)
                if _reaches_posts(lever):
                    _say_shaded(axes)
            if column == len(page) - 1:
                labels.at_right(axes, [_tag(name, chances[name], facet.points[-1]) for name in row.names])
        row.panels[0].set_ylabel(_scale_words(row.log, sample.horizon_days))
    panels.below(rows[-1], lever.words)
    style.heading(drawn, f"{marks.title(chances)} by {lever.name}", _subtitle(sample))
    style.footnote(drawn, _small_print(sample, lever))
    return drawn


def _panel(axes: Axes, lever: Axis, x: np.ndarray, names: Sequence[str], chances: Mapping[str, Chance]) -> None:
    span = float(np.ptp(x)) or 1.0
    axes.set_xlim(x.min() - 0.035 * span, x.max() + 0.035 * span)
    for name, shift in zip(names, np.linspace(-0.012, 0.012, len(names)) * span, strict=True):
        marks.upright(axes, name, x + shift, chances[name])
    if _reaches_posts(lever):
        _shade(axes)
    if _shows_baseline(lever):
        base = blended_transform_factory(axes.transData, axes.transAxes)
        axes.plot([lever.baseline], [-0.025], "^", ms=4, color=style.INK, transform=base, clip_on=False, zorder=5)


def _reaches_posts(lever: Axis) -> bool:
    return not lever.elsewhere and lever.key == RADIUS and max(lever.values) >= POSTS_KM


def _shows_baseline(lever: Axis) -> bool:
    return isinstance(lever.baseline, (int, float)) and min(lever.values) <= lever.baseline <= max(lever.values)


def _shade(axes: Axes) -> None:
    """Show where the ring reaches places at which units stand from the start."""
    edge = axes.get_xlim()[1]
    axes.axvspan(POSTS_KM, edge, color=style.SHADE, lw=0, zorder=0)
    if edge > STAGING_KM:
        axes.axvspan(STAGING_KM, edge, color="#DDD8CE", lw=0, zorder=0)


def _say_shaded(axes: Axes) -> None:
    axes.annotate(
        "ring reaches posts:\nstatic presence", (1, 1), xycoords="axes fraction", xytext=(0, 2),
        textcoords="offset points", ha="right", va="bottom", size=6.2, color=style.GREY, linespacing=1.1,
    )  # fmt: skip


def _tag(name: str, chance: Chance, point: int) -> labels.Tag:
    look = style.CLASHES[name]
    end = chance.high[point] if chance.none[point] else chance.estimate[point]
    return labels.Tag(float(end), look.words, look.colour)


def _scale_words(log: bool, horizon_days: float) -> str:
    return f"chance in {horizon_days:g} days" + (" (log scale)" if log else "")


def _subtitle(sample: Sample) -> str:
    return f"Share of simulated runs of {sample.horizon_days:g} days with at least one; {runs_in_words(sample.n)}"


def _small_print(sample: Sample, lever: Axis) -> str:
    text = f"{runs_in_words(sample.n)}. {marks.INTERVALS} {marks.CLASH} {MOVED}"
    if _shows_baseline(lever):
        text += f" Black triangle on the axis: baseline ({words_of(lever.baseline)})."
    if _reaches_posts(lever):
        text += SHADED
    return f"{text} Source: {sample.folder}."
