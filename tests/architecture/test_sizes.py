"""Code stays small enough to read: files, functions, and a sentence at the top of each module."""

import ast
from pathlib import Path
from statistics import median, quantiles

from tests.architecture.project_files import ROOMS, files, name

LONGEST_FILE = 350  # lines
LONGEST_MEDIAN_FILE = 110
LONGEST_MEDIAN_FUNCTION = 8
LONGEST_TYPICAL_FUNCTION = 30  # nine of ten are no longer

MODULES = [path for path in files(*ROOMS, "bot", "benchmarks", kinds={".py"}) if path.read_text().strip()]


# A migration is a record of what was done: written once, never edited, read by few.
MIGRATIONS = "hub/store/migrations/versions/"


def test_no_file_is_too_long_to_read() -> None:
    read = [path for path in (*MODULES, *files("tests", kinds={".py"})) if not name(path).startswith(MIGRATIONS)]

    assert {name(path): lines(path) for path in read if lines(path) > LONGEST_FILE} == {}


def test_every_module_says_what_it_is_for() -> None:
    assert [name(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_the_typical_file_is_short() -> None:
    assert median(lines(path) for path in MODULES) <= LONGEST_MEDIAN_FILE


def test_the_typical_function_is_short() -> None:
    lengths = [length for path in MODULES for length in function_lengths(path)]

    assert median(lengths) <= LONGEST_MEDIAN_FUNCTION
    assert quantiles(lengths, n=10)[-1] <= LONGEST_TYPICAL_FUNCTION


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def function_lengths(path: Path) -> list[int]:
    """Lines of each body, its docstring left out."""
    found = ast.walk(ast.parse(path.read_text()))
    return [length(node) for node in found if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1
