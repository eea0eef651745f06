"""The files of one run: the page, its tracks as tables and maps for other programs, the film; and where they may go."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sim.config.check import shown
from sim.errors import BadInput, DamagedResults
from sim.results.storage import atomic_write, writable
from sim.rules.names import Act, Posture
from sim.run.causes import Chronicle
from sim.run.film import Film, changes, film, log_sha256
from sim.run.words import named
from sim.study.summary import harmless
from sim.view.replay_page import MADE_BY, outings, page

FORMATS = ("html", "gif", "mp4", "csv", "geojson")
COLUMNS = (
    *("unit", "kind", "side", "outing", "minute_min", "local_time"),
    *("x_km_east", "y_km_north", "latitude_deg", "longitude_deg", "posture", "inside_zone"),
)
LOOKED_AT = 8192  # bytes at either end of a file, in which ours name their maker
SIGNATURES = {  # what tells a file of ours; a table has no room for its maker's name, but its columns are ours alone
    "html": f'<meta name="generator" content="{MADE_BY}">'.encode(),
    "gif": MADE_BY.encode(),
    "mp4": MADE_BY.encode(),
    "csv": ",".join(COLUMNS).encode(),
    "geojson": f'{{"type":"FeatureCollection","generator":"{MADE_BY}"'.encode(),
}


def wanted(folder: Path, run: str, settings: Sequence[str]) -> dict[str, Path]:
    """The files asked for, format -> path, from `out=FILE` and `format=html,gif`; by default one page in this folder.

    Raises `BadInput` for a format that is not offered, and for a place that is a results folder, holds a file of
    somebody else, or cannot be written.
    """
    given = _settings(settings)
    out = Path(given.get("out", f"replay-{run.replace(':', '-')}.html"))
    ending = out.suffix.removeprefix(".")
    if ending not in FORMATS:
        raise BadInput(f"out={shown(str(out))} must be a file whose name ends in .html, such as out=run.html")
    forms = list(dict.fromkeys(given.get("format", ending if "out" in given else "html").split(",")))
    for form in forms:
        _refuse_format(form)
    if "out" in given and ending not in forms:
        raise BadInput(f"out={shown(str(out))} is none of format={','.join(forms)}; give it one of these endings")
    files = {form: out.with_suffix(f".{form}") for form in forms}
    for form, path in files.items():
        _refuse_place(folder, form, path)
    return files


def _settings(words: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        key, _, value = word.partition("=")
        if key not in ("out", "format"):
            raise BadInput(f"`tanf replay` takes out=FILE and format={','.join(FORMATS)}, not {shown(word)}")
        if key in found:
            raise BadInput(f"{key} is given twice; give it once")
        found[key] = value
    return found


def _refuse_format(form: str) -> None:
    if form not in FORMATS:
        raise BadInput(f"format={shown(form)} is not offered; give any of {', '.join(FORMATS)}, as in format=html,gif")
    if form == "mp4" and shutil.which("ffmpeg") is None:
        raise BadInput("format=mp4 needs the program ffmpeg, which is not installed here; format=gif needs none")


def _refuse_place(folder: Path, form: str, path: Path) -> None:
    home = folder.resolve()
    if home in path.resolve().parents:
        raise BadInput(f"{shown(str(path))} lies in the results folder {folder}, which stays as it is; give out=FILE")
    writable(str(path), f".{form}")
    if path.is_symlink() or path.is_dir() or (path.exists() and not is_ours(form, path)):
        raise BadInput(f"{shown(str(path))} is there, and `tanf replay` did not make it; give another out=FILE")


def is_ours(form: str, path: Path) -> bool:
    """Whether a file is one that this command made, by the name of its maker or its first line."""
    sign = SIGNATURES[form]
    with path.open("rb") as file:
        head = file.read(LOOKED_AT)
        file.seek(max(0, path.stat().st_size - LOOKED_AT))
        return sign in head or sign in file.read()


def show(story: Any, which: str, files: dict[str, Path]) -> None:
    """Film the run of a `sim.run.story.Story` and make its files.

    Raises `DamagedResults` where the film is of another run than the story, `StorageError` where a file cannot be
    written.
    """
    shot = film(story.scenario, seed=story.seed, replication=story.replication, luck=story.luck)
    if shot.log_sha256 != log_sha256(story.events):
        raise DamagedResults(f"{which} takes another course step by step; please report it")
    write(shot, which, files)


def write(shot: Film, which: str, files: dict[str, Path]) -> None:
    """Make the files of a run; `which` names it.  Raises `StorageError` where one cannot be written."""
    which = which.encode(errors="replace").decode()  # a folder's name may hold bytes that are no text
    for form, path in files.items():
        atomic_write(path, made(shot, which, form))


def made(shot: Film, which: str, form: str) -> bytes:
    """A file's bytes."""
    if form == "html":
        return page(shot, which).encode()
    if form == "csv":
        return table(shot).encode()
    if form == "geojson":
        return json.dumps(geojson(shot, which), allow_nan=False, separators=(",", ":")).encode()
    from sim.view import replay_film

    return replay_film.gif(shot, which) if form == "gif" else replay_film.mp4(shot, which)


