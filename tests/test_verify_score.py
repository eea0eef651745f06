"""The record as it is read and scored: known answers, and tables that cannot be used."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import fake_weeks
import numpy as np
import pytest

from experiments.__main__ import main
from sim.config.compose import compose
from sim.errors import BadInput
from sim.study import record, score
from sim.study.record import SCORED, SHIPPED, Record, last_day, read, record_of, within

HEADING = ",".join(record.columns())
GOOD = "V1,2017-06-20,Later strike,30,35,1,pro_regime_ground,strike,1,1,0,,,,high"


@pytest.fixture
def table(tmp_path: Path):
    """A function that writes a table of these lines and gives its path."""

    def write(*lines: str, heading: str = HEADING) -> Path:
        path = tmp_path / "later.csv"
        path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
        return path

    return write


def rows_with(strikes: list[int]) -> np.ndarray:
    """Runs in which only ground strikes happen, so many in each."""
    rows = fake_weeks.empty(len(strikes))
    rows["strike_ground_count"] = strikes
    return rows


def test_what_the_record_shows() -> None:
    """If this failed, the model would be held against other weeks than those of May and June 2017."""
    found = record_of(compose())
    assert found is not None
    assert dict(zip((scored.column for scored in SCORED), found.counts, strict=True)) == {
        "strike_ground_count": 3,
        "drone_shootdown_count": 1,
        "attack_on_coalition_count": 1,
        "us_russia_air_count": 0,
        "hezbollah_threat_count": 1,
        "airspace_met_count": 1,
        "partner_militia_count": 1,
    }
    assert (found.inside, found.outside) == (8, 2)  # 2016 and April 2017 lie before


def test_log_score_by_hand() -> None:
    """If this failed, the score would not be the logarithm of the probability that was given to what happened."""
    found = score.score(rows_with([3, 3, 3, 3, 0, 0, 0, 0, 0, 0]), Record((3, 0, 0, 0, 0, 0, 0), 3, 0, "by hand"))
    null = 0.0642614  # 1.2^3 e^-1.2 / 3! of the strikes, e^-0.05 of each of six things never seen
    assert found.hits == 4
    assert found.null.value == pytest.approx(math.log(null), abs=1e-5)
    assert found.joint.value == pytest.approx(math.log((4 + null) / 11), abs=1e-6)
    assert found.gain.value == pytest.approx(math.log((4 + null) / 11) - math.log(null), abs=1e-5)
    assert found.each[0] == pytest.approx((math.log((4 + 0.0867439) / 11), math.log(0.0867439)), abs=1e-5)
    assert found.joint.low < found.joint.value < found.joint.high


def test_what_no_history_shows_is_not_impossible() -> None:
    """If this failed, one unforeseen event would make every model infinitely wrong, or cost nothing."""
    found = score.score(rows_with([0] * 50 + [2] * 50), Record((3, 0, 0, 0, 0, 0, 0), 3, 0, "by hand"))
    assert found.hits == 0
    assert found.joint.value == pytest.approx(found.null.value - math.log(101))
    assert found.gain.value < 0


def test_whether_there_was_any() -> None:
    """If this failed, a record that tells of one raid would be held against runs with three."""
    rows = fake_weeks.empty(10)
    rows["partner_militia_count"] = [3, 2, 1, 0, 0, 0, 0, 0, 0, 0]
    found = score.score(rows, Record((0, 0, 0, 0, 0, 0, 1), 1, 0, "by hand"))
    assert found.hits == 3
    assert found.each[6][1] == pytest.approx(math.log(1 - math.exp(-0.6)))


def test_probabilities_sum_to_one() -> None:
    """If this failed, the score could be raised by giving away more than all probability."""
    rows = rows_with([0, 1, 1, 2, 5, 7])
    each = [score.score(rows, Record((k, 0, 0, 0, 0, 0, 0), 0, 0, "")).each[0] for k in range(40)]
    assert sum(math.exp(model) for model, _ in each) == pytest.approx(1.0)
    assert sum(math.exp(null) for _, null in each) == pytest.approx(1.0)


def test_dependence_is_rewarded() -> None:
    """If this failed, a model that knows what follows from what would score no better than its mean counts."""
    rows = fake_weeks.empty(400)
    rows["strike_ground_count"][:200], rows["attack_on_coalition_count"][:200] = 3, 1
    together = score.score(rows, Record((3, 0, 1, 0, 0, 0, 0), 4, 0, ""))
    assert together.joint.value == pytest.approx(math.log(0.5), abs=0.01)
    assert together.apart.value == pytest.approx(2 * math.log(0.5), abs=0.02)
    assert together.gain.low > 0


def test_score_intervals_hold_the_truth() -> None:
    """If this failed, a score from few histories would look surer than it is."""
    dice, held = np.random.default_rng(8), []
    true = math.log(0.25**1 * math.exp(-2.0) * 2.0**2 / 2)
    for _ in range(100):
        rows = rows_with(list(dice.poisson(2.0, 150)))
        rows["partner_militia_count"] = dice.random(150) < 0.25
        found = score.score(rows, Record((2, 0, 0, 0, 0, 0, 1), 3, 0, ""))
        held.append(found.joint.low <= true <= found.joint.high)
    assert np.mean(held) >= 0.93


def test_predictive_intervals() -> None:
    """If this failed, the range printed for a forecast would not be the range of the runs."""
    strikes = score.predicted(rows_with(list(range(100))))[0]
    assert strikes.quantiles == (2.0, 9.0, 49.0, 89.0, 97.0)
    assert (strikes.mean, strikes.any.events) == (49.5, 99)


def test_the_window() -> None:
    """If this failed, an incident of the first or last day would be scored in the wrong forecast."""
    assert last_day(date(2017, 5, 12), 28.0) == date(2017, 6, 8)
    assert last_day(date(2017, 5, 12), 27.5, start_hour=18.0) == date(2017, 6, 9)
    incidents = read(SHIPPED)
    assert within(incidents, date(2017, 5, 18), date(2017, 6, 6), "").counts[0] == 2
    assert within(incidents, date(2017, 5, 19), date(2017, 6, 5), "").counts[0] == 0


def test_days_that_nobody_recorded_are_not_scored() -> None:
    """If this failed, the end of the shipped table would be taken for a quiet summer."""
    assert record_of(compose("scenario.start_date=2017-06-09")) is None
    assert record_of(compose("scenario.horizon_days=29")) is None
    assert record_of(compose("scenario.start_date=2017-05-18", "scenario.horizon_days=22")) is not None


def test_a_later_table(table) -> None:
    """If this failed, a forecast could not be scored, or rows from other days would count."""
    path = table(
        GOOD,
        "V2,2017-06-01,Before,,,1,isis,strike,,,,,,,low",
        "",
        "V3,2017-06-21,,,,0,pro_regime_drone,shootdown,,,,,,,",
    )
    found = record_of(compose("scenario.start_date=2017-06-09", f"incidents={path}"))
    assert found == Record((1, 1, 0, 0, 0, 0, 0), 2, 1, "later.csv")


def test_columns_may_stand_in_any_order(table) -> None:
    """If this failed, a spreadsheet saved with moved columns would be read wrongly or refused."""
    heading, cells = HEADING.split(","), GOOD.split(",")
    path = table(",".join(cells[::-1]), heading=",".join(heading[::-1]))
    assert read(path) == [record.Incident(date(2017, 6, 20), "pro_regime_ground", "strike", True)]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (GOOD.replace("2017-06-20", "20 June"), "line 2: date must be written YYYY-MM-DD, not '20 June'"),
        (GOOD.replace("2017-06-20", "2017-06-31"), "line 2: date must be written YYYY-MM-DD"),
        (GOOD.replace("2017-06-20", "20170620"), "line 2: date must be written YYYY-MM-DD"),
        (GOOD.replace("ground,strike", "ground,strik"), "line 2: coalition_action must be one of"),
        (GOOD.replace("ground,strike", "ground,strik"), "did you mean strike?"),
        (GOOD.replace("pro_regime_ground", "assad"), "line 2: initiator must be one of"),
        (GOOD.replace(",35,1,", ",35,yes,"), "line 2: inside_zone must be one of 0, 1, nothing, not yes"),
        (GOOD + ",more", "line 2: 16 cells under 15 columns"),
        (f"{GOOD}\n{GOOD}", "line 3: the id V1 is there twice"),
        (GOOD.replace("V1", ""), "line 2: the id '' is missing"),
        (f'{GOOD}\nV2,"open', "line 3: not readable as CSV"),
    ],
)
def test_bad_rows(table, capsys: pytest.CaptureFixture, tmp_path: Path, monkeypatch, line: str, told: str) -> None:
    """If this failed, a slip in a table would silently change a score, or be hard to find."""
    monkeypatch.chdir(tmp_path)
    path = table(line)
    assert main(["verify", "scenario.start_date=2017-06-09", f"incidents={path}"]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert str(path) in error
    assert error.count("\n") == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["later.csv"]


def test_bad_headings(table, tmp_path: Path) -> None:
    """If this failed, a table of something else would be scored as incidents."""
    for heading, told in [
        (HEADING.replace("date,", ""), "line 1: the heading lacks date"),
        (HEADING.replace("initiator", "actor"), "lacks initiator and has unknown actor"),
        (f"{HEADING},id", "names a column twice"),
    ]:
        with pytest.raises(BadInput, match=told):
            read(table(GOOD, heading=heading))
    (tmp_path / "empty.csv").touch()
    with pytest.raises(BadInput, match="line 1: the heading lacks id"):
        read(tmp_path / "empty.csv")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """If this failed, a missing file or a spreadsheet would end in a traceback."""
    with pytest.raises(BadInput, match=r"nowhere.csv cannot be read: No such file"):
        read(tmp_path / "nowhere.csv")
    with pytest.raises(BadInput, match="cannot be read: Is a directory"):
        read(tmp_path)
    (tmp_path / "book.csv").write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(BadInput, match="is not text in UTF-8"):
        read(tmp_path / "book.csv")


def test_only_verify_reads_incidents(capsys: pytest.CaptureFixture) -> None:
    """If this failed, a sweep would seem to be held against a record that it never opens."""
    assert main(["sweep", "incidents=later.csv"]) == 2
    assert "incidents is read by `tanf verify` only, not by `tanf sweep`" in capsys.readouterr().err
