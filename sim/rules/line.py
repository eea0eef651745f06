"""Phase 6, the deconfliction line: calls that take time, go astray, and may or may not help (odd.md 7.5)."""

from __future__ import annotations

from sim.rules.acts import PRINCIPAL, note, record
from sim.rules.compiling import kernel, rule
from sim.rules.draws import Draw
from sim.rules.names import NEVER, Act, Posture, Principal, Rung
from sim.rules.random import NOBODY as NO_OTHER
from sim.rules.random import chance
from sim.rules.tables import Log, Params, State

NOT_THROUGH, MISPLACED, NOT_PASSED_ON = 1.0, 2.0, 3.0  # why a call was lost


@kernel
def line(state: State, params: Params, log: Log) -> None:
    """Calls in progress reach the right officer, who may try to turn the unit back."""
    for k in range(state.n_awake):
        i = state.awake[k]
        if state.units[i].call_due_min <= state.now_min:
            answer(state, params, log, i)


@rule
def answer(state: State, params: Params, log: Log, i: int) -> None:
    """One call: through or not, about the right place or not, passed on or not, heeded or not."""
    unit = state.units[i]
    minute = unit.call_due_min
    unit.call_due_min = NEVER
    if unit.posture == Posture.WITHDRAWING:
        return
    lost = 0.0
    if not state.line_open and not chance(state, params.line.through_when_suspended, unit.id, NO_OTHER, Draw.THROUGH):
        lost = NOT_THROUGH
    elif chance(state, params.line.misplaced, unit.id, NO_OTHER, Draw.MISPLACED):
        lost = MISPLACED
    elif not chance(state, params.line.dissuasion, unit.id, NO_OTHER, Draw.DISSUADE):
        lost = NOT_PASSED_ON
    who = (PRINCIPAL + Principal.RUSSIA, i)
    if lost > 0.0:
        state.outcome.calls_lost += 1
        number = record(state, log, Act.CALL_LOST, who, minute, unit.call_event)
        note(log, number, lost)
    else:
        leash = params.world.russian_leash[unit.principal]
        unit.mediated = chance(state, leash, unit.id, NO_OTHER, Draw.LEASH)
        state.principals[unit.principal].radius_factor = 1.0  # now it knows where the ring is
        heard = record(state, log, Act.DISSUASION, who, minute, unit.call_event)
        note(log, heard, float(unit.mediated))
        if unit.signal == Rung.NONE:  # else a flight has spoken louder, and that is what it answers
            unit.signal, unit.signal_event, unit.explains = Rung.LINE_CALL, heard, heard
