"""The report of a folder: it says what was found, the same every time, and what is typed stays text."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from experiments.__main__ import main
from sim import results as results_folder
from sim.results import Results
from sim.results.checking import damages
from sim.results.folder import FIGURES
from sim.run.columns import FLAT
from sim.view.report import page as pages
from sim.view.report import pictures as drawn
from sim.view.report.choosing import typical, worst
from sim.view.report.outcomes import in_words, strikes_in_words
from sim.view.report.parts import Account
from tests.hostile import HOSTILE
from tests.small_report import Parsed, make


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sweep."""
    return make(tmp_path_factory.mktemp("reports") / "radii")


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Pages without simulated runs, whose account holds a text."""

    def install(text: str) -> None:
        account = Account(text, (text, text, text), text, (text,), text, None)
        monkeypatch.setattr(pages, "accounts", lambda *_: ([account], text))

    return install


def named(results: Results, text: str) -> Results:
    """The same results, their question, name, folder and an axis called otherwise."""
    manifest = copy.deepcopy(results.manifest)
    manifest["question"]["common"] |= {"question": text, "name": text, "theory.name": text}
    return dataclasses.replace(results, manifest=manifest)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_typed_stays_text(folder: Path, fast: Callable[[str], None], text: str) -> None:
    """If this failed, a name or a note could run a script in the page that a co-author opens."""
    results = results_folder.open(folder)
    fast("a harmless text")
    harmless = Parsed(pages.page(named(results, "a harmless text"), folder / FIGURES).decode())
    fast(text)
    page = Parsed(pages.page(named(results, text), folder / FIGURES).decode())
    assert page.shape == harmless.shape
    assert page.text.count(pages.CONTROL.sub("�", text)) == harmless.text.count("a harmless text") > 8


def test_page_needs_nothing_but_itself(folder: Path) -> None:
    """If this failed, opening a report would fetch or run something, or be empty without a network."""
    page = (folder / FIGURES / "report.html").read_text("utf-8")
    parsed = Parsed(page)
    assert not {tag for tag, _ in parsed.tags} & {"script", "iframe", "object", "embed", "form", "base", "svg"}
    addresses = [value or "" for _, attrs in parsed.tags for name, value in attrs if name in ("src", "href")]
    assert all(address.startswith(("data:", "#")) for address in addresses)
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in page
    assert "url(" not in page
    assert len(page) < 5_000_000


def test_every_part_is_there(folder: Path) -> None:
    """If this failed, a reader would miss what was asked, how, or what it cannot say."""
    text = Parsed((folder / FIGURES / "report.html").read_text("utf-8")).text
    for part in (
        "Answer",
        "Figures",
        "A typical run",
        "The worst run",
        "Configuration",
        "Method",
        "Provenance",
        "Limits",
    ):
        assert part in text
    assert "2 points, n = 30 runs each" in text
    assert "20, 55 km" in text  # the axis, with its baseline
    assert "4 d" in text
    assert "28 d" in text


def test_captions_state_n_and_interval(folder: Path) -> None:
    """If this failed, a figure sent on would not say how sure it is."""
    found, left_out = drawn.pictures(folder / FIGURES, results_folder.open(folder))
    assert [picture.title for picture in found][:2] == ["Chance of each clash", "Chance of each clash, page 2"]
    assert all("n = 60 runs, 30 a point" in picture.caption and "95 %" in picture.caption for picture in found)
    assert left_out == []


def test_page_stays_small(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this failed, a folder with many figures would make a page that no mail carries."""
    monkeypatch.setattr(drawn, "MOST_BYTES", 200_000)
    found, left_out = drawn.pictures(folder / FIGURES, results_folder.open(folder))
    assert sum(len(picture.source) for picture in found) < 300_000
    assert "incidence.png" in left_out


def test_same_folder_same_bytes(folder: Path, tmp_path: Path) -> None:
    """If this failed, two people with one folder would hold different reports, or the folder would seem damaged."""
    assert damages(folder) == []
    assert main(["report", str(folder), f"out={tmp_path / 'again.html'}"]) == 0
    assert (tmp_path / "again.html").read_bytes() == (folder / FIGURES / "report.html").read_bytes()
    assert main(["report", str(folder)]) == 0
    assert (tmp_path / "again.html").read_bytes() == (folder / FIGURES / "report.html").read_bytes()
    assert damages(folder) == []


def test_damaged_report_is_noticed_and_mended(folder: Path) -> None:
    """If this failed, a report could be changed and still pass for the folder's own."""
    file = folder / FIGURES / "report.html"
    before = file.read_bytes()
    file.write_bytes(before.replace(b"n = 30 runs", b"n = 90 runs"))
    assert [damage.file for damage in damages(folder)] == ["figures/report.html"]
    assert main(["repair", str(folder)]) == 0
    assert file.read_bytes() == before


