"""Reference pages are what the code says, and the site of the documents can be built."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from experiments import reference
from sim.config.settings import declared
from sim.run.columns import COLUMNS

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", reference.pages())
def test_reference_is_made_from_the_code(name: str) -> None:
    """If this failed, the reference would describe another version of the program: `make reference` mends it."""
    assert (ROOT / "docs/reference" / name).read_text("utf-8") == reference.pages()[name]


def test_everything_is_in_the_reference() -> None:
    """If this failed, a parameter or a column would be known to the code alone."""
    pages = reference.pages()
    assert [key for key in declared() if f"| {key} |" not in pages["parameters.md"]] == []
    assert [name for name in COLUMNS if f"| `{name}` |" not in pages["outcomes.md"]] == []


def test_the_site_can_be_built(tmp_path: Path) -> None:
    """If this failed, a page would be in no menu, a picture missing, or a block not what it was meant to be."""
    asked = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", ROOT / "docs", tmp_path]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    front = (tmp_path / "index.html").read_text("utf-8")
    for page in ("tutorials/first_run", "reference/parameters", "odd"):
        assert f'href="{page}.html"' in front
    assert dead_links(tmp_path) == []
    for file in ("CHANGELOG.md", "LICENSE", "sim/data/PROVENANCE.md"):
        assert (tmp_path / f"files/{file}.txt").read_bytes() == (ROOT / file).read_bytes()
        assert f'href="files/{file}.txt"' in front


def dead_links(site: Path) -> list[tuple[str, str]]:
    """Page and target of every link within a built site that leads to no file, or to no place on its page."""
    text = {page.resolve(): page.read_text("utf-8") for page in site.rglob("*.html")}
    places = {page: set(re.findall(r'\bid="([^"]+)"', content)) for page, content in text.items()}
    dead = []
    for page, content in text.items():
        for target in re.findall(r'<a\b[^>]*\bhref="(?!https?:|mailto:)([^"]+)"', content):
            name, _, place = target.partition("#")
            file = (page.parent / name).resolve() if name else page
            if not file.is_file() or (place and place not in places.get(file, {place})):
                dead.append((page.name, target))
    return dead


def test_what_is_said_to_machines_leads_somewhere() -> None:
    """If this failed, a language model that reads llms.txt would be sent to files that are not there."""
    links = re.findall(r"\]\(([^)]+)\)", (ROOT / "llms.txt").read_text("utf-8"))
    assert len(links) > 15
    assert [link for link in links if not (ROOT / link).exists()] == []
