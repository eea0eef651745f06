"""From overrides to a checked `Config`.

Hydra puts the YAML files of the chosen groups together, over a schema made of the declarations; that
costs tens of milliseconds and is done once for each combination of choices.  Single values are then
set on a copy, where they have passed the same check, so the points of a sweep cost next to nothing.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import cast

import hydra
import yaml
from hydra.core.config_store import ConfigStore
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.config import posterior
from sim.config.axes import DRAW, expand, merged, split
from sim.config.check import check, check_together, check_values, refused, shown, unknown
from sim.config.overrides import Override, read, refuse_twice
from sim.config.places import conf_folder, file_of, groups
from sim.config.points import assignments, axes_of
from sim.config.settings import MOST_RUNS, Config, declared, put
from sim.config.uncertain import with_draw
from sim.errors import BadInput
from sim.geography import sealed

__all__ = ["as_yaml", "assignments", "axes_of", "compose", "compose_points", "expand", "split"]


def compose(*overrides: str, axes: Sequence[str] = ()) -> Config:
    """A complete, checked configuration.

    `overrides` have one value each; `axes` are sweep overrides, and replace those of the experiment's
    file that vary the same key, as a fixed value does.  Raises BadInput with one sentence.
    """
    given = [read(text) for text in overrides]
    swept = [read(text) for text in axes]
    _refuse_several(given)
    refuse_twice([*given, *swept])
    config = _chosen(given)
    for override in given:
        if override.key not in groups():
            put(config, override.key, override.values[0])
    from_file = [read(text, f"the axes of experiment {config.name}") for text in config.axes]
    config.axes = merged(from_file, swept, {one.key for one in given})
    check(config)
    _add_draws(config, swept)
    config = _at_draw(config, [*given, *swept])
    config.scenario.geography = sealed(config.scenario.geography)
    _refuse_too_many_runs(config)
    return config


def compose_points(plain: Sequence[str], points: Iterable[Sequence[str]]) -> Iterator[Config]:
    """The configuration of each point: what `compose(*plain, *point)` gives, axes apart, at a fraction of the cost.

    Points that choose the same options share what the files say; the groups that a point does not touch are shared.
    """
    starts: dict[tuple[str, ...], Config] = {}
    known = [read(text) for text in plain]
    for number, point in enumerate(points):
        given = [read(text) for text in point]
        chosen = tuple(one.text for one in given if one.key in groups())
        try:
            if chosen not in starts:
                starts[chosen] = compose(*plain, *(text for text in point if not text.startswith(f"{DRAW}=")))
            varied = _varied(starts[chosen], [one for one in given if one.key not in groups()])
            yield _at_draw(varied, [*known, *given]) if any(one.key == DRAW for one in given) else varied
        except BadInput as error:
            told = f"point {number} ({shown(' '.join(point))}): " if len(point) else ""
            raise BadInput(f"{told}{error}") from error


def _varied(start: Config, given: Iterable[Override]) -> Config:
    """A copy with some settings changed, checked together; their values have been checked one by one."""
    config, copied = copy.copy(start), set()
    config.axes = []
    for one in given:
        group, dot, _ = one.key.partition(".")
        if dot and group not in copied:
            setattr(config, group, copy.copy(getattr(config, group)))
            copied.add(group)
        put(config, one.key, one.values[0])
    check_together(config)
    if "scenario" in copied:
        config.scenario.geography = sealed(config.scenario.geography)
    return config


def _add_draws(config: Config, swept: Sequence[Override]) -> None:
    """The axis that parameters=posterior stands for."""
    if config.parameters != "posterior":
        return
    if config.draw is not None or any(one.key == DRAW for one in swept):
        raise BadInput("draw names draws of the posterior, and parameters=posterior takes many; leave one of them out")
    if config.design != "crossed":
        raise BadInput(f"parameters=posterior crosses points with draws, so design={config.design} does not fit it")
    config.axes = [*config.axes, f"{DRAW}=range(0,{config.posterior_draws})"]


def _at_draw(config: Config, given: Sequence[Override]) -> Config:
    """The parameters of a draw of the posterior, except those that were given; a given theory takes draws of its own.

    What a preset sets is off by as much as what is declared would be.
    """
    if config.draw is None:
        return config
    keys = {one.key for one in given}
    theory = config.theory.name if "theory" in keys else None
    drawn = posterior.drawn(config.draw, theory)
    if theory is None:
        own = config.theory
        config.theory = copy.deepcopy(_chosen([read(f"theory={drawn.theory}")]).theory)
        for key in keys:
            if key.startswith("theory."):
                put(config, key, getattr(own, key.partition(".")[2]))
    return with_draw(config, drawn.offsets, keys)


def as_yaml(config: Config) -> str:
    """The configuration as YAML, complete."""
    return OmegaConf.to_yaml(OmegaConf.structured(config))


def _refuse_several(given: Iterable[Override]) -> None:
    for override in given:
        if override.is_axis:
            several = shown(override.given)
            raise BadInput(f"{override.key} takes one value here, not {several}; `tanf sweep` runs several")


def _chosen(given: Sequence[Override]) -> Config:
    """What the YAML files say under the choices of groups, as a copy that may be changed."""
    choices = tuple(f"{one.key}={_quoted(one.values[0])}" for one in given if one.key in groups() and one.values)
    edited = tuple(path.stat().st_mtime_ns for path in sorted(conf_folder().rglob("*.yaml")))
    return copy.deepcopy(_from_files(choices, edited))


def _quoted(option: object) -> str:
    """A preset's name as Hydra takes it for a name; `null` alone would mean no choice."""
    return "'null'" if option == "null" else str(option)


