"""A plan is that of the study which is asked for, not only of a sweep."""

from __future__ import annotations

import fake_engine
import pytest

from experiments.__main__ import main
from sim.study import plan


@pytest.fixture
def engine(monkeypatch):
    """The stand-in for the engine."""
    fake_engine.install(monkeypatch)
    return monkeypatch


@pytest.mark.parametrize(
    ("asked", "points"),
    [
        (["a.roe.zone_radius_km=5", "b.roe.zone_radius_km=40"], 2),
        (["roe.zone_radius_km=interval(5,80)", "line.dissuasion=interval(0,1)", "samples=16", "method=sobol"], 16 * 4),
    ],
)
def test_a_plan_counts_the_points_of_the_study(engine, asked, points):
    """If this failed, a comparison or a sensitivity analysis would cost many times what its plan promised."""
    assert plan.plan([*asked, "replications=20"], 0.1).points == points


def test_a_plan_is_asked_for_as_the_study_is(engine, tmp_path, monkeypatch, capsys):
    """If this failed, who plans a comparison would have to rewrite it as a sweep first."""
    monkeypatch.chdir(tmp_path)
    assert main(["plan", "a.roe=baseline_2017", "b.roe=restrictive", "replications=20"]) == 0
    assert "2 points x 20 replications" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []
