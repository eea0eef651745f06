"""Whatever cannot be used is refused with one sentence, before anything is run or written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from experiments.__main__ import main
from sim.config.compose import compose, expand, split
from sim.errors import BadInput

RADIUS = "roe.zone_radius_km"
KM = "0 to 100 (km)"
SEED = "0 to 18,446,744,073,709,551,615"

# the overrides, and what the sentence must name: the key, what was given, what is allowed or nearest
BAD = [
    ("radius=5", ["radius", RADIUS, KM]),
    ("zone_radius=40", ["zone_radius", RADIUS]),
    ("roe.delay_mins=3", ["roe.delay_mins", "roe.flight_delay_min", "1 to 60 (min)"]),
    ("+roe.delay_mins=3", ["roe.delay_mins", "roe.flight_delay_min"]),
    ("++roe.delay_mins=3", ["roe.delay_mins", "roe.flight_delay_min"]),
    ("replication=5", ["replication", "replications"]),
    ("experment=zone_radius", ["experment", "experiment", "zone_radius"]),
    (f"+{RADIUS}=4", [RADIUS, KM]),
    ("~roe", ["~roe", "restrictive"]),
    (f"~{RADIUS}", [RADIUS, KM]),
    ("roe@line=restrictive", ["roe@line", "roe", "restrictive"]),
    ("environment=wet", ["environment", "environment.isis_days"]),
    ("roe", ["roe", "key=value"]),
    ("", ["''", "key=value"]),
    ("=3", ["=3"]),
    (f"{RADIUS}=nan", [RADIUS, "nan", KM]),
    (f"{RADIUS}=inf", [RADIUS, "inf", KM]),
    (f"{RADIUS}=-inf", [RADIUS, "-inf", KM]),
    (f"{RADIUS}=.inf", [RADIUS, ".inf", KM]),
    (f"{RADIUS}=1e400", [RADIUS, "1e400", KM]),
    ("step_min=1e-400", ["step_min", "1e-400", "1 to 15 (min)"]),
    ("step_min=0", ["step_min", "0", "1 to 15 (min)"]),
    ("step_min=11", ["step_min", "11", "scenario.horizon_days", "10 and 12"]),
    (f"{RADIUS}=-1", [RADIUS, "-1", KM]),
    (f"{RADIUS}=55000", [RADIUS, "55000", KM]),
    (f"{RADIUS}=true", [RADIUS, "true", KM]),
    (f"{RADIUS}=wide", [RADIUS, "wide", KM]),
    (f"{RADIUS}='40'", [RADIUS, "'40'", KM]),
    (f"{RADIUS}=010", [RADIUS, "010", KM]),
    (f"{RADIUS}=0x10", [RADIUS, "0x10", KM]),
    (f"{RADIUS}=1_0", [RADIUS, "1_0", "write 10"]),
    (f"{RADIUS}=12:30:45", [RADIUS, "12:30:45", KM]),
    (f"{RADIUS}=null", [RADIUS, "null", KM]),
    (f"{RADIUS}=", [RADIUS, "no value", KM]),
    (f"{RADIUS}=???", [RADIUS, "no value", KM]),
    (f"{RADIUS}=[1,2", [RADIUS, "unclosed bracket", "[1,2", KM]),
    (f"{RADIUS}=[1,2]", [RADIUS, "[1,2]", KM]),
    (f"{RADIUS}={{a:1}}", [RADIUS, "{a:1}", KM]),
    (f"{RADIUS}='40", [RADIUS, "unclosed quote", KM]),
    (f"{RADIUS}=40;ls", [RADIUS, "40;ls", KM]),
    (f"{RADIUS}=f(1)", [RADIUS, "f(1)", KM]),
    (f"{RADIUS}=" + "[" * 2000, [RADIUS, "unclosed bracket", KM]),
    (f"{RADIUS}=" + "9" * 3000, [RADIUS, KM]),
    (f"{RADIUS}=" + "9" * 5000, ["4000 characters"]),
    (f"{RADIUS}=${{line.dissuasion}}", [RADIUS, "${line.dissuasion}", KM]),
    (f"{RADIUS}=${{oc.env:HOME}}", [RADIUS, "${oc.env:HOME}", KM]),
    ("line.dissuasion=1.7", ["line.dissuasion", "1.7", "0 to 1 (probability)"]),
    ("line.dissuasion=-0.1", ["line.dissuasion", "-0.1", "0 to 1 (probability)"]),
    ("scenario.strike_flights=1.5", ["scenario.strike_flights", "1.5", "whole number", "0 to 8 (flights)"]),
    ("scenario.strike_flights=-5", ["scenario.strike_flights", "-5", "0 to 8 (flights)"]),
    ("scenario.strike_flights=true", ["scenario.strike_flights", "true", "0 to 8 (flights)"]),
    ("replications=0", ["replications", "0", "1 to 1,000,000,000"]),
    ("replications=1e3", ["replications", "1e3", "whole number"]),
    ("replications=10000000000", ["replications", "10000000000", "1,000,000,000"]),
    ("seed=-1", ["seed", "-1", SEED]),
    ("seed=1.5", ["seed", "1.5", SEED]),
    ("seed=abc", ["seed", "abc", SEED]),
    ("seed=null", ["seed", "null", SEED]),
    ("seed=18446744073709551616", ["seed", "18446744073709551616", SEED]),
    ("seed=1,2", ["seed", "1,2", "one value"]),
    ("threads=0", ["threads", "0", "1 to"]),
    ("threads=1024", ["threads", "1024", "cores"]),
    ("threads=all", ["threads", "all", "whole number"]),
    ("roe.line_call=yes", ["roe.line_call", "yes", "true or false"]),
    ("roe.line_call=1", ["roe.line_call", "1", "true or false"]),
    ("figures=no", ["figures", "no", "true or false"]),
    ("roe=baselin", ["roe", "baselin", "baseline_2017"]),
    ("roe=null", ["roe", "null", "baseline_2017"]),
    ("roe=", ["roe", "no value", "baseline_2017"]),
    ("theory=detterence", ["theory", "detterence", "did you mean deterrence"]),
    ("scenario=may", ["scenario", "may", "may_june_2017"]),
    ("experiment=zone", ["experiment", "zone", "zone_radius"]),
    ("experiment=../../x", ["experiment", "../../x", "zone_radius"]),
    ("experiment=zone_radius,line", ["experiment", "zone_radius,line", "-m"]),
    ("axes=[a]", ["axes", "axes=[a]", "roe.zone_radius_km=0,20,40"]),
    ("name=../../x", ["name", "../../x", "A-Z"]),
    ("name=\x1b[31m", ["name", r"\x1b", "A-Z"]),
    ("out=a\nb", ["out", r"a\nb", "one line"]),
    ("scenario.start_date=2017-02-30", ["scenario.start_date", "2017-02-30", "YYYY-MM-DD"]),
    ("scenario.strikes_before_days=21/long", ["scenario.strikes_before_days", "21/long", "0 to 365 days"]),
    ("scenario.strikes_before_days=21/nan", ["scenario.strikes_before_days", "21/nan", "21/2.5/0.5"]),
    ("scenario.strikes_before_days=-1", ["scenario.strikes_before_days", "-1", "0 to 365 days"]),
    ("scenario.stop_after=us_russia", ["scenario.stop_after", "us_russia", "us_russia_air", "tanf list outcomes"]),
    ("scenario.start_date=2017-6-8", ["scenario.start_date", "2017-6-8", "YYYY-MM-DD"]),
    (f"{RADIUS}=range(5,1)", [RADIUS, "range(5,1)", "nothing to run", KM]),
    (f"{RADIUS}=range(0,0)", [RADIUS, "range(0,0)", KM]),
    (f"{RADIUS}=choice()", [RADIUS, "choice()", KM]),
    (f"{RADIUS}=range(0,1e9)", [RADIUS, "range(0,1e9)"]),
    (f"{RADIUS}=0,20,nan", [RADIUS, "nan", KM]),
    (f"{RADIUS}=0,200", [RADIUS, "200", KM]),
    (f"{RADIUS}=1,2,1.0", [RADIUS, "1 twice", "1,2,1.0"]),
    (f"{RADIUS}=1,", [RADIUS, "comma", KM]),
    (f"{RADIUS}=glob(*)", [RADIUS, "glob(*)", KM]),
    (f"{RADIUS}=interval(20,10)", [RADIUS, "interval(20,10)", "low below high"]),
    (f"{RADIUS}=interval(0,900)", [RADIUS, "interval(0,900)", KM]),
    (f"{RADIUS}=interval(0)", [RADIUS, "interval(low,high)", KM]),
    ("roe.line_call=interval(0,1)", ["roe.line_call", "true or false", "intervals are of numbers"]),
    ("roe=interval(0,1)", ["roe", "baseline_2017", "intervals are of numbers"]),
    ("design=crosed", ["design", "crossed, one_at_a_time, listed", "crosed"]),
    ("sampling=random", ["sampling", "sobol, latin_hypercube", "random"]),
    ("samples=0", ["samples", "1 to 100,000", "0"]),
    ("points=/nowhere.csv", ["points=/nowhere.csv", "No such file"]),
    (f"{RADIUS}=0,20 roe=baseline_2017,restrictive,denial design=listed", ["listed", "give as many"]),
    (f"{RADIUS}=shuffle(1,2)", [RADIUS, "shuffle(1,2)", KM]),
    ("roe=glob(x*)", ["roe", "glob(x*)", "baseline_2017"]),
    ("roe=restrictive,restrictive", ["roe", "restrictive twice"]),
    ("roe=restrictive,permisive", ["roe", "permisive", "did you mean permissive"]),
    (f"{RADIUS}=40 {RADIUS}=50", [RADIUS, "twice", "40", "50"]),
    (f"{RADIUS}=40 {RADIUS}=0,50", [RADIUS, "twice", "40", "0,50"]),
    ("roe=permissive roe=restrictive", ["roe", "twice", "permissive", "restrictive"]),
    (f"{RADIUS}=range(0,100,0.01) line.dissuasion=range(0,1,0.01)", [RADIUS, "line.dissuasion", "1,000,000 points"]),
    (f"replications=1000000000 {RADIUS}=1,2", ["replications", "2,000,000,000", "1,000,000,000"]),
    (
        "command.probe_share=0 command.push_share=0 command.fortify_share=0 command.bypass_share=0",
        ["command.probe_share", "command.push_share", "command.fortify_share", "command.bypass_share"],
    ),
    ("_target_=os.system", ["_target_", "tanf list parameters"]),
    ("roe._target_=os.system", ["roe._target_", "tanf list parameters"]),
    ("++_target_=os.system", ["_target_", "tanf list parameters"]),
    ("hy" + "dra.run.dir=/x", [".run.dir", "tanf list parameters"]),
    ("+hy" + "dra.callbacks.x=1", [".callbacks.x", "tanf list parameters"]),
    ("hy" + "dra/launcher=x", ["/launcher", "tanf list parameters"]),
    ("--config-dir=/x", ["--config-dir", "fixed"]),
    ("--config-name", ["--config-name", "fixed"]),
    ("--config-path=/x", ["--config-path", "fixed"]),
    ("-cd", ["-cd", "fixed"]),
]
ONLY_AT_THE_DOOR = [
    ("--fast", ["--fast", "--cfg"]),
    ("--hellp", ["--hellp", "did you mean --help"]),
    ("--help=x", ["--help"]),
    ("--cfg hydra", ["--cfg", "'hydra'", "job"]),
    ("--cfg", ["--cfg", "job"]),
    ("-x", ["-x", "--multirun"]),
]


def is_one_good_sentence(told: str, named: list[str]) -> bool:
    """One line that names everything it should, in words of this project."""
    assert [name for name in named if name not in told] == [], told
    assert "\n" not in told
    assert len(told) < 400
    leaked = re.search(r"hydra(?![./]\w)|omegaconf|antlr|traceback|error:", told.replace("'hydra'", ""), re.IGNORECASE)
    return leaked is None


def points_of(overrides: list[str]) -> list[list[str]]:
    """The points of a question, as a sweep finds them."""
    plain, axes = split(overrides)
    return expand(compose(*plain, axes=axes).axes)


def words(given: str) -> list[str]:
    """Several overrides are parted by a blank before a name and an equals sign."""
    return re.split(r" (?=[\w.]+=)", given)


@pytest.mark.parametrize(("given", "named"), BAD)
def test_compose_refuses(given: str, named: list[str]) -> None:
    """A notebook would simulate something that nobody asked for, or show the insides of a library."""
    with pytest.raises(BadInput) as refusal:
        points_of(words(given))
    assert is_one_good_sentence(str(refusal.value), named)


@pytest.fixture
def nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and verbs that must not be reached."""

    def reached(arguments: list[str]) -> int:
        raise AssertionError(f"the command was called with {arguments}")

    for verb in ("sweep", "run", "bench"):
        monkeypatch.setitem(sys.modules, f"experiments.{verb}", SimpleNamespace(main=reached))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("given", "named"), BAD + ONLY_AT_THE_DOOR)
