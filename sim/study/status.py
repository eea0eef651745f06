"""What a results folder says of itself, in a dozen lines: what was asked, what is there, what to type next."""

from __future__ import annotations

import pathlib
import shlex
from collections.abc import Mapping
from typing import Any

from sim.results.folder import read_manifest
from sim.results.manifest import design_rows, missing_parts
from sim.results.storage import holder

MOST_VALUES = 8  # of an axis that are written out


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


def _next(path: pathlib.Path, manifest: Mapping[str, Any]) -> str:
    """The command that comes next."""
    named = shlex.quote(str(path))
    if holder(path):
        return "wait: somebody is writing"
    if missing_parts(manifest):
        return f"tanf resume {named}"
    if "summary.parquet" not in manifest["files"]:
        return f"tanf resume {named}   (every run is there; the summary is not)"
    return f"tanf check {named}, or sim.open({str(path)!r})"
