"""Imports run one way, and the set-up needs nothing but Python itself."""

import ast
import sys
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[2]


def test_every_import_contract_of_pyproject_holds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)

    held = lint_imports(no_cache=True, no_logo=True) == EXIT_STATUS_SUCCESS

    assert held, capsys.readouterr().out


@pytest.mark.parametrize("path", sorted((ROOT / "handrail" / "setup").glob("*.py")), ids=lambda path: path.name)
def test_the_set_up_imports_only_what_comes_with_python(path: Path) -> None:
    known = sys.stdlib_module_names | {"handrail"}

    strangers = {name for name in imported(path) if name.split(".")[0] not in known}

    assert not strangers
    assert all(name.startswith("handrail.setup") for name in imported(path) if name.startswith("handrail"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names
