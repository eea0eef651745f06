"""What was measured as docs/performance.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.study import performance
from sim.study.markdown import table

ROWS = (  # key, what it is, digits, unit; a table each
    (
        "The limit that C sets",
        (
            ("rows_ns", "the small scenario in compiled rows, a unit and step", 1, "ns"),
            ("c_rows_ns", "its twin in C, units in rows", 1, "ns"),
            ("c_arrays_ns", "its twin in C, separate arrays", 1, "ns"),
            ("c_ratio", "rows take longer than the faster twin by a factor of", 2, ""),
        ),
    ),
    (
        "Other frameworks",
        (
            ("mesa_ns", "the small scenario as an ordinary Mesa model, a unit and step", 0, "ns"),
            ("mesa_ratio", "longer than rows by a factor of", 0, ""),
            ("agentpy_ns", "as an ordinary AgentPy model", 0, "ns"),
            ("agentpy_ratio", "longer than rows by a factor of", 0, ""),
            ("numpy_ns", "in NumPy, 300 replications at once", 1, "ns"),
            ("numpy_ratio", "longer than rows by a factor of", 2, ""),
            ("batch_run_ms", "mesa.batch_run on this model, 28 days", 0, "ms/run"),
            ("batch_run_ratio", "longer than sim.replicate by a factor of", 1, ""),
        ),
    ),
    (
        "Many runs",
        (
            ("harness_ratio", "a sweep of 1,500 runs of 28 days (one thread, no figures) over simulating them", 2, ""),
            ("workers_ratio", "two Dask workers are faster than one by a factor of", 2, ""),
            ("workers_threads_ratio", "two Dask workers take longer than two threads by a factor of", 2, ""),
            ("memory_2000_mb", "most memory of a sweep of 2,000 one-day runs", 0, "MB"),
            ("memory_20000_mb", "of 20,000", 0, "MB"),
            ("memory_200000_mb", "of 200,000", 0, "MB"),
            ("memory_planned_mb", "of 10,000,000 planned 28-day runs, half a minute into them", 0, "MB"),
        ),
    ),
    (
        "What a run takes",
        (
            ("days_7_ms", "7 days", 2, "ms"),
            ("days_28_ms", "28 days", 2, "ms"),
            ("days_56_ms", "56 days", 2, "ms"),
            ("units_double_ms", "28 days, {units_more} units in place of {units}", 2, "ms"),
            ("first_strike_ms", "28 days, ended by the first ground strike", 2, "ms"),
            ("early_exit_ratio", "a run to the end takes longer than that by a factor of", 2, ""),
        ),
    ),
)
PAGE = """
## Beside it

The small scenario (`tests/benchmarks`) is 60 units that walk straight legs past one sensor, 500 steps: sensing and
movement and nothing else, written as the rule book writes them, in C (same draws, same hits, bit for bit), and as most
people would in other frameworks (same distribution; `tests/test_benchmarks.py`). Medians of 15 interleaved rounds.

{tables}

Memory is the most that the whole command held, interpreter and libraries included.

## Where a step goes

A phase by itself, called again and again on states of real runs, one thread:

{phases}

The sum is {sum:.2f} us, of a world step of {step:.2f} us; what is seldom (a strike, a launch) is not in it. {first}
take {share:.0f} % of it; the others mostly look through the rows that are out ({about} of them on average, {row} bytes
wide) and find nothing to do. That is the price of phases that can be read one by one.

## Tried, and did not pay

* Separate arrays in place of rows: the twin in C says what there is to gain. Rows copy and compare in one call.
* Single precision: 0.91 x in compiled Python, 0.85 to 1.0 x in C; interpreted and compiled then differ.
* `fastmath`: 0.95 to 1.01 x, and loses reproducibility.
* Stepping 32 replications in lock-step: 0.93 x at 60 units, 1.9 x slower with 8; it kills early exit.
* Skipping from event to event: exact, 0.5 to 2.1 x by how often units decide; here every phase may act in any step.

The last four were measured on a stand-in rule book of 75 rules.
"""


def page(kept: Mapping[str, Any], json_name: str) -> str:
    """The whole page; of what `tanf bench` alone has kept, its own part."""
    if "beside" not in kept:
        return performance.page(kept, json_name)
    found = kept["beside"]
    told = "\n\n".join(f"### {title}\n\n{_table(rows, found)}" for title, rows in ROWS)
    phases = found["phases_ns"]
    longest = sorted(phases, key=lambda name: -phases[name])[:3]
    return performance.page(kept, json_name) + PAGE.format(
        tables=told,
        phases=table(["phase", "ns"], [[name, f"{value:.0f}"] for name, value in phases.items()], 1),
        sum=sum(phases.values()) / 1e3,
        step=kept["measured"]["step_us"],
        first=", ".join(longest).capitalize(),
        share=100 * sum(phases[name] for name in longest) / sum(phases.values()),
        about=f"{found['awake']:.0f}",
        row=found["row_bytes"],
    )


def _table(rows: Any, found: Mapping[str, Any]) -> str:
    cells = [
        [words.format(**found), f"{found[key]:,.{digits}f}", unit] for key, words, digits, unit in rows if key in found
    ]
    return table(["measured", "", ""], cells, 1)
