"""Where the YAML files are and what they offer."""

from __future__ import annotations

import itertools
import pathlib
import re
from collections.abc import Sequence
from functools import cache

from sim.errors import BadInput

ROOT = pathlib.Path(__file__).parents[2]


@cache
def conf_folder() -> pathlib.Path:
    """The folder of YAML files: beside the commands when installed, else at the top of the repository."""
    for folder in (ROOT / "experiments" / "conf", ROOT / "conf"):
        if (folder / "config.yaml").is_file():
            return folder
    raise BadInput(f"config.yaml is missing from {ROOT / 'conf'}; install the package again")


@cache
def groups() -> tuple[str, ...]:
    """The groups that offer presets: experiment, roe, scenario, theory."""
    return tuple(sorted(folder.name for folder in conf_folder().iterdir() if folder.is_dir()))


def options(group: str) -> list[str]:
    """The presets of a group, by name."""
    return sorted(path.stem for path in (conf_folder() / group).glob("*.yaml"))


def opening(group: str, option: str) -> list[str]:
    """The comment a preset's file opens with, line by line: what it stands for."""
    lines = (conf_folder() / group / f"{option}.yaml").read_text(encoding="utf-8").splitlines()
    comments = itertools.takewhile(lambda line: line.startswith("#"), lines)
    return [line.lstrip("# ").rstrip() for line in comments if "@package" not in line]


def file_of(key: str, chosen: Sequence[str]) -> str:
    """The YAML file that sets a key under these choices, for a message: `conf/roe/restrictive.yaml`.

    `chosen` are choices such as "roe=restrictive"; an experiment has the last word, so it comes first.
    """
    leaf = key.rpartition(".")[2]
    files = [choice.replace("=", "/") + ".yaml" for choice in sorted(chosen)]
    for file in [*files, "config.yaml"]:
        path = conf_folder() / file
        if path.is_file() and re.search(rf"^\s*{re.escape(leaf)}\s*:", path.read_text(encoding="utf-8"), re.MULTILINE):
            return f"conf/{file}"
    return "the YAML files under conf"
