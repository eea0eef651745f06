"""What `tanf rare` gains over plain runs for the same work: `make rare` writes docs/rare.json and docs/rare.md.

The gain is the variance of plain Monte Carlo, p (1 - p) a run, over that of the estimate times its work in runs.  Work
is counted twice: in simulated steps, which is the same on every machine, and in seconds of processor time, which
counts what copying states costs as well.
"""

from __future__ import annotations

import json
import pathlib
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.results.storage import atomic_write
from sim.run.batch import replicate
from sim.study.climbing import GOAL, climber
from sim.study.conditional import conditional, may_be_heavy
from sim.study.designs import points
from sim.study.estimate import Estimate, probability
from sim.study.markdown import table
from sim.study.rare_page import told
from sim.study.splitting import Plan, split, student

CHAIN, COUNTS = "strike_ground_count", (10, 14, 18, 20, 22)
PLAN = Plan(paths=800, repetitions=20, seed=1)
PLAIN_RUNS, PLAIN_SEED, AIR_RUNS = 30_000, 2, 10_000
AGAIN_COUNT, AGAIN_PLAN = 14, Plan(paths=400, repetitions=60, seed=6)
AGAIN_RUNS, AGAIN_SEED = 70_000, 13
RESAMPLES = 2000
QUIET = ("roe.answer_own_russian=0", "scenario.horizon_days=2", "air.weapons=0.0001")
OUT = "docs"


def gain(chances: np.ndarray, work: np.ndarray) -> float:
    """Variance of plain runs over that of repetitions, both of shape (repetitions,), `work` in runs."""
    p = float(chances.mean())
    return p * (1 - p) / (float(chances.var(ddof=1)) * float(work.mean()))


def gain_interval(chances: np.ndarray, work: np.ndarray) -> list[float]:
    """Its 95 % interval, by resampling the repetitions (B. Efron 1979, Ann. Stat. 7, 1-26)."""
    dice = np.random.default_rng(PLAN.seed)
    drawn = (dice.integers(0, len(chances), len(chances)) for _ in range(RESAMPLES))
    low, high = np.quantile([gain(chances[which], work[which]) for which in drawn], (0.025, 0.975))
    return [float(low), float(high)]


def measure_chain() -> dict[str, Any]:
    """Splitting on chains of ground strikes beside plain runs."""
    rows, plain_s = _plain(PLAIN_RUNS)
    chains = [measure_count(count, rows, plain_s) for count in COUNTS]
    return {"outcome": CHAIN, "plan": PLAN._asdict(), "plain_run_s": plain_s, "chains": chains}


def measure_count(count: int, rows: np.ndarray, plain_s: float) -> dict[str, Any]:
    """One chain: both estimates, how many standard errors they lie apart (None with fewer than five events), gains."""
    (point,) = points(f"seed={PLAN.seed}")
    process = climber(point, CHAIN, count, threads=2)
    process.begun(range(2**31 - 4, 2**31))  # loads the machine code; these lineages belong to no repetition
    made, steps, seconds = [], [], []
    for number in range(PLAN.repetitions):
        process.steps, start = 0, time.process_time()
        made.append(split(process, [GOAL], PLAN, number).chances[0])
        steps.append(process.steps / point.scenario.steps)
        seconds.append(time.process_time() - start)
    chances, work, timed = np.array(made), np.array(steps), np.array(seconds) / plain_s
    plain = probability(int((rows[CHAIN] >= count).sum()), len(rows))
    error = np.hypot(chances.std(ddof=1) / np.sqrt(len(chances)), np.sqrt(plain.estimate / plain.n))
    return {
        "count": count,
        "splitting": student(chances)._asdict(),
        "spread": float(chances.std(ddof=1) / chances.mean()),
        "runs_worth": float(work.sum()),
        "plain": plain._asdict(),
        "apart": float((chances.mean() - plain.estimate) / error) if plain.events >= 5 else None,
        "gain_by_steps": [gain(chances, work), *gain_interval(chances, work)],
        "gain_by_seconds": [gain(chances, timed), *gain_interval(chances, timed)],
    }


