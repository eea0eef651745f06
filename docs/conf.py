"""The site of the documents: `make site` builds it into build/site."""

project = "tanf-escalation"
author = "the authors of tanf-escalation"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["tutorials/two_rivers"]
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
suppress_warnings = ["myst.xref_missing"]  # files outside docs; tests/test_docs.py looks at every link
html_theme = "furo"
html_title = "tanf-escalation"
html_copy_source = False
html_show_sphinx = False
