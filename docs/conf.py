"""The site of the documents: `make site` builds it into build/site."""

import shutil
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref

ROOT = Path(__file__).parents[1]

project = "tanf-escalation"
author = "the authors of tanf-escalation"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["tutorials/two_rivers"]
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
html_theme = "furo"
html_title = "tanf-escalation"
html_copy_source = False
html_show_sphinx = False


def link_files_of_the_project(app, doctree):
    """A link to a file outside docs, as CHANGELOG.md, leads to a copy beside the pages, shown as text."""
    page = app.env.docname
    here = ROOT if page == "index" else (ROOT / "docs" / page).parent  # the index is README.md
    for link in list(doctree.findall(pending_xref)):
        file = (here / link["reftarget"]).resolve()
        file = file if file.is_file() else file.with_name(file.name + ".md")
        if file.is_file() and ROOT in file.parents and ROOT / "docs" not in file.parents:
            copy = f"files/{file.relative_to(ROOT).as_posix()}.txt"
            (app.outdir / copy).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, app.outdir / copy)
            link.replace_self(nodes.reference("", "", *link.children, refuri="../" * page.count("/") + copy))


def setup(app):
    """Called by Sphinx."""
    app.connect("doctree-read", link_files_of_the_project)