def measure_again() -> dict[str, Any]:
    """The chain at which both lay farthest apart, once more: other seeds, more repetitions, more runs."""
    (point,) = points(f"seed={AGAIN_PLAN.seed}")
    process = climber(point, CHAIN, AGAIN_COUNT, threads=2)
    made = [split(process, [GOAL], AGAIN_PLAN, number).chances[0] for number in range(AGAIN_PLAN.repetitions)]
    rows = replicate(point.scenario, replications=AGAIN_RUNS, seed=AGAIN_SEED, threads=2)
    plain = probability(int((rows[CHAIN] >= AGAIN_COUNT).sum()), AGAIN_RUNS)
    return {"splitting": student(np.array(made))._asdict(), "plain": plain._asdict()}


def _plain(runs: int) -> tuple[np.ndarray, float]:
    """Plain runs of the default scenario, and the processor time of one."""
    (point,) = points(f"seed={PLAIN_SEED}")
    start = time.process_time()
    rows = replicate(point.scenario, replications=runs, seed=PLAIN_SEED, threads=2)
    return rows, (time.process_time() - start) / runs


def measure_air(*overrides: str) -> dict[str, Any]:
    """Conditional Monte Carlo for air combat between the US and Russia."""
    (point,) = points(f"seed={PLAIN_SEED}", *overrides)
    rows = replicate(point.scenario, replications=AIR_RUNS, seed=PLAIN_SEED, threads=2)
    found = conditional(rows, may_be_heavy=may_be_heavy(point.scenario.config))
    both = {"conditional": found.conditional._asdict(), "plain": found.plain._asdict()}
    return {
        "overrides": list(overrides),
        **both,
        "gain": found.gain,
        "effective": found.effective,
        "heavy": found.heavy,
    }


def page(found: dict[str, Any]) -> str:
    """What was measured, as text."""
    chain = found["chain"]
    heads = ["ground strikes", "splitting", "spread", "work in runs", "plain runs", "apart", "gain by steps", "by time"]
    air = [_air_row(one) for one in found["air"]]
    return PAGE.format(
        chain=table(heads, [_row(one) for one in chain["chains"]], 1),
        air=table(["scenario", "conditional", "plain runs", "heavy", "gain", "rests on runs"], air, 1),
        plain=f"{PLAIN_RUNS:,}",
        again=AGAIN.format(
            count=AGAIN_COUNT,
            repetitions=AGAIN_PLAN.repetitions,
            paths=AGAIN_PLAN.paths,
            seed=AGAIN_PLAN.seed,
            splitting=_told(found["again"]["splitting"]),
            runs=f"{AGAIN_RUNS:,}",
            plain_seed=AGAIN_SEED,
            events=found["again"]["plain"]["events"],
            plain=_told(found["again"]["plain"]),
        ),
        air_runs=f"{AIR_RUNS:,}",
        **{name: chain["plan"][name] for name in ("paths", "repetitions", "seed")},
    )


def _air_row(one: dict[str, Any]) -> list[str]:
    where, plain = ", ".join(one["overrides"]) or "as it is", one["plain"]
    seen = _told(plain) if plain["events"] else f"at most {plain['high']:.2g}"
    gain, rests = f"{one['gain']:,.1f}", f"{one['effective']:,.0f}"
    return [where, _told(one["conditional"]), seen, str(one["heavy"]), gain, rests]


def _row(one: dict[str, Any]) -> list[str]:
    plain, apart = one["plain"], one["apart"]
    return [
        f"at least {one['count']}",
        _told(one["splitting"]),
        f"{one['spread']:.2f}",
        f"{one['runs_worth']:,.0f}",
        _told(plain) if plain["events"] >= 5 else f"at most {plain['high']:.2g}",
        "-" if apart is None else f"{apart:+.1f}",
        _span(one["gain_by_steps"]),
        _span(one["gain_by_seconds"]),
    ]


