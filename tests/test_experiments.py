"""Every named question can be asked: composed as written, and run small."""

from __future__ import annotations

import pathlib

import pytest

import sim
from experiments.__main__ import main
from sim.config.places import conf_folder, options

EXPERIMENTS = options("experiment")


def test_there_are_named_questions() -> None:
    """If this failed, the tests below would pass because there is nothing to test."""
    assert {"zone_radius", "warnings", "line"} <= set(EXPERIMENTS)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_it_opens_with_the_command_that_asks_it(name: str) -> None:
    """If this failed, a reader of the file would not know how to run it, or would run another one."""
    lines = (conf_folder() / "experiment" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# @package _global_"  # Hydra looks for it in the first line only
    assert lines[1] == f"# tanf sweep experiment={name}"


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_it_runs_small_and_keeps_every_run(name: str, tmp_path: pathlib.Path) -> None:
    """If this failed, a question that is shipped could not be answered."""
    out = tmp_path / "out"
    small = ["scenario.horizon_days=1", "replications=2", "figures=false", f"out={out}"]
    assert main(["sweep", f"experiment={name}", *small]) == 0
    results = sim.open(out)
    assert len(results.outcomes) == 2 * len(results.design)
    assert {row["replication"] for row in results.outcomes} == {0, 1}
