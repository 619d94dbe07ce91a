"""Models are loaded again in a running worker."""

import hashlib
import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from PIL import Image

from classifier.classifier import Classifier
from classifier.errors import SettingsError
from classifier.settings import Settings
from tests.classifier.pictures import RED, encoded
from tests.classifier.tiny_models import tiny_model, write_model
from tests.stand_in import wait_until
from tests.worker.published import HeldUpload, Published, media, published
from worker.models import Models

PHOTO = encoded(Image.new("RGB", (64, 64), RED), "JPEG")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    write_model(tmp_path / "plain", tiny_model(False))
    return tmp_path


@pytest.fixture
def ours(shelf: Path) -> Published:
    return published(shelf, threads=4)


@pytest.fixture
def settings(shelf: Path) -> Settings:
    return Settings(shelf, (), "plain", threads=4)


def relabel(shelf: Path) -> None:
    """The same network with other words for what it sees."""
    card = json.loads((shelf / "plain" / "card.json").read_text())
    (shelf / "plain" / "card.json").write_text(json.dumps({**card, "labels": ["rot", "grün", "blau"]}))


def reloaded(ours: Published) -> str:
    """How a reload ends."""
    ours.models._last = None
    ours.models.reload()
    outcome: str = wait_until(lambda: ours.ask("worker_status")["reload"], 20)["outcome"]
    return outcome


def test_a_new_model_and_new_labels_take_over(shelf: Path, ours: Published) -> None:
    assert ours.ask("classify_image", media(PHOTO))["label"] == "red"
    relabel(shelf)
    write_model(shelf / "second", tiny_model(False))
    assert reloaded(ours) == "ok"
    assert ours.ask("classify_image", media(PHOTO))["label"] == "rot"
    assert ours.ask("classify_image", media(PHOTO), "second")["label"] == "red"
    assert ours.ask("worker_status")["models"] == ["plain", "second"]


def test_what_another_worker_has_just_put_on_the_shelf_is_there_for_the_next_call(shelf: Path, ours: Published) -> None:
    write_model(shelf / "second", tiny_model(False))
    assert ours.ask("classify_image", media(PHOTO), "second")["label"] == "red"
    write_model(shelf / "third", tiny_model(False))
    assert [model["name"] for model in ours.ask("list_models")["models"]] == ["plain", "second", "third"]
    write_model(shelf / "fourth", tiny_model(False))
    assert ours.ask("model_card", "fourth")["name"] == "fourth"


def test_a_model_that_nobody_has_is_refused_without_loading_anything(ours: Published) -> None:
    assert ours.ask("classify_image", media(PHOTO), "second")["error"]["type"] == "UnknownModel"
    assert ours.ask("worker_status")["reload"] is None


def test_calls_at_work_end_on_the_models_that_they_began_with(shelf: Path, ours: Published) -> None:
    let_go = threading.Event()
    held = HeldUpload(PHOTO, let_go)
    answers: list[dict[str, Any]] = []
    call = threading.Thread(target=lambda: answers.extend(ours.ask("classify_images", [held, media(PHOTO)])))
    call.start()
    wait_until(lambda: ours.gate.running, 10)
    relabel(shelf)
    assert reloaded(ours) == "ok"
    assert ours.ask("classify_image", media(PHOTO))["label"] == "rot"
    let_go.set()
    call.join(10)
    assert [answer["label"] for answer in answers] == ["red", "red"]


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


@pytest.mark.parametrize("harm", [damaged, no_card, no_default])
def test_a_bad_default_model_leaves_the_old_ones_serving_and_it_is_said(
    harm: Callable[[Path], None],
    shelf: Path,
    ours: Published,
    caplog: pytest.LogCaptureFixture,
) -> None:
    harm(shelf)
    assert reloaded(ours) == "failed"
    assert ours.ask("classify_image", media(PHOTO))["label"] == "red"
    assert "those of before go on serving" in caplog.text
    assert "Traceback" not in caplog.text
    assert str(shelf) not in json.dumps(ours.ask("worker_status"))


def test_a_bad_model_is_named_and_the_others_are_served(
    shelf: Path, ours: Published, caplog: pytest.LogCaptureFixture
) -> None:
    write_model(shelf / "third", tiny_model(False))
    no_network(shelf)
    assert reloaded(ours) == "ok"
    assert ours.ask("worker_status")["models"] == ["plain", "third"]
    assert "a model is left out, the others are served: Model second: LiteRT cannot load it" in caplog.text
    refused = ours.ask("classify_image", media(PHOTO), "second")["error"]
    assert refused["type"] == "UnknownModel"
    assert refused["message"].startswith("Model second: LiteRT cannot load it")
    assert refused["message"].endswith("The models are: plain, third.")


def test_what_is_broken_is_told_once(shelf: Path, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    no_network(shelf)
    models = Models(settings)
    models._load_again()
    assert caplog.text.count("a model is left out") == 1


def test_a_new_model_is_noticed(shelf: Path, ours: Published) -> None:
    write_model(shelf / "second", tiny_model(False))
    wait_until(lambda: ours.ask("worker_status")["models"] == ["plain", "second"], 20)


def test_what_is_still_being_copied_is_left_alone(
    shelf: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that differs at every look is not loaded; once it stays as it is, it is."""
    stamps = iter(["at the start", "copying", "copying more", "copying more", "copying more", "copied", "copied"])
    looks, loads = [], []

    class EndedError(Exception): ...

    def look(folder: Path) -> str:
        if folder != settings.models_dir:  # of another test, whose thread still looks
            return ""
        looks.append(next(stamps, None))
        if looks[-1] is None:
            raise EndedError
        return str(looks[-1])

    monkeypatch.setattr("worker.models.stamp", look)
    monkeypatch.setattr("worker.models._LOOK_EVERY_S", 0)
    monkeypatch.setattr("worker.models.threading", Mock())
    models = Models(settings)
    monkeypatch.setattr(models, "_load_again", lambda: loads.append(looks[-1]) or setattr(models, "_stamp", looks[-1]))
    with pytest.raises(EndedError):
        models._serve()
    assert loads == ["copying more", "copied"]


def test_networks_that_have_not_changed_are_taken_over(shelf: Path, ours: Published) -> None:
    before = ours.models.classifier._models["plain"][1]
    write_model(shelf / "second", tiny_model(False))
    assert reloaded(ours) == "ok"
    assert ours.models.classifier._models["plain"][1] is before
    relabel(shelf)
    assert reloaded(ours) == "ok"
    assert ours.models.classifier._models["plain"][1] is not before


def test_a_fault_of_ours_does_not_end_reloading(
    ours: Published, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as fault:
        fault.setattr(Classifier, "load", lambda *arguments: 1 / 0)
        assert reloaded(ours) == "failed"
    assert "ZeroDivisionError" in caplog.text
    caplog.set_level(logging.INFO)
    assert reloaded(ours) == "ok"
    assert "models loaded again in" in caplog.text


def test_a_bad_default_model_stops_the_start(shelf: Path, settings: Settings) -> None:
    no_card(shelf)
    with pytest.raises(SettingsError, match=r"^CLASSIFIER_DEFAULT_MODEL: Model plain: its card lacks 'name'"):
        Models(settings)
