"""Designs: which points are run, that a point is what its overrides say, and whose luck it has (docs/designs.md)."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.stats import qmc

import sim
from sim.config.compose import assignments, compose, compose_points, split
from sim.errors import BadInput
from sim.results.manifest import settings_of
from sim.rules.compiling import INTERPRETED
from sim.study.designs import grid

RADIUS, DASH, CONVOYS = "roe.zone_radius_km", "command.dash_share", "scenario.militia_convoys"
BOX = (f"{RADIUS}=interval(10,80)", f"{DASH}=interval(0,0.5)")


def labels(*overrides: str) -> list[dict[str, Any]]:
    """The places of all points on the axes."""
    return [point.labels for point in sim.points(*overrides)]


def test_levers_are_crossed_with_one_sample_of_the_uncertainties() -> None:
    """If this failed, policies would be compared under different draws of what nobody knows."""
    found = labels("roe=baseline_2017,restrictive", "theory=mixed,spiral", *BOX, "samples=8")
    assert len(found) == 32
    policies = list(itertools.product(("baseline_2017", "restrictive"), ("mixed", "spiral")))
    drawn = [
        [(one[RADIUS], one[DASH]) for one in found if (one["roe"], one["theory"]) == policy] for policy in policies
    ]
    assert all(sample == drawn[0] for sample in drawn)
    assert len(set(drawn[0])) == 8
    assert list(found[0]) == ["roe", "theory", RADIUS, DASH]


def test_sobol_points_are_those_of_scipy_and_go_on_where_they_are() -> None:
    """If this failed, a larger sample would not hold the smaller one, and nothing computed could be kept."""
    many, few = (labels(*BOX, f"samples={n}", "seed=9") for n in (32, 12))
    assert many[:12] == few
    unit = qmc.Sobol(2, seed=9).random(32)
    assert [one[RADIUS] for one in many] == pytest.approx(10.0 + 70.0 * unit[:, 0], rel=1e-11)
    assert [one[DASH] for one in many] == pytest.approx(0.5 * unit[:, 1], rel=1e-11)
    assert labels(*BOX, "samples=12", "seed=10") != few


def test_a_latin_hypercube_has_one_value_in_each_slice() -> None:
    """If this failed, a slice of a parameter's range would be left out by chance."""
    found = labels(*BOX, "samples=20", "sampling=latin_hypercube")
    for key, low, high in ((RADIUS, 10.0, 80.0), (DASH, 0.0, 0.5)):
        slices = [int(20 * (one[key] - low) / (high - low)) for one in found]
        assert sorted(slices) == list(range(20))


def test_whole_numbers_are_all_as_likely_and_no_point_is_there_twice() -> None:
    """If this failed, rounding would favour the inner values, or the same runs would be counted as two points."""
    many = labels(f"{CONVOYS}=interval(1,4)", f"{DASH}=interval(0,0.5)", "samples=256")
    assert np.bincount([one[CONVOYS] for one in many]).tolist() == [0, 64, 64, 64, 64]
    assert sorted(one[CONVOYS] for one in labels(f"{CONVOYS}=interval(1,4)", "samples=64")) == [1, 2, 3, 4]


def test_one_at_a_time_changes_one_thing_at_a_time() -> None:
    """If this failed, an effect would be laid to one axis that two have brought about."""
    axes = (f"{RADIUS}=0,55,80", "roe=baseline_2017,restrictive", f"{DASH}=interval(0,0.5)")
    found = labels(*axes, "design=one_at_a_time")
    start = {RADIUS: 55.0, "roe": "baseline_2017", DASH: 0.2}
    assert found == [
        start,
        start | {RADIUS: 0.0},
        start | {RADIUS: 80.0},
        start | {"roe": "restrictive"},
        start | {DASH: 0.0},
        start | {DASH: 0.5},
    ]


