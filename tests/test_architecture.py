"""The house stands as drawn: who imports whom, how large things are, what no file may say."""

from __future__ import annotations

import ast
import io
import re
import shutil
import statistics
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("sim", "experiments", "tests")
FUNCTION_LINES, FILE_LINES, RULE_BOOK_LINES = 40, 300, 2650
NOUNS = {  # what rules are made of, not rules
    "names.py",
    "draws.py",
    "outcome.py",
    "tables.py",
    "rows.py",
    "compiling.py",
    "linking.py",
}
LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}

# Written so that this file does not contain what it looks for.
FORBIDDEN = {
    "a package registry": r"--(extra-)?index-url|--find-[l]inks|[p]ypi[.]|[p]ythonhosted|[r]egistry[.]npm",
    "a path of one machine": r"(^|[^\w.])/(work|farm|root|home/\w+|tmp/\w+)/",
}


def python_files(*folders: str) -> list[Path]:
    """The Python files of these top-level folders, in order."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def text_files() -> Iterator[Path]:
    """Every text file of the project that is committed."""
    yield from (file for file in ROOT.iterdir() if file.is_file() and file.name != ".coverage")
    for folder in (*FOLDERS, "conf", "docs", ".ci"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts and file.suffix not in {".png", ".svg", ".parquet"}:
                yield file


def code_lines(source: str) -> set[int]:
    """Numbers of the lines that hold code: no comment, docstring or blank line."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    lines = {n for t in tokens if t.type not in LAYOUT for n in range(t.start[0], t.end[0] + 1)}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def import_lines(source: str) -> set[int]:
    """Numbers of the lines that only say where names come from."""
    found = [node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return {n for node in found for n in range(node.lineno, (node.end_lineno or node.lineno) + 1)}


def function_sizes(file: Path) -> dict[str, int]:
    """Code lines of each function of a file, its signature included."""
    source = file.read_text(encoding="utf-8")
    lines = code_lines(source)
    return {
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name}": len(lines & set(range(node.lineno, node.end_lineno + 1)))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the import contract of the project in a folder."""
    command = [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_imports_point_one_way() -> None:
    """A rule could know who asks, and a change in a picture could change an outcome."""
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("sim/rules/sensing.py", "import sim.rules.movement"),
        ("sim/rules/plane.py", "import sim.config.groups"),
        ("sim/rules/acts.py", "import scipy"),
        ("sim/scenario.py", "import mesa"),
        ("sim/results/__init__.py", "import hydra"),
        ("sim/view/style.py", "import numba"),
        ("sim/config/declare.py", "import experiments"),
        ("sim/rules/weather.py", ""),
    ],
)
def test_import_contract_notices(tmp_path: Path, file: str, line: str) -> None:
    """The contract would hold whatever anybody wrote, and so protect nothing."""
    for folder in ("sim", "experiments"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / file).open("a", encoding="utf-8") as written:
        written.write(f"\n{line}\n")
    checked = lint_imports(tmp_path)
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "BROKEN" in checked.stdout


def test_importing_the_package_loads_nothing_heavy() -> None:
    """Every command and notebook would wait for Mesa, Hydra and a compiler that it may not need."""
    heavy = ("mesa", "hydra", "omegaconf", "numba", "matplotlib", "pyarrow", "scipy", "pandas")
    asked = f"import sim, sys; print([name for name in {heavy} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_functions_are_small() -> None:
    """A reader could not hold a rule in the head and would have to trust it."""
    sizes = {name: size for file in python_files(*FOLDERS) for name, size in function_sizes(file).items()}
    assert {name: size for name, size in sizes.items() if size > FUNCTION_LINES} == {}


def test_most_functions_are_very_small() -> None:
    """The house would have drifted to functions that do several things."""
    sizes = [size for file in python_files("sim", "experiments") for size in function_sizes(file).values()]
    assert statistics.median(sizes) <= 8
    assert statistics.quantiles(sizes, n=20)[-1] <= 25


def test_files_are_small() -> None:
    """A subject could not be read in one sitting."""
    lengths = {str(f.relative_to(ROOT)): len(f.read_text("utf-8").splitlines()) for f in python_files(*FOLDERS)}
    assert {file: length for file, length in lengths.items() if length > FILE_LINES} == {}


def test_rule_book_is_short() -> None:
    """What the world does could no longer be read in an afternoon."""
    rules = [file.read_text("utf-8") for file in python_files("sim/rules") if file.name not in NOUNS]
    assert sum(len(code_lines(source) - import_lines(source)) for source in rules) <= RULE_BOOK_LINES


def test_size_counts_code_only() -> None:
    """Comments and docstrings would be punished, and a long function could hide behind blank lines."""
    code = 'def f(x):\n    """Doc\n    string."""\n\n    # why\n    y = """two\nlines"""\n    return y\n'
    assert code_lines(code) == {1, 6, 7, 8}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    """The project would work, or be installed, from one place only."""
    pattern = re.compile(FORBIDDEN[what], re.MULTILINE)
    named = {str(f.relative_to(ROOT)): pattern.search(f.read_text("utf-8")) for f in text_files()}
    assert {file: found.group() for file, found in named.items() if found} == {}


def test_commands_are_thin() -> None:
    """A question would be answered in the command, where no notebook can ask it."""
    files = [file for file in python_files("experiments") if not file.name.startswith("__")]
    sources = {file.name: file.read_text("utf-8") for file in files}
    sizes = {name: len(code_lines(source)) for name, source in sources.items() if "\ndef main(" in source}
    assert sizes
    assert {name: size for name, size in sizes.items() if size > FUNCTION_LINES} == {}