@lru_cache(maxsize=256)
def _from_files(choices: tuple[str, ...], edited: tuple[int, ...]) -> Config:  # noqa: ARG001 - a file edited in a session is read again
    _declare_schema()
    try:
        with hydra.initialize_config_dir(str(conf_folder()), version_base="1.3"):
            found = hydra.compose("config", overrides=list(choices))
        _refuse_references(OmegaConf.to_container(found), "")
        config = cast(Config, OmegaConf.to_object(found))
    except (HydraException, OmegaConfBaseException, yaml.YAMLError) as error:
        raise _in_plain_words(error) from error
    check_values(config, lambda key: file_of(key, choices))
    return config


@cache
def _declare_schema() -> None:
    """Give Hydra the declarations as the schema that `declared` in config.yaml stands for."""
    ConfigStore.instance().store(name="declared", node=Config)


def _refuse_references(node: object, key: str) -> None:
    """Files may not refer elsewhere either: what is not resolved cannot leak or loop."""
    if isinstance(node, dict):
        for name, value in node.items():
            _refuse_references(value, f"{key}.{name}".lstrip("."))
    elif isinstance(node, str) and "${" in node:
        raise BadInput(f"{key} has no value of its own but refers elsewhere, {shown(node)}; change it under conf")


def _in_plain_words(error: Exception) -> BadInput:
    """What is wrong with a YAML file, said without the words of the libraries that found it."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        mark = error.problem_mark
        file = mark.name.replace(str(conf_folder()), "conf")
        return BadInput(f"{file} cannot be read as YAML at line {mark.line + 1}: {error.problem}")
    told = str(error)
    file = re.search(r"In '([^']+)'", told)
    key = re.search(r"full_key: (\S+)", told)
    where = f"conf/{file[1]}.yaml" if file else "the YAML files under conf"
    if key is None:
        return BadInput(f"{where} cannot be put together with the other files; compare it with those beside it")
    if key[1] not in declared():
        return unknown(key[1], where)
    value = re.search(r"Value '(.*)' of type", told)
    return refused(declared()[key[1]], value[1] if value else "what stands there", where)


def _refuse_too_many_runs(config: Config) -> None:
    runs = len(assignments(config)) * config.replications
    if runs > MOST_RUNS:
        given = f"replications={config.replications} at every point of the sweep"
        raise BadInput(f"{given} make {runs:,} runs and at most {MOST_RUNS:,} are allowed; lower it")