def table(shot: Film) -> str:
    """The tracks as CSV: a row wherever a unit that is out turns, changes its pace, or does something else."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for unit, outing, steps in _outings(shot):
        row = unit["id"]
        for step in steps:
            x, y = float(shot.x_km[step, row]), float(shot.y_km[step, row])
            lat, lon = shot.scenario.ground.lat_lon(x, y)
            writer.writerow(
                [
                    *(harmless(unit[key]) for key in ("name", "kind", "principal")),
                    *(outing, f"{shot.minutes[step]:g}", _local(shot, step), f"{x:.3f}", f"{y:.3f}"),
                    *(f"{lat:.5f}", f"{lon:.5f}", _posture(shot, step, row), bool(shot.inside[step, row])),
                ]
            )
    return text.getvalue()


def _outings(shot: Film) -> Iterator[tuple[dict[str, Any], int, list[int]]]:
    """A unit, the number of its outing from 1, and the steps of that outing that tell all of it."""
    for row, unit in enumerate(shot.units):
        told = {*shot.bends(row).tolist(), *changes(shot.posture[:, row]), *changes(shot.inside[:, row])}
        ends = outings(shot, row)
        for number, (first, last) in enumerate(zip(ends[::2], ends[1::2], strict=True), 1):
            yield unit, number, sorted({first, last, *(int(step) for step in told if first <= step <= last)})


def _posture(shot: Film, step: int, row: int) -> str:
    return Posture(int(shot.posture[step, row])).name.lower()


def _local(shot: Film, step: int) -> str:
    begin = Chronicle.of(shot.scenario, shot.events).begin
    return (begin + timedelta(minutes=float(shot.minutes[step]))).isoformat(timespec="minutes")


def geojson(shot: Film, which: str) -> dict[str, Any]:
    """Tracks as lines and events as points, RFC 7946: longitude and latitude in degrees, minutes from the start."""
    return {
        "type": "FeatureCollection",
        "generator": MADE_BY,
        "name": which,
        "log_sha256": shot.log_sha256,
        "features": [*_lines(shot), *_points(shot)],
    }


def _lines(shot: Film) -> Iterator[dict[str, Any]]:
    for unit, outing, steps in _outings(shot):
        at = steps if len(steps) > 1 else steps * 2  # a line has two ends, even of whoever went nowhere
        where = [_lonlat(shot, shot.x_km[step, unit["id"]], shot.y_km[step, unit["id"]]) for step in at]
        about = {"unit": named(unit["name"]), "kind": unit["kind"], "side": unit["principal"], "outing": outing}
        times = {"minute_min": [float(shot.minutes[step]) for step in at], "local_start": _local(shot, at[0])}
        yield _feature("LineString", where, about | times)


def _points(shot: Film) -> Iterator[dict[str, Any]]:
    chronicle = Chronicle.of(shot.scenario, shot.events)
    for number, event in enumerate(shot.events):
        about = {
            "event": number,
            "act": Act(int(event["act"])).name.lower(),
            "minute_min": round(float(event["minute"]), 2),
            "cause_event": int(event["cause"]) if event["cause"] >= 0 else None,
            "words": chronicle.sentence(number),
        }
        yield _feature("Point", _lonlat(shot, event["x_km"], event["y_km"]), about)


def _feature(kind: str, where: Any, about: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": where}, "properties": about}


def _lonlat(shot: Film, x_km: Any, y_km: Any) -> list[float]:
    lat, lon = shot.scenario.ground.lat_lon(float(x_km), float(y_km))
    return [round(lon, 5), round(lat, 5)]
