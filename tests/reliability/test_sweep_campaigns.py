"""A few of each campaign about sweeps; `make reliability` runs them in full."""

from __future__ import annotations

from tests.reliability import failing, memory, orders, plans, stopping


def test_a_plan_is_true():
    """If this failed, people would plan their nights by a wrong clock.  Here within a factor of eight: other tests run
    beside this one; within 25 % is shown on a quiet machine.
    """
    found = dict(plans.campaign(1))
    [share] = [count for what, count in found.items() if what.endswith("planned / true")]
    assert 1 / 8 < share < 8


def test_one_answer_however_it_is_computed():
    """If this failed, results would hang on threads, on luck, or on how the work was shared out."""
    assert dict(orders.campaign(1)) == {"folders": 12, "different SHA-256": 1}


def test_a_tenth_of_the_runs_fail():
    """If this failed, a bad run would cost more than its row, or fail without anybody being told."""
    found = dict(failing.campaign(200))
    failed = found["of them with more events than the short log holds"]
    assert 20 < failed < 80, "about a tenth of 400"
    assert found["failed, each a line of failures.jsonl"] == found["of the failures the folder tells"] == failed
    assert found["failed runs replayed, each from its line"] == found["of them failed again in the same words"] > 20
    assert found["other runs that differ from those of a sweep without failures"] == 0
    assert found["exit code"] == found["exit code with max_failures at half of them"] == failing.FAILED_RUNS


def test_memory_does_not_grow_with_runs():
    """If this failed, a large sweep would be killed for its memory after hours."""
    found = dict(memory.campaign(800))
    assert found["its peak memory beyond that of 800 runs, MB"] < 30


def test_stopped_by_a_signal():
    """If this failed, Ctrl-C would be ignored, or leave half-written files and processes behind."""
    found = dict(stopping.campaign(2))
    assert found["exit code 128 + n, 0 where it was done already, or ended before anything was begun"] == 2
    assert [found[what] for what in found if "differ" in what or "left behind" in what or "half" in what] == [0, 0, 0]
    assert found["slower than 5 s"] == 0
