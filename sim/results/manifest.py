"""The manifest: what was asked, and which parts of the answer are there.

It holds only what is a function of the question, so two machines that answer the same question write
the same bytes.  Whether a folder is complete is decided here, never by a file that happens to open.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sim.errors import DamagedResults
from sim.results.fingerprint import fingerprint

FORMAT = 1
RUNS_PER_PART = 2048  # a few seconds of two cores: what a broken-off sweep may lose
NOT_ASKED = ("out", "threads", "figures", "axes", "incidents")  # where and how fast, not what; `incidents` moves no run


def settings_of(config: Any) -> dict[str, Any]:
    """The settings of a configuration that decide the answer, as `group.name` -> value."""
    flat: dict[str, Any] = {}
    for name, value in dataclasses.asdict(config).items():
        if isinstance(value, dict):
            flat |= {f"{name}.{key}": part for key, part in value.items()}
        elif name not in NOT_ASKED:
            flat[name] = value
    return flat


def question_of(points: Sequence[Mapping[str, Any]], axes: Sequence[str]) -> dict[str, Any]:
    """What is asked: the settings common to all points, and of each point those that vary.

    `points` are the `settings_of` each point; `axes` the names of what is varied, in order.
    """
    from sim.results.parts import schema_hash

    first = points[0]
    varied = [key for key in first if any(point[key] != first[key] for point in points)]
    return {
        "axes": list(axes),
        "common": {key: value for key, value in first.items() if key not in varied},
        "fingerprint": fingerprint(),
        "points": [{key: point[key] for key in varied} for point in points],
        "runs_per_part": replications_per_part(len(points)) * len(points),
        "schema": schema_hash(),
    }


def replications_per_part(points: int) -> int:
    """Replications of every point in one part."""
    return -(-RUNS_PER_PART // points)


def question_hash(question: Mapping[str, Any]) -> str:
    """A short name for a question: ten hexadecimal digits."""
    return hashlib.sha256(to_bytes(question)).hexdigest()[:10]


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> list[str]:
    """Where two questions differ: "roe.inner_line_km (20.0 there, 25.0 here)", ..."""
    old, new = _told(there), _told(here)
    return [
        f"{key} ({_short(old.get(key))} there, {_short(new.get(key))} here)"
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def _told(question: Mapping[str, Any]) -> dict[str, Any]:
    """A question as key -> value, the values of a varied key in one list."""
    told = {key: value for key, value in question.items() if key not in ("common", "points")}
    varied = question["points"][0]
    return told | question["common"] | {key: [point[key] for point in question["points"]] for key in varied}


def _short(value: Any) -> str:
    text = "absent" if value is None else str(value)
    return text if len(text) <= 40 else text[:40] + "..."


def to_bytes(content: Mapping[str, Any]) -> bytes:
    """Canonical JSON: sorted keys, no nan."""
    return (json.dumps(content, sort_keys=True, indent=1, allow_nan=False) + "\n").encode()


def from_bytes(data: bytes, name: str) -> dict[str, Any]:
    """Read a manifest back; raises `DamagedResults` where it is not one of ours."""
    try:
        content = json.loads(data, parse_constant=_refuse)
        version = content["format"]
        _ = [(part["file"], part["first"], part["rows"], part["sha256"]) for part in content["parts"]]
        _ = content["question"]["points"][0], content["question"]["runs_per_part"], content["design_sha256"]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise DamagedResults(f"{name} is damaged or is not the manifest of a results folder ({error!r})") from error
    if version != FORMAT:
        raise DamagedResults(f"{name} has format {version}; this version of the program reads format {FORMAT}")
    return content


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is not a number a manifest may hold")
