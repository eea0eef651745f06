"""`Config`: everything a user may set, the parameters of the model and the settings of a run.

`declared()` lists the same as a flat table of dotted names; the bounds check, the error messages,
`tanf list parameters` and the documentation all read that table.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from sim.config.declare import number, one_of, switch, text
from sim.config.parameters import Parameters

MOST_THREADS = 1024  # of any machine; check.py holds a run to four times the cores of this one
MOST_DRAWS = 500  # of the posterior that is shipped
MOST_RUNS = 1_000_000_000  # points times replications
INDICES = ("sobol", "morris", "pawn")  # methods of a sensitivity analysis
DISCOVERIES = ("prim", "map")  # methods of a discovery
DESIGNS = ("crossed", "one_at_a_time", "listed")
INTERVALS = ("clopper_pearson", "wilson", "jeffreys")  # of a probability, `sim.study.intervals`
EXECUTORS = ("threads", "dask")
RARE_METHODS = ("cheapest", "plain", "conditional", "splitting")


def _open(declaration: Any) -> Any:
    """The same declaration, but left open (None) unless somebody sets it."""
    return field(default=None, metadata=declaration.metadata)


@dataclass
class Until:
    """When a sweep has enough runs: `replications` are its first look, and every further look is at a quarter more."""

    outcome: str | None = _open(text("", "outcome that a sweep goes on for; null is strike_ground"))
    half_width: float | None = _open(
        number(0.01, "probability", 0.0001, 0.5, "", "a sweep stops when it is known so closely at every point")
    )
    most_replications: int = number(100_000, "runs/point", 1, MOST_RUNS, "", "it gives up at so many")


@dataclass
class Rare:
    """How `tanf rare` works: by what method, and how much adaptive multilevel splitting computes."""

    method: str = one_of("cheapest", RARE_METHODS, "", "`tanf rare`: how a rare outcome is estimated")
    paths: int = number(200, "paths", 2, 100_000, "", "of each repetition of splitting")
    repetitions: int = number(20, "repetitions", 20, 512, "", "of splitting, independent; more go on from those there")


@dataclass
class Attribute:
    """What `tanf attribute` looks into."""

    cases: int = number(200, "runs", 1, 100_000, "", "runs with the outcome that are looked into, the first ones")
    run: int | None = _open(
        number(0, "replication", 0, 2**31 - 1, "", "the one told in full; null takes the first of the commonest way")
    )


@dataclass
class Dask:
    """Where the runs of a sweep are computed with `executor=dask`."""

    address: str | None = _open(text("", "scheduler, as in tls://HOST:8786; null starts `threads` processes here"))


@dataclass
class Config(Parameters):
    """A question, complete: model parameters, run settings, axes."""

    step_min: float = number(5.0, "min", 1, 15, "prior", "length of a step of the model's clock")
    seed: int = number(0, "", 0, 2**64 - 1, "", "key of every random draw")
    replications: int = number(1000, "runs/point", 1, MOST_RUNS, "", "runs at each point of a sweep")
    threads: int | None = _open(number(1, "threads", 1, MOST_THREADS, "", "threads; null uses every core"))
    executor: str = one_of("threads", EXECUTORS, "", "what computes: threads, or Dask (extra `cluster`)")
    dask: Dask = field(default_factory=Dask)
    figures: bool = switch(True, "", "draw the figures")
    out: str | None = _open(text("", "folder of the results; null makes results/NAME-HASH"))
    until: Until = field(default_factory=Until)
    shard: str | None = _open(text("", "computes only share i of n, as in 2/3; `tanf merge` puts the shares together"))
    watch: str | None = _open(text("", "outcome whose estimate the progress line shows; null is strike_ground"))
    max_failures: int | None = _open(number(0, "runs", 0, MOST_RUNS, "", "stops when more runs fail; null never does"))
    most_events: int = number(
        100_000, "events", 1, 10_000_000, "", "a run that writes more into its log has failed: nobody could read it"
    )
    fail_fast: bool = switch(False, "", "stop at the first run that fails")
    outcome: str | None = _open(text("", "outcome that a study is about; null is strike_ground"))
    count: int = number(1, "times", 1, 1000, "", "`tanf rare`: the outcome is to come about so often at least")
    rare: Rare = field(default_factory=Rare)
    attribute: Attribute = field(default_factory=Attribute)
    margin: float = number(
        0.02, "probability", 0.0001, 0.5, "", "`tanf compare`: a smaller difference of chances does not matter"
    )
    twin: int | None = _open(
        number(0, "replication", 0, 2**31 - 1, "", "`tanf compare` tells this one in both arms; null chooses one")
    )
    method: str = one_of(
        "sobol",
        (*INDICES, *DISCOVERIES),
        "",
        "`tanf sensitivity`: shares of variance, effects, distances of any points; `tanf discover`: a box, a map",
    )
    bound: float = number(0.5, "probability", 0.0001, 0.9999, "", "`tanf discover`: where does the chance exceed it?")
    interval: str = one_of("clopper_pearson", INTERVALS, "", "`tanf sweep`: the kind that the table shows")
    simultaneous: bool = switch(False, "", "`tanf sweep`: the intervals of a column of the table hold all at once")
    incidents: str | None = _open(
        text("", "`tanf verify` scores a forecast against this CSV; null is the shipped record")
    )
    draws: int = number(20_000, "draws", 2000, 1_000_000, "", "`tanf calibrate`: of the prior, a history each")
    parameters: str = one_of(
        "declared", ("declared", "posterior"), "", "`tanf sweep`: posterior runs every point at draws of the posterior"
    )
    posterior_draws: int = number(100, "draws", 20, MOST_DRAWS, "", "so many, where parameters=posterior")
    draw: int | None = _open(
        number(0, "draw", 0, MOST_DRAWS - 1, "", "which draw of the posterior the parameters are; null is as declared")
    )
    design: str = one_of("crossed", DESIGNS, "", "how the values of the axes make points (docs/designs.md)")
    samples: int = number(64, "points", 1, 100_000, "", "drawn from the axes that are intervals, all at once")
    sampling: str = one_of("sobol", ("sobol", "latin_hypercube"), "", "how they are drawn")
    points: str | None = _open(text("", "a CSV or Parquet file of points: a column an axis, a row a point"))
    common_seeds: bool = switch(True, "", "the same luck at every point; false gives each point its own")
    name: str = text("custom", "name of the experiment, part of the folder's name")
    question: str = text("", "what the experiment asks, in words")
    axes: list[str] = field(
        default_factory=list,
        metadata={"unit": "overrides", "source": "", "about": "what a sweep varies; typed as key=value,value"},
    )


@dataclass
class Declared:
    """One setting as it was declared: `low` and `high` are None where it is not a number."""

    key: str
    kind: type  # float, int, bool, str or list
    default: Any
    unit: str
    low: float | None
    high: float | None
    source: str
    about: str
    may_be_open: bool
    options: tuple[str, ...]  # the words allowed, where only these are

    @property
    def of_the_model(self) -> bool:
        """A parameter of the model, and no setting of how it is run."""
        return self.key == "step_min" or self.key.partition(".")[0] in {item.name for item in fields(Parameters)}

    @property
    def allowed(self) -> str:
        """What may be given, in words: "a number from 0 to 100 (km)"."""
        if self.options:
            return f"one of {', '.join(self.options)}"
        if self.low is None or self.high is None:
            return {bool: "true or false", str: "text"}.get(self.kind, "a list of overrides")
        noun = "a whole number" if self.kind is int else "a number"
        unit = f" ({self.unit})" if self.unit else ""
        return f"{noun} from {figure(self.low)} to {figure(self.high)}{unit}" + (" or null" if self.may_be_open else "")


def figure(value: float) -> str:
    """A number as a reader wants it: 0.05, 55, 1,000,000,000."""
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


@cache
def declared() -> dict[str, Declared]:
    """Every setting by its dotted name, in the order of declaration, run settings last."""
    return {entry.key: entry for entry in _walk(Config, "")}


def _walk(group: Any, prefix: str) -> Iterator[Declared]:
    hints = get_type_hints(group)
    for item in dataclasses.fields(group):
        kind, may_be_open = _kind(hints[item.name])
        if dataclasses.is_dataclass(kind):
            yield from _walk(kind, f"{prefix}{item.name}.")
        else:
            about: dict[str, Any] = {"low": None, "high": None, "options": ()} | dict(item.metadata)
            default = [] if kind is list else item.default
            yield Declared(prefix + item.name, kind, default, may_be_open=may_be_open, **about)


def _kind(hint: Any) -> tuple[Any, bool]:
    """The type behind an annotation, and whether None is allowed: `int | None` -> (int, True)."""
    if isinstance(hint, types.UnionType) or get_origin(hint) is Union:
        return next(part for part in get_args(hint) if part is not type(None)), True
    return get_origin(hint) or hint, False


def value_of(config: Config, key: str) -> Any:
    """The value under a dotted name."""
    place: Any = config
    for part in key.split("."):
        place = getattr(place, part)
    return place


def put(config: Config, key: str, value: Any) -> None:
    """Set the value under a dotted name; the caller has checked both."""
    group, _, leaf = key.rpartition(".")
    setattr(value_of(config, group) if group else config, leaf, value)
