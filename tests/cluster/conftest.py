"""Orders for actors, and what they ask."""

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from classifier.batch import Job
from classifier.settings import Settings

if TYPE_CHECKING:
    from cluster.run import Run

# Read as Ray is imported, here and in the commands of the tests: whatever they start listens on 127.0.0.1 alone.
os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
# An environment of before the extra cluster lacks it: make setup-dev.
collect_ignore_glob = [] if find_spec("ray") and find_spec("moto") else ["test_*.py"]


@pytest.fixture
def settings(shelf_dir: Path) -> Settings:
    return Settings(models_dir=shelf_dir, shipped_models=(), default_model="plain")


@pytest.fixture
def prepare(settings: Settings, tmp_path: Path) -> "Callable[..., Run]":
    """A run that is prepared but not begun: `prepare(source, resume=False, model="plain")`."""
    from cluster.run import Run

    def prepared(source: object, resume: bool = False, model: str = "plain") -> Run:
        return Run.prepare(Job(settings, model, 1), str(source), str(tmp_path / "answers"), resume)

    return prepared
