"""The verification as a whole: one command, one answer, the same bytes; nothing half-written."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
from pathlib import Path

import fake_weeks
import numpy as np
import pytest
from matplotlib.figure import Figure

from experiments import verify as command
from experiments.__main__ import main
from sim.config.compose import compose
from sim.errors import DamagedResults
from sim.rules.names import Act
from sim.study import coverage, runs, verify
from sim.study.patterns import CHECKS
from sim.study.wrong import WRONG
from sim.view import style

ASKED = ["replications=400", "seed=7"]
SHIPPED = ("no zone", "fast ladder")  # wrong models that need no preset


def replicate(scenario, *, replications, seed=0, first=0, threads=None):
    """Rows by hand: like the record, but where the model is wrong."""
    rows = fake_weeks.good(1000, seed=seed + 1)[first : first + replications].copy()
    if scenario.roe.zone_radius_km == 100:
        fake_weeks.put(STRIKE_distance_km=70.0)(rows)
    if scenario.scenario.name == "quiet":
        rows = fake_weeks.empty(replications)
    rows["acts_strike"] = rows["strike_ground_count"]
    return rows


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    """The stand-in for the engine, and two wrong models."""
    install(monkeypatch)
    return monkeypatch


def install(patch) -> None:
    """Put stand-ins where the study looks."""
    patch.setattr(runs.batch, "replicate", replicate)
    patch.setattr(runs.batch, "is_compiled", lambda *_: True)
    patch.setattr(runs.scenario, "build", lambda config: config)
    patch.setattr(verify, "fingerprint", lambda: "stand-in")
    few = tuple(wrong for wrong in WRONG if wrong.name in SHIPPED)
    for module in ("sim.study.verify.WRONG", "sim.study.wrong.WRONG"):
        patch.setattr(module, few)
    patch.setattr(verify, "options", lambda _: ["may_june_2017", "quiet"])


def content(path: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {file.name: file.read_bytes() for file in path.iterdir()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of a verification."""
    path = tmp_path_factory.mktemp("whole") / "a"
    with pytest.MonkeyPatch.context() as patch:
        install(patch)
        assert main(["verify", *ASKED, f"out={path}"]) == 0
    return path


def test_the_page_says_what_was_found(whole):
    """If this failed, a reader could not see how it was made, what holds, and what is rejected."""
    page = (whole / "verify.md").read_text()
    assert page.splitlines()[2:5] == ["```sh", "tanf verify replications=400 seed=7", "```"]
    assert "400 histories of 28 days from 2017-05-12 (may_june_2017), seed 7." in page
    assert "**16 of 16 patterns hold.** 1 of 2 tests reject the wrong model they are meant for." in page
    assert "| no zone     | P2      | holds     | fails         | rejected" in page
    assert "| fast ladder | P12     | holds     | holds         | **not rejected**" in page
    assert "Incidents of incidents.csv: 8 in the window, 2 outside it and not scored." in page
    assert "(verify.png)" in page
    assert [check.what for check in CHECKS if f" {check.what} " not in page] == []


def test_tables_are_complete(whole):
    """If this failed, somebody who reads the tables by program would find less than the page says."""
    rows = list(csv.DictReader(io.StringIO((whole / "verify.csv").read_text())))
    assert {row["model"] for row in rows} == {"the model", *SHIPPED}
    assert {row["verdict"] for row in rows if row["model"] == "the model"} == {"holds"}
    assert {row["pattern"] for row in rows if row["model"] == "no zone"} == {"P2"}
    wrong = list(csv.DictReader(io.StringIO((whole / "wrong.csv").read_text())))
    assert [(row["wrong_model"], row["outcome"]) for row in wrong] == [
        ("no zone", "rejected"),
        ("fast ladder", "not rejected"),
    ]
    scored = list(csv.DictReader(io.StringIO((whole / "score.csv").read_text())))
    assert len(scored) == 9
    assert float(scored[-2]["model_nats"]) < 0


