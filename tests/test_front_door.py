"""The front door: every command is found, every ending has its exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml

from experiments.__main__ import VERBS, main
from experiments.list import SUBJECTS
from experiments.readers import reads
from sim.config.places import options
from sim.config.settings import declared
from sim.errors import DamagedResults, FailedRuns, Locked, StorageError
from sim.rules.names import Act
from sim.rules.tables import Event
from sim.run.columns import COLUMNS
from sim.run.sentences import SENTENCES, sentence
from sim.view.meanings import meaning

ROOT = Path(__file__).parents[1]
Does = Callable[[list[str]], int]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """The verbs only note how they were called."""
    noted: list[tuple[str, list[str]]] = []

    def noting(verb: str) -> Does:
        return lambda overrides: noted.append((verb, overrides)) or 0  # type: ignore[func-returns-value]

    for verb in ("run", "sweep", "bench"):
        monkeypatch.setitem(sys.modules, f"experiments.{verb}", SimpleNamespace(main=noting(verb)))
    return noted


def sweep_that(monkeypatch: pytest.MonkeyPatch, does: Does) -> int:
    """The exit code of a sweep that does this."""
    monkeypatch.setitem(sys.modules, "experiments.sweep", SimpleNamespace(main=does))
    return main(["sweep"])


def tanf(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, text=True, check=False, **more)  # type: ignore[call-overload]


def test_commands_are_shown(capsys: pytest.CaptureFixture) -> None:
    """Somebody who types `tanf` alone would not learn what it can do."""
    for arguments in ([], ["--help"], ["-h"]):
        assert main(arguments) == 0
        told = capsys.readouterr().out
        assert [example for _, example in VERBS.values() if example not in told] == []


def test_version(capsys: pytest.CaptureFixture) -> None:
    """A report could not say which version it was made with."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("tanf-escalation ")


def test_version_is_light() -> None:
    """The smallest question would wait for numpy, a compiler or a plotting library."""
    asked = "import sys; from experiments.__main__ import main; main(['--version']); main([])"
    heavy = "print([name for name in ('numpy', 'numba', 'mesa', 'matplotlib', 'hydra') if name in sys.modules])"
    command = [sys.executable, "-c", f"{asked}; {heavy}"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("given", ["swep", "Sweep", "roe=restrictive", "--fast"])
def test_unknown_command(capsys: pytest.CaptureFixture, given: str) -> None:
    """A misspelt command would do nothing, or something else."""
    assert main([given]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert given in told
    assert "sweep" in told


@pytest.mark.parametrize("verb", VERBS)
def test_help_names_what_can_be_set(capsys: pytest.CaptureFixture, verb: str) -> None:
    """A user would have to read the source to learn what to type."""
    for option in ("--help", "-h"):
        assert main([verb, option]) == 0
    told = capsys.readouterr().out
    expected = (
        SUBJECTS
        if verb == "list"
        else [*options("roe"), *(key for key, one in declared().items() if not one.of_the_model and reads(verb, key))]
    )
    assert [name for name in expected if name not in told] == []
    unread = [key for key in declared() if not reads(verb, key)]
    assert [key for key in unread if f"  {key}=" in told] == [], "what it refuses"


def test_configuration_is_shown(capsys: pytest.CaptureFixture) -> None:
    """Nobody could see beforehand what a command is going to run."""
    assert main(["sweep", "--cfg", "job", "roe=restrictive", "seed=7"]) == 0
    shown = yaml.safe_load(capsys.readouterr().out)
    assert (shown["roe"]["name"], shown["roe"]["threshold"], shown["seed"]) == ("restrictive", 1.5, 7)
    assert (shown["name"], shown["axes"]) == ("zone_radius", ["roe.zone_radius_km=range(0,90,10)"])


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], ["experiment=zone_radius"]),
        (["roe=restrictive"], ["experiment=zone_radius", "roe=restrictive"]),
        (["roe.zone_radius_km=0,20"], ["roe.zone_radius_km=0,20"]),
        (["experiment=line", "seed=1"], ["experiment=line", "seed=1"]),
        (["experiment=null"], ["experiment=null"]),
    ],
)
def test_a_sweep_without_a_question_asks_the_main_one(
    calls: list[tuple[str, list[str]]], given: list[str], expected: list[str]
) -> None:
    """`tanf sweep` alone would run one point, or override what somebody asked for."""
    assert main(["sweep", *given]) == 0
    assert calls == [("sweep", expected)]


def test_run_asks_no_question(calls: list[tuple[str, list[str]]]) -> None:
    """A single run would be a point of an experiment that nobody named."""
    assert main(["run", "seed=7"]) == 0
    assert calls == [("run", ["seed=7"])]


