"""A situation that the ladder checker reasons about, put before the rules."""

from __future__ import annotations

from typing import Any

from sim.rules.names import Kind, Mission, Posture, Principal, Rung
from sim.study.situations import (
    AMBUSHES,
    DASHES,
    DIGS,
    FIRES,
    FIRES_BY_TRACK,
    GOES_ROUND,
    REINFORCES,
    REINFORCES_BY_TRACK,
    Situation,
)
from tests.staging import first_of, put_out, stage

MISSIONS = {
    DIGS: Mission.FORTIFY,
    REINFORCES: Mission.REINFORCE,
    REINFORCES_BY_TRACK: Mission.REINFORCE,
    DASHES: Mission.DASH,
    AMBUSHES: Mission.RAID,
    FIRES: Mission.RETALIATE,
    FIRES_BY_TRACK: Mission.RETALIATE,
    GOES_ROUND: Mission.BYPASS,
}


def staged(at: Situation, rung: Rung, *overrides: str) -> tuple[Any, Any, int]:
    """A militia convoy in such a situation, for which a rung has been used."""
    state, params, _ = stage(*overrides)
    i = first_of(state, Kind.MILITIA_CONVOY)
    goes = at.conduct.closing or at.conduct.bypassing
    posture = Posture.MOVING if goes else Posture.DIGGING if at.conduct.digging else Posture.HELD
    unit = put_out(state, i, -at.away_km, 0.0, posture)
    unit.inside, unit.tracked = not at.conduct.bypassing, True
    unit.mission = int(MISSIONS.get(at.conduct, Mission.PUSH))
    unit.speed_km_h = float(getattr(params.movement, at.conduct.speed))
    unit.tanks, unit.rung = int(at.heavy), int(rung)
    unit.believed = int(Principal.HEZBOLLAH if at.hezbollah else Principal.MILITIA)
    unit.help_until_min = 1e9 if at.called else -1.0
    state.leaflets, state.hardened, state.defiance = at.leaflets, at.hardened, 0.7 * at.defied
    state.now_min = 60.0 * 1000.0
    unit.entered_min = 0.0 if at.expired else state.now_min
    return state, params, i