def test_coverage_tells_what_never_occurs(whole):
    """If this failed, an act that no scenario ever shows would go unnoticed."""
    page = (whole / "coverage.md").read_text()
    nowhere = next(line for line in page.splitlines() if line.startswith("* Acts that occur in no scenario"))
    assert "`launch`" in nowhere
    assert "`strike`" not in nowhere
    rows = {
        (row["kind"], row["name"]): row for row in csv.DictReader(io.StringIO((whole / "coverage.csv").read_text()))
    }
    assert int(rows["act", "strike"]["may_june_2017"]) > 1000
    assert rows["act", "strike"]["quiet"] == "0"
    assert len([name for kind, name in rows if kind == "act"]) == len(Act)


def test_same_command_same_bytes(whole, tmp_path, capsys):
    """If this failed, two people who ask the same could not compare their answers."""
    assert main(["verify", *ASKED, f"out={tmp_path / 'b'}", "threads=1"]) == 0
    assert content(tmp_path / "b") == content(whole)
    told = capsys.readouterr().out
    assert told.startswith("# Does it look like May and June 2017?")


def test_done_already(whole, capsys, monkeypatch):
    """If this failed, minutes would be spent on an answer that is there."""
    monkeypatch.setattr(runs.batch, "replicate", None)
    before = content(whole)
    assert main(["verify", *ASKED, f"out={whole}"]) == 0
    assert capsys.readouterr().out.endswith(f"done already: {whole}\n")
    assert content(whole) == before


def test_damage_is_noticed(whole, tmp_path):
    """If this failed, an edited table would be shown as the answer."""
    (tmp_path / "c").mkdir()
    for name, data in content(whole).items():
        (tmp_path / "c" / name).write_bytes(data)
    with (tmp_path / "c" / "verify.csv").open("a") as file:
        file.write("more\n")
    with pytest.raises(DamagedResults, match=r"verify.csv is damaged"):
        verify.run([*ASKED, f"out={tmp_path / 'c'}"])
    (tmp_path / "c" / "manifest.json").write_text("[]")
    with pytest.raises(DamagedResults, match=r"manifest.json is damaged"):
        verify.run([*ASKED, f"out={tmp_path / 'c'}"])


def test_other_folders_stay_as_they_are(whole, tmp_path, capsys):
    """If this failed, an answer would be mixed with another one, or strewn over somebody's photographs."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "wedding.jpg").touch()
    assert main(["verify", *ASKED, f"out={tmp_path / 'photos'}"]) == 2
    assert "it holds 'wedding.jpg'" in capsys.readouterr().err
    assert main(["verify", "seed=8", f"out={whole}"]) == 2
    assert "another question" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_leaves_nothing(tmp_path, engine, capsys, number):
    """If this failed, Ctrl-C would leave half a table that looks like a whole one."""

    def stopping(*given, **settings):
        os.kill(os.getpid(), number)
        return replicate(*given, **settings)

    engine.setattr(runs.batch, "replicate", stopping)
    assert main(["verify", *ASKED, f"out={tmp_path / 'a'}"]) == 128 + number
    assert list(tmp_path.iterdir()) == []
    assert "nothing was written" in capsys.readouterr().err


def test_a_failing_pattern_is_an_answer(tmp_path, engine):
    """If this failed, a script would take a finding for a breakdown."""
    assert main(["verify", *ASKED, "scenario=quiet", "figures=false", f"out={tmp_path / 'a'}"]) == 0
    page = (tmp_path / "a" / "verify.md").read_text()
    assert "fails: P1" in page
    assert "no test" in page
    assert not (tmp_path / "a" / "verify.png").exists()
    assert "verify.png" not in page


def test_failed_runs_are_left_out_and_told(tmp_path, engine):
    """If this failed, runs that broke would count as quiet histories."""

    def breaking(scenario, *, replications, seed=0, first=0, threads=None):
        if first <= 30 < first + replications:
            raise RuntimeError("broken")
        return replicate(scenario, replications=replications, seed=seed, first=first)

    engine.setattr(runs.batch, "replicate", breaking)
    assert main(["verify", *ASKED, "figures=false", f"out={tmp_path / 'a'}"]) == 3
    page = (tmp_path / "a" / "verify.md").read_text()
    assert "399 histories" in page
    assert "5 runs failed and were left out" in page  # one of the model, of two wrong models, of two scenarios


def test_a_forecast_is_scored_and_nothing_else(tmp_path, capsys):
    """If this failed, patterns of May would be asked of July, or a forecast not be scored."""
    from sim.study.record import columns

    later = tmp_path / "later.csv"
    later.write_text(",".join(columns()) + "\nV1,2017-06-20,,,,0,pro_regime_drone,shootdown,,,,,,,high\n")
    asked = ["verify", *ASKED, "scenario.start_date=2017-06-09", "scenario.horizon_days=60", f"out={tmp_path / 'a'}"]
    assert main([*asked, f"incidents={later}"]) == 0
    page = (tmp_path / "a" / "verify.md").read_text()
    assert page.startswith("# A forecast")
    assert "patterns are about the 28 days from 12 May 2017" in page
    assert "## Patterns" not in page
    assert "Incidents of later.csv: 1 in the window, 0 outside it and not scored." in page
    assert sorted(content(tmp_path / "a")) == ["manifest.json", "score.csv", "verify.md"]
    assert main([*asked[:-1], f"out={tmp_path / 'b'}"]) == 0
    assert "Nothing is scored" in (tmp_path / "b" / "verify.md").read_text()
    capsys.readouterr()


def test_axes_are_refused(tmp_path, capsys):
    """If this failed, only one point of somebody's sweep would be verified."""
    assert main(["verify", "experiment=line", f"out={tmp_path / 'a'}"]) == 2
    assert "asks about one model" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_replications_where_nothing_is_said(engine):
    """If this failed, a verification would take too few histories to tell, or wrong models far too many."""
    noted = []
    engine.setattr(command, "main", lambda overrides: noted.append(overrides) or 0)
    assert main(["verify"]) == 0
    assert noted == [["replications=2000"]]
    asked = verify.ask(["replications=10000"])
    assert (asked.model.base.replications, asked.others.base.replications) == (10_000, 2000)


