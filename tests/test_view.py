"""Pictures of a study: they show what was counted, no more and no less."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from sim.study.estimate import clopper_pearson, upper_bound
from sim.view import charts, distributions, dots, heat, incidence, labels, probability, style
from sim.view.sample import label, read
from tests.fake_results import RUNS, results

RADII = [{"roe.zone_radius_km": radius} for radius in (0, 40, 55, 80)]
STRIKES = {"strike_ground": [0, 20, 40, 59], "coalition_hezbollah_exchange": [0, 1, 0, 5], "hezbollah_threat": [60] * 4}
PRESETS = [{"roe": "baseline_2017"}, {"roe": "restrictive"}]


@pytest.fixture(autouse=True)
def _styled() -> Iterator[None]:
    with style.sheet():
        yield


def marked(drawn: Figure, gid: str) -> list[np.ndarray]:
    """The points drawn under this name in each panel, as arrays of (x, y)."""
    lines = [line for axes in drawn.axes for line in axes.lines if line.get_gid() == gid]
    return [np.asarray(line.get_xydata()) for line in lines if len(line.get_xydata())]


def intervals(drawn: Figure, name: str) -> np.ndarray:
    """Lower and upper ends of the bars drawn for an outcome, shape (bars, 2)."""
    found = [bars for axes in drawn.axes for bars in axes.collections if bars.get_gid() == f"interval-{name}"]
    return np.array([segment[:, 1] for bars in found for segment in bars.get_segments()])


def texts(drawn: Figure) -> str:
    """Everything that is written on a figure."""
    return " ".join(text.get_text() for text in drawn.findobj(lambda part: hasattr(part, "get_text")))


def test_what_never_happened_is_drawn_as_a_bound() -> None:
    """A reader would take "no clash in 60 runs" for "a clash cannot happen"."""
    drawn = probability.compose(read(results(RADII, STRIKES)))[0]
    for name in style.CLASHES:
        assert all((points[:, 1] > 0).all() for points in marked(drawn, f"estimate-{name}"))
    (bounds,) = marked(drawn, "bound-us_russia_air")
    assert_allclose(bounds[:, 1], upper_bound(RUNS))
    assert len(bounds) == len(RADII)
    assert len(marked(drawn, "bound-hezbollah_threat")) == 0


def test_bars_are_the_intervals_of_the_counts() -> None:
    """The bars would promise a precision that the runs do not give."""
    drawn = probability.compose(read(results(RADII, STRIKES)))[0]
    counts = np.array(STRIKES["strike_ground"][1:])
    assert_allclose(intervals(drawn, "strike_ground"), np.column_stack(clopper_pearson(counts, np.array(RUNS))))
    (points,) = marked(drawn, "estimate-strike_ground")
    assert_allclose(points[:, 1], counts / RUNS)
    assert_allclose(points[:, 0], [40, 55, 80], atol=1.0)


def test_dots_show_the_same_numbers_as_lines() -> None:
    """Rules of engagement would be judged on other numbers than radii."""
    drawn = dots.compose(read(results(PRESETS, {"strike_ground": [30, 12], "us_russia_air": [0, 1]})))[0]
    (points,) = marked(drawn, "estimate-strike_ground")
    assert_allclose(points, [[0.5, 0], [0.2, 1]])
    (bound,) = marked(drawn, "bound-us_russia_air")
    assert_allclose(bound, [[upper_bound(RUNS), 0]])


def test_one_point_is_told_in_numbers() -> None:
    """A run of one setting would give a picture without a number to quote."""
    drawn = probability.compose(read(results([{}], {"strike_ground": [30]})))[0]
    assert "50 % (36.8 to 63.2 %)" in texts(drawn)
    assert "none: at most 4.9 %" in texts(drawn)


def test_second_lever_makes_columns() -> None:
    """Runs of different settings of the second lever would be thrown together."""
    points = [{"roe.zone_radius_km": r, "line.dissuasion": d} for d in (0.2, 0.9) for r in (80, 0)]
    sample = read(results(points, {"strike_ground": [40, 10, 20, 5]}))
    facets = probability.facets_of(sample, sample.axes[0])
    assert [(facet.title, facet.points) for facet in facets] == [("dissuasion 0.2", (1, 0)), ("dissuasion 0.9", (3, 2))]
    drawn = probability.compose(sample)[0]
    first, second = marked(drawn, "estimate-strike_ground")
    assert_allclose(first[:, 1] * RUNS, [10, 40])
    assert_allclose(second[:, 1] * RUNS, [5, 20])


@pytest.mark.parametrize(("largest", "said"), [(80, True), (55, False)])
def test_figure_says_where_the_ring_reaches_posts(largest: int, said: bool) -> None:
    """A change that comes from posts standing inside from the start would be read as an effect of the radius."""
    points = [{"roe.zone_radius_km": radius} for radius in (0, largest)]
    drawn = probability.compose(read(results(points, {"strike_ground": [1, 2]})))[0]
    assert ("ring reaches posts" in texts(drawn)) is said
    assert ("checkpoint on the M2" in texts(drawn).replace("\n", " ")) is said


def test_incidence_ends_at_the_probability() -> None:
    """The curve and the table would give two chances of the same clash."""
    sample = read(results(RADII, STRIKES))
    days, curve = incidence.curve(sample, "strike_ground", 2)
    assert curve.share[-1, 0] == pytest.approx(40 / RUNS)
    assert (curve.share[days < 1, 0] == 0.0).all()
    assert (np.diff(curve.share[:, 0]) >= 0).all()
    assert (curve.low <= curve.share).all()
    assert (curve.share <= curve.high).all()


def test_incidence_shows_lowest_default_and_highest() -> None:
    """The historical zone would be missing from the picture it is to be compared in."""
    sample = read(results([{"roe.zone_radius_km": radius} for radius in (0, 20, 50, 70, 80)]))
    assert incidence.selected(sample) == [0, 2, 4]


def test_distributions_show_the_mean_with_its_interval() -> None:
    """Two settings would look different, or alike, by chance alone."""
    answered = results(RADII, STRIKES)
    answered.outcomes["killed_militia"] = answered.outcomes["strike_ground_count"] * 7
    sample = read(answered)
    killed = distributions.counted(sample, "killed")
    assert killed[sample.point == 1].mean() == pytest.approx(7 * 20 / RUNS)
    drawn = distributions.compose(sample)[0]
    bars = [bar for bar in drawn.axes[1].collections if bar.get_gid() == "mean-interval"]
    low, high = bars[1].get_segments()[0][:, 0]
    assert low < 7 * 20 / RUNS < high
    error = killed[sample.point == 1].std(ddof=1) / np.sqrt(RUNS)
    assert (high - low) / 2 == pytest.approx(2.0 * error, rel=0.01)


@pytest.mark.parametrize("compose", [compose for compose in charts.PICTURES.values() if compose != heat.compose])
def test_every_figure_names_its_source(compose: probability.compose.__class__) -> None:
    """A figure in a paper could not be traced to the runs behind it, nor its intervals understood."""
    words = texts(compose(read(results(RADII, STRIKES)))[0]).replace("\n", " ")
    assert "Source: by-hand" in words
    assert f"n = {RUNS}" in words
    assert "95 %" in words


def test_points_without_runs_stay_empty() -> None:
    """A point of an unfinished study would be drawn as if nothing had ever happened there."""
    answered = results(RADII, STRIKES)
    answered.outcomes = answered.outcomes[answered.outcomes["point"] != 1]
    sample = read(answered)
    chance = sample.chance("strike_ground")
    assert np.isnan(chance.estimate[1])
    assert not chance.none[1]
    for compose in charts.PICTURES.values():
        assert compose(sample) or compose == heat.compose


def test_figures_are_the_same_bytes_every_time(tmp_path: Path) -> None:
    """Nobody could tell a changed result from a changed time stamp."""
    sample = read(results(RADII, STRIKES))
    first, second = ([style.save(probability.compose(sample)[0], tmp_path / name)] for name in ("a", "b"))
    for one, other in zip(first[0], second[0], strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert b"<dc:date>" not in first[0][1].read_bytes()


def test_every_clash_has_its_own_look() -> None:
    """Two kinds of clash could not be told apart, in colour or in black and white."""
    looks = style.CLASHES.values()
    assert len({look.words for look in looks}) == len(looks)
    assert len({look.marker for look in looks}) == len(looks)
    assert len({(look.colour, str(look.line)) for look in looks}) == len(looks)
    assert set(style.CLASHES) <= set(results([{}]).outcomes.dtype.names)


def test_labels_beside_lines_do_not_overlap() -> None:
    """The names of two kinds of clash would be unreadable where their chances are alike."""
    pages = probability.compose(read(results(RADII, {key: [20, 30, 40, 40] for key in style.CLASHES})))
    for drawn, shown in zip(pages, style.PAGES, strict=True):
        names = {look.words for look in shown.values()}
        boxes = [text.get_window_extent() for axes in drawn.axes for text in axes.texts if text.get_text() in names]
        assert len(boxes) == len(names)
        assert not any(one.overlaps(other) for number, one in enumerate(boxes) for other in boxes[:number])
        assert all(drawn.bbox.x0 <= box.x0 and box.x1 <= drawn.bbox.x1 for box in boxes)


def test_every_kind_of_clash_is_drawn_once() -> None:
    """A kind of clash would be missing from the figures, or its mark would be drawn at numbers of its own."""
    sample = read(results(RADII, {key: [0, 20, 30, 40] for key in style.CLASHES}))
    for name in style.CLASHES:
        found = [points for drawn in probability.compose(sample) for points in marked(drawn, f"estimate-{name}")]
        assert len(found) == 1
        assert_allclose(found[0][:, 1] * RUNS, [20, 30, 40])


def test_labels_move_no_further_than_they_must() -> None:
    """A label would stand beside the line of another clash."""
    assert_allclose(labels.spread([0.1, 0.9], 0.1), [0.1, 0.9])
    assert_allclose(labels.spread([0.5, 0.5], 0.1), [0.45, 0.55])
    assert_allclose(labels.spread([0.0, 0.0, 1.0], 0.2), [0.0, 0.2, 1.0])
    assert_allclose(labels.spread([0.6, 0.2], 0.1), [0.6, 0.2])


def test_levers_are_named_with_their_unit() -> None:
    """A reader could take kilometres for miles, of which the record has both."""
    assert label("roe.zone_radius_km") == "zone radius (km)"
    assert label("line.dissuasion") == "dissuasion (probability)"
    assert label("leash.russian_control") == "Russian control (factor)"
    assert label("roe") == "rules of engagement"


def test_drawing_leaves_nothing_behind() -> None:
    """A notebook's own figures would change their look, and threads would draw into one another's."""
    asked = (
        "import sys, matplotlib\n"
        "def kept(): return [matplotlib.rcParams[key] for key in matplotlib.rcParams if key != 'backend']\n"
        "before = kept()\n"
        "from sim.view import charts, map, timeline\n"
        "from sim.view.sample import read\n"
        "from tests.fake_results import results\n"
        "with charts.style.sheet(): charts.probability.compose(read(results([{}])))\n"
        "print('matplotlib.pyplot' in sys.modules, kept() == before)"
    )
    root = Path(__file__).parents[1]
    said = subprocess.run([sys.executable, "-c", asked], cwd=root, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "True"]
