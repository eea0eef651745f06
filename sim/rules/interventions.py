"""Interventions (odd.md 7.15): an act that is kept from being done, in a history whose luck stays as it was.

The other kind, a decision that falls otherwise, is met where decisions are drawn (`sim.rules.random`).
"""

from __future__ import annotations

from sim.rules.compiling import rule
from sim.rules.names import Act, Rung
from sim.rules.tables import State


@rule
def is_withheld(state: State, act: Act, who: int) -> bool:
    """Whether an experiment keeps a row, or a principal, from an act; of the ladder, from having it done to it."""
    kept = state.withheld
    return kept.first_step <= state.step <= kept.last_step and kept.act == act and kept.who == who


@rule
def is_rung_withheld(state: State, rung: int, i: int) -> bool:
    """The same for a rung of the ladder against a unit: it is left out, as where the rules have no such rung."""
    if rung == Rung.LINE_CALL:
        return is_withheld(state, Act.LINE_CALL, i)
    if rung == Rung.SHOW_OF_FORCE:
        return is_withheld(state, Act.SHOW_OF_FORCE, i)
    if rung == Rung.WARNING_SHOTS:
        return is_withheld(state, Act.WARNING_SHOTS, i)
    return is_withheld(state, Act.STRIKE, i)
