"""`tanf COMMAND --help`: what may be chosen and set, in plain words."""

from __future__ import annotations

from sim.config import listing

FOLDERS = {  # what is to be known of a command that takes a folder, beside what it does
    "status": ["It reads the manifest and changes nothing; `writing` names the process and the machine."],
    "resume": [
        "The folder says what was asked; only how it is computed may be set: threads=2, figures=false, shard=1/3.",
        "More replications or points of the same question: `tanf sweep ... replications=2000 out=DIR`.",
    ],
    "merge": [
        "TARGET is made if need be and keeps what it has; the sources stay as they are.",
        "Shares are made with `tanf sweep ... shard=1/3 out=DIR`, 2/3 and 3/3, each on a machine of its own.",
    ],
    "check": ["Hashes, page checksums, columns, run numbers; what is not computed yet is no damage."],
    "repair": [
        "Parts, design, summary, figures and, from design and parts, the manifest; the bytes are the same again.",
        "Files that are no results stay where they are and are named.  threads=2 may be set.",
    ],
    "replay": ["POINT is a row of design.parquet, REPLICATION a number from 0; `failures.jsonl` names runs that way."],
}


def lines(verb: str, about: str, example: str) -> list[str]:
    """The help of one command."""
    heading = [f"tanf {verb}: {about}", "", f"  {example}", ""]
    if verb == "list":
        from experiments.list import SUBJECTS

        return [*heading, f"It lists one of {', '.join(SUBJECTS)}."]
    if verb in FOLDERS:
        return [*heading, *FOLDERS[verb]]
    return [
        *heading,
        "Choose (name=option):",
        *_indented(listing.choices()),
        "",
        "Set (name=value; any parameter of `tanf list parameters` likewise, as in roe.zone_radius_km=40):",
        *_indented(listing.run_settings()),
        *(_axes() if verb in ("sweep", "plan") else []),
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