def test_listed_values_are_paired() -> None:
    """If this failed, a list of points would become all their combinations."""
    found = labels(f"{RADIUS}=20,40,55", "roe=baseline_2017,restrictive,permissive", "design=listed")
    assert [tuple(one.values()) for one in found] == [(20, "baseline_2017"), (40, "restrictive"), (55, "permissive")]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_points_come_from_a_file_and_cross_with_levers(ending: str, tmp_path: Path) -> None:
    """If this failed, points chosen elsewhere could not be run, or would be run under one policy only."""
    file = tmp_path / f"points.{ending}"
    if ending == "csv":
        file.write_bytes(f'\ufeff{RADIUS},theory\r\n"20",mixed\r\n\r\n40.5, spiral \r\n'.encode())
    else:
        pq.write_table(pa.table({RADIUS: [20.0, 40.5], "theory": ["mixed", "spiral"]}), file)
    found = labels(f"points={file}", "roe=baseline_2017,restrictive")
    rows = [(one["roe"], one[RADIUS], one["theory"]) for one in found]
    assert rows == [
        (policy, *row) for policy in ("baseline_2017", "restrictive") for row in ((20.0, "mixed"), (40.5, "spiral"))
    ]


BAD_FILES = [
    (b"", "is empty"),
    (f"{RADIUS}\n".encode(), "no points"),
    (f"{RADIUS},{RADIUS}\n1,2\n".encode(), "twice"),
    (f"{RADIUS}\n20\n20.0\n".encode(), "same point in lines 2 and 3"),
    (f"{RADIUS}\n20\n\n4000\n".encode(), "line 4"),
    (f"{RADIUS}\nnan\n".encode(), "line 2"),
    (f"{RADIUS},roe\n20,\n".encode(), "no value in line 2"),
    (f"{RADIUS}\n20,30\n".encode(), "2 cells"),
    (f'{RADIUS}\n"20,30"\n'.encode(), "one value"),
    (b"zone_radius\n20\n", "zone_radius_km"),
    (b"replications\n20\n", "no part of the model"),
    (b"name\nx\n", "no part of the model"),
    (f"{RADIUS}\n".encode("utf-16"), "UTF-8"),
    (f'{RADIUS}\n"20\n'.encode(), "CSV"),
    (b"roe\nrestrictve\n", "restrictive"),
]


@pytest.mark.parametrize(("content", "told"), BAD_FILES)
def test_a_bad_file_of_points_is_refused_in_one_sentence(content: bytes, told: str, tmp_path: Path) -> None:
    """If this failed, a slip in a table would be run, or end in a traceback."""
    file = tmp_path / "points.csv"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=told):
        grid([f"points={file}"])


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    """If this failed, a folder or a picture would be read as a table."""
    (tmp_path / "x.parquet").write_bytes(b"PAR1 not really")
    for name in (tmp_path, tmp_path / "missing.csv", tmp_path / "x.parquet"):
        with pytest.raises(BadInput, match="points="):
            grid([f"points={name}"])


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        ((f"{RADIUS}=interval(10,10)",), "low below high"),
        ((f"{RADIUS}=interval(50,10)",), "low below high"),
        ((f"{RADIUS}=interval(0,4000)",), RADIUS),
        ((f"{CONVOYS}=interval(1.5,3)",), CONVOYS),
        (("roe.line_call=interval(0,1)",), "intervals are of numbers"),
        (("roe=interval(0,1)",), "intervals are of numbers"),
        ((f"{RADIUS}=0,20", "roe=baseline_2017,restrictive,permissive", "design=listed"), "give as many"),
        ((*BOX, "design=listed"), "pairs values"),
        (("design=crosed",), "crossed"),
        ((*BOX, "samples=0"), "samples"),
        (("samples=2,4",), "samples"),
        ((*BOX, "samples=100000", "roe=baseline_2017,restrictive"), "at most 100,000"),
    ],
)
def test_axes_that_make_no_design_are_refused(overrides: tuple[str, ...], told: str) -> None:
    """If this failed, hours would be spent on another question than the one that was meant."""
    with pytest.raises(BadInput, match=told):
        grid(overrides)


