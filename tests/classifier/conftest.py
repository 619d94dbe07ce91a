"""Model folders for the tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.classifier.tiny_models import tiny_model, write_model


@pytest.fixture
def make_model(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes one model folder with a changed card."""

    def make(data: bytes | None = None, **changes: Any) -> Path:
        return write_model(tmp_path / "model", tiny_model(False) if data is None else data, **changes)

    return make