def _told(row: dict[str, Any]) -> str:
    return told(Estimate(**row))


def _span(gain: Sequence[float]) -> str:
    return f"{gain[0]:,.0f} [{gain[1]:,.0f}, {gain[2]:,.0f}]"


PAGE = """# Rare outcomes

`tanf rare` estimates what plain runs hardly ever see, by the cheapest method that applies, which it names:

```sh
tanf rare outcome=us_russia_air replications=2000
tanf rare outcome=strike_ground count=19 threads=2
tanf rare outcome=killed_coalition count=4 rare.paths=400
```

* **Conditional Monte Carlo** for air combat between the US and Russia: the rule book adds up the chance that each
  meeting had, and that is averaged instead of whether it came true (`sim/study/conditional.py`). A Russian flight that
  has used force is met with weapons: one such meeting counts as much as a thousand others, and a few hundred runs
  rarely hold one. So runs are told apart: ordinary ones are averaged, *heavy* ones (0.1 or more gathered) are counted,
  and the upper limit allows for as many as an exact bound does. It falls as 4.1 / replications, no faster than that of
  plain runs; with roe.answer_own_russian=0, where no such meeting is possible, the whole interval is narrow.
* **Adaptive multilevel splitting** for what comes step by step: paths that came less far are given up, and others are
  continued in their place from where they came farther, with luck of their own (`sim/study/splitting.py`). How far an
  outcome has come that is to come about several times (`count=`) is the chance that the rest comes in the time left,
  were its pace that of a pilot of plain runs (`sim/study/climbing.py`); one that is to come once is led up to by
  strikes, attacks and hostility levels. The estimate is right whatever this score is; a good one makes it close. 20
  independent repetitions at least, Student's interval of the logarithm of their mean.
* **Plain runs** where at least 100 of them saw it.

Plain runs come first in any case, into an ordinary results folder; repetitions go to a folder beside it, each as soon
as it is there, with some of the paths that came to the goal. A path is a list of legs (step, lineage): up to a step the
draws are those of one lineage, from there on those of the next. `sim.run.splitting.replayed(scenario, seed, legs)` is
that run in the ordinary engine. All of it is one history and a coarse model, and the size of small chances hangs on
priors that nobody could measure.

Refused: a sum that rests on fewer than twenty runs; repetitions of which fewer than five came to the goal, or that
spread by more than their mean. Then only a bound is told, and how much would be enough.

## Measured: a chain

`make rare` made this page. Of each chain {repetitions} repetitions of {paths} paths (seed {seed}), beside {plain} plain
runs of the default scenario; 95 % intervals; *spread*: standard deviation of one repetition over the mean (more than 1
is refused); *apart*: the difference in standard errors, where plain runs saw five at least; *gain*: variance of plain
runs over that of splitting for as many simulated steps, and for as much processor time, with bootstrap intervals over
the repetitions.

{chain}

{again}

## Measured: a last step

{air_runs} runs each; *heavy*: runs that gathered 0.1 or more; *gain*: variance of plain runs over that of the
conditional estimate from the same runs. It is the gain of the estimate: an upper limit that allows for heavy runs does
not share it, and the first row's gain would fall to the second's with the first heavy run.

{air}
"""


AGAIN = """\
Two standard errors at {count} strikes asked for a second look, with luck of its own: {repetitions} repetitions of
{paths} paths (seed {seed}) say {splitting}, {runs} plain runs (seed {plain_seed}) saw it {events} times,
{plain}. Both agree."""


def main(words: Sequence[str]) -> int:
    """Measure, and write rare.json and rare.md; `out=FOLDER` says where."""
    out = pathlib.Path(next((word[4:] for word in words if word.startswith("out=")), OUT))
    found = {
        "chain": measure_chain(),
        "again": measure_again(),
        "air": [measure_air(), measure_air("roe.zone_radius_km=20"), measure_air(*QUIET)],
    }
    atomic_write(out / "rare.json", (json.dumps(found, indent=1) + "\n").encode())
    atomic_write(out / "rare.md", page(found).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
