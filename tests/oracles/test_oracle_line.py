"""The deconfliction line as a chain of tries: each call is lost with q, and the next one comes a day later.

`test_roe.py` looks at one call and why it is lost; here a unit stands in the zone, the whole model runs, and
the tries add up: P(heard within k calls) = 1 - q^k, the delay is k - 1 waits and a latency.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.rules.compiling import INTERPRETED
from sim.rules.names import Act, Kind
from tests.oracles.chances import FALSE_ALARM, RARE, fits, live, z_of_mean
from tests.staging import first_of, put_out, stage

pytestmark = pytest.mark.skipif(INTERPRETED, reason="thousands of calls want compiled rules")

MISPLACED, DISSUASION, THROUGH, AGAIN_H, LATENCY, SPREAD = 0.2, 0.5, 0.6, 2.0, 4.0, 0.5


@pytest.mark.parametrize("is_open", [True, False])
def test_calls_are_tried_until_one_is_heard(is_open: bool) -> None:
    """If this failed, a silent line would fall silent for ever, or a bad one be as good as a good one.

    Seen to fail with calls repeated after half the time, with a suspended line that lets everything through, and with
    places that are never wrong.
    """
    runs, calls = 1500, 6
    state, params, log = stage(
        "scenario=quiet", f"scenario.line_open={str(is_open).lower()}", "line.suspension_days=60",
        f"line.misplaced={MISPLACED}", f"line.dissuasion={DISSUASION}", f"line.through_when_suspended={THROUGH}",
        f"line.latency_min={LATENCY}", f"line.latency_sd={SPREAD}", f"roe.repeat_call_hours={AGAIN_H}",
        "scenario.strike_flights=0",
    )  # fmt: skip
    start, tries, delays = state.copy(), np.zeros(calls + 1, int), []
    for k in range(runs):
        fresh = start.copy()
        fresh.replication = k
        unit = put_out(fresh, first_of(fresh, Kind.MILITIA_CONVOY), -45.0, 0.0)
        unit.inside, unit.tracked, unit.seen_min = True, True, 1e12
        live(fresh, params, log, 60.0 * AGAIN_H * (calls - 1) + 60.0)
        heard = [log[n].minute for n in range(fresh.n_events) if log[n].act == Act.DISSUASION]
        made = sum(log[n].act == Act.LINE_CALL for n in range(fresh.n_events))
        assert made == calls  # it goes on calling, heard or not
        assert len(heard) + fresh.outcome.calls_lost == calls
        nth = int((heard[0] - 5.0) // (60.0 * AGAIN_H)) if heard else calls
        tries[nth] += 1
        if heard:
            delays.append(heard[0] - 5.0 - 60.0 * AGAIN_H * nth)
    lost = 1.0 - (1.0 - MISPLACED) * DISSUASION * (1.0 if is_open else THROUGH)
    assert fits(tries, [*((1.0 - lost) * lost**k for k in range(calls)), lost**calls]) > RARE
    assert abs(z_of_mean(delays, LATENCY * math.exp(SPREAD**2 / 2.0))) < FALSE_ALARM
    assert abs(z_of_mean(np.log(delays), math.log(LATENCY))) < FALSE_ALARM
