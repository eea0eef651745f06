"""The record: dated incidents from a table, and what of them a run can be scored against.

The shipped table ends on the evening of 8 June 2017.  A later table is the user's own, with the same columns.
"""

from __future__ import annotations

import csv
import io
import math
import pathlib
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from sim.config.check import nearest, shown
from sim.errors import BadInput

SHIPPED = pathlib.Path(__file__).parents[1] / "data" / "incidents.csv"
COVERED = date(2017, 5, 12), date(2017, 6, 8)  # the days of which the shipped table tells all that is scored
MOST_BYTES = 10_000_000
INITIATORS = (
    "pro_regime_ground",
    "pro_regime_static",
    "pro_regime_drone",
    "hezbollah",
    "regime_air",
    "russia_air",
    "opposition",
    "partner",
    "isis",
)
ACTIONS = (
    "none",
    "none_after_attack",
    "protest_only",
    "intercept_only",
    "strike",
    "strike_after_attack",
    "shootdown",
    "shootdown_after_release",
)
AFTER = ("_after_attack", "_after_release")  # the initiator had used force against the coalition


class Incident(NamedTuple):
    """A row of the table, as far as it is scored."""

    day: date
    initiator: str
    action: str  # of the coalition
    inside_zone: bool


class Scored(NamedTuple):
    """Something that is counted alike in the record and in a run."""

    words: str
    column: str  # of the outcomes: how often
    only_whether: bool  # the record tells of some, perhaps not of all
    counts: Callable[[Incident], bool]


def struck(one: Incident) -> bool:
    """A coalition strike on pro-regime ground forces."""
    return one.action.startswith("strike") and one.initiator.startswith(
        ("pro_regime_ground", "pro_regime_static", "hez")
    )


def shot_down(one: Incident) -> bool:
    """A pro-regime drone shot down."""
    return one.action.startswith("shootdown") and one.initiator == "pro_regime_drone"


def attacked(one: Incident) -> bool:
    """Force used against the coalition by the regime, its allies or Russia."""
    return one.action.endswith(AFTER) and one.initiator not in ("isis", "opposition", "partner")


def russian_fire(one: Incident) -> bool:
    """A weapon fired between coalition and Russian aircraft."""
    return one.initiator == "russia_air" and (
        one.action.startswith(("shootdown", "strike")) or one.action.endswith(AFTER)
    )


def threatened(one: Incident) -> bool:
    """A public threat by Hezbollah."""
    return one.initiator == "hezbollah" and one.action == "none"


def jets_met(one: Incident) -> bool:
    """Regime or Russian aircraft met in the zone's airspace."""
    return one.initiator in ("regime_air", "russia_air") and one.inside_zone and one.action != "none"


def raided(one: Incident) -> bool:
    """A raid of partner or opposition on pro-regime forces."""
    return one.initiator in ("opposition", "partner")


SCORED = (
    Scored("coalition strikes on ground forces", "strike_ground_count", False, struck),
    Scored("drones shot down", "drone_shootdown_count", False, shot_down),
    Scored("attacks on the coalition", "attack_on_coalition_count", False, attacked),
    Scored("US-Russian air combats", "us_russia_air_count", False, russian_fire),
    Scored("public threat by Hezbollah", "hezbollah_threat_count", True, threatened),
    Scored("jets met in the zone", "airspace_met_count", True, jets_met),
    Scored("ground fight of partner or opposition", "partner_militia_count", True, raided),
)


class Record(NamedTuple):
    """What the record says of a window: how often each scored thing, and how many of its rows lie elsewhere."""

    counts: tuple[int, ...]  # in the order of SCORED
    inside: int
    outside: int
    source: str


def last_day(start: date, horizon_days: float, start_hour: float = 0.0) -> date:
    """The last day of a window that a run covers, wholly or in part."""
    return start + timedelta(days=math.ceil(start_hour / 24.0 + horizon_days - 1e-9) - 1)


