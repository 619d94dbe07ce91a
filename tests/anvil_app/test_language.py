"""The app's Python stays inside what Anvil's own browser client can run.

That client compiles client code with Skulpt, whose Python is a subset: what is refused here was seen to fail there, and
one module that does not compile leaves a blank page.
"""

import ast
from pathlib import Path

import pytest

CLIENT_CODE = Path(__file__).parents[2] / "anvil_app" / "client_code"
FILES = sorted(CLIENT_CODE.rglob("*.py"))
REFUSED_SYNTAX = (ast.Nonlocal, ast.NamedExpr, ast.Match, ast.TryStar, ast.AsyncFunctionDef)
KNOWN_MODULES = {"anvil", "datetime", "functools", "itertools", "json", "math", "random", "re", "time"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CLIENT_CODE)))
def test_client_code_is_python_that_anvil_runs(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        line = getattr(node, "lineno", 0)
        assert not isinstance(node, REFUSED_SYNTAX), f"line {line}: {type(node).__name__}"
        if isinstance(node, ast.arguments):
            assert not node.posonlyargs, "positional-only arguments"
        if isinstance(node, ast.Import):
            assert {name.name.split(".")[0] for name in node.names} <= KNOWN_MODULES, f"line {line}"
        if isinstance(node, ast.ImportFrom) and not node.level:
            assert str(node.module).split(".")[0] in KNOWN_MODULES, f"line {line}: {node.module}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CLIENT_CODE)))
def test_annotations_can_be_evaluated_there(path: Path) -> None:
    """Skulpt evaluates them, and has no `X | Y` on types."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            found = ast.unparse(node.annotation)
            assert "|" not in found or found.startswith(("'", '"')), f"line {node.lineno}: {found}"
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            assert "|" not in ast.unparse(node.returns), f"line {node.lineno}"
