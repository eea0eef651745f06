"""The page: a few drawings that the browser makes of JSON, and a `Standoff` behind them.  Needs the extra `view`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import solara

from sim.view.live import serve
from sim.view.live.standoff import Standoff

TITLE = "A live standoff around al Tanf, May–June 2017"
LIMITS = "One history of many, made by a coarse model of the past: it shows no probability and is no planning aid."
STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


@solara.component_vue("head.vue", vuetify=False)
def Head(title: str, limits: str, question: str, run: str) -> None:  # noqa: N802
    """What is seen here, which run it is, and what it is not."""


@solara.component_vue("controls.vue", vuetify=False)
def Controls(clock: dict, step_min: float, event_advance: Callable, event_reset: Callable) -> None:  # noqa: N802
    """Play, pause, step, run to the end, start again, speed; where the run is in time."""


@solara.component_vue("settings.vue", vuetify=False)
def Settings(menu: dict, complaint: str, event_choose: Callable) -> None:  # noqa: N802
    """Presets, levers and seed."""


@solara.component_vue("map.vue", vuetify=False)
def Map(ground: dict, units: list, marks: list, selected: int | None, event_select: Callable) -> None:  # noqa: N802
    """The map; a click on a unit selects it."""


@solara.component_vue("ladder.vue", vuetify=False)
def Ladder(ladder: list, tension: list, horizon: float, half_life: float, force: float, spilt: float) -> None:  # noqa: N802
    """Rungs by dyad, and tension over time."""


@solara.component_vue("feed.vue", vuetify=False)
def Feed(feed: list, event_select: Callable) -> None:  # noqa: N802
    """Events in words."""


@solara.component_vue("why.vue", vuetify=False)
def Why(why: dict | None, units: list, event_select: Callable) -> None:  # noqa: N802
    """The reasons of the selected unit."""


@solara.component
def Page() -> None:  # noqa: N802
    """One run a browser tab; nothing is computed that the tab does not ask for."""
    standoff: Standoff = solara.use_memo(lambda: Standoff(serve.ASKED), [])
    _, redraw = solara.use_state(0)
    ground = solara.use_memo(standoff.ground, [standoff.begun])

    def then(act: Callable[[Any], None]) -> Callable[[Any], None]:
        """Do what the page asks for, then draw it again."""

        def do(asked: Any) -> None:
            act(asked)
            redraw(lambda count: count + 1)

        return do

    frame, escalation = standoff.frame(), standoff.config.escalation
    select = then(standoff.select)
    solara.Title(TITLE)
    solara.Style(STYLE)
    with solara.Div(classes=["standoff"]):
        Head(title=TITLE, limits=LIMITS, question=standoff.config.question, run=standoff.identity())
        with solara.Div(classes=["board"]):
            with solara.Div(classes=["column"]):
                Controls(
                    clock=frame["clock"], step_min=float(standoff.model.params.step_min),
                    event_advance=then(standoff.advance), event_reset=then(lambda _: standoff.reset()),
                )  # fmt: skip
                Map(
                    ground=ground, units=frame["units"], marks=frame["marks"], selected=standoff.selected,
                    event_select=select,
                )  # fmt: skip
                Settings(
                    menu=standoff.menu, complaint=standoff.complaint,
                    event_choose=then(lambda asked: standoff.choose(asked["key"], asked["value"])),
                )  # fmt: skip
            with solara.Div(classes=["column"]):
                Why(why=frame["why"], units=frame["units"], event_select=select)
                Ladder(
                    ladder=frame["ladder"],
                    tension=frame["tension"],
                    horizon=frame["clock"]["days"],
                    half_life=float(escalation.tension_half_life_days),
                    force=float(escalation.force_severity),
                    spilt=float(escalation.spill_over * escalation.force_severity),
                )
                Feed(feed=frame["feed"], event_select=select)
