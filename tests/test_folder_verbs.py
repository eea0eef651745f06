"""The commands on results folders, whole, with the real engine: what they print, what they return, what they leave."""

from __future__ import annotations

import shutil
import time

import numpy as np
import pytest

import sim
from experiments.__main__ import FOLDER_VERBS, main
from sim.results import checking, manifest
from sim.results.seal import sealed, unsealed
from sim.results.storage import claimed
from sim.study import keeping, runs

ASKED = ["roe.zone_radius_km=20,55", "scenario.horizon_days=2", "replications=30", "seed=11", "figures=false"]


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A small sweep of two radii, 30 replications each, in three parts."""
    path = tmp_path_factory.mktemp("swept") / "a"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest, "RUNS_PER_PART", 20)
        patch.setattr(manifest, "MOST_TIMES", 1)
        assert main(["sweep", *ASKED, f"out={path}"]) == 0
    return path


@pytest.fixture
def copy(swept, tmp_path):
    """A copy of it that may be harmed."""
    return shutil.copytree(swept, tmp_path / "a")


def content(path):
    """Every file of a folder with its bytes."""
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_status_says_what_is_there_and_what_is_next(copy, capsys):
    """If this failed, who finds a folder of last year would not know what it answers, or whether it is whole."""
    assert main(["status", str(copy)]) == 0
    told = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert told["asked"] == "2 points x 30 replications = 60 runs"
    assert told["there"] == "60 runs, 100 %, in 3 parts"
    assert told["axis"] == "roe.zone_radius_km = 20.0, 55.0"
    assert (told["failed"], told["writing"]) == ("0 runs", "nobody")
    assert told["next"].startswith(f"tanf check {copy}")
    main(["sweep", *ASKED[:2], "replications=31", *ASKED[3:], f"out={copy}", "shard=1/9"])
    capsys.readouterr()
    with claimed(copy):
        assert main(["status", str(copy)]) == 0
    told = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert told["there"] == "60 runs, 97 %, in 3 parts"
    assert told["writing"].startswith("process ")
    main(["status", str(copy)])
    assert f"tanf resume {copy}" in capsys.readouterr().out


def test_check_and_repair(copy, swept, capsys):
    """If this failed, a damaged folder would be reported as whole, or a mended one have other numbers."""
    before = content(swept)
    assert main(["check", str(copy)]) == 0
    part = sorted((copy / "runs").iterdir())[1]
    part.write_bytes(part.read_bytes()[:-1])
    assert main(["check", str(copy)]) == 5
    told = capsys.readouterr()
    assert f"runs/{part.name}: is damaged" in told.out
    assert f"tanf repair {copy}" in told.err
    assert main(["repair", str(copy), "threads=1"]) == 0
    assert {name: data for name, data in content(copy).items() if name != "run_info.json"} == {
        name: data for name, data in before.items() if name != "run_info.json"
    }
    (copy / "notes.txt").write_text("mine")
    assert main(["repair", str(copy)]) == 5


def test_shares_and_merge(swept, tmp_path, capsys, monkeypatch):
    """If this failed, two machines would not make one study."""
    monkeypatch.setattr(manifest, "RUNS_PER_PART", 20)
    monkeypatch.setattr(manifest, "MOST_TIMES", 1)
    for k in (1, 2):
        assert main(["sweep", *ASKED, f"out={tmp_path / str(k)}", f"shard={k}/2"]) == 0
    assert "tanf merge TARGET" in capsys.readouterr().out
    assert main(["merge", *(str(tmp_path / name) for name in ("m", "2", "1"))]) == 0
    assert "Per cent of runs" in capsys.readouterr().out
    for name in ("manifest.json", "design.parquet", "summary.csv", "summary.parquet"):
        assert (tmp_path / "m" / name).read_bytes() == (swept / name).read_bytes()
    assert main(["check", str(tmp_path / "m")]) == 0


def test_replay_tells_the_run_that_is_stored(swept, tmp_path, monkeypatch, capsys):
    """If this failed, the history shown for a run would not be the one that is counted in the table."""
    monkeypatch.chdir(tmp_path)
    assert main(["replay", str(swept), "1:17"]) == 0
    told = capsys.readouterr().out
    assert "zone 55 km" in told
    assert told.endswith(f"run 1:17: its outcomes equal those of {swept}\nhtml: replay-1-17.html\n")
    found = keeping.replay(swept, "0:29")
    rows = sim.open(swept).outcomes
    row = rows[(rows["point"] == 0) & (rows["replication"] == 29)][0]
    for name in found.story.outcome.dtype.names:
        assert np.array_equal(row[name], found.story.outcome[name], equal_nan=True), name


def test_replay_notices_a_run_that_comes_out_otherwise(swept, capsys, monkeypatch):
    """If this failed, a folder that no machine can reproduce would pass for one that is."""
    tell = keeping.tell

    def other(*given, **settings):
        story = tell(*given, **settings)
        story.outcome["closest_km"] = -1.0
        return story

    monkeypatch.setattr(keeping, "tell", other)
    assert main(["replay", str(swept), "0:3"]) == 5
    assert "closest_km" in capsys.readouterr().err


def test_replay_of_a_failed_run_shows_its_failure(tmp_path, monkeypatch, capsys):
    """If this failed, a failure could be counted and never be looked at."""
    replicate, path = runs.batch.replicate, tmp_path / "a"

    def breaking(*given, first, replications, **settings):
        if first <= 4 < first + replications:
            raise ValueError("log full")
        return replicate(*given, first=first, replications=replications, **settings)

    monkeypatch.setattr(runs.batch, "replicate", breaking)
    assert main(["sweep", "scenario.horizon_days=2", "replications=9", "figures=false", f"out={path}"]) == 3
    assert main(["check", str(path)]) == 0
    monkeypatch.setattr(keeping, "tell", lambda *_, **__: breaking(first=4, replications=1))
    capsys.readouterr()
    assert main(["replay", str(path), "0:4"]) == 3
    assert "run 0:4 fails again as" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["resume", "repair", "merge", "sweep"])
def test_a_held_folder_is_refused_at_once(copy, capsys, verb):
    """If this failed, the second of two terminals would load for seconds before it says that it must not."""
    words = {"merge": [str(copy), str(copy)], "sweep": [*ASKED, f"out={copy}"]}.get(verb, [str(copy)])
    with claimed(copy):
        start = time.monotonic()
        assert main([verb, *words]) == 6
    assert time.monotonic() - start < 1.0
    assert "is being written by process" in capsys.readouterr().err


@pytest.mark.parametrize("verb", FOLDER_VERBS)
@pytest.mark.parametrize("given", [[], ["nowhere"], ["."], ["a.txt"], ["--nonsense"], ["--cfg", "job", "nowhere"]])
def test_what_is_no_results_folder(tmp_path, monkeypatch, capsys, verb, given):
    """If this failed, a mistyped path would end in a traceback, or in an empty folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("mine")
    extra = {"replay": ["0:1"], "merge": ["nowhere"]}.get(verb, []) if given else []
    assert main([verb, *given, *extra]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "internal" not in told
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("run", ["1", "2:0", "0:30", "0:-1", "a:b", "0:1:2", "1e1:0"])
def test_runs_that_are_not_there(swept, capsys, run):
    """If this failed, a mistyped run would tell another one."""
    assert main(["replay", str(swept), run]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_manifest_of_another_format_is_refused(copy, capsys):
    """If this failed, a folder of another version would be misread, or its owner left without advice."""
    told = unsealed((copy / "manifest.json").read_bytes(), "manifest.json")
    (copy / "manifest.json").write_bytes(sealed(told | {"format": 1}))
    for words in (["status"], ["resume"], ["sweep", *ASKED]):
        given = [f"out={copy}"] if words[0] == "sweep" else [str(copy)]
        assert main([*words, *given]) == 5
        assert "has format 1, and this version of the program reads format 2" in capsys.readouterr().err
    assert [damage.file for damage in checking.damages(copy)] == ["manifest.json"]


@pytest.mark.parametrize("shard", ["0/3", "4/3", "1", "1/0", "a/b", "1/3/5", "-1/3"])
def test_a_share_that_is_none(tmp_path, capsys, shard):
    """If this failed, a share would be computed twice or never."""
    assert main(["sweep", *ASKED, f"out={tmp_path / 'a'}", f"shard={shard}"]) == 2
    assert "shard must be" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("verb", FOLDER_VERBS)
def test_help_of_a_folder_verb(capsys, verb):
    """If this failed, nobody could find out what a command does without trying it on his results."""
    assert main([verb, "--help"]) == 0
    assert FOLDER_VERBS[verb][1] in capsys.readouterr().out
