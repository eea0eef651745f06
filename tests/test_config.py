"""The configuration: files, overrides and axes make exactly the question that was asked."""

from __future__ import annotations

import dataclasses
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.config import compose as composing
from sim.config import places
from sim.config.check import POOLS, check, check_values
from sim.config.compose import as_yaml, compose, expand, split
from sim.config.places import groups, opening, options
from sim.config.settings import Attribute, Config, Dask, Declared, Rare, Until, declared, put, value_of
from sim.errors import BadInput
from sim.rules.names import UNITS

NUMBERS = [entry for entry in declared().values() if entry.low is not None]
PRESETS = [(group, option) for group in groups() for option in options(group)]


@pytest.fixture
def own_conf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of conf that a test may spoil."""
    shutil.copytree(places.conf_folder(), tmp_path / "conf")
    monkeypatch.setattr(places, "ROOT", tmp_path)
    for kept in (places.conf_folder, places.groups, composing._from_files):
        kept.cache_clear()
    yield tmp_path / "conf"
    for kept in (places.conf_folder, places.groups, composing._from_files):
        kept.cache_clear()


def test_defaults_are_the_declared_ones() -> None:
    """The files would silently answer another question than the one that is documented."""
    assert compose() == Config()


@pytest.mark.parametrize(("group", "option"), PRESETS)
def test_every_preset_composes(group: str, option: str) -> None:
    """A preset that is offered would fail when somebody chooses it."""
    config = compose(f"{group}={option}")
    check(config)
    assert (config if group == "experiment" else value_of(config, group)).name == option


@pytest.mark.parametrize(("group", "option"), PRESETS)
def test_presets_state_only_differences(group: str, option: str) -> None:
    """A default would stand in two places, and a change of one of them would go unnoticed."""
    stated = yaml.safe_load((places.conf_folder() / group / f"{option}.yaml").read_text(encoding="utf-8"))
    prefix = "" if group == "experiment" else f"{group}."
    settings = {prefix + key: value for key, value in stated.items() if key != "name"}
    settings.pop("replications", None)  # an experiment says how many runs it takes, come what may
    assert [key for key, value in settings.items() if value == declared()[key].default] == []


@pytest.mark.parametrize(("group", "option"), PRESETS)
def test_presets_say_what_they_are(group: str, option: str) -> None:
    """A reader of `tanf list` could not tell what a preset stands for, nor how to run an experiment."""
    told = opening(group, option)
    assert told
    assert group != "experiment" or told[0] == f"tanf sweep experiment={option}"


@pytest.mark.parametrize(("experiment", "points"), [("baseline", 1), ("zone_radius", 9), ("warnings", 8), ("line", 20)])
def test_experiments_ask_what_they_say(experiment: str, points: int) -> None:
    """An experiment would leave out a part of its question."""
    config = compose(f"experiment={experiment}")
    assert len(expand(config.axes)) == points
    assert config.question.endswith("?")


def test_zone_radius_runs_from_no_zone_to_80_km() -> None:
    """The main figure would miss the radius without a zone, or the widest one."""
    radii = [compose(*point).roe.zone_radius_km for point in expand(compose("experiment=zone_radius").axes)]
    assert radii == [0, 10, 20, 30, 40, 50, 60, 70, 80]


def test_presets_mean_what_the_model_says() -> None:
    """A researcher would compare rules and theories that differ from the documented ones."""
    assert not compose("roe=self_defence_only").roe.strike_on_intent
    assert not compose("scenario=line_suspended").scenario.line_open
    usual, patient, quick = (compose(f"roe={name}").roe for name in ("baseline_2017", "restrictive", "permissive"))
    for window in ("call_window_min", "show_window_min", "shots_window_min"):
        assert getattr(patient, window) == 2 * getattr(usual, window) == 4 * getattr(quick, window)
    assert (patient.threshold, quick.threshold) == (1.5, 0.8)
    betas = {name: compose(f"theory={name}").theory for name in options("theory")}
    assert {name: (theory.beta_fear, theory.beta_anger) for name, theory in betas.items()} == {
        "deterrence": (1.4, 0.0), "spiral": (0.2, 1.0), "mixed": (0.7, 0.2), "credibility": (0.7, 0.2),
        "entrapment": (0.7, 0.2), "accident": (0.0, 0.0), "null": (0.0, 0.0),
    }  # fmt: skip
    assert {name for name, theory in betas.items() if not theory.memory} == {"accident", "null"}


def test_a_value_beats_the_preset_whatever_the_order() -> None:
    """What somebody typed would be lost to a file."""
    for overrides in (["roe=restrictive", "roe.threshold=2"], ["roe.threshold=2", "roe=restrictive"]):
        roe = compose(*overrides).roe
        assert (roe.name, roe.threshold, roe.call_window_min) == ("restrictive", 2.0, 240.0)


def test_an_experiment_beats_the_defaults(own_conf: Path) -> None:
    """An experiment could not set anything that config.yaml or a preset has set before it."""
    written = "# @package _global_\ndefaults:\n  - override /roe: restrictive\nname: long\nroe: {threshold: 2.5}\n"
    (own_conf / "experiment" / "long.yaml").write_text(written)
    config = compose("experiment=long")
    assert (config.roe.name, config.roe.threshold, config.name) == ("restrictive", 2.5, "long")


def test_a_copy_is_given_out() -> None:
    """Changing one configuration would change the next one of the same choices."""
    compose("roe=permissive").roe.threshold = 4.0
    assert compose("roe=permissive").roe.threshold == 0.8


@pytest.mark.parametrize("override", [40, None, ("roe", "restrictive")])
def test_an_override_is_a_text(override: object) -> None:
    """A notebook would end deep inside for a forgotten pair of quotes."""
    with pytest.raises(BadInput, match=re.escape("'roe.zone_radius_km=40'")):
        compose(override)  # type: ignore[arg-type]


def test_an_edited_file_is_read_again(own_conf: Path) -> None:
    """In a notebook, an edited preset would have no effect until the kernel is started again."""
    compose("roe=permissive")
    file = own_conf / "roe" / "permissive.yaml"
    file.write_text(file.read_text().replace("threshold: 0.8", "threshold: 0.9"))
    assert compose("roe=permissive").roe.threshold == 0.9


@pytest.mark.parametrize(
    ("axis", "values"),
    [
        ("roe.zone_radius_km=0,20,40", ["0", "20", "40"]),
        ("roe.zone_radius_km=range(0,60,20)", ["0", "20", "40"]),
        ("line.dissuasion=range(0,0.4,0.1)", ["0", "0.1", "0.2", "0.3"]),
        ("roe.zone_radius_km=choice(5,2.5)", ["5", "2.5"]),
        ("roe.line_call=true,false", ["true", "false"]),
        ("scenario.strike_flights=1,2", ["1", "2"]),
        ("roe=restrictive,permissive", ["restrictive", "permissive"]),
        ("theory=glob(*i*)", ["accident", "credibility", "mixed", "spiral"]),
    ],
)
def test_axes(axis: str, values: list[str]) -> None:
    """A sweep would visit other points than those named, or write them so that they read differently."""
    plain, axes = split(["seed=7", axis])
    assert (plain, axes) == (["seed=7"], [axis])
    key = axis.partition("=")[0]
    assert expand(axes) == [[f"{key}={value}"] for value in values]


def test_grid_varies_the_last_axis_fastest() -> None:
    """Point numbers would mean other points than the documentation says."""
    assert expand(["roe.line_call=true,false", "theory=mixed,spiral"]) == [
        ["roe.line_call=true", "theory=mixed"],
        ["roe.line_call=true", "theory=spiral"],
        ["roe.line_call=false", "theory=mixed"],
        ["roe.line_call=false", "theory=spiral"],
    ]
    assert expand([]) == [[]]


def test_the_users_axis_replaces_the_files() -> None:
    """A sweep would cross the axis somebody typed with the file's on the same key, or ignore it."""
    config = compose("experiment=line", axes=["line.dissuasion=0.3,1", "theory=mixed,spiral"])
    assert config.axes == ["line.dissuasion=0.3,1", "leash.russian_control=0,0.5,1,1.5", "theory=mixed,spiral"]
    assert compose("experiment=zone_radius", "roe.zone_radius_km=40").axes == []


