"""A run of a folder, simulated again and told: what it amounts to, its map, what led to its worst moment."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any

from sim.results import Results
from sim.results.manifest import fingerprint
from sim.run.causes import Chronicle
from sim.study.designs import Design
from sim.study.keeping import replay
from sim.study.table import written
from sim.view import map as maps
from sim.view import narrative, style, telling
from sim.view.report.choosing import typical, worst
from sim.view.report.outcomes import in_words, strikes_in_words
from sim.view.report.parts import Account, Picture
from sim.view.sample import label

DOTS_PER_INCH = 150
OTHER_MODEL = (
    "Single runs are left out: the folder was made by another version of the model, and what would be told now are "
    "other runs than those that were counted."
)


def accounts(design: Design, results: Results) -> tuple[list[Account], str]:
    """The typical and the worst run, and a sentence where there are none.

    `results` may hold a part of the runs; they are chosen among those.
    """
    runs = results.outcomes
    if results.manifest["question"]["fingerprint"] != fingerprint():
        return [], OTHER_MODEL
    usual = design.nearest_to_start
    at = runs[runs["point"] == usual.number]
    if not len(at):
        return [], "No run went well, so there is none to tell."
    n, points = f"{len(runs):,} runs", len(results.design)
    where = ", ".join(f"{label(key)} = {written(value)}" for key, value in usual.labels.items())
    nearest = f"Of {len(at):,} runs{f' at the point nearest to the baseline, {where}' if points > 1 else ''}"
    first = f"{nearest}, the one nearest to the medians of all counts."
    ranked = "the one whose worst outcome ranks highest; of equals that with most dead of the coalition, then of all."
    return [
        _account(results, at[typical(at)], "A typical run", first),
        _account(results, runs[worst(runs)], "The worst run", f"Of {n}, {ranked}"),
    ], ""


def _account(results: Results, row: Any, title: str, why: str) -> Account:
    run = f"{row['point']}:{row['replication']}"
    command = f"tanf replay {results.folder.name} {run}"
    told = replay(results.folder, run)
    if told.story is None or told.differs:
        sentence = f"Run {run} comes out otherwise than the folder says; tanf check tells whether it is damaged."
        return Account(title, (why, sentence), "", (), command, None)
    chronicle = Chronicle.of(told.story.scenario, told.story.events)
    moment, *chain = narrative.worst(chronicle)
    lines = (why, f"Run {run}: {telling.identity(told.story)}.", *in_words(told.story.outcome))
    return Account(title, lines, moment, tuple(_steps(chain)), command, _map(told.story, title, run))


def _steps(chain: list[str]) -> Iterator[str]:
    yield from (line.strip() for line in chain)


def _map(story: Any, title: str, run: str) -> Picture:
    strikes = strikes_in_words(len(telling.strikes(story)), int(story.outcome["strike_ground_count"]))
    with style.sheet():
        drawn, file = maps.compose(story), io.BytesIO()
        drawn.savefig(file, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    caption = f"n = 1 run ({run}), so no interval; {strikes}"
    return Picture(f"{title}: where it happened", data_uri(file.getvalue()), caption)


def data_uri(png: bytes) -> str:
    """A picture to stand inside a page."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
