"""When each type of clash first comes: cumulative incidence over the days, at a few points of the design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.study.estimate import Incidence, cumulative_incidence
from sim.view import labels, marks, panels, style
from sim.view.sample import Axis, Chance, Sample, chances_of, part, runs_in_words

MOST, PER_DAY, MINUTES = 3, 8, 1440.0  # panels side by side, steps of a curve, minutes in a day
SMALL_PRINT = (
    "Each type by itself: share of runs in which it has come by then; a run may count in several. Bands: pointwise "
    "95 % Clopper–Pearson intervals. Open triangles: no event in n runs, one-sided 95 % upper bound at the end."
)


def compose(sample: Sample) -> list[Figure]:
    """The first events of each type at the lowest, default and highest point, a figure for each of `style.PAGES`."""
    chances = chances_of(sample)
    return [_page(sample, {name: part(chances[name], selected(sample)) for name in names}) for names in style.PAGES]


def _page(sample: Sample, chances: Mapping[str, Chance]) -> Figure:
    chosen = selected(sample)
    floor = min(panels.floor_of(chances), 0.6 / sample.n[chosen].max())  # below one run
    titles = [panels.wrapped(title(sample, point), len(chosen)) for point in chosen]
    room = 0.6 + 0.15 * max(len(each.splitlines()) for each in titles), 0.86
    drawn, rows = panels.grid(panels.split(chances), len(chosen), floor, room)
    for row in rows:
        for column, (axes, point) in enumerate(zip(row.panels, chosen, strict=True)):
            _curves(axes, row.names, sample, point)
            axes.set_xlim(0, sample.horizon_days)
            axes.xaxis.set_major_locator(MaxNLocator(5 if len(chosen) > 1 else 8, steps=[1, 2, 5, 7, 10]))
            axes.tick_params(labelbottom=row is rows[-1])
            if row is rows[0]:
                axes.set_title(titles[column])
            if column == len(chosen) - 1:
                labels.at_right(axes, [_tag(name, chances[name]) for name in row.names])
        row.panels[0].set_ylabel("share of runs" + (" (log scale)" if row.log else ""))
    for axes in rows[-1].panels:
        axes.set_xlabel("days from the start")
    n = runs_in_words(sample.n[chosen])
    about = "clash" if set(chances) & set(style.MAIN) else "force around the garrison"
    style.heading(drawn, f"When the first {about} comes, by type", f"Cumulative incidence; {n}")
    style.footnote(drawn, f"{n}. {SMALL_PRINT} {marks.CLASH} Source: {sample.folder}.")
    return drawn


def selected(sample: Sample) -> list[int]:
    """The points with the lowest, default and highest value of the first axis, the others at their default.

    An axis of words gives its first values instead.  Never more than three, never one twice.
    """
    usual = {axis.key: nearest(axis) for axis in sample.axes}
    wanted = [usual | {axis.key: value} for axis in sample.axes[:1] for value in _ends(axis)] or [usual]
    places = [_place(sample, point) for point in wanted]
    return list(dict.fromkeys(place for place in places if sample.n[place] > 0))


def _place(sample: Sample, values: dict[str, object]) -> int:
    """The point with these values on the axes, or with most of them where the design has none with all."""

    def alike(number: int) -> tuple[bool, int]:
        same = [sample.points[number][key] == value for key, value in values.items()]
        return same[:1] == [True], sum(same)

    return max(range(len(sample.points)), key=alike)


def nearest(axis: Axis) -> object:
    """The value of an axis that is, or is nearest to, its default."""
    if axis.numeric and isinstance(axis.baseline, (int, float)):
        return min(axis.values, key=lambda value: abs(value - axis.baseline))
    return axis.baseline if axis.baseline in axis.values else axis.values[0]


def _ends(axis: Axis) -> Sequence[object]:
    if axis.numeric:
        return sorted({min(axis.values), nearest(axis), max(axis.values)})
    return list(axis.values[:MOST])


def title(sample: Sample, point: int) -> str:
    """The values of a point in words; empty where nothing varies."""
    return "\n".join(axis.told(sample.points[point][axis.key]) for axis in sample.axes)


def curve(sample: Sample, name: str, point: int) -> tuple[np.ndarray, Incidence]:
    """Days, and the share of the point's runs in which `name` has come by then, with its interval."""
    days = np.linspace(0, sample.horizon_days, int(sample.horizon_days * PER_DAY) + 1)
    first = sample.at(point)[f"{name}_first_min"][:, None]
    return days, cumulative_incidence(first, days * MINUTES)


def _curves(axes: Axes, names: Sequence[str], sample: Sample, point: int) -> None:
    """Curves of what happened; bounds of what did not, side by side at the end of the panel."""
    chances = {name: sample.chance(name) for name in names}
    never = [name for name in names if chances[name].none[point]]
    for name in names:
        if name not in never:
            _curve(axes, name, sample, point)
    for number, name in enumerate(never):
        at = sample.horizon_days * (1 - 0.05 * (len(never) - 1 - number))
        marks.bounds(axes, name, np.array([at]), chances[name].high[[point]], "v")
    if len(never) == len(names):
        bound = style.percent(chances[names[0]].high[point])
        words = f"none of these in\n{sample.n[point]:,} runs: each\nat most {bound}"
        axes.text(0.06, 0.5, words, transform=axes.transAxes, color=style.GREY, size=7, va="center", linespacing=1.4)


def _curve(axes: Axes, name: str, sample: Sample, point: int) -> None:
    look, (days, incidence) = style.CLASHES[name], curve(sample, name, point)
    share, low, high = (part[:, 0] for part in incidence)
    seen = share > 0
    axes.fill_between(days[seen], low[seen], high[seen], step="post", color=look.colour, alpha=0.14, lw=0)
    axes.step(days[seen], share[seen], where="post", color=look.colour, ls=look.line, lw=1.2, gid=f"estimate-{name}")


def _tag(name: str, chance: Chance) -> labels.Tag:
    look = style.CLASHES[name]
    end = chance.high[-1] if chance.none[-1] else chance.estimate[-1]
    return labels.Tag(float(end), look.words, look.colour)