def record_of(config: Any) -> Record | None:
    """The record of the window of a configuration: from its table, else from the shipped one.

    None where the shipped table does not cover the window.  Raises `BadInput` for a table that cannot be used.
    """
    begin = date.fromisoformat(config.scenario.start_date)
    end = last_day(begin, config.scenario.horizon_days, config.scenario.start_hour)
    if config.incidents:
        return within(read(pathlib.Path(config.incidents)), begin, end, pathlib.Path(config.incidents).name)
    if COVERED[0] <= begin and end <= COVERED[1]:
        return within(read(SHIPPED), begin, end, SHIPPED.name)
    return None


def within(incidents: Sequence[Incident], begin: date, end: date, source: str) -> Record:
    """The record of the days from `begin` to `end`, both included."""
    inside = [one for one in incidents if begin <= one.day <= end]
    counts = tuple(sum(map(scored.counts, inside)) for scored in SCORED)
    return Record(counts, len(inside), len(incidents) - len(inside), source)


@cache
def columns() -> tuple[str, ...]:
    """The columns of the shipped table."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return tuple(next(csv.reader(file)))


def read(path: pathlib.Path) -> list[Incident]:
    """The incidents of a table; raises `BadInput` naming file and line."""
    rows = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    incidents: list[Incident] = []
    seen: set[str] = set()
    try:
        heading = next(rows, [])
        _refuse_other_columns(path, heading)
        for cells in rows:
            if cells:
                where = f"incidents={path}, line {rows.line_num}"
                incidents.append(_incident(where, heading, cells, seen))
    except csv.Error as error:
        raise BadInput(f"incidents={path}, line {rows.line_num}: not readable as CSV ({error})") from error
    return incidents


def _text(path: pathlib.Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(f"incidents={path} has more than {MOST_BYTES:,} bytes; a table of incidents is wanted")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"incidents={path} cannot be read: {error.strerror}; give a CSV file") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"incidents={path} is not text in UTF-8; save it as CSV in UTF-8") from error


def _refuse_other_columns(path: pathlib.Path, heading: Sequence[str]) -> None:
    if sorted(heading) == sorted(columns()):
        return
    missing = [name for name in columns() if name not in heading]
    unknown = [shown(name) for name in heading if name not in columns()]
    told = [f"lacks {', '.join(missing)}"] * bool(missing) + [f"has unknown {', '.join(unknown)}"] * bool(unknown)
    wrong = " and ".join(told) or "names a column twice"
    raise BadInput(f"incidents={path}, line 1: the heading {wrong}; its columns are {','.join(columns())}")


def _incident(where: str, heading: Sequence[str], cells: Sequence[str], seen: set[str]) -> Incident:
    if len(cells) != len(heading):
        raise BadInput(f"{where}: {len(cells)} cells under {len(heading)} columns")
    row = {name: cell.strip() for name, cell in zip(heading, cells, strict=True)}
    if not row["id"] or row["id"] in seen:
        raise BadInput(f"{where}: the id {shown(row['id'])} is {'there twice' if row['id'] else 'missing'}")
    seen.add(row["id"])
    return Incident(
        day=_day(where, row["date"]),
        initiator=_known(where, "initiator", row["initiator"], INITIATORS),
        action=_known(where, "coalition_action", row["coalition_action"], ACTIONS),
        inside_zone=_known(where, "inside_zone", row["inside_zone"], ("0", "1", "")) == "1",
    )


def _day(where: str, given: str) -> date:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = None
    if day is None or day.isoformat() != given:
        raise BadInput(f"{where}: date must be written YYYY-MM-DD, not {shown(given)}")
    return day


def _known(where: str, column: str, given: str, words: Sequence[str]) -> str:
    """A word of a column whose words are scored: a misspelt one would silently not count."""
    if given in words:
        return given
    close = nearest(given, words)
    hint = f"did you mean {close}? " if close else ""
    allowed = ", ".join(word or "nothing" for word in words)
    raise BadInput(f"{where}: {column} must be one of {allowed}, not {shown(given)}; {hint}".rstrip("; "))
