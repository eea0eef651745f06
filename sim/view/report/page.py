"""The page: every text is escaped, nothing is fetched, nothing runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sim.results import Results
from sim.results.manifest import question_hash
from sim.study.sweep import few_enough
from sim.view.report.accounts import accounts
from sim.view.report.asked import Asked, asked
from sim.view.report.configuration import differences
from sim.view.report.findings import finding
from sim.view.report.pictures import pictures

NAME = "report.html"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # no page may hold these
INTERVAL = re.compile(r"(.+?) (\[.+\])")
LIMITS = (
    "A share of simulated histories is no frequency in the world, since May 2017 happened once, and nobody's degree of "
    "belief: if all that is assumed were so, this would happen so often. Quote it with the settings, the number of "
    "runs and the words “in the model”.",
    "The model is coarse and made from public reports. One history of 22 days with three strikes cannot fix its rates: "
    "many are judgements, printed as prior by tanf list parameters. It compares mechanisms and rules; it does not "
    "foretell, and nothing in it is about today's bases, forces or intentions.",
    "Intervals tell how far chance among the runs reaches. They say nothing of whether the assumptions hold.",
    "Clashes are counted; nothing is weighed. That fewer follow from a rule does not make it the better one.",
    "docs/limits.md of the program says more; read it before quoting a number.",
)


def page(results: Results, figures: Path, given: Sequence[str] = (), verb: str | None = None) -> bytes:
    """The report of a complete folder; `figures` are drawn in that folder, `given` and `verb` as in `asked`.

    The same bytes for the same folder and the same settings.  Raises `BadInput` where its question cannot be told.
    """
    what = asked(results, given, verb)
    shown = few_enough(results)
    answer = finding(what)
    runs, untold = accounts(what.design, shown)
    drawn, left_out = pictures(figures, shown)
    told = {
        "title": results.settings["question"] or answer.heading,
        "name": results.settings["name"],
        "finding": answer,
        "differences": differences(results),
        "accounts": runs,
        "untold": untold,
        "pictures": drawn,
        "left_out": left_out,
        "provenance": _provenance(what),
        "limits": LIMITS,
    }
    html = _environment().get_template("page.html").render(told)
    return html.encode("utf-8", "backslashreplace")


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("sim.view.report", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_harmless,
    )
    made.filters["cell"] = _cell
    return made


def _harmless(value: Any) -> Any:
    """A text without control characters; escaping comes after."""
    return CONTROL.sub("�", value) if type(value) is str else value


def _cell(text: str) -> tuple[str, str]:
    """What stands in a cell, and the interval below it."""
    split = INTERVAL.fullmatch(text)
    return (split[1], split[2]) if split else (text, "")


def _provenance(what: Asked) -> list[tuple[str, str]]:
    """What is needed to make the same runs again, and to see that they are the same."""
    results = what.results
    question, points = results.manifest["question"], len(results.design)
    runs, failed = points * results.replications, len(results.failures)
    seeds = f"seed {what.design.base.seed}" + ("" if what.design.base.common_seeds else ", made anew for every point")
    return [
        ("folder", results.folder.name),
        ("asked by", f"tanf {what.verb}; tanf status of the folder prints the whole command"),
        (
            "runs",
            f"{points:,} x {results.replications:,} replications = {runs:,} runs, {failed:,} of them failed; {seeds}",
        ),
        ("question", f"{question_hash(question)} (hash of the settings of all points and of the model)"),
        ("model", f"fingerprint {question['fingerprint'][:12]}"),
        ("summary.parquet", f"sha256 {results.manifest['files']['summary.parquet']}"),
        ("made again by", f"tanf report {results.folder.name}"),
    ]