@given(st.sampled_from(NUMBERS), st.data())
def test_whatever_is_allowed_is_taken(entry: Declared, data: st.DataObject) -> None:
    """A value inside the documented range would be refused or changed on its way."""
    assert entry.low is not None
    assert entry.high is not None
    draw = st.integers(int(entry.low), int(entry.high)) if entry.kind is int else st.floats(entry.low, entry.high)
    value = data.draw(draw)
    config = Config()
    put(config, entry.key, value)
    check_values(config, lambda key: key)
    [[text]] = expand([f"{entry.key}=choice({value})"])
    read = composing.read(text).values[0]
    assert read == value
    assert type(read) is entry.kind


@given(st.sampled_from(NUMBERS), st.floats(0.01, 1e6))
def test_whatever_is_not_allowed_is_refused(entry: Declared, beyond: float) -> None:
    """A value outside the documented range would be simulated."""
    for value in (entry.high + beyond, entry.low - beyond, float("nan"), float("inf"), True):  # type: ignore[operator]
        config = Config()
        put(config, entry.key, value)
        with pytest.raises(BadInput, match=re.escape(entry.key)):
            check_values(config, lambda key: key)


def test_declarations_are_complete() -> None:
    """The parameter table would lack a unit, a range, a source or a meaning."""
    for entry in declared().values():
        assert entry.about
        assert entry.unit or entry.key == "seed"
        assert entry.source or entry.kind is str or not entry.of_the_model
        if entry.low is not None:
            assert entry.default is None or entry.low <= entry.default <= entry.high


