"""Every block of README and docs that somebody could type is typed here, at a reduced cost.

What is reduced, verb by verb, stands in REDUCED: fewer runs, points or paths, and no figures, which other tests draw;
`tanf plan` tries for half a second. Folders, experiments, presets and all other settings stay as they are. The
commands of a page are typed one after the other in one folder, as its reader would; what an earlier page has made is
done already. A study that was reduced may say, when all its runs are made, that they are too few. What is not typed
stands in NOT_TYPED with the reason; a block that is neither fails. The one answer that README shows is computed whole.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

import pytest

from experiments.__main__ import main
from sim.rules.compiling import INTERPRETED
from sim.study import plan

ROOT = Path(__file__).parents[1]
PAGES = {
    page.relative_to(ROOT).as_posix(): page.read_text("utf-8")
    for page in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))
    if page.parent.name != "tutorials"  # tests/test_tutorials.py types these as they stand
}
BLOCK = re.compile(r"^ *```(\S*)[^\n]*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)

FEW = ("replications=20", "figures=false")
REDUCED = {  # verb: settings that take the place of the page's
    "sweep": FEW,
    "compare": FEW,
    "rare": ("replications=300", "figures=false", "rare.paths=10"),  # with fewer it would not come to splitting
    "sensitivity": ("replications=8", "figures=false"),
    "verify": FEW,
    "attribute": ("replications=40", "attribute.cases=6", "figures=false"),
}
LESS = {
    "samples": "samples=16",
    "until.half_width": "until.half_width=0.4",
    "posterior_draws": "posterior_draws=20",
}  # where the page sets it
MANY_POINTS = "experiment=policies_under_uncertainty"  # its 128 points are what is analysed: fewer runs at each instead
ENOUGH_IN_FULL = re.compile(r"replications=\d+ .*what was run stays in")  # all was done; the reduction leaves no answer
DRAWN = ("interval(", "experiment=levers")  # what draws points

INSTEAD = {"runs=300": "runs=10"}  # of folders that hold few runs
NOT_TYPED = {  # pattern of a line: the reason
    "make *": "minutes to an hour, or installs; the commands in it are typed here or tested by themselves",
    "pip install *": "needs a network; .ci/wheel installs the wheel",
    "tanf view*": "serves until it is stopped; tests/test_view_live_server.py starts it and looks",
    "tanf discover*": "tests/test_discovery.py and test_redline.py ask; boxes want the extra `discover`",
    "tanf calibrate*": "thousands of histories; tests/test_calibrate_method.py holds the method to known answers",
    "tanf sweep*dask.address*": "wants a scheduler; tests/test_clusters_page.py starts one with certificates",
    "dask *": "serves until it is stopped; tests/test_clusters_page.py starts the same",
    "python docs/clusters/*": "wants a queue; tests/test_clusters_page.py reads the job scripts",
    "tanf bench*": "measures for three minutes; tests/test_sweep_whole.py measures with a stopped clock",
}
PYTHON = {  # page: which test runs its blocks
    "README.md": "test_docs.py::test_examples_run",
    "docs/designs.md": "test_designs.py, and here",
    "docs/scripted_agents.md": "test_scripted.py",
}
OUTPUT = {"README.md", "docs/comparing.md", "docs/discovery.md", "docs/sensitivity.md"}  # show what is printed: below
YAML = {"docs/clusters.md"}  # keys of Dask, which tests/test_clusters_page.py sets
FROM_CODE = ("docs/reference/",)  # made from the code, which tests/test_reference.py holds them against

pytestmark = pytest.mark.skipif(INTERPRETED, reason="needs compiled runs")


def lines(page: str) -> Iterator[str]:
    """The commands of a page, in order: every line of its sh blocks, and the examples of the program's own help."""
    for language, text in BLOCK.findall(PAGES[page]):
        if language == "sh" or (language == "text" and text.startswith("tanf ")):
            yield from filter(None, (line.partition("  #")[0].strip() for line in text.splitlines()))


def reason_not_to(line: str) -> str | None:
    """Why a line is not typed here; None if it is."""
    return next((why for pattern, why in NOT_TYPED.items() if fnmatchcase(line, pattern)), None)


