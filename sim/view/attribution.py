"""What an outcome was due to, drawn: what each kind of decision was worth, the commonest ways, the chain of one run."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from sim.config.settings import figure
from sim.run.causes import Chronicle
from sim.run.words import capital
from sim.study.attribution import Found, Way
from sim.study.attribution_page import FEWEST, SHOWN_WAYS, link_name, percent, rows, verdict
from sim.study.estimate import Estimate
from sim.study.pathways import chain_of
from sim.study.summary import to_csv
from sim.view import style

WIDTH = 7.2  # inches, as the others
ROW_IN = 0.3  # of the table of links
BOX_IN, GAP_IN, BOX_HIGH_IN, WAY_IN = 0.86, 0.17, 0.36, 0.78
MOST_STEPS = 6  # of a way, in one line: the last ones
STEP_IN, MOST_TOLD = 0.27, 24  # of a chain; a longer one loses its middle
WORTH = LinearSegmentedColormap.from_list("worth", ["#FFFFFF", style.SKY])


def draw(found: Found, stem: Path) -> list[Path]:
    """Draw what was found: STEM the ways, STEM-links, STEM-run, and every number as STEM.csv; returns the paths."""
    with style.sheet():
        paths = [
            *style.save(_ways(found), stem),
            *style.save(_links(found), stem.with_name(f"{stem.name}-links")),
            *style.save(_chain(found), stem.with_name(f"{stem.name}-run")),
        ]
    numbers = stem.with_name(f"{stem.name}.csv")
    numbers.write_bytes(to_csv(rows(found)))
    return [*paths, numbers]


def words_of(outcome: str) -> str:
    """An outcome in words."""
    return style.CLASHES[outcome].words if outcome in style.CLASHES else outcome.replace("_", " ")


def _ways(found: Found) -> Figure:
    """The commonest ways as chains of boxes, each shaded by how often the outcome was gone without it."""
    shown = found.ways[:SHOWN_WAYS]
    height = 0.62 + WAY_IN * len(shown) + 0.42
    drawn = style.figure(WIDTH, height)
    axes = _blank(drawn, height)
    for place, way in enumerate(shown):
        _way(axes, way, height - 0.72 - WAY_IN * place)
    runs = sum(way.share.events for way in shown)
    style.heading(
        drawn,
        f"By what ways it came: {words_of(found.outcome)}",
        f"the {len(shown)} commonest of {len(found.ways):,} ways, {runs:,} of {len(found.cases):,} runs; "
        "below a box: gone without this decision, in per cent of these runs",
    )
    style.footnote(drawn, f"{_source(found)} In brackets 95 % Clopper-Pearson intervals, each by itself.")
    return drawn


class _Box(NamedTuple):
    """A step to be drawn: its words, what it was worth (None for the outcome), its left edge in inches."""

    words: str
    gone: Estimate | None
    left: float


def _way(axes: Axes, way: Way, top: float) -> None:
    steps = list(zip(way.words, [*way.gone, None], strict=True))
    cut = len(steps) > MOST_STEPS
    axes.text(0.09, top - 0.5 * BOX_HIGH_IN, _times(way, cut=cut), va="center", size=6.6, linespacing=1.35)
    for place, (words, gone) in enumerate(steps[-MOST_STEPS:]):
        _box(axes, _Box(words, gone, 0.98 + (BOX_IN + GAP_IN) * place), top, arrow=place > 0 or cut)


def _times(way: Way, *, cut: bool) -> str:
    more = f"\n({len(way.words) - MOST_STEPS} before)" if cut else ""
    return f"{way.share.events:,} of {way.share.n:,}\n{percent(way.share)} %{more}"


def _box(axes: Axes, box: _Box, top: float, *, arrow: bool) -> None:
    middle = top - 0.5 * BOX_HIGH_IN
    face = style.SHADE if box.gone is None else WORTH(box.gone.estimate)
    axes.add_patch(
        FancyBboxPatch(
            (box.left, top - BOX_HIGH_IN),
            BOX_IN,
            BOX_HIGH_IN,
            boxstyle="round,pad=0,rounding_size=0.05",
            fc=face,
            ec=style.INK,
            lw=1.1 if box.gone is None else 0.6,
        )
    )
    told = textwrap.fill(box.words, 15)
    axes.text(box.left + BOX_IN / 2, middle, told, ha="center", va="center", size=6.2, linespacing=1.1)
    if box.gone is not None:
        below = f"{percent(box.gone)} %" if box.gone.n >= FEWEST else f"{box.gone.events} of {box.gone.n}"
        axes.text(box.left + BOX_IN / 2, top - BOX_HIGH_IN - 0.05, below, ha="center", va="top", size=5.8)
    if arrow:
        axes.annotate(
            "",
            (box.left, middle),
            (box.left - GAP_IN, middle),
            arrowprops={"arrowstyle": "-|>", "lw": 0.8, "color": style.INK, "shrinkA": 0, "shrinkB": 0},
        )


def _links(found: Found) -> Figure:
    """Of each kind of decision: how often the outcome was gone without it, and without another of the kind."""
    links = [link for link in found.links if link.gone.n >= FEWEST]
    drawn = style.figure(WIDTH, 1.62 + ROW_IN * len(links))
    axes = style.axes_in(drawn, 1.75, 0.8, WIDTH - 1.75 - 1.55, ROW_IN * len(links))
    for place, link in enumerate(links):
        _share(axes, link.gone, place - 0.13, (style.BLUE, "o", style.BLUE))
        if link.beside.n >= FEWEST:
            _share(axes, link.beside, place + 0.17, (style.GREY, "D", "white"))
        axes.text(1.02, place, percent(link.gone), transform=axes.get_yaxis_transform(), va="center", size=6.4)
    axes.set_ylim(len(links) - 0.5, -0.5)
    axes.set_yticks(range(len(links)), [f"{link_name(link)}  ({link.gone.n:,})" for link in links])
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(-2, 102)
    axes.set_xlabel("per cent of runs in which the outcome was gone")
    axes.grid(axis="x", color=style.PALE, lw=0.5)
    axes.plot([], [], "o", color=style.BLUE, label="without the last such decision in its chain of causes")
    axes.plot([], [], "D", color=style.GREY, mfc="white", label="without another such decision, not in its chain")
    drawn.legend(loc="upper left", bbox_to_anchor=(0.0, 1 - 0.42 / drawn.get_figheight()), ncols=2, handlelength=1.0)
    style.heading(drawn, f"What it was due to: {words_of(found.outcome)}", _below(found))
    style.footnote(
        drawn,
        f"{_source(found)} In brackets at the left: runs that have one in the chain. Bars: 95 % Clopper-Pearson "
        "intervals, of what was never seen one-sided upper bounds. Gone: it does not come within 6 hours of when it "
        "came.",
    )
    return drawn


def _share(axes: Axes, share: Estimate, y: float, look: tuple[str, str, str]) -> None:
    colour, marker, face = look
    axes.plot([100 * share.low, 100 * share.high], [y, y], color=colour, lw=1.0, zorder=2)
    axes.plot([100 * share.estimate], [y], marker, color=colour, mfc=face, zorder=3)


def _chain(found: Found) -> Figure:
    """The chain of causes of one run, and beside each decision what became of the outcome without it."""
    case, story = found.told, found.story
    chronicle = Chronicle.of(story.scenario, story.events)
    chain = chain_of(story, case.closing)
    steps = _without_middle(chain)
    height = 0.95 + STEP_IN * len(steps) + 0.32
    drawn = style.figure(WIDTH, height)
    axes = _blank(drawn, height)
    top = height - 0.72
    axes.plot([0.2, 0.2], [top, top - STEP_IN * (len(steps) - 1)], color=style.PALE, lw=2.2, zorder=1)
    axes.text(WIDTH - 0.1, top + 0.19, "without it", ha="right", size=6.8, weight="bold")
    for place, number in enumerate(steps):
        y = top - STEP_IN * place
        if number < 0:
            axes.text(1.35, y, f"... {len(chain) - len(steps) + 1} more ...", va="center", size=6.6, color=style.GREY)
            continue
        cut = case.cuts.get(number)
        colour = style.VERMILLION if number == case.closing else WORTH(float(cut.gone)) if cut else "white"
        axes.plot([0.2], [y], "o", ms=5.5, mfc=colour, mec=style.INK, mew=0.7, zorder=2)
        axes.text(0.36, y, chronicle.when(number), va="center", size=6.6, color=style.GREY)
        sentence = textwrap.shorten(capital(chronicle.sentence(number)), 78, placeholder=" ...")
        axes.text(1.35, y, sentence, va="center", size=6.8, weight="bold" if number == case.closing else "normal")
        if cut:
            axes.text(WIDTH - 0.1, y, verdict(cut), ha="right", va="center", size=6.6)
    days = figure(found.design.base.scenario.horizon_days)
    which = f"replication {case.replication}, seed {story.seed}, {days} days"
    title = f"One run: how it came to {_with_article(words_of(found.outcome))}"
    style.heading(drawn, title, f"{which}; each decision undone in turn, all luck as it was")
    note = "Filled: without it the outcome was gone. Empty: it came all the same, or nobody decided."
    style.footnote(drawn, f"n = 1 run. {note} {_end(found)}")
    return drawn


def _without_middle(chain: list[int]) -> list[int]:
    """A chain that is too long to be drawn, its middle as -1."""
    if len(chain) <= MOST_TOLD:
        return chain
    return [*chain[: MOST_TOLD // 2], -1, *chain[-(MOST_TOLD // 2 - 1) :]]


def _with_article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _blank(drawn: Figure, height: float) -> Axes:
    """Axes over the whole figure, in inches."""
    axes = style.axes_in(drawn, 0, 0, WIDTH, height)
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(0, height)
    axes.axis("off")
    return axes


def _below(found: Found) -> str:
    days, seed = figure(found.design.base.scenario.horizon_days), found.design.points[0].seed
    came = f"{percent(found.chance)} % of {found.chance.n:,} runs of {days} days, seed {seed}"
    return f"it came in {came}; {len(found.cases):,} of them were looked into, all luck as it was"


def _source(found: Found) -> str:
    return f"n = {len(found.cases):,} runs. {_end(found)}"


def _end(found: Found) -> str:
    return f"One history, a coarse model: causes in the model. Source: {found.results.folder.name}."
