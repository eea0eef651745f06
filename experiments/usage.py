"""`tanf COMMAND --help`: what may be chosen and set, in plain words."""

from __future__ import annotations

from functools import partial

from experiments.readers import reads
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
    "check": ["It looks at hashes, page checksums, columns and run numbers; what is not computed yet is no damage."],
    "repair": [
        "Parts, design, summary, figures and, from design and parts, the manifest; the bytes are the same again.",
        "Files that are no results stay where they are and are named.  threads=2 may be set.",
    ],
    "export": [
        "out=FOLDER is made new (DIR-export); format=csv or format=parquet.",
        "In Python: sim.open(DIR).to_pandas(), to_polars(), to_arrow(), to_ema(), to_salib(outcome), to_batch_run().",
    ],
    "report": [
        "It is figures/report.html of the folder, or out=FILE.html; no script, nothing is fetched, it prints well.",
        "Of a comparison margin=, outcome= and twin= may be set, of rare chances and what matters outcome=.",
    ],
    "histories": [
        "POINT is a row of design.parquet; runs=N of its runs are simulated again (300, a tenth of a second each).",
        "It draws occupancy, pathways, fans and density into figures, with their numbers as CSV, and into the report.",
    ],
    "replay": [
        "POINT is a row of design.parquet, REPLICATION a number from 0; `failures.jsonl` names runs that way.",
        "It writes replay-POINT-REPLICATION.html, a page that plays the run and needs no network, where you are.",
        "format=html,gif,mp4,csv,geojson (any of them) and out=FILE say what else and where; mp4 needs ffmpeg.",
        "The results folder stays as it is, and no file is replaced that this command did not make.",
    ],
}

MORE = {  # of a command that takes settings, beside what may be set
    "sweep": [
        "Vary (each combination is one point of the sweep):",
        "  roe.zone_radius_km=0,20,40    or range(0,90,10), where the end is left out",
        "  roe=baseline_2017,restrictive",
        "Without an experiment and without anything varied, the experiment is zone_radius.",
        "Go on until an outcome is known: until.outcome=serious_episode until.half_width=0.02",
    ],
    "view": [
        "It needs the extra `view`: pip install 'tanf-escalation[view]'.  Nothing is written; Ctrl-C ends it.",
        "The address it prints works on this machine only and holds a secret.",
        "What is set here is where the page begins; scenario, ROE, theory, main levers and seed can be changed there.",
    ],
    "plan": ["It takes what `tanf sweep` takes, a. and b. of `tanf compare`, or method= of `tanf sensitivity`."],
    "compare": [
        "Arms (everything else is the same in both, luck included):",
        "  a.KEY=VALUE    set in the first arm only, as in a.roe.zone_radius_km=55 or a.roe=baseline_2017",
        "  b.KEY=VALUE    set in the second arm only",
        "Without either, the two points that the axes of the question make are the arms.",
    ],
    "rare": [
        "outcome=NAME is one of `tanf list outcomes`; count=N asks for N of them at least within the horizon.",
        "rare.method: conditional for outcome=us_russia_air, splitting for chains, plain for what is not rare.",
    ],
    "attribute": [
        "outcome=NAME is one of `tanf list outcomes`; of each run its first coming is looked at.",
        "attribute.cases=N runs are looked into, attribute.run=N is told in full (docs/attribution.md).",
    ],
    "sensitivity": [
        "Vary settings as intervals, or as lists of names; `samples=` points are drawn:",
        "  roe.zone_radius_km=interval(20,80) roe=baseline_2017,restrictive",
        "method: sobol (shares of variance), morris (effects of single steps), pawn (distances, of any points).",
        "A results folder in place of settings analyses the runs that are there:",
        "  tanf sensitivity results/NAME method=pawn outcome=serious_episode",
    ],
    "discover": [
        "method=prim, unless set: a box of settings in which the chance exceeds the bound (extra `discover`);",
        "  settings vary as for `tanf sensitivity`, or a results folder stands in place of them.",
        "method=map: the red line over two settings, at `samples=` points that come where it is not yet known:",
        "  tanf discover method=map 'roe.zone_radius_km=interval(20,70)' 'line.dissuasion=interval(0,1)' bound=0.5",
    ],
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
        *_indented(listing.run_settings(partial(reads, verb))),
        *(["", *MORE[verb]] if verb in MORE else []),
        "",
        "Options: --cfg job shows the configuration and stops; -m name=a,b repeats the command for a and for b.",
    ]


def _indented(rows: list[str]) -> list[str]:
    return [f"  {row}" for row in rows]
