"""Paths that came to what is rare: kept, told again, and checked."""

from __future__ import annotations

import csv
import re

import sim
from experiments.__main__ import main
from sim.errors import BadInput, DamagedResults
from sim.study import paths

SHORT = "scenario.horizon_days=2"


def ask(out, *more, replications=100):
    """Give the command."""
    return main(["rare", SHORT, f"replications={replications}", "rare.paths=20", f"out={out}", *more])


def test_a_kept_path_is_replayed_and_checked(tmp_path, capsys, monkeypatch):
    """If this failed, a rare history could not be shown, or a changed one would be shown as the one that was found."""
    (tmp_path / "beside").mkdir()
    monkeypatch.chdir(tmp_path / "beside")
    assert ask(tmp_path / "one", "outcome=strike_ground", "count=2", "rare.method=splitting") == 0
    told = capsys.readouterr().out
    (beside,) = tmp_path.glob("one-splitting-*")
    folder, path = re.search(r"tanf replay (\S+) (\d+:\d+)", told).groups()
    assert (folder, main(["replay", folder, path])) == (str(beside), 0)
    assert "its outcome equals that of" in capsys.readouterr().out
    assert [file.name for file in (tmp_path / "beside").iterdir()] == [f"replay-{path.replace(':', '-')}.html"]
    assert paths.retell(beside, path).outcome["strike_ground_count"] >= 2
    assert main(["replay", folder, "0:9999"]) == BadInput.exit_code
    assert main(["check", folder]) == 0
    file = beside / f"repetition-{int(path.split(':')[0]):03}.json"
    file.write_text(file.read_text().replace('"reached_min": ', '"reached_min": 1'))
    capsys.readouterr()
    assert main(["check", folder]) == DamagedResults.exit_code
    assert file.name in capsys.readouterr().out
    assert main(["replay", folder, path]) == DamagedResults.exit_code


def test_the_figure_comes_with_its_numbers(tmp_path, capsys):
    """If this failed, a rare outcome would have no figure for a paper, or one whose numbers nobody could check."""
    asked = ("outcome=strike_ground", "count=3", "rare.method=splitting")
    assert ask(tmp_path / "one", *asked) == 0
    told = capsys.readouterr().out
    stem = tmp_path / "one" / "figures" / "rare-strike_ground_count-3"
    assert stem.with_suffix(".png").stat().st_size > 10_000
    with stem.with_suffix(".csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    plain = [row for row in rows if row["method"] == "plain"]
    seen = sim.open(tmp_path / "one").outcomes["strike_ground_count"]
    assert [int(row["events"]) for row in plain] == [(seen >= k).sum() for k in (1, 2, 3)]
    if "estimate: none" not in told:
        assert f"{float(rows[-1]['estimate']):.2g}"[:4] in told
    assert main(["check", str(tmp_path / "one")]) == 0
