"""The bank of the synthetic features; drawn photos and a shelf for what wants the trunk itself."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from classifier.settings import Settings
from classifier.trunk import BANK_FILE, FOLDER
from teach import corrections, lesson
from tests.teach import features
from tests.teach.drawn import fill


@pytest.fixture
def synthetic_bank(monkeypatch: pytest.MonkeyPatch) -> NDArray[np.float16]:
    found = features.bank()
    for module in (lesson, corrections):
        monkeypatch.setattr(module, "read_bank", lambda trunk: found)
    return found


@pytest.fixture(scope="session")
def trunk() -> None:
    if not (FOLDER / BANK_FILE).exists():
        pytest.skip("the trunk and its bank are not here")


@pytest.fixture(scope="session")
def photos(trunk: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Discs and crosses, twelve of each."""
    folder = tmp_path_factory.mktemp("photos")
    for shape in ("disc", "cross"):
        fill(folder / shape, shape, 12)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty shelf."""
    (tmp_path / "models").mkdir()
    return Settings(models_dir=tmp_path / "models", shipped_models=())
