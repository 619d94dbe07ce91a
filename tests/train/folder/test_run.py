"""What is kept of an interrupted run is for the same photos, trunk and plan."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.train.folder import tiny
from train.folder.run import Run
from train.folder.tail import Plan

PHOTOS, PLAN = tiny.photos({"cross": 5, "disc": 5}), Plan()


@pytest.fixture(autouse=True)
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that an interrupted run has left."""
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    left = Run.begun("shapes", PHOTOS, tiny.TRUNK, PLAN).folder / "fold-1.npy"
    left.touch()
    return left


def test_the_same_command_finds_it_again(begun: Path) -> None:
    assert Run.begun("shapes", tiny.photos({"cross": 5, "disc": 5}), tiny.TRUNK, Plan()).folder == begun.parent
    assert begun.exists()


def test_under_another_name_it_is_another_run(begun: Path) -> None:
    assert Run.begun("others", PHOTOS, tiny.TRUNK, PLAN).folder != begun.parent
    assert begun.exists()


@pytest.mark.parametrize("what", ["photos", "trunk", "plan"])
def test_of_anything_else_it_begins_again(begun: Path, what: str) -> None:
    photos = tiny.photos({"cross": 5, "disc": 6}) if what == "photos" else PHOTOS
    trunk = replace(tiny.TRUNK, sha256="cd" * 32) if what == "trunk" else tiny.TRUNK
    plan = replace(PLAN, seed=1) if what == "plan" else PLAN
    assert Run.begun("shapes", photos, trunk, plan).folder == begun.parent
    assert not begun.exists()


def test_without_its_stamp_it_begins_again(begun: Path) -> None:
    (begun.parent / "made_by.json").unlink()
    Run.begun("shapes", PHOTOS, tiny.TRUNK, PLAN)
    assert not begun.exists()
