"""Deliberate breakages of the rules: each one edit, and what it would mean if no test noticed.

`tests/mutate.py` makes each in a copy of the project and writes down which test notices it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One edit of one file: the text `was` becomes `becomes`."""

    means: str
    file: str
    was: str
    becomes: str


MUTANTS = (
    Mutant(
        "what is unlikely comes often, and the other way round",
        "sim/rules/random.py",
        "return uniform(state, actor, other, draw, sub) < p",
        "return uniform(state, actor, other, draw, sub) > p",
    ),
    Mutant(
        "all units of a run share one stream of luck",
        "sim/rules/random.py",
        "actor + 65536 * other,",
        "65536 * other,",
    ),
    Mutant(
        "the rounding of a choice favours its last option",
        "sim/rules/random.py",
        "and u < sum_so_far:",
        "and u < 0.98 * sum_so_far:",
    ),
    Mutant(
        "the length of the step counts twice in every rate",
        "sim/rules/roster.py",
        "per_day / 1440.0 * params.step_min",
        "per_day / 1440.0 * params.step_min * params.step_min / 5.0",
    ),
    Mutant(
        "what a clock gathers beyond its budget is lost",
        "sim/rules/roster.py",
        "state.hazard[clock] -= state.budget[clock]",
        "state.hazard[clock] = 0.0",
    ),
    Mutant(
        "a step counts twice in what sensors gather",
        "sim/rules/sensing.py",
        "unit.sensed += total * params.step_min",
        "unit.sensed += 2.0 * total * params.step_min",
    ),
    Mutant(
        "a sensor sees as far along each axis as it should see in all",
        "sim/rules/sensing.py",
        "closeness = reach * reach - dx * dx - dy * dy",
        "closeness = reach * reach - dx * dx",
    ),
    Mutant(
        "tension falls to 1/e instead of a half in a half-life",
        "sim/rules/acts.py",
        "math.exp(-math.log(2.0) * half_lives)",
        "math.exp(-half_lives)",
    ),
    Mutant(
        "anger stays with the victim, allies feel nothing",
        "sim/rules/acts.py",
        "share = params.world.alliance[victim * N + p]",
        "share = 1.0 * (p == victim)",
    ),
    Mutant(
        "an entry is dated by the step in which it is noticed, not by the crossing",
        "sim/rules/movement.py",
        "entered = unit.leg_start_min + part * (unit.leg_end_min - unit.leg_start_min)",
        "entered = minute",
    ),
    Mutant(
        "whoever leaves the zone keeps the rung it was on",
        "sim/rules/movement.py",
        "unit.rung, unit.ordered, unit.signals, unit.rung_due_min = 0, 0, 0, -NEVER",
        "unit.ordered, unit.signals, unit.rung_due_min = 0, 0, -NEVER",
    ),
    Mutant(
        "a call that gets lost is obeyed",
        "sim/rules/line.py",
        "if lost > 0.0:",
        "if lost > 3.0:",
    ),
    Mutant(
        "the chance of going on after a low pass is that after warning shots",
        "sim/rules/response.py",
        "(rung - Rung.SHOW_OF_FORCE)",
        "(rung - Rung.LINE_CALL)",
    ),
    Mutant(
        "fear makes units bolder",
        "sim/rules/response.py",
        "logit -= dread(state, params, unit.principal)",
        "logit += dread(state, params, unit.principal)",
    ),
    Mutant(
        "a unit deep inside counts for less than one at the ring",
        "sim/rules/keys.py",
        "(scale.zone_radius_km - away) / scale.zone_radius_km",
        "away / scale.zone_radius_km",
    ),
    Mutant(
        "a warning counts as given though a higher rung was already used",
        "sim/rules/roe.py",
        "    if rung >= unit.rung:\n",
        "    if True:\n",
    ),
    Mutant(
        "force is used without the authority that the rules ask for",
        "sim/rules/roe.py",
        "flight != NOBODY and has_authority(state, params, log, i)",
        "flight != NOBODY",
    ),
    Mutant(
        "the losses of a fight are dealt to the wrong side",
        "sim/rules/combat.py",
        "lose(state, params, i, dead, other.principal, unit.explains)",
        "lose(state, params, j, dead, other.principal, unit.explains)",
    ),
    Mutant(
        "more can be killed than are there",
        "sim/rules/acts.py",
        "dead = min(dead, unit.fighters)",
        "dead = max(dead, 0)",
    ),
    Mutant(
        "bombs take trucks before guns",
        "sim/rules/engagement.py",
        "    if unit.anti_aircraft > 0:\n        unit.anti_aircraft -= 1",
        "    if unit.anti_aircraft > 0 and unit.vehicles == 0:\n        unit.anti_aircraft -= 1",
    ),
    Mutant(
        "an exchange is counted though the two sides fired weeks apart",
        "sim/rules/force.py",
        "if apart <= window and",
        "if apart <= 10.0 * window and",
    ),
    Mutant(
        "flights are taken to be where they were a step ago",
        "sim/rules/air.py",
        "return closest_approach(ax, ay, state.x_km[i], state.y_km[i], cx, cy, state.x_km[j], state.y_km[j])",
        "return closest_approach(ax, ay, ax, ay, cx, cy, cx, cy)",
    ),
    Mutant(
        "a drone never runs out of weapons",
        "sim/rules/drones.py",
        "    unit.weapons -= 1\n",
        "",
    ),
    Mutant(
        "the value of the corridor does not fall when the border is reached",
        "sim/rules/environment.py",
        "state.corridor_value *= 1.0 - params.environment.value_lost_at_border",
        "state.corridor_value *= 1.0",
    ),
)
