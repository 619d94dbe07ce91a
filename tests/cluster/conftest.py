"""Orders for actors, and what they ask."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("ray", reason="the extra cluster is not installed")

from classifier.batch import Job
from classifier.settings import Settings
from cluster.run import Run


@pytest.fixture
def settings(shelf_dir: Path) -> Settings:
    return Settings(models_dir=shelf_dir, shipped_models=(), default_model="plain")


@pytest.fixture
def prepare(settings: Settings, tmp_path: Path) -> Callable[..., Run]:
    """A run that is prepared but not begun: `prepare(source, resume=False, model="plain")`."""

    def prepared(source: object, resume: bool = False, model: str = "plain") -> Run:
        return Run.prepare(Job(settings, model, 1), str(source), str(tmp_path / "answers"), resume)

    return prepared
