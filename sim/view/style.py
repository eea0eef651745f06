"""One style sheet for every figure: sizes, colours, plain words, and files without a trace of the day.

Colours are those of Okabe and Ito (2008), which people with any common colour vision tell apart; form
(marker, line) always repeats what colour says.  Figures are built from `Figure` objects, never through
pyplot, so nothing global is left behind and threads may draw side by side.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.rules.names import Principal

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILLION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"
BROWN = "#8C6D46"  # civilians, who are drawn only on the map
INK, GREY, PALE, SHADE = "#222222", "#6B6B6B", "#D9D9D9", "#EFEDE8"

SHEET: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same glyphs on every machine
    "font.size": 7.5,
    "axes.titlesize": 8,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.labelsize": 7.5,
    "axes.linewidth": 0.6,
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.minor.width": 0.4,
    "ytick.minor.width": 0.4,
    "legend.fontsize": 6.8,
    "legend.frameon": False,
    "lines.linewidth": 1.1,
    "lines.markersize": 4,
    "text.color": INK,
    "text.hinting": "none",  # at 200 dpi it shows nowhere and takes a quarter of the time of a picture
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "path",
    "svg.hashsalt": "tanf-escalation",
    "savefig.dpi": 200,
    "path.simplify": True,
}

PRINCIPALS: dict[Principal, tuple[str, str]] = {  # plain words, colour
    Principal.COALITION: ("coalition", BLUE),
    Principal.PARTNER: ("partner force", SKY),
    Principal.OPPOSITION: ("other opposition", GREY),
    Principal.RUSSIA: ("Russia", PURPLE),
    Principal.IRAN: ("Iran", INK),
    Principal.REGIME: ("regime", VERMILLION),
    Principal.MILITIA: ("militia", ORANGE),
    Principal.HEZBOLLAH: ("Hezbollah", GREEN),
    Principal.ISIS: ("ISIS", BLACK),
    Principal.CIVILIANS: ("civilians", BROWN),
}


@dataclass(frozen=True)
class Look:
    """How one outcome is named and drawn wherever it appears."""

    words: str
    colour: str
    marker: Any
    line: Any = "-"


DASHED, DOTTED = (0, (4, 1.6)), (0, (1.2, 1.4))
MAIN: dict[str, Look] = {  # force between the coalition and others, and what it grows into
    "strike_ground": Look("coalition ground strike", BLUE, "o"),
    "attack_on_coalition": Look("attack on the coalition", BLACK, "s"),
    "coalition_regime_exchange": Look("coalition–regime clash", VERMILLION, "^"),
    "coalition_militia_exchange": Look("coalition–militia clash", ORANGE, "D"),
    "coalition_hezbollah_exchange": Look("coalition–Hezbollah clash", GREEN, "p"),
    "hezbollah_threat": Look("threat by Hezbollah", GREEN, "P", DASHED),
    "serious_episode": Look("serious episode", SKY, "h"),
    "general_escalation": Look("general escalation", GREY, "X", DASHED),
    "us_russia_air": Look("US–Russia air combat", PURPLE, "*"),
}
AROUND: dict[str, Look] = {  # single acts of force by party, and force by and against those around
    "coalition_regime": Look("force, coalition–regime", VERMILLION, (3, 0, 90), DOTTED),
    "coalition_militia": Look("force, coalition–militia", ORANGE, "8", DOTTED),
    "coalition_hezbollah": Look("force, coalition–Hezbollah", GREEN, "H", DOTTED),
    "misidentified_strike": Look("mistaken strike", GREY, (4, 1, 45)),
    "drone_shootdown": Look("drone shot down", BLUE, ">", DASHED),
    "strike_on_partner": Look("air strike on partner", PURPLE, "d", DASHED),
    "partner_militia": Look("partner ground combat", SKY, (6, 1, 0), DASHED),
    "isis_attack": Look("attack by ISIS", BLACK, (4, 1, 0), DASHED),
}
CLASHES = MAIN | AROUND
PAGES = (MAIN, AROUND)  # what stands together in one figure
COUNTS: dict[str, str] = {
    "strike_ground_count": "ground strikes per run",
    "killed": "pro-regime fighters killed per run",
    "entries": "entries into the ring per run",
}

_drawing = Lock()  # matplotlib keeps its settings in one global table


@contextmanager
def sheet() -> Iterator[None]:
    """The style sheet, for as long as a figure is drawn and saved; one figure at a time."""
    with _drawing, mpl.rc_context(SHEET):
        yield


def figure(width_in: float, height_in: float) -> Figure:
    """An empty figure of this size in inches, with the raster canvas that can measure text."""
    made = Figure(figsize=(width_in, height_in), facecolor="white")
    FigureCanvasAgg(made)
    return made


def save(drawn: Figure, stem: Path) -> list[Path]:
    """Write `stem`.png (200 dpi) and `stem`.svg, byte for byte the same on every day; returns the two paths.

    Raises OSError where the folder cannot be written.
    """
    stem = Path(stem)
    stem.parent.mkdir(parents=True, exist_ok=True)
    png, svg = (stem.with_name(f"{stem.name}.{kind}") for kind in ("png", "svg"))
    drawn.savefig(png, metadata={"Software": None}, pil_kwargs={"compress_level": 3})  # half the time, 6 % larger
    drawn.savefig(svg, metadata={"Date": None, "Creator": None})
    return [png, svg]


def figure_of(axes: Axes) -> Figure:
    """The figure that axes belong to."""
    found = axes.get_figure(root=True)
    assert found is not None
    return found


def heading(drawn: Figure, title: str, below: str = "") -> None:
    """A bold line at the top left, and a lighter one under it."""
    height = drawn.get_figheight()
    drawn.text(0.012, 1 - 0.06 / height, title, size=9, weight="bold", va="top")
    if below:
        size = 7.2 * min(1.0, 18.0 * drawn.get_figwidth() / len(below))  # a long line is set smaller, never cut
        drawn.text(0.012, 1 - 0.24 / height, below, size=size, va="top", color=GREY)


def footnote(drawn: Figure, text: str) -> None:
    """Small print along the bottom edge: n, kind of interval, source."""
    columns = int(drawn.get_figwidth() * 21.4)  # letters that fit at this size, with a margin for wide ones
    lines = textwrap.fill(text, columns, break_on_hyphens=False)
    drawn.text(0.012, 0.05 / drawn.get_figheight(), lines, size=6.2, va="bottom", color=GREY, linespacing=1.3)


def axes_in(drawn: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Axes placed in inches from the lower left corner of the figure."""
    across, up = drawn.get_size_inches()
    return drawn.add_axes((left / across, bottom / up, width / across, height / up))


def leader(axes: Axes, place: tuple[float, float], offset: tuple[float, float], colour: str, above: float) -> None:
    """A thin line from a place (in the axes' own units) to an offset in points, where its label stands.

    It is a marker whose path is that line, at a tenth of the cost of an annotation's arrow; it is drawn
    above everything of a lower zorder than `above`.
    """
    size = 2 * max(map(abs, offset))
    axes.plot(*place, marker=[(0.0, 0.0), offset], ms=size, mfc="none", mec=colour, mew=0.4, zorder=above)


def percent(value: float) -> str:
    """A probability as per cent to two or three digits: 0.8912 -> '89.1 %', 0.00253 -> '0.25 %'."""
    return f"{100 * value:.{3 if value >= 0.1 else 2}g} %"
