"""The question of the evening of 8 June 2017: is a larger clash coming?  `make after_8_june` asks the model, once.

Nothing that happened later is used.  The answer is frozen: docs/after_8_june.json names model, posterior and record by
their hashes, and a test holds the page to it, so that it can be compared with what happened by somebody else.
"""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import stdtrit

from sim.config import posterior
from sim.config.uncertain import uncertain
from sim.results.manifest import fingerprint
from sim.results.storage import atomic_write
from sim.study.attribution import attributed_runs
from sim.study.attribution_page import link_name
from sim.study.designs import Design, grid
from sim.study.estimate import Estimate
from sim.study.first_use import compiling
from sim.study.parameter_uncertainty import spread
from sim.study.progress import console, counting
from sim.study.runs import Runs

SCENARIO = "scenario=after_8_june"
DAYS = (7, 30, 60)
DRAWS, REPLICATIONS = 500, 12
LEVER_DRAWS, LEVER_REPLICATIONS = 60, 12
ATTRIBUTED_RUNS, CASES = 600, 200
OUTCOMES = (
    *("attack_on_coalition", "strike_ground", "coalition_hezbollah_exchange", "coalition_militia_exchange"),
    *("coalition_regime_exchange", "us_russia_air", "serious_episode", "general_escalation"),
)
ATTRIBUTED = "attack_on_coalition"
LEVERS = {  # in words: what is set
    "ROE restrictive": "roe=restrictive",
    "ROE self-defence only": "roe=self_defence_only",
    "no warning shots": "roe=no_warning_shots",
    "drones ignored": "roe=ignore_drones",
    "ROE permissive": "roe=permissive",
    "zone of 30 km": "roe.zone_radius_km=30",
    "no deconfliction line": "scenario.line_exists=false",
    "no way round the zone": "scenario.bypass_known=false",
}
HEADLINES = ("attack_on_coalition", "coalition_hezbollah_exchange", "serious_episode")  # asked of levers


def over_the_posterior(draws: int, *overrides: str) -> Design:
    """The scenario at draws of the posterior, each with the theory that it was drawn with."""
    return grid([SCENARIO, "parameters=posterior", f"posterior_draws={draws}", "figures=false", *overrides])


def rows_of(design: Design, replications: int) -> np.ndarray:
    """Outcomes (replications, points), every draw with the same luck."""
    design.base.threads = None
    runs = Runs(design)
    with compiling(runs.scenario(0)):
        runs.warm_up()
    with counting(replications * len(design.points)) as progress:
        rows, _ = runs.part(range(replications), progress.advance)
    return rows


def within(rows: np.ndarray, outcome: str, days: float) -> np.ndarray:
    """Whether an outcome first came within so many days; nan, never, is no."""
    found: np.ndarray = rows[f"{outcome}_first_min"] <= 1440.0 * days
    return found


def chances(design: Design, rows: np.ndarray) -> dict[str, Any]:
    """Each outcome within 7, 30 and 60 days: over the posterior, and by theory."""
    names = np.array([point.config.theory.name for point in design.points])
    numbers = np.unique(names, return_inverse=True)[1]
    theories = {str(name): {"draws": int((names == name).sum())} for name in sorted({*names})}
    found: dict[str, Any] = {"all": {}, "theories": theories}
    for outcome in OUTCOMES:
        found["all"][outcome] = {}
        for days in DAYS:
            hits = within(rows, outcome, days).T
            found["all"][outcome][str(days)] = spread(hits, numbers)._asdict()
            for name, told in found["theories"].items():
                told.setdefault(outcome, {})[str(days)] = mean_of_draws(hits[names == name].mean(axis=1))
    return found


def mean_of_draws(shares: np.ndarray) -> list[float]:
    """Mean of the draws' shares, and its 95 % t interval: luck and parameters both."""
    n = len(shares)
    reach = float(stdtrit(n - 1, 0.975) * shares.std(ddof=1) / n**0.5) if n > 1 else 1.0
    middle = float(shares.mean())
    return [middle, max(0.0, middle - reach), min(1.0, middle + reach)]


def levers() -> dict[str, Any]:
    """How far each lever moves a chance within 30 days: the same draws and the same luck with it and without."""
    base = rows_of(over_the_posterior(LEVER_DRAWS), LEVER_REPLICATIONS)
    found: dict[str, Any] = {}
    for words, setting in LEVERS.items():
        console().print(f"lever: {words}")
        moved = rows_of(over_the_posterior(LEVER_DRAWS, setting), LEVER_REPLICATIONS)
        found[words] = {"setting": setting}
        for outcome in HEADLINES:
            change = within(moved, outcome, 30).astype(float) - within(base, outcome, 30)
            shares = change.mean(axis=0)
            reach = float(stdtrit(len(shares) - 1, 0.975) * shares.std(ddof=1) / len(shares) ** 0.5)
            found[words][outcome] = [float(shares.mean()), float(shares.mean()) - reach, float(shares.mean()) + reach]
    return found


def pathways() -> dict[str, Any]:
    """By what ways the coalition comes to be attacked, and what undoing each kind of decision does."""
    design = grid([SCENARIO, f"outcome={ATTRIBUTED}", f"replications={ATTRIBUTED_RUNS}", "figures=false"])
    rows = rows_of(design, ATTRIBUTED_RUNS)[:, 0]
    came = [int(number) for number in np.flatnonzero(rows[ATTRIBUTED])][:CASES]
    links, ways = attributed_runs(design, came, ATTRIBUTED)
    return {
        "runs": ATTRIBUTED_RUNS,
        "came": int(rows[ATTRIBUTED].sum()),
        "cases": len(came),
        "links": [[link_name(link), _told(link.gone), _told(link.never), _told(link.beside)] for link in links],
        "ways": [[list(way.words), _told(way.share)] for way in ways[:8]],
    }


def _told(estimate: Estimate) -> dict[str, Any]:
    return {"n": estimate.n, "events": estimate.events, "low": estimate.low, "high": estimate.high}


def measured() -> dict[str, Any]:
    """Everything on the page."""
    design = over_the_posterior(DRAWS)
    about = posterior.about()
    return {
        "fingerprint": fingerprint(),
        "posterior": about["sha256"],
        "record": about["record"],
        "uncertain": len(uncertain()),
        "moved": len(about["moved"]),
        "seed": design.base.seed,
        "draws": DRAWS,
        "replications": REPLICATIONS,
        "lever_draws": LEVER_DRAWS,
        "lever_replications": LEVER_REPLICATIONS,
        "chances": chances(design, rows_of(design, REPLICATIONS)),
        "levers": levers(),
        "pathways": pathways(),
    }


def main(words: Sequence[str]) -> int:
    """Ask, and write after_8_june.json; `out=FOLDER` says where."""
    out = pathlib.Path(next((word[4:] for word in words if word.startswith("out=")), "docs"))
    from sim.study.after_8_june_page import page

    found = measured()
    atomic_write(out / "after_8_june.json", (json.dumps(found, indent=1) + "\n").encode())
    atomic_write(out / "after_8_june.md", page(found).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
