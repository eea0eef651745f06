"""Where each parameter comes from, and how much that is worth: a grade by a stated rule, from the declared source.

tuned    changed by hand so that the model shows a pattern of the record (docs/decisions.md, 28)
record   a source gives the quantity: the unit is one that a report can give, and the declaration
         either quotes a figure or names sources and nothing else
shown    a source shows that it happens; how often, how likely or how strongly is a judgement
derived  reckoned from something stated, or a convention of the literature
prior    a judgement of the model's authors
"""

from __future__ import annotations

import csv
import re
from typing import NamedTuple

from sim.config.settings import Declared, declared
from sim.study.described import ROOT

GRADES = {
    "tuned": "changed by hand so that a pattern of the record shows ([decisions](decisions.md), 28)",
    "record": "a source gives the quantity (a length, a time, a number, a yes or no), as the declaration tells",
    "shown": "a source shows that it happens; how often, how likely or how strongly is a judgement",
    "derived": "reckoned from something stated, or a convention of the literature",
    "prior": "a judgement of the model's authors, or of its description",
}
TUNED = (
    "air.regime_sorties_per_day",
    "air.support",
    "command.hold_days",
    "command.militia_per_day",
    "command.regime_per_day",
    "command.stand_off_km",
    "raids.close_air_support_killed",
    "raids.cover",
    "responses.go_on",
    "responses.split_phi",
    "restraint.assault_share",
    "restraint.drone_share",
    "restraint.missile_share",
    "restraint.off_map_share",
    "restraint.retaliation_per_day",
    "restraint.rocket_share",
    "roe.impatience",
    "sensing.hazard_per_min",
)
SWITCHES = ("true/false", "word")
OBSERVED = ("km", "km/h", "min", "h", "d", "bombs", "fighters", "people", "rockets", "vehicles", "weapons")
FIGURE = re.compile(r"\d|\b(two|three|four|nine|hundred|daily)\b")
OWN = re.compile(r"[\w/]+\.md\b")
RANGE = re.compile(r"\b([SC])(\d+)-[SC](\d+)\b")
CITED = re.compile(r"\b[SC]\d{2,3}\b|\barticle\b")
LETTERS = {"high": "A", "medium": "B", "low": "C"}


class Provenance(NamedTuple):
    """A parameter, the source it was declared with, its grade, and the letters of the sources cited."""

    key: str
    source: str
    grade: str
    letters: str


def cited(source: str) -> list[str]:
    """The numbers of the sources in a declaration: "S10-S12, C04" as S10, S11, S12, C04."""

    def spelt(found: re.Match[str]) -> str:
        return " ".join(f"{found[1]}{n:02d}" for n in range(int(found[2]), int(found[3]) + 1))

    return CITED.findall(RANGE.sub(spelt, source))


def listed() -> dict[str, str]:
    """Every source and incident on the list, with its letter: A, B or C."""
    bibliography = (ROOT / "docs" / "bibliography.md").read_text("utf-8")
    found = dict(re.findall(r"^\| (S\d+|article) \|.*\| ([ABC]) \|$", bibliography, re.MULTILINE))
    with (ROOT / "sim" / "data" / "incidents.csv").open(encoding="utf-8", newline="") as table:
        return found | {row["id"]: LETTERS[row["reliability"]] for row in csv.DictReader(table)}


def grade(entry: Declared) -> str:
    """The grade of one declaration."""
    if entry.key in TUNED:
        return "tuned"
    if re.search(r"\bprior\b", entry.source) or not OWN.sub("", entry.source).strip(" :;,.0123456789"):
        return "prior"
    if not cited(entry.source):
        return "prior" if OWN.search(entry.source) else "derived"
    said = CITED.sub("", RANGE.sub("", entry.source)).strip(" ,;:")
    given = entry.unit in OBSERVED and (not said or FIGURE.search(said))
    return "record" if entry.unit in SWITCHES or given else "shown"


def provenance() -> list[Provenance]:
    """All parameters that have a source, in the order of declaration."""
    letters = listed()
    return [
        Provenance(
            entry.key,
            entry.source,
            grade(entry),
            " ".join(sorted({letters.get(one, "not listed") for one in cited(entry.source)})) or "-",
        )
        for entry in declared().values()
        if entry.source
    ]
