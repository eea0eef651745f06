"""The design that a results folder keeps: its points, their numbers, every setting."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any

from sim.config.settings import Config, put
from sim.errors import BadInput
from sim.results.folder import Folder
from sim.results.manifest import WHERE_SET, full_points, label, settings_of
from sim.results.seal import canonical
from sim.study.designs import Design, Point


def design_of(manifest: Mapping[str, Any]) -> Design:
    """The design of a folder, from its manifest alone.

    The point it starts from has the settings all points share, and of the others what is declared.
    Raises `BadInput` where the folder knows a setting that this version of the program does not.
    """
    question = manifest["question"]
    base = Config(replications=manifest["replications"])
    _put_all(base, question["common"])
    varied, full = question["points"], full_points(question)
    labels = [{axis: label(point, axis) for axis in question["axes"]} for point in full]
    return Design(base, [Point(k, labels[k], _varied(base, varied[k])) for k in range(len(full))])


def config_of(manifest: Mapping[str, Any], point: int) -> Config:
    """The configuration of one point of a folder; raises as `design_of`."""
    config = Config(replications=manifest["replications"])
    _put_all(config, manifest["question"]["common"] | manifest["question"]["points"][point])
    return config


def _varied(base: Config, settings: Mapping[str, Any]) -> Config:
    config = copy.deepcopy(base)
    _put_all(config, settings)
    return config


def _put_all(config: Config, settings: Mapping[str, Any]) -> None:
    known = {*settings_of(config), *WHERE_SET}
    for key, value in settings.items():
        if key not in known:
            raise BadInput(f"{key} is no setting of this version of the program, so it cannot go on with this folder")
        put(config, key, value)


def in_order_of(design: Design, folder: Folder) -> Design:
    """The same design, its points numbered as in a folder that holds them, its replications those of the folder."""
    numbers = {canonical(point): number for number, point in enumerate(full_points(folder.question))}
    asked = zip(design.points, full_points(design.question), strict=True)
    points = [dataclasses.replace(point, number=numbers[canonical(settings)]) for point, settings in asked]
    base = dataclasses.replace(design.base, replications=folder.replications)
    return Design(base, sorted(points, key=lambda point: point.number))
