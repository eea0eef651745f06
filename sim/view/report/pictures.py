"""The figures of a folder, each with what it shows, n, and the kind of its interval."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from sim.results import Results
from sim.study.sensitivity_page import INTERVAL
from sim.view.report.accounts import data_uri
from sim.view.report.parts import Picture

ONE_BY_ONE = ("run_map", "run_timeline")  # of one run; the accounts have maps of their own
MOST_BYTES = 2_400_000  # of pictures, so that a page stays below 5 MB
EXACT = "bars: 95 % Clopper-Pearson intervals; where none was seen, the one-sided 95 % upper bound"
SHOWN = {  # figure: title, kind of interval
    "probability": ("Chance of each clash", EXACT),
    "incidence": ("When the first clash comes", "bands: pointwise 95 % Clopper-Pearson intervals"),
    "distributions": (
        "Strikes, dead and entries in a run",
        "lines: the middle half and 90 % of runs; diamonds: means with 95 % t intervals",
    ),
    "differences": ("How far the arms are apart", "bars: 95 % intervals for paired proportions (Zou and Donner 2008)"),
}
FOUND = {  # by method of a discovery: title, kind of interval
    "prim": ("A box in which the chance of {} exceeds the bound", "crosses: 95 % Clopper-Pearson intervals"),
    "map": ("Where the chance of {} exceeds the bound", "hatched: the 95 % interval straddles it, pointwise"),
}


OF_A_POINT = {  # figures of `tanf histories`, NAME-POINT, which say their own n
    "occupancy": (
        "Who stands at which rung, and how far it has come",
        "bars: pointwise 95 % Clopper-Pearson intervals",
    ),
    "pathways": (
        "How it comes to force",
        "in brackets: 95 % Clopper-Pearson intervals for the effective number of chains (Korn and Graubard 1998)",
    ),
    "fans": ("Tension over the days", "dotted: pointwise 95 % intervals of the median, by order statistics"),
    "density": ("Where columns are, and where strikes fall", "in brackets: 95 % t intervals"),
}


def pictures(folder: Path, results: Results) -> tuple[list[Picture], list[str]]:
    """The figures in a folder as they stand there, and the names of those that would make the page too large."""
    found, left_out, size = [], [], 0
    for file in sorted(folder.glob("*.png"), key=_place):
        if file.stem in ONE_BY_ONE:
            continue
        png = file.read_bytes()
        if size + len(png) > MOST_BYTES:
            left_out.append(file.name)
            continue
        size += len(png)
        found.append(_picture(file.stem, png, results))
    return found, left_out


def _place(file: Path) -> tuple[int, str]:
    kind = re.sub(r"-\d+$", "", file.stem)
    return (list(SHOWN).index(kind) if kind in SHOWN else len(SHOWN), file.stem)


def _picture(stem: str, png: bytes, results: Results) -> Picture:
    kind, _, page = stem.partition("-")
    n = in_words(results)
    if kind == "rare":
        return Picture(
            "The chance, count by count", data_uri(png), f"n = {n}; {EXACT}; the estimate with its own interval."
        )
    if kind in FOUND:
        title, interval = FOUND[kind]
        return Picture(title.format(page.replace("_", " ")), data_uri(png), f"n = {n}; {interval}.")
    if kind == "attribute":
        return _attribution(page, png)
    if kind in INTERVAL:
        title = f"What the chance of {page.replace('_', ' ')} hangs on ({kind})"
        return Picture(title, data_uri(png), f"n: {n}. {INTERVAL[kind]}")
    if kind in OF_A_POINT:
        title, interval = OF_A_POINT[kind]
        return Picture(title, data_uri(png), f"Runs of point {page}, their number above the figure; {interval}.")
    title, interval = SHOWN.get(kind, (stem.replace("_", " "), "intervals as the figure says"))
    more = f", page {page}" if page else ""
    return Picture(f"{title}{more}", data_uri(png), f"n = {n}; {interval}.")


def _attribution(outcome: str, png: bytes) -> Picture:
    """One of the figures of `tanf attribute`, which say themselves how many runs they show."""
    words = outcome.replace("_", " ")
    if outcome.endswith("-links"):
        return Picture(f"What each decision was worth: {words.removesuffix('-links')}", data_uri(png), f"{EXACT}.")
    if outcome.endswith("-run"):
        return Picture(f"One run, decision by decision: {words.removesuffix('-run')}", data_uri(png), "n = 1 run.")
    return Picture(f"By what ways it came: {words}", data_uri(png), "in brackets 95 % Clopper-Pearson intervals.")


def in_words(results: Results) -> str:
    """'2,700 runs, 300 a point', of those that the figures show."""
    counts = np.bincount(results.outcomes["point"].astype(int), minlength=len(results.design))
    low, high = int(counts.min()), int(counts.max())
    told = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return f"{len(results.outcomes):,} runs, {told} a point" if len(counts) > 1 else f"{told} runs"