def reduced(words: list[str]) -> list[str]:
    """A command that does the same with less."""
    verb, *settings = [INSTEAD.get(word, word) for word in words]
    if verb not in REDUCED or (settings and "=" not in settings[0]):  # the second is a folder of runs that are there
        return [verb, *settings]
    keys = {word.partition("=")[0] for word in settings}
    instead = list(REDUCED[verb]) + [less for key, less in LESS.items() if key in keys]
    if "samples" not in keys and any(drawn in word for word in settings for drawn in DRAWN):
        instead.append(LESS["samples"])
    if MANY_POINTS in settings or "parameters=posterior" in settings:
        instead[0] = "replications=4"
    names = {one.partition("=")[0] for one in instead}
    return [verb, *(word for word in settings if word.partition("=")[0] not in names), *instead]


def pages() -> list[str]:
    """Pages with something to type, but for those of which every command stands on another page."""
    typed = {page: {line for line in lines(page) if not reason_not_to(line)} for page in PAGES}
    return [page for page, said in typed.items() if said and not any(said < more for more in typed.values())]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where readers type, with the results that pages name without making them: a small sweep, two shares of it."""
    made = tmp_path_factory.mktemp("desk")
    asked = ["sweep", "roe.zone_radius_km=0,20,40", *FEW]
    assert main([*asked, f"out={made / 'results/NAME'}"]) == 0
    for share, names in (("1/2", ("results/a", "DIR1")), ("2/2", ("results/b", "DIR2"))):
        for name in names:
            assert main([*asked, f"shard={share}", f"out={made / name}"]) == 0
    shutil.copy(ROOT / "sim/data/incidents.csv", made / "later.csv")
    return made


@pytest.fixture
def desk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, as the place where one is."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(plan, "plan", partial(plan.plan, seconds=0.5))
    return folder


def test_every_block_is_run_or_listed() -> None:
    """If this failed, a page would show something to type that nobody ever tried, and no reason why."""
    unknown = []
    for page, text in PAGES.items():
        for language, block in BLOCK.findall(text):
            known = {
                "sh": True,
                "python": page in PYTHON,
                "text": page in OUTPUT or page.startswith(FROM_CODE),
                "yaml": page in YAML,
            }.get(language, language.startswith("{"))
            if not known:
                unknown.append((page, language, block[:60]))
        unknown += [(page, line) for line in lines(page) if not line.startswith("tanf ") and not reason_not_to(line)]
    assert unknown == []


def test_every_reason_is_needed() -> None:
    """If this failed, the list of what is not typed would excuse what nobody shows."""
    shown = [line for page in PAGES for line in lines(page)]
    assert [pattern for pattern in NOT_TYPED if not any(fnmatchcase(line, pattern) for line in shown)] == []


@pytest.mark.slow
@pytest.mark.parametrize("page", pages())
def test_what_a_page_says_to_type_works(page: str, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """If this failed, somebody would follow a page and be refused."""
    for line in lines(page):
        if not reason_not_to(line):
            words = reduced(shlex.split(line)[1:])
            code, said = main(words), capsys.readouterr().err
            assert code == 0 or ENOUGH_IN_FULL.search(said), (line, words, said)


@pytest.mark.slow
def test_the_answer_in_the_readme_is_the_answer(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """If this failed, the first numbers that anybody reads would not be what the command above them prints."""
    question, shown = re.search(r"```sh\ntanf (compare .*)\n```\s+```text\n(.*?)```", PAGES["README.md"], re.S).groups()
    assert main([*shlex.split(question), "figures=false", "threads=null"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    said = [
        " ".join(line.split()) for line in shown.splitlines() if line.strip() and not line.lstrip().startswith("...")
    ]
    assert len(said) > 10, said
    assert [line for line in said if line not in printed] == []


def test_the_notebook_lines_of_designs_work(desk: Path) -> None:
    """If this failed, the table that a reader of docs/designs.md takes into a notebook would not be there."""
    block = BLOCK.findall(PAGES["docs/designs.md"])
    lines = [text for language, text in block if language == "python" and "results.to_" in text]
    assert len(lines) == 1
    told: dict = {}
    exec("import sim\n" + lines[0], told)  # noqa: S102 - our own page
    assert len(told["frame"]) == len(told["table"]) == len(told["rows"]) == 60
    assert len(told["x"]) == len(told["y"]) == 3