def test_front_door_refuses(nothing_runs: Path, capsys: pytest.CaptureFixture, given: str, named: list[str]) -> None:
    """A mistyped command would cost hours, leave litter, or end in a page of internals."""
    arguments = given.split() if given.startswith("--cfg") else words(given)
    assert main(["sweep", *arguments]) == 2
    out, told = capsys.readouterr()
    assert out == ""
    assert told.startswith("tanf: ")
    assert is_one_good_sentence(told.removesuffix("\n"), named)
    assert list(nothing_runs.iterdir()) == []


@pytest.mark.parametrize("verb", ["run", "bench"])
def test_other_verbs_refuse_too(nothing_runs: Path, capsys: pytest.CaptureFixture, verb: str) -> None:
    """Only the sweep would be guarded."""
    assert main([verb, "radius=5"]) == 2
    assert main([verb, "roe=permissive,restrictive"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2
    assert "tanf sweep" in told[1]


def test_bad_input_is_answered_at_once(tmp_path: Path) -> None:
    """A slip of the finger would first load a compiler and a plotting library."""
    heavy = ("numba", "mesa", "matplotlib", "pyarrow", "scipy")
    asked = (
        "import sys; from experiments.__main__ import main; "
        f"print(main(['sweep', 'roe=baselin']), [name for name in {heavy} if name in sys.modules])"
    )
    root = Path(__file__).parents[1]
    begin = time.monotonic()
    answer = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert time.monotonic() - begin < 5  # 0.6 s on an idle machine
    assert answer.stdout.strip() == "2 []"
    assert list(tmp_path.iterdir()) == []