def test_the_short_way_to_a_point_is_the_long_one() -> None:
    """If this failed, a point would differ from what its own overrides say.

    Seen to fail with settings put on the configuration of another choice of rules.
    """
    plain, axes = split(["roe=restrictive,baseline_2017", *BOX, "roe.threshold=1.5", f"{CONVOYS}=1,3", "samples=3"])
    points = assignments(compose(*plain, axes=axes))
    assert len(points) == 12
    for point, config in zip(points, compose_points(plain, points), strict=True):
        assert settings_of(config) == settings_of(compose(*plain, *point))


def test_points_that_do_not_go_together_are_refused_before_anything_is_run() -> None:
    """If this failed, one point of a design would end a sweep after an hour."""
    with pytest.raises(BadInput, match="whole number of steps"):
        grid(["step_min=5,7.7"])


def test_seeds_are_common_unless_every_point_has_its_own() -> None:
    """If this failed, differences between policies would not be paired, or points that should not share luck would."""
    own = ("common_seeds=false", "seed=7")
    assert {point.seed for point in sim.points(f"{RADIUS}=0,20,40", "seed=7")} == {7}
    seeds = {point.labels[RADIUS]: point.seed for point in sim.points(f"{RADIUS}=0,20,40", *own)}
    assert len(set(seeds.values())) == 3
    alone = sim.points(f"{RADIUS}=20", *own)[0].seed  # neither its number nor its neighbours matter
    assert alone == seeds[20.0]
    assert sim.points(f"{RADIUS}=20", "common_seeds=false", "seed=8")[0].seed != alone
    assert sim.points(f"{RADIUS}=20", *own, "replications=7")[0].seed == alone  # more runs are not other runs


def test_a_point_is_ready_to_run() -> None:
    """If this failed, a design could be looked at in Python and not used."""
    for point in sim.points(f"{RADIUS}=20,40"):
        assert point.scenario.params.roe.zone_radius_km == point.labels[RADIUS]
    assert np.array_equal([point.number for point in sim.points(f"{RADIUS}=20,40")], [0, 1])


@pytest.mark.skipif(INTERPRETED, reason="two weeks of May and June want compiled rules")
def test_the_example_of_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """If this failed, the first thing a reader of docs/designs.md tries would not work."""
    page = (Path(sim.__file__).parents[1] / "docs" / "designs.md").read_text()
    example = page.split("```python\n")[1].split("```")[0]
    exec(compile(example, "designs.md", "exec"), {})  # noqa: S102 - our own page
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["0", "1", "2", "3"]
    assert "'roe': 'restrictive', 'line.dissuasion'" in lines[-1]


def test_what_a_question_is_called_moves_no_run() -> None:
    """If this failed, the same point under another name would have other luck."""
    ask = (f"{RADIUS}=20", "common_seeds=false")
    (seed,) = {point.seed for name in ("a", "b") for point in sim.points(*ask, f"name={name}", f"question={name}?")}
    assert seed


def test_listed_values_may_come_again_and_points_not() -> None:
    """If this failed, a list of points could not hold two that share a value."""
    found = labels(f"{RADIUS}=0,0,20", f"{DASH}=0.1,0.5,0.1", "design=listed")
    assert [tuple(one.values()) for one in found] == [(0, 0.1), (0, 0.5), (20, 0.1)]
    with pytest.raises(BadInput, match="as point 1 and 3"):
        grid([f"{RADIUS}=0,20,0", f"{DASH}=0.1,0.5,0.1", "design=listed"])


def test_a_point_that_cannot_be_is_named() -> None:
    """If this failed, one bad row among a thousand would have to be searched for."""
    with pytest.raises(BadInput, match=r"point 1 \(step_min=7"):
        grid(["step_min=5,7", "scenario.horizon_days=1"])


def test_drawn_values_stay_inside_their_interval() -> None:
    """If this failed, rounding would make a value that is not allowed."""
    low = 0.12345678901239
    assert all(one[DASH] >= low for one in labels(f"{DASH}=interval({low},0.5)", "samples=8"))
