"""Models are loaded anew in a running worker."""

import hashlib
import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anvil
import pytest
from PIL import Image

from classifier.classifier import Classifier
from classifier.errors import ModelError
from classifier.settings import Settings as ClassifierSettings
from tests.classifier.pictures import RED, encoded
from tests.classifier.tiny_models import tiny_model, write_model
from tests.stand_in import wait_until
from worker.callables import Callables
from worker.models import Models
from worker.settings import Settings

PHOTO = encoded(Image.new("RGB", (64, 64), RED), "JPEG")
SLOW = encoded(Image.new("RGB", (4000, 3000), RED), "PNG", compress_level=1)


def media(data: bytes) -> anvil.BlobMedia:
    return anvil.BlobMedia("image/png", data)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    write_model(tmp_path / "plain", tiny_model(False))
    return tmp_path


@pytest.fixture
def settings(shelf: Path) -> Settings:
    return Settings(classifier=ClassifierSettings(models_dir=shelf, default_model="plain", threads=4))


@pytest.fixture
def models(settings: Settings) -> Models:
    return Models(lambda: Classifier.load(settings.classifier))


@pytest.fixture
def ask(models: Models, settings: Settings) -> Callable[..., Any]:
    """A published function by its name."""
    callables = Callables(models, settings)
    return lambda name, *arguments: callables.guarded(getattr(callables, name))(*arguments)


def relabel(shelf: Path) -> None:
    """The same network with other words for what it sees."""
    card = json.loads((shelf / "plain" / "card.json").read_text())
    (shelf / "plain" / "card.json").write_text(json.dumps({**card, "labels": ["rot", "grün", "blau"]}))


def reloaded(ask: Callable[..., Any], models: Models) -> str:
    """How a reload ends."""
    models._last = None
    models.reload()
    outcome: str = wait_until(lambda: ask("worker_status")["reload"], 20)["outcome"]
    return outcome


def test_a_new_model_and_new_labels_take_over(shelf: Path, models: Models, ask: Callable[..., Any]) -> None:
    assert ask("classify_image", media(PHOTO))["label"] == "red"
    relabel(shelf)
    write_model(shelf / "second", tiny_model(False))
    assert reloaded(ask, models) == "ok"
    assert ask("classify_image", media(PHOTO))["label"] == "rot"
    assert ask("classify_image", media(PHOTO), "second")["label"] == "red"
    assert ask("worker_status")["models"] == ["plain", "second"]


def test_calls_at_work_end_on_the_models_that_they_began_with(
    shelf: Path, models: Models, ask: Callable[..., Any]
) -> None:
    answers: list[dict[str, Any]] = []
    call = threading.Thread(target=lambda: answers.extend(ask("classify_images", [media(SLOW)] * 30)), daemon=True)
    call.start()
    wait_until(lambda: ask("worker_status")["running"], 10)
    relabel(shelf)
    assert reloaded(ask, models) == "ok"
    assert ask("classify_image", media(PHOTO))["label"] == "rot"
    assert call.is_alive()
    call.join(60)
    assert [answer["label"] for answer in answers] == ["red"] * 30


def damaged(shelf: Path) -> None:
    (shelf / "plain" / "model.tflite").write_bytes(b"damaged")


def no_network(shelf: Path) -> None:
    write_model(shelf / "second", b"no network", files=_described(b"no network"))


def no_card(shelf: Path) -> None:
    (shelf / "plain" / "card.json").write_text("{}")


def no_default(shelf: Path) -> None:
    (shelf / "plain").rename(shelf / "other")
    card = json.loads((shelf / "other" / "card.json").read_text())
    (shelf / "other" / "card.json").write_text(json.dumps({**card, "name": "other"}))


def _described(data: bytes) -> dict[str, Any]:
    return {"model.tflite": {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}}


@pytest.mark.parametrize("harm", [damaged, no_network, no_card, no_default])
def test_bad_models_leave_the_old_ones_serving_and_it_is_said(
    harm: Callable[[Path], None],
    shelf: Path,
    models: Models,
    ask: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    harm(shelf)
    assert reloaded(ask, models) == "failed"
    assert ask("classify_image", media(PHOTO))["label"] == "red"
    assert "those of before go on serving" in caplog.text
    assert "Traceback" not in caplog.text
    assert str(shelf) not in json.dumps(ask("worker_status"))


def test_a_fault_of_ours_does_not_end_reloading(
    models: Models, ask: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    load = models._load
    models._load = lambda: 1 / 0  # type: ignore[assignment,return-value]  # the fault under test
    assert reloaded(ask, models) == "failed"
    assert "ZeroDivisionError" in caplog.text
    models._load = load
    caplog.set_level(logging.INFO)
    assert reloaded(ask, models) == "ok"
    assert "models loaded anew in" in caplog.text


def test_bad_models_stop_the_start() -> None:
    def load() -> Classifier:
        raise ModelError("no")

    with pytest.raises(ModelError):
        Models(load)
