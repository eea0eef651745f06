"""The local plane: kilometres east (x) and north (y) of the garrison, straight legs in closed form."""

from __future__ import annotations

import math

from sim.rules.compiling import rule


@rule
def distance(x0: float, y0: float, x1: float, y1: float) -> float:
    """Straight-line distance in km."""
    dx, dy = x1 - x0, y1 - y0
    return math.sqrt(dx * dx + dy * dy)


@rule
def part_of_leg(start_min: float, end_min: float, now_min: float) -> float:
    """How much of a leg is covered at `now_min`, between 0 and 1."""
    if now_min >= end_min or end_min <= start_min:
        return 1.0
    if now_min <= start_min:
        return 0.0
    return (now_min - start_min) / (end_min - start_min)


@rule
def first_crossing(x0: float, y0: float, x1: float, y1: float, radius: float) -> float:
    """The part of the leg covered when it first enters the circle round the origin; 2 if it never does.

    A leg that starts inside has entered at 0.  The roots are those of |p + t d|^2 = radius^2.
    """
    if x0 * x0 + y0 * y0 <= radius * radius:
        return 0.0
    dx, dy = x1 - x0, y1 - y0
    a = dx * dx + dy * dy
    b = x0 * dx + y0 * dy
    c = x0 * x0 + y0 * y0 - radius * radius
    inside_root = b * b - a * c
    if a <= 0.0 or b >= 0.0 or inside_root < 0.0:
        return 2.0
    part = (-b - math.sqrt(inside_root)) / a
    return part if part <= 1.0 else 2.0


@rule
def closest_approach(ax: float, ay: float, bx: float, by: float, cx: float, cy: float, dx: float, dy: float) -> float:
    """Least distance in km between one point going from a to b and another from c to d meanwhile."""
    x, y = ax - cx, ay - cy
    u, v = (bx - ax) - (dx - cx), (by - ay) - (dy - cy)
    speed2 = u * u + v * v
    part = 0.0
    if speed2 > 0.0:
        part = min(1.0, max(0.0, -(x * u + y * v) / speed2))
    return distance(x + part * u, y + part * v, 0.0, 0.0)
