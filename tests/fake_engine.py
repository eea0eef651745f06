"""A stand-in for the engine: outcomes drawn from the same three numbers that key a real run."""

from __future__ import annotations

import numpy as np

from sim.run.columns import FLAT


def replicate(scenario, *, replications, seed=0, first=0, threads=None):
    """Rows in which P(ground strike) = zone radius / 100 km; nothing else ever happens."""
    rows = np.zeros(replications, FLAT)
    rows["strike_ground_first_min"] = np.nan
    for k in range(replications):
        u = np.random.default_rng([seed, first + k]).random()
        if u < scenario.roe.zone_radius_km / 100:
            rows["strike_ground"][k] = 1
            rows["strike_ground_count"][k] = 1 + (first + k) % 3
            rows["strike_ground_first_min"][k] = 40_000 * u
    return rows


def install(patch, runs_per_part=20) -> None:
    """Put the stand-in where `sim.study` looks for the engine; `patch` is pytest's monkeypatch or `setattr`."""
    from sim.results import manifest
    from sim.study import runs

    set_attribute = getattr(patch, "setattr", patch)
    if patch is not setattr:  # campaigns draw nothing, and begin hundreds of processes
        from sim.view.report import accounts

        set_attribute(accounts, "fingerprint", lambda: "the model's own")  # a report tells no run of the stand-in
    set_attribute(runs.batch, "replicate", replicate)
    set_attribute(runs.batch, "is_compiled", lambda *_: True)
    set_attribute(runs.scenario, "build", lambda config: config)
    set_attribute(manifest, "RUNS_PER_PART", runs_per_part)
    set_attribute(manifest, "fingerprint", lambda: "stand-in")
