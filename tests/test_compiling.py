"""Compiled once, for one set of types, and never from stale sources."""

from __future__ import annotations

import pathlib
import shutil

import pytest

import sim
from sim.rules import compiling
from sim.rules.compiling import INTERPRETED

PHASES = (
    "environment", "command", "movement", "sensing", "line", "roe", "response", "engagement", "air", "escalation",
)  # fmt: skip


@pytest.mark.skipif(INTERPRETED, reason="plain Python has no signatures")
def test_every_kernel_has_exactly_one_signature() -> None:
    """If this failed, stray argument types would compile the rule book several times over."""
    from sim.run import batch

    sim.replicate(sim.load("scenario.horizon_days=1"), replications=2)
    sim.EscalationModel(**{"scenario.horizon_days": 1}).run()
    sim.tell(sim.load("scenario.horizon_days=1"))
    from sim.rules import step

    kernels = [getattr(step, name) for name in (*PHASES, "begin", "step", "close", "run")] + [batch.run_range]
    stored = {kernel.__name__: machine_codes(kernel) for kernel in kernels}
    assert stored == {kernel.__name__: 1 for kernel in kernels}


def machine_codes(kernel) -> int:
    """How many signatures of a kernel have been compiled: each is one file beside the index."""
    folder = pathlib.Path(kernel.stats.cache_path)
    return len(list(folder.glob(f"{kernel.__module__.split('.')[-1]}.{kernel.__name__}-*.nbc")))


def copied(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A copy of the rules that can be edited, and the compiler's view of it."""
    package = tmp_path / "sim"
    shutil.copytree(pathlib.Path(compiling.__file__).parent, package / "rules")
    monkeypatch.setattr(compiling, "PACKAGE", package)
    return package / "rules"


@pytest.mark.slow
def test_an_edit_elsewhere_changes_the_key_of_all_that_use_it(tmp_path, monkeypatch) -> None:
    """If this failed, machine code of yesterday's rules would run under today's name."""
    rules = copied(tmp_path, monkeypatch)
    before = {name: fresh_key(rules / f"{name}.py") for name in (*PHASES, "step")}
    plane = rules / "plane.py"
    plane.write_text(plane.read_text(encoding="utf-8").replace("2.0", "2.5"), encoding="utf-8")
    after = {name: fresh_key(rules / f"{name}.py") for name in (*PHASES, "step")}
    changed = {name for name in before if before[name] != after[name]}
    assert changed >= {"command", "movement", "sensing", "step"}


@pytest.mark.slow
def test_an_edit_of_one_phase_leaves_the_others_compiled(tmp_path, monkeypatch) -> None:
    """If this failed, working on one rule would cost a minute of compiling each time."""
    rules = copied(tmp_path, monkeypatch)
    before = {name: fresh_key(rules / f"{name}.py") for name in (*PHASES, "step")}
    line = rules / "line.py"
    line.write_text(line.read_text(encoding="utf-8") + "\nEXTRA = 1\n", encoding="utf-8")
    after = {name: fresh_key(rules / f"{name}.py") for name in (*PHASES, "step")}
    assert {name for name in before if before[name] != after[name]} == {"line", "step"}


def test_what_only_type_checkers_read_decides_nothing(tmp_path, monkeypatch) -> None:
    """If this failed, correcting the source of a parameter would recompile the rule book."""
    rules = copied(tmp_path, monkeypatch)
    assert not any("config" in str(file) for file in compiling.sources(rules / "step.py"))


def fresh_key(path: pathlib.Path) -> str:
    """The key of a file as a new process would compute it."""
    for kept in (compiling.sources, compiling.cache_key, *vars(compiling).values()):
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()
    return compiling.cache_key(path)