def test_no_figures_no_report(tmp_path: Path) -> None:
    """If this failed, figures=false would draw all the same."""
    assert not (make(tmp_path / "bare", "figures=false") / FIGURES).exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["depth=3"], "no depth"),
        (["margin=0.05"], "`tanf sweep`, whose report has no margin"),
        (["out=page.txt"], "ends in .html"),
        (["out=nowhere/page.html"], "in a folder there"),
        (["margin=0.1", "margin=0.2"], "margin"),
        (["more"], "takes DIR"),
    ],
)
def test_bad_input_is_refused(folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str) -> None:
    """If this failed, a wrong word would give a traceback, or a page that does not say what was asked."""
    before = {file.name: file.read_bytes() for file in (folder / FIGURES).iterdir()}
    assert main(["report", str(folder), *words]) == 2
    complaint = capsys.readouterr().err
    assert told in complaint
    assert complaint.count("\n") == 1
    assert before == {file.name: file.read_bytes() for file in (folder / FIGURES).iterdir()}


def test_runs_of_another_model_are_not_told(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """If this failed, the story of a run would be that of another run than the one counted."""
    monkeypatch.setattr("sim.view.report.accounts.fingerprint", lambda: "another")
    assert main(["report", str(folder), f"out={tmp_path / 'old.html'}"]) == 0
    text = Parsed((tmp_path / "old.html").read_text("utf-8")).text
    assert "another version of the model" in text
    assert "A typical run" not in text


def rows(**columns: list[float]) -> np.ndarray:
    """Outcome rows that have these columns, everything else 0."""
    made = np.zeros(len(next(iter(columns.values()))), FLAT)
    for name, values in columns.items():
        made[name] = values
    return made


def test_typical_run_is_nearest_to_the_medians() -> None:
    """If this failed, the run shown as typical would be an unusual one."""
    assert typical(rows(strike_ground_count=[0, 2, 9], isis_attack_count=[1, 1, 1])) == 1
    assert typical(rows(strike_ground_count=[2, 2, 2], isis_attack_count=[0, 5, 1])) == 2
    assert typical(rows(strike_on_partner_count=[9, 1, 2])) == 2  # a strike on anybody counts


def test_worst_run_has_the_worst_kind_of_outcome() -> None:
    """If this failed, many deaths in a raid would hide a fight between two air forces."""
    assert worst(rows(us_russia_air=[0, 1, 0], killed_isis=[90, 0, 50])) == 1
    assert worst(rows(attack_on_coalition=[1, 1, 1], killed_coalition=[0, 1, 2], killed_regime=[50, 20, 0])) == 2
    assert worst(rows(strike_ground=[0, 1, 1], killed_regime=[9, 3, 8])) == 2


def test_what_happened_is_told_in_the_words_of_the_tables() -> None:
    """If this failed, a reader would meet the program's own identifiers, or ISIS and Russia without capitals."""
    [row] = rows(
        us_russia_air=[1],
        us_russia_air_count=[1],
        us_russia_air_first_min=[1440.0],
        strike_on_partner=[1],
        strike_on_partner_count=[3],
        strike_on_partner_first_min=[720.0],
        strike_on_partner_by_regime=[1],
        garrison_lost=[1],
        garrison_lost_count=[1],
        entries=[4],
        entries_struck=[2],
        launches=[9],
        killed_isis=[8],
        closest_km=[-1.0],
    )
    assert list(in_words(row)) == [
        "US-Russia air combat: once after 1.0 days.",
        "Air strike on partner: 3 times, first after 0.5 days.",  # by whom is left out
        "An ISIS raid overruns the garrison: once after 0.0 days.",
        "9 units left base; 4 entries, 2 struck.",
        "Killed: 8 ISIS.",
    ]


def test_every_happening_has_words() -> None:
    """If this failed, the report of the one run in which something rare happened could not be made."""
    everything = np.ones(1, FLAT)[0]
    assert len(list(in_words(everything))) > 25
    assert not [line for line in in_words(everything) if "_" in line]


def test_strikes_on_the_map_and_in_the_list_are_reconciled() -> None:
    """If this failed, a map with seven numbered strikes would stand below a list that says six."""
    assert strikes_in_words(4, 4) == "strikes are numbered in order, 4 in all."
    assert "7 in all; a group struck again within six hours counts once, which makes 6" in strikes_in_words(7, 6)
