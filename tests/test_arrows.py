"""Imports go one way between the rooms of the house, as the docstrings and README say."""

import ast
from pathlib import Path

import pytest

from tests.stand_in import ROOT
from tests.tracked import tracked

# What each room may import of the others.
MAY = {
    "uplink_server.py": {"worker", "teach", "classifier"},
    "worker": {"teach", "classifier"},
    "teach": {"classifier"},
    "train": {"teach", "classifier"},
    "cluster": {"classifier"},
    "classifier": set(),
    "local_anvil": set(),
    "anvil_app": set(),
}
ROOMS = MAY.keys() - {"uplink_server.py"}
HEAVY = {"tensorflow", "keras", "sklearn"}


def imported(path: Path) -> set[str]:
    """The first parts of the absolute names that a file imports, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module).split(".")[0])
    return names


def files(room: str) -> list[Path]:
    return tracked(room if room.endswith(".py") else f"{room}/*.py")


@pytest.mark.parametrize("room", MAY)
def test_a_room_imports_only_those_that_its_arrow_points_to(room: str) -> None:
    for path in files(room):
        others = imported(path) & ROOMS - {room}
        assert others <= MAY[room], f"{path.relative_to(ROOT)} imports {sorted(others - MAY[room])}"


@pytest.mark.parametrize("room", ["classifier", "worker", "teach", "local_anvil", "anvil_app", "cluster"])
def test_what_serves_and_what_teaches_needs_no_tensorflow_and_what_serves_no_scikit_learn(room: str) -> None:
    refused = HEAVY - {"sklearn"} if room == "teach" else HEAVY
    for path in files(room):
        assert not imported(path) & refused, path.relative_to(ROOT)


def test_no_product_code_imports_the_tests() -> None:
    for room in MAY:
        for path in files(room):
            assert "tests" not in imported(path), path.relative_to(ROOT)


def test_every_folder_with_python_is_a_room_or_known_to_be_none() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in tracked("*.py")}
    assert folders - MAY.keys() <= {"benchmarks", "tests", "notebooks", "deploy"}
