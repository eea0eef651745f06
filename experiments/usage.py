"""`tanf COMMAND --help`: what may be chosen and set, in plain words."""

from __future__ import annotations

from sim.config import listing


def lines(verb: str, about: str, example: str) -> list[str]:
    """The help of one command."""
    heading = [f"tanf {verb}: {about}", "", f"  {example}", ""]
    if verb == "list":
        from experiments.list import SUBJECTS

        return [*heading, f"It lists one of {', '.join(SUBJECTS)}."]
    return [
        *heading,
        "Choose (name=option):",
        *_indented(listing.choices()),
        "",
        "Set (name=value; any parameter of `tanf list parameters` likewise, as in roe.zone_radius_km=40):",
        *_indented(listing.run_settings()),
        *(_axes() if verb == "sweep" else []),
        "",
        "Options: --cfg job shows the configuration and stops; -m name=a,b repeats the command for a and for b.",
    ]


def _axes() -> list[str]:
    return [
        "",
        "Vary (each combination is one point of the sweep):",
        "  roe.zone_radius_km=0,20,40    or range(0,90,10), where the end is left out",
        "  roe=baseline_2017,restrictive",
        "Without an experiment and without anything varied, the experiment is zone_radius.",
    ]


def _indented(rows: list[str]) -> list[str]:
    return [f"  {row}" for row in rows]
