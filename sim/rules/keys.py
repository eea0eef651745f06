"""The two keys: whether a unit gives cause for force (docs/odd.md 7.6).

Key 1 is geometry: the unit is inside the zone.  Key 2 is behaviour: points for what it does.  All three
ground strikes of 2017 needed both; a drone that had dropped a weapon needed neither.
"""

from __future__ import annotations

from sim.rules.compiling import rule
from sim.rules.draws import Draw
from sim.rules.names import DronePolicy, Kind, Mission, Posture, Principal
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance
from sim.rules.roster import from_garrison, is_closing, is_heavy
from sim.rules.tables import Params, State, Unit


@rule
def seems_pro_regime(unit: Unit) -> bool:
    """The coalition takes it for a unit of regime, militia or Hezbollah."""
    return Principal.REGIME <= unit.believed <= Principal.HEZBOLLAH


@rule
def is_fair_game(params: Params, unit: Unit) -> bool:
    """Struck without warning: what is taken for ISIS, and a drone where the drone policy says so."""
    if unit.kind != Kind.PRO_REGIME_DRONE:
        return unit.believed == Principal.ISIS and unit.inside
    policy = params.world.drone_policy
    on_entry = policy == DronePolicy.ON_ZONE_ENTRY and unit.inside
    if policy == DronePolicy.AFTER_HOSTILE_ACT:  # a shadowing drone may be misread as having dropped something
        return unit.seems_to_attack and unit.mission == Mission.SHADOW
    return on_entry or (policy >= DronePolicy.ON_HOSTILE_INTENT and unit.seems_to_attack)


@rule
def is_denied(params: Params, unit: Unit) -> bool:
    """Under denial, motion to the border is hostile outside the zone too."""
    return params.roe.denial_weight > 0.0 and unit.mission == Mission.BYPASS and unit.posture == Posture.MOVING


@rule
def key_turns(state: State, params: Params, i: int) -> bool:
    """Key 2 turns: enough points, or, where decisions tremble, a coin now and then."""
    unit = state.units[i]
    threshold = params.roe.threshold * (params.roe.hardening if state.hardened else 1.0)
    ultimatum = 60.0 * params.roe.ultimatum_hours
    expired = unit.inside and 0.0 < ultimatum < state.now_min - unit.entered_min
    turned = expired or points(state, params, i) >= threshold
    if params.theory.tremble > 0.0 and state.now_min >= unit.rung_due_min:
        if chance(state, params.theory.tremble, unit.id, NO_OTHER, Draw.TREMBLE):
            turned = chance(state, 0.5, unit.id, NO_OTHER, Draw.ANY_OPTION, 1)
            if not turned:
                unit.rung_due_min = state.now_min + params.roe.call_window_min  # to be thought over again
    return turned


@rule
def points(state: State, params: Params, i: int) -> float:
    """Key 2: what the unit's behaviour amounts to.

    Heavy weapons, a call for help and depth make what a unit does worse; they are all a static
    presence can score.
    """
    unit, scale = state.units[i], params.roe
    away = from_garrison(state, i)
    total = 0.0
    if unit.inside:
        total = scale.presence_weight + (scale.zone_radius_km - away) / scale.zone_radius_km
    if is_denied(params, unit):
        total += scale.denial_weight * params.environment.coalition_stake
    if is_closing(unit):
        total += scale.closing_weight_leaflets if state.leaflets else scale.closing_weight
        if inner_gap_km(params, away) <= unit.speed_km_h * scale.reach_min / 60.0:
            total += scale.reach_weight
    if is_heavy(unit):
        total += scale.heavy_weight
    if unit.posture == Posture.DIGGING:
        total += scale.fortify_weight
    if unit.mission == Mission.REINFORCE and is_closing(unit):
        total += scale.reinforce_weight
    if state.now_min < unit.help_until_min:
        total += scale.call_weight
    if unit.believed == Principal.HEZBOLLAH:
        total *= scale.hezbollah_readiness * params.scenario.hezbollah_readiness
    return total


@rule
def inner_gap_km(params: Params, away: float) -> float:
    """Distance left to the line that must not be reached; that line never lies beyond the zone."""
    return max(0.0, away - min(params.roe.inner_line_km, params.roe.zone_radius_km))
