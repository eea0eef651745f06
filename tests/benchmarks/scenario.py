"""The numbers of the small scenario, the same for all who write it."""

from __future__ import annotations

UNITS, STEPS = 60, 500
STEP_MIN = 5.0
HALF_SIDE_KM = 200.0
SLOWEST_KM_H, FASTEST_KM_H = 15.0, 60.0
REACH_KM = 80.0
HAZARD_PER_MIN = 0.01
