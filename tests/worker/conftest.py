"""A stand-in and workers over the tiny models."""

import logging
import threading
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


@pytest.fixture
def logging_restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Logging as it was before."""
    root = logging.getLogger()
    handlers, level, of_pictures = root.handlers[:], root.level, logging.getLogger("PIL").level
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    yield
    for handler in root.handlers:
        root.removeHandler(handler)
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(level)
    logging.getLogger("PIL").setLevel(of_pictures)
