"""A stand-in and workers over the tiny models."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.classifier.tiny_models import only
from tests.stand_in import StandIn, stand_in


@pytest.fixture(scope="session")
def tiny_settings(shelf_dir: Path) -> dict[str, str]:
    """The environment of a worker that serves the tiny models."""
    return only(shelf_dir)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with stand_in(tmp_path_factory.mktemp("stand-in")) as started:
        yield started
