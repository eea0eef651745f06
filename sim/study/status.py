"""What a results folder says of itself, in a dozen lines: what was asked, what is there, what to type next."""

from __future__ import annotations

import pathlib
import shlex
from collections.abc import Mapping
from typing import Any

from sim.results.folder import RUN_INFO, read_manifest
from sim.results.manifest import design_rows, missing_parts
from sim.results.seal import unsealed
from sim.results.storage import holder

MOST_VALUES = 8  # of an axis that are written out
KEEPING = ("tanf resume", "tanf merge", "tanf repair")  # commands that ask nothing


def lines(path: pathlib.Path) -> list[str]:
    """The status of a folder as text; reads the manifest and no runs.  Raises `BadInput`, `DamagedResults`."""
    manifest = read_manifest(path)
    question = manifest["question"]
    runs, asked = _runs(manifest)
    failed = sum(part["failed"] for part in manifest["parts"])
    rows = [
        ("folder", str(path)),
        ("question", question["common"].get("question") or question["common"].get("name", "")),
        *(("axis", told) for told in _axes(question)),
        ("asked", f"{len(question['points']):,} points x {manifest['replications']:,} replications = {asked:,} runs"),
        ("there", f"{runs:,} runs, {100 * runs / asked:.0f} %, in {len(manifest['parts']):,} parts"),
        ("failed", f"{failed:,} runs"),
        ("size", _size(path)),
        ("model", f"fingerprint {question['fingerprint'][:12]}"),
        ("writing", holder(path) or "nobody"),
        *([("command", command)] if (command := asked_by(path)) else []),
        ("next", _next(path, manifest)),
    ]
    return [f"{name:9} {told}" for name, told in rows]


def _runs(manifest: Mapping[str, Any]) -> tuple[int, int]:
    """How many runs are there, of how many."""
    asked = len(manifest["question"]["points"]) * manifest["replications"]
    return asked - sum(part.runs_missing for part in missing_parts(manifest)), asked


def _axes(question: Mapping[str, Any]) -> list[str]:
    design = design_rows(question)
    told = []
    for axis in question["axes"]:
        values = list(dict.fromkeys(row[axis] for row in design))
        more = f" ... ({len(values):,} values)" if len(values) > MOST_VALUES else ""
        told.append(f"{axis} = {', '.join(map(str, values[:MOST_VALUES]))}{more}")
    return told


def _size(path: pathlib.Path) -> str:
    size = sum(file.lstat().st_size for file in path.rglob("*") if file.is_file())
    return f"{size / 1e6:,.1f} MB"


def asked_by(path: pathlib.Path) -> str | None:
    """The command that a folder was begun with, the oldest that is remembered; None where none was a question."""
    file = path / RUN_INFO
    if not file.exists():
        return None
    last = unsealed(file.read_bytes(), str(file))
    commands = [session["command"] for session in [*last.get("earlier", []), last]]
    return next((command for command in commands if not command.startswith(KEEPING)), None)


def tells_more(command: str | None) -> bool:
    """Whether a command says more of its folder than the table of a sweep."""
    return command is not None and (not command.startswith("tanf sweep") or "until." in command)


def _next(path: pathlib.Path, manifest: Mapping[str, Any]) -> str:
    """The command that comes next."""
    named = shlex.quote(str(path))
    if holder(path):
        return "wait: somebody is writing"
    asked = asked_by(path)
    if tells_more(asked):
        return f"{asked}   ({'goes on' if missing_parts(manifest) else 'tells its answer again'})"
    if missing_parts(manifest):
        return f"tanf resume {named}"
    if "summary.parquet" not in manifest["files"]:
        return f"tanf resume {named}   (every run is there; the summary is not)"
    return f"tanf check {named}, or sim.open({str(path)!r})"
