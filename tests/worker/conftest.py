"""A stand-in and workers over the tiny models."""

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.classifier.pictures import GREEN, encoded
from tests.classifier.tiny_models import only, tiny_model, write_model, write_shelf
from tests.stand_in import StandIn, stand_in, worker
from tests.worker.requests import PHOTO


@pytest.fixture(scope="session")
def tiny_settings(shelf_dir: Path) -> dict[str, str]:
    """The environment of a worker that serves the tiny models."""
    return only(shelf_dir)


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A stand-in for the workers of each test, which end with it."""
    with stand_in(tmp_path_factory.mktemp("stand-in")) as started:
        yield started


@pytest.fixture(scope="session")
def http_settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a worker with models of the reports' names and a folder of photos."""
    shelf = write_shelf(tmp_path_factory.mktemp("shelf"))
    write_model(shelf / "cifar10", tiny_model(False))
    photos = tmp_path_factory.mktemp("photos")
    (photos / "truck.jpg").write_bytes(PHOTO)
    (photos / "green field.png").write_bytes(encoded(Image.new("RGB", (9, 9), GREEN), "PNG"))
    (photos / "notes.txt").write_text("no photo")
    (photos / "large.bin").write_bytes(b"\xff\xd8\xff" + bytes(2 * 2**20))
    (photos / ".hidden.jpg").write_bytes(PHOTO)
    (photos / "inside.jpg").symlink_to("truck.jpg")
    (photos / "outside.jpg").symlink_to(shelf / "plain" / "card.json")
    (photos / "folder.jpg").mkdir()
    os.mkfifo(photos / "pipe.jpg")
    return {
        **only(shelf),
        "HTTP_PHOTOS_DIR": str(photos),
        "CLASSIFIER_MAX_UPLOAD_MB": "2",
        "CLASSIFIER_MAX_MEGAPIXELS": "30",
    }


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, http_settings: dict[str, str]) -> Iterator[StandIn]:
    """A stand-in whose worker has these settings, for tests that leave both as they are."""
    with stand_in(tmp_path_factory.mktemp("served")) as host, worker(host, environment=http_settings):
        yield host


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
