"""The first use: compiling is announced when it is going to happen, and only then; nothing else makes anybody wait."""

from __future__ import annotations

import importlib.util
import os
import pathlib
import subprocess
import sys
import time
from types import ModuleType, SimpleNamespace

import pytest

from sim.rules import compiling
from sim.rules.compiling import INTERPRETED, is_on_disk
from sim.run import batch
from sim.study import first_use

ROOT = pathlib.Path(__file__).parents[1]
TINY = "from sim.rules.compiling import kernel\n\n@kernel\ndef double(x):\n    return 2 * x\n"
compiled_only = pytest.mark.skipif(INTERPRETED, reason="plain Python compiles nothing")


@pytest.fixture
def place(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A folder with a rule book of one kernel, and a cache of its own."""
    monkeypatch.setenv("TANF_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(compiling, "KERNELS", [])
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "tiny.py").write_text(TINY)
    return tmp_path / "here"


def started(place: pathlib.Path) -> ModuleType:
    """The rule book as a new process would load it."""
    for kept in vars(compiling).values():
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()
    spec = importlib.util.spec_from_file_location("tiny", place / "tiny.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode, kept = True, sys.dont_write_bytecode
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = kept
    return module


@compiled_only
def test_machine_code_is_found_where_it_was_left(place: pathlib.Path) -> None:
    """If this failed, every start would announce a minute of compiling that does not come, or come unannounced."""
    first = started(place)
    assert not is_on_disk(first.double, 1)
    assert first.double(1) == 2
    assert is_on_disk(first.double, 1)
    assert is_on_disk(started(place).double, 1), "a new process finds it"
    assert not is_on_disk(started(place).double, 1.0), "another type is compiled anew"


@compiled_only
def test_machine_code_of_another_place_does_not_count(place: pathlib.Path) -> None:
    """If this failed, the first sweep after cloning to another folder would hang for a minute without a word."""
    started(place).double(1)
    there = place.rename(place.with_name("there"))
    assert not is_on_disk(started(there).double, 1)


@compiled_only
def test_machine_code_of_another_processor_does_not_count(place: pathlib.Path, monkeypatch) -> None:
    """If this failed, half the nodes of a cluster with one home folder would compile without saying so."""
    started(place).double(1)
    codegen = SimpleNamespace(magic_tuple=lambda: ("another",))
    context = SimpleNamespace(codegen=lambda: codegen)
    monkeypatch.setattr(compiling, "cpu_target", SimpleNamespace(target_context=context))
    assert not is_on_disk(started(place).double, 1)


@compiled_only
def test_edited_source_does_not_count(place: pathlib.Path) -> None:
    """If this failed, a changed rule would be compiled without a word."""
    started(place).double(1)
    (place / "tiny.py").write_text(TINY.replace("2 * x", "3 * x"))
    edited = started(place)
    assert not is_on_disk(edited.double, 1)
    assert edited.double(1) == 3


@compiled_only
def test_without_a_writable_cache_it_runs_all_the_same(place: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this failed, a read-only home would stop the program, or let it run code compiled before an edit."""
    monkeypatch.setenv("TANF_CACHE", "/proc/nowhere")
    alone = started(place)
    assert not is_on_disk(alone.double, 1)
    assert alone.double(1) == 2
    assert not is_on_disk(started(place).double, 1)
    assert list(place.rglob("*.nb?")) == []


@compiled_only
def test_what_was_run_is_compiled() -> None:
    """If this failed, the question asked of numba would be about other types than those of a run."""
    import sim

    scenario = sim.load("scenario.horizon_days=1")
    sim.replicate(scenario, replications=1)
    sim.tell(scenario)
    assert batch.is_compiled(scenario)
    assert [len(kernel.signatures) for kernel in (batch.run_range, batch.whole_run)] == [1, 1]


def test_compiling_is_told_with_its_progress(monkeypatch, capsys: pytest.CaptureFixture) -> None:
    """If this failed, a newcomer would take the first minute for a program that hangs."""
    parts = [SimpleNamespace(signatures=[]) for _ in range(3)]
    monkeypatch.setattr(batch, "is_compiled", lambda *_: False)
    monkeypatch.setattr(first_use, "KERNELS", parts)
    monkeypatch.setattr(first_use, "EVERY_S", 0.01)

    def interrupted() -> None:
        with first_use.compiling(SimpleNamespace()):
            parts[1].signatures.append("one")
            time.sleep(0.2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "compiling the rule book (about a minute, once)"
    assert told[1] == "1 of 3 parts, 0 s"
    time.sleep(0.05)
    assert capsys.readouterr().err == "", "nobody tells after the end"


def test_nothing_is_told_where_nothing_is_compiled(monkeypatch, capsys: pytest.CaptureFixture) -> None:
    """If this failed, every start would promise a minute of waiting that does not come."""
    monkeypatch.setattr(batch, "is_compiled", lambda *_: True)
    with first_use.compiling(SimpleNamespace()):
        pass
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("module", ["experiments", "experiments.sweep", "experiments.run"])
def test_bad_input_waits_for_nothing(module: str) -> None:
    """If this failed, a slip of the hand would be answered after seconds, when compiler and plots have been loaded."""
    verb = ["sweep"] if module == "experiments" else []
    command = [sys.executable, "-X", "importtime", "-m", module, *verb, "roe.zone_radius=40"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    loaded = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}
    assert loaded & {"numba", "matplotlib", "mesa", "pyarrow", "rich", "scipy"} == set()


def test_one_run_loads_neither_mesa_nor_tables() -> None:
    """If this failed, a single run would start at twice the time of the libraries it needs."""
    asked = (
        "import sys; from experiments.__main__ import main; main(['run', 'figures=false', 'scenario.horizon_days=1'])"
    )
    heavy = "print([name for name in ('mesa', 'matplotlib', 'pyarrow', 'rich', 'pandas') if name in sys.modules])"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", f"{asked}; {heavy}"]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"