def test_no_setting_is_hidden() -> None:
    """A field of the configuration would have no declaration, so nobody would check it."""
    flat = {f.name for f in dataclasses.fields(Config) if f.metadata}
    groups = {"until": Until, "rare": Rare, "attribute": Attribute, "dask": Dask}
    flat |= {f"{name}.{f.name}" for name, group in groups.items() for f in dataclasses.fields(group)}
    assert flat == {key for key, entry in declared().items() if entry.key == "step_min" or not entry.of_the_model}


def test_largest_order_of_battle_fits() -> None:
    """A scenario within all ranges would overflow the table of units."""
    numbers = [entry for entry in declared().values() if entry.key.startswith("scenario.") and entry.kind is int]
    counts = [entry for entry in numbers if entry.unit != "fighters"]
    config = Config()
    for count in counts:
        put(config, count.key, count.high)
    check(config)
    assert {count.key.removeprefix("scenario.") for count in counts} == set(POOLS)
    assert 2 + sum(value_of(config, count.key) for count in counts) <= UNITS


def test_yaml_of_a_configuration_reads_back() -> None:
    """`--cfg job` would show something else than what is run."""
    config = compose("roe=restrictive", "seed=18446744073709551615", "out=some where")
    assert yaml.safe_load(as_yaml(config)) == dataclasses.asdict(config)


FILE = [  # what somebody writes into conf/roe/restrictive.yaml, and what the sentence must name
    ("radius: 5", ["roe.radius", "conf/roe/restrictive.yaml", "roe.zone_radius_km"]),
    ("threshold: high", ["roe.threshold", "high", "0.1 to 5", "conf/roe/restrictive.yaml"]),
    ("threshold: 50", ["roe.threshold", "50", "0.1 to 5", "conf/roe/restrictive.yaml"]),
    ("threshold: .nan", ["roe.threshold", "nan", "conf/roe/restrictive.yaml"]),
    ("threshold: ${roe.window_sd}", ["roe.threshold", "${roe.window_sd}"]),
    ("threshold: ${oc.env:HOME}", ["roe.threshold", "${oc.env:HOME}"]),
    ("_target_: os.system", ["_target_", "conf/roe/restrictive.yaml"]),
    ("threshold: 2\nthreshold: 3", ["conf/roe/restrictive.yaml", "line 2", "threshold"]),
    ("threshold:\n\t- 2", ["conf/roe/restrictive.yaml", "line 2"]),
    ("threshold: !!python/object/apply:os.getcwd []", ["conf/roe/restrictive.yaml", "line 1"]),
    ("- 1\n- 2", ["conf/roe/restrictive.yaml"]),
    ("defaults:\n  - nowhere", ["conf/roe/restrictive.yaml"]),
    ("[1, 2", ["conf/roe/restrictive.yaml"]),
]


@pytest.mark.parametrize(("written", "named"), FILE)
def test_a_spoilt_file_is_named(own_conf: Path, written: str, named: list[str]) -> None:
    """Somebody who edits a preset would be left with the inner workings of a library."""
    (own_conf / "roe" / "restrictive.yaml").write_text(written)
    with pytest.raises(BadInput) as refusal:
        compose("roe=restrictive")
    told = str(refusal.value)
    assert [name for name in named if name not in told] == []
    assert not re.search(r"hydra|omegaconf|\n|Traceback", told, re.IGNORECASE)


def test_spoilt_axes_of_a_file_are_named(own_conf: Path) -> None:
    """An experiment would sweep over something that does not exist, or over nothing."""
    file = own_conf / "experiment" / "mine.yaml"
    file.write_text('# @package _global_\nname: mine\naxes: ["roe.radius=0,1"]\n')
    with pytest.raises(BadInput, match=r"roe\.radius.*experiment mine.*roe\.zone_radius_km"):
        compose("experiment=mine")
