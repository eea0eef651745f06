"""An agent-based simulation of escalation risk around al Tanf, May and June 2017.

    import sim

    scenario = sim.load("scenario=may_june_2017", "roe=restrictive", "roe.zone_radius_km=40")
    outcomes = sim.replicate(scenario, replications=1000, seed=7)   # structured array, a row a run
    model = sim.EscalationModel(scenario, rng=7, replication=3)     # the same run, as a Mesa model
    results = sim.open("results/zone_radius-1a2b3c4d")              # a finished sweep
    design = sim.points("roe.zone_radius_km=0,20", "line.dissuasion=interval(0,1)")   # scenarios and seeds

Names are loaded when first used: `import sim` alone loads neither Mesa nor Hydra nor the compiler.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.errors import BadInput, TanfError
    from sim.results import open
    from sim.run.batch import replicate
    from sim.run.model import EscalationModel
    from sim.run.story import tell
    from sim.scenario import Scenario, load
    from sim.study.designs import points

__version__ = "0.1.0"

_HOMES = {
    "BadInput": "sim.errors",
    "TanfError": "sim.errors",
    "open": "sim.results",
    "replicate": "sim.run.batch",
    "EscalationModel": "sim.run.model",
    "tell": "sim.run.story",
    "points": "sim.study.designs",
    "Scenario": "sim.scenario",
    "load": "sim.scenario",
}

__all__ = ["BadInput", "EscalationModel", "Scenario", "TanfError", "load", "open", "points", "replicate", "tell"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