def test_alternatives_are_done_one_after_the_other(
    calls: list[tuple[str, list[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named alternatives would be mixed in one folder, or leave stray folders behind."""
    monkeypatch.chdir(tmp_path)
    arguments = ["-m", "experiment=line,warnings", "seed=7", "roe=baseline_2017,restrictive", "out=kept"]
    assert main(["sweep", *arguments]) == 0
    done = [overrides for _, overrides in calls]
    folders = [part for overrides in done for part in overrides if part.startswith("out=")]
    assert len(set(folders)) == 4
    assert done[1] == ["seed=7", "out=kept/experiment-line_roe-restrictive", "experiment=line", "roe=restrictive"]
    assert list(tmp_path.iterdir()) == []


def test_alternatives_are_all_checked_first(calls: list[tuple[str, list[str]]]) -> None:
    """The first alternatives would run for hours before a slip in the last one is found."""
    assert main(["sweep", "-m", "roe=baseline_2017,restrictive", "step_min=5,11"]) == 2
    assert calls == []


@pytest.mark.parametrize(("failure", "code"), [(FailedRuns, 3), (StorageError, 4), (DamagedResults, 5), (Locked, 6)])
def test_each_error_has_its_exit_code(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch, failure: type[Exception], code: int
) -> None:
    """A script could not tell a full disk from a damaged folder."""

    def fails(_: list[str]) -> int:
        raise failure("part 3 is\nmissing")

    assert sweep_that(monkeypatch, fails) == code
    assert capsys.readouterr().err == "tanf: part 3 is missing\n"


def test_exit_code_of_the_verb_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep with failed runs would look like a clean one."""
    assert sweep_that(monkeypatch, lambda _: 3) == 3


def test_internal_errors_are_one_line(capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours would bury the user's own words, or could not be traced when asked for."""

    def fails(_: list[str]) -> int:
        raise RuntimeError("beyond the sea")

    assert sweep_that(monkeypatch, fails) == 1
    told = capsys.readouterr().err
    assert (told.count("\n"), "beyond the sea" in told, "Traceback" in told) == (1, True, False)
    monkeypatch.setenv("TANF_DEBUG", "1")
    assert sweep_that(monkeypatch, fails) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_signals_end_it_politely(monkeypatch: pytest.MonkeyPatch, number: int, code: int) -> None:
    """A batch system that ends a job would leave half a file, or be told that all went well."""
    cleaned: list[bool] = []

    def is_stopped(_: list[str]) -> int:
        try:
            os.kill(os.getpid(), number)
            threading.Event().wait(5)
        finally:
            cleaned.append(True)
        return 0

    assert sweep_that(monkeypatch, is_stopped) == code
    assert cleaned == [True]


def test_a_reader_that_goes_away_stops_nothing() -> None:
    """`tanf list parameters | head -1` would end in a broken pipe, and so would an hour's sweep."""
    read, write = os.pipe()
    os.close(read)
    ended = tanf("experiments", "list", "parameters", stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_terminal_without_the_letters_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name in Arabic would end a sweep on a terminal that speaks ASCII."""
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    ended = tanf("experiments", "sweep", "--cfg", "job", "question=التنف?", capture_output=True)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("module", ["list", "run", "sweep"])
def test_each_verb_is_a_module(tmp_path: Path, module: str) -> None:
    """`python -m experiments.sweep` would bypass the front door's checks."""
    ended = tanf(f"experiments.{module}", "nonsense", cwd=tmp_path, capture_output=True)
    assert ended.returncode == 2
    assert ended.stderr.startswith("tanf: ")
    assert ended.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("subject", SUBJECTS)
def test_lists(capsys: pytest.CaptureFixture, subject: str) -> None:
    """Something that can be chosen would be missing from its list."""
    assert main(["list", subject]) == 0
    told = capsys.readouterr().out
    groups = {"scenarios": "scenario", "roe": "roe", "theories": "theory", "experiments": "experiment"} | {
        "escalation": "escalation"
    }
    expected = {"parameters": list(declared()), "outcomes": list(COLUMNS)}.get(subject) or options(groups[subject])
    assert [name for name in expected if name not in told] == []
    assert len(told.splitlines()) == len(expected) + (subject == "parameters")


def test_parameters_are_listed_with_all_that_is_declared(capsys: pytest.CaptureFixture) -> None:
    """A researcher could not see the range and source of a number, or would see a wrong default."""
    main(["list", "parameters"])
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert lines["roe.zone_radius_km"].split(maxsplit=6)[1:6] == ["55", "km", "0", "to", "100"]
    assert lines["seed"].split()[1] == "0"  # 0 is a seed like any other
    assert lines["out"].split()[1] == "null"


def test_unknown_list(capsys: pytest.CaptureFixture) -> None:
    """A slip would print nothing and look like an empty list."""
    assert main(["list", "paramters"]) == 2
    assert "did you mean parameters" in capsys.readouterr().err


def test_every_column_has_a_meaning() -> None:
    """A column of the results would be a name and nothing more."""
    assert [column for column in COLUMNS if not meaning(column)] == []


def test_every_act_has_a_sentence() -> None:
    """A run in which a rare act occurs could not be told."""
    event = np.zeros(1, Event.dtype_)[0]
    event.actor, event.target = 1000, 3
    for act in Act:
        event.act = act
        told = sentence(event, {3: "militia convoy 1"})
        assert "{" not in told
    assert list(SENTENCES) == list(Act)
    event.act = Act.BORDER_REACHED
    assert sentence(event, {}) == "the bypass reaches the border with Iraq"


def test_run_refuses_a_folder_that_is_not_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    """Figures would be strewn over somebody's photographs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "wedding.jpg").touch()
    for out in ("photos", "photos/wedding.jpg", "photos/wedding.jpg/x", "/proc/nowhere"):
        assert main(["run", f"out={out}"]) == 2
        assert f"out={out}" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["photos", "wedding.jpg"]