def test_the_figure_shows_every_check(whole, monkeypatch):
    """If this failed, a pattern would be missing from the picture, or coloured against its verdict."""
    drawn: list[Figure] = []
    monkeypatch.setattr(style, "save", lambda figure, _: drawn.append(figure) or [])
    answer = verify.find(verify.ask([*ASKED, "threads=1"]))
    command._draw(answer, Path("nowhere"))
    lines = drawn[0].axes[0].get_lines()
    estimates = [line for line in lines if line.get_gid() == "estimate"]
    assert len(estimates) == len(answer.findings)
    assert {line.get_color() for line in estimates} == {style.BLUE}
    assert len([line for line in lines if line.get_gid() == "interval"]) == len(answer.findings)


def test_coverage_by_hand():
    """If this failed, a share would be of all scenarios' runs instead of its own."""
    some, none = fake_weeks.empty(10), fake_weeks.empty(4)
    some["acts_strike"], some["strike_ground"][:3] = 2, 1
    some["strike_1_minute"], some["strike_1_destroyed"] = [600.0] * 4 + [np.nan] * 6, 2
    found = coverage.cover(
        {"a": some, "b": none}, {"a": compose("scenario=quiet"), "b": compose("scenario.horizon_days=60")}
    )
    assert found.acts["strike"] == (20, 0)
    assert "Histories: a 10 (28 d), b 4 (60 d)." in coverage.page(found, "tanf verify")
    assert found.happenings["strike_ground"] == (3, 0)
    assert "strike_ground" not in coverage.nowhere(found.happenings)
    assert "launch" in coverage.nowhere(found.acts)
    assert found.units["regime_column"] == (compose("scenario=quiet").scenario.regime_columns, 12)
    assert found.reported["Three vehicles enter, two are hit", "two vehicles of a light group destroyed"] == (4, 0)
    line = next(
        line for line in coverage.page(found, "tanf verify").splitlines() if line.startswith("| strike_ground ")
    )
    assert [cell.strip() for cell in line.split("|")[2:4]] == ["30", "-"]


def test_manifest_is_a_function_of_the_question(whole):
    """If this failed, the manifest would tell of a day or a machine."""
    manifest = json.loads((whole / "manifest.json").read_text())
    assert set(manifest) == {"question", "files"}
    assert set(manifest["files"]) == set(content(whole)) - {"manifest.json"}
    assert np.all([len(digest) == 64 for digest in manifest["files"].values()])
