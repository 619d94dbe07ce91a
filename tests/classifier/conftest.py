"""Models and photos for the tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from classifier.classifier import Classifier
from classifier.settings import Settings
from tests.classifier.pictures import BLUE, RED, encoded
from tests.classifier.tiny_models import tiny_model, write_model


@pytest.fixture
def make_model(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes one model folder with a changed card."""

    def make(data: bytes | None = None, **changes: Any) -> Path:
        return write_model(tmp_path / "model", tiny_model(False) if data is None else data, **changes)

    return make


@pytest.fixture(scope="session")
def classifier(shelf_dir: Path) -> Classifier:
    """The tiny models, "plain" the default one."""
    return Classifier.load(Settings(shelf_dir, (), "plain"))


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """A red photo, a file that is none, and a blue one under the name of a text."""
    files = {
        "red.jpg": encoded(Image.new("RGB", (64, 64), RED), "JPEG"),
        "text.jpg": b"I am not a photo.",
        "blue in disguise.txt": encoded(Image.new("RGB", (64, 64), BLUE), "PNG"),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return [tmp_path / name for name in files]
