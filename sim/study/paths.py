"""A path that came to what is rare, told again from the repetition that keeps it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from sim import scenario
from sim.errors import BadInput, DamagedResults
from sim.results.checking import Damage
from sim.run.splitting import LINEAGE
from sim.run.story import Story, tell
from sim.study.designs import seed_of
from sim.study.keeping import RUN, refuse_other_model
from sim.study.kept import config_of
from sim.study.repetitions import QUESTION, file_of, read


def keeps_paths(folder: Path) -> bool:
    """Whether a folder is one of repetitions, which `tanf rare` puts beside a results folder."""
    return (folder / QUESTION).is_file()


def retell(folder: Path, which: str) -> Story:
    """Path "REPETITION:NUMBER" in the ordinary engine, from its first step to the horizon.

    Raises `BadInput` for one that is not there or of another model, and `DamagedResults` where its outcome is not the
    one that was kept.
    """
    question = json.loads((folder / QUESTION).read_bytes())["splitting"]
    refuse_other_model(folder, {"question": question})
    path = _kept(folder, which)
    config = config_of({"question": question, "replications": 1}, 0)
    luck = {int(step): LINEAGE | int(lineage) for step, lineage in path["legs"]}
    story = tell(scenario.build(config), seed=seed_of(config), luck=luck)
    if hashlib.sha256(np.array([story.outcome]).tobytes()).hexdigest() != path["outcome_sha256"]:
        raise DamagedResults(f"path {which} comes out otherwise than {folder} says")
    return story


def _kept(folder: Path, which: str) -> dict[str, Any]:
    named = RUN.fullmatch(which)
    if not named:
        raise BadInput(f"a path is named REPETITION:NUMBER, as in 0:1, not {which[:40]!r}")
    file = file_of(folder, int(named[1]))
    kept = read(file)["paths"] if file.exists() else []
    if int(named[2]) >= len(kept):
        raise BadInput(f"{folder} keeps no path {which}; repetition {named[1]} keeps {len(kept)}")
    found: dict[str, Any] = kept[int(named[2])]
    return found


def damages(folder: Path) -> list[Damage]:
    """The repetitions that are not as they were written; without them `tanf rare` computes them again."""
    found = []
    for file in sorted(folder.glob("repetition-*.json")):
        try:
            read(file)
        except DamagedResults:
            found.append(Damage(file.name, "is not as it was written; remove it, and `tanf rare` computes it again"))
    return found
