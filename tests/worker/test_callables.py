"""The published functions, called as the uplink library calls them: on the real classifier, without a link."""

import functools
import io
import json
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import anvil
import anvil.server
import pytest
from PIL import Image

from classifier.errors import ModelError
from tests.classifier.pictures import BLUE, GREEN, RED, encoded, scene
from tests.stand_in import wait_until
from tests.worker.published import HeldUpload, Published, media, photo, published
from worker import photos


@pytest.fixture(scope="module")
def ours(shelf_dir: Path) -> Published:
    return published(shelf_dir, max_files=4)


@pytest.fixture
def classify(ours: Published) -> Callable[..., Any]:
    return functools.partial(ours.ask, "classify_image")


@pytest.fixture
def classify_many(ours: Published) -> Callable[..., Any]:
    return functools.partial(ours.ask, "classify_images")


def test_a_photo_is_answered_with_the_dict_of_the_contract(classify: Callable[..., Any]) -> None:
    answer = classify(photo(RED))
    assert list(answer) == ["model", "label", "confidence", "unsure", "predictions", "milliseconds", "heatmap"]
    assert (answer["model"], answer["label"], answer["heatmap"]) == ("plain", "red", None)
    json.dumps(answer)


def test_none_of_its_things_and_a_photo_that_was_not_read_whole_are_passed_on(
    shelf_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = published(shelf_dir)
    red = ours.models.classifier.classify(photo(RED).get_bytes())
    told = replace(red, none=True, warning="The photo lacks its end.")
    monkeypatch.setattr(ours.models.classifier, "classify", lambda *_: told)
    answer = ours.ask("classify_image", photo(RED))
    assert (answer["none"], answer["warning"]) == (True, "The photo lacks its end.")


def test_model_top_and_heatmap_are_honoured(classify: Callable[..., Any]) -> None:
    answer = classify(photo(BLUE), model="with_map", top=2, heatmap=True)
    assert (answer["model"], len(answer["predictions"])) == ("with_map", 2)
    heatmap = answer["heatmap"]
    assert isinstance(heatmap, anvil.BlobMedia)
    assert (heatmap.content_type, heatmap.name) == ("image/png", "heatmap.png")
    assert Image.open(io.BytesIO(heatmap.get_bytes())).size == (384, 384)


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (("/etc/passwd",), "BadRequest"),
        ((), "BadRequest"),
        ((photo(RED), None, 3, False, "more"), "BadRequest"),
        ((photo(RED), 7), "BadRequest"),
        ((photo(RED), "no such model"), "UnknownModel"),
        ((photo(RED), "../plain"), "UnknownModel"),
        ((photo(RED), None, 0), "BadRequest"),
        ((photo(RED), None, "3"), "BadRequest"),
        ((photo(RED), None, True), "BadRequest"),
        ((photo(RED), None, 3, "yes"), "BadRequest"),
        ((media(b""),), "NotAPhoto"),
        ((media(b"some text"),), "NotAPhoto"),
        ((media(b"8BPS" + bytes(100)),), "UnsupportedFormat"),
        ((media(encoded(scene(), "PNG")[:200]),), "Truncated"),
        ((media(b"\xff\xd8\xff" + b"\0" * 21 * 2**20),), "TooLarge"),
    ],
)
def test_every_refusal_is_data(classify: Callable[..., Any], arguments: tuple[Any, ...], kind: str) -> None:
    answer = classify(*arguments)
    assert list(answer) == ["error"]
    assert answer["error"]["type"] == kind
    assert len(answer["error"]["message"]) > 10


def test_what_is_too_large_is_refused_before_it_waits_for_its_turn(shelf_dir: Path) -> None:
    ours = published(shelf_dir, max_upload_mb=0.1, max_waiting=0)
    large, half = media(bytes(200 * 1024)), media(bytes(60 * 1024))
    with ours.gate.turn(1), ours.gate.turn(1):  # nobody else gets one
        assert ours.ask("classify_image", large)["error"]["type"] == "TooLarge"
        assert ours.ask("classify_images", [half] * 12)["error"]["type"] == "TooLarge"
        assert ours.ask("classify_images", [half] * 8)["error"]["type"] == "Busy"


def test_a_call_waits_a_second_and_a_half_for_its_turn_and_no_longer_than_it_may_take(shelf_dir: Path) -> None:
    for timeout, waits in ((20, 1.5), (0.5, 0.5)):
        ours, waited = published(shelf_dir, call_timeout_s=timeout), []

        @contextmanager
        def turn(seconds: float, waited: list[float] = waited) -> Iterator[None]:
            waited.append(seconds)
            yield

        ours.gate.turn = turn  # type: ignore[method-assign]
        assert ours.ask("classify_image", photo(RED))["label"] == "red"
        assert waited == [waits]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n1 0 obj", "NotAPhoto"),
        (b"<!doctype html><script>alert(1)</script>", "NotAPhoto"),
        (b"PK\x03\x04" + bytes(100), "NotAPhoto"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>', "UnsupportedFormat"),
        (encoded(scene(), "EPS"), "UnsupportedFormat"),
    ],
)
def test_a_picture_is_what_its_bytes_are_and_not_its_name(classify: Callable[..., Any], data: bytes, kind: str) -> None:
    for content_type, name in (("image/jpeg", "photo.jpg"), ("image/png", "photo.png"), ("", "")):
        assert classify(anvil.BlobMedia(content_type, data, name=name))["error"]["type"] == kind
        assert classify(anvil.BlobMedia(content_type, encoded(scene(), "WEBP"), name=name))["label"]


def test_a_fault_of_ours_with_one_photo_is_logged_and_leaves_without_details(
    shelf_dir: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = published(shelf_dir)
    for error in (ZeroDivisionError("in /srv/owner"), ModelError("/srv/owner/model.tflite")):
        monkeypatch.setattr(ours.models.classifier, "classify", raising(error))
        answer = ours.ask("classify_image", photo(RED))
        assert answer["error"]["type"] == "InternalError"
        assert "/srv/owner" not in answer["error"]["message"]
        assert type(error).__name__ in caplog.text


def raising(error: Exception) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


def test_many_photos_get_one_answer_each(classify_many: Callable[..., Any]) -> None:
    answers = classify_many([photo(RED), media(b"text"), photo(GREEN), None])
    assert [answer.get("label") for answer in answers] == ["red", None, "green", None]
    assert [answer["error"]["type"] for answer in (answers[1], answers[3])] == ["NotAPhoto", "BadRequest"]
    assert classify_many([]) == []


@pytest.mark.parametrize(
    ("files", "model", "kind"),
    [
        (photo(RED), None, "BadRequest"),
        ([photo(RED)] * 5, None, "BadRequest"),
        ([photo(RED)], "gone", "UnknownModel"),
    ],
)
def test_a_call_for_many_can_be_refused_as_a_whole(
    classify_many: Callable[..., Any], files: Any, model: str | None, kind: str
) -> None:
    assert classify_many(files, model)["error"]["type"] == kind


def test_photos_past_the_time_limit_are_told_so(shelf_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, now = published(shelf_dir, call_timeout_s=10), [monotonic()]
    monkeypatch.setattr(photos, "monotonic", lambda: now[0])

    class Slow(anvil.BlobMedia):  # type: ignore[misc]  # the library is untyped
        def get_bytes(self) -> bytes:
            now[0] += 4
            return bytes(super().get_bytes())

    monkeypatch.setattr(Slow, "get_length", lambda self: 1)
    answers = ours.ask("classify_images", [Slow("image/jpeg", photo(RED).get_bytes())] * 5)
    assert [answer.get("label") or answer["error"]["type"] for answer in answers] == ["red"] * 3 + ["Timeout"] * 2


def test_the_card_of_a_model_is_plain_data_with_its_pictures(ours: Published, shelf_dir: Path) -> None:
    ask = functools.partial(ours.ask, "model_card")
    card = ask("with_map")
    assert (card["name"], card["accuracy"]["n"], card["curves"]) == ("with_map", 1000, None)
    assert ask()["name"] == "plain"
    (shelf_dir / "with_map" / "curves.png").write_bytes(b"a picture")
    try:
        curves = ask(name="with_map")["curves"]
        assert (curves.content_type, curves.get_bytes()) == ("image/png", b"a picture")
    finally:
        (shelf_dir / "with_map" / "curves.png").unlink()
    assert str(shelf_dir) not in json.dumps({key: card[key] for key in card if key not in ("curves", "confusion")})


@pytest.mark.parametrize(("name", "kind"), [("nobody", "UnknownModel"), (7, "BadRequest")])
def test_the_card_of_no_model_is_refused(ours: Published, name: object, kind: str) -> None:
    assert ours.ask("model_card", name)["error"]["type"] == kind


def test_list_models_is_plain_data_without_paths(ours: Published, shelf_dir: Path) -> None:
    listed = ours.ask("list_models")
    assert listed["default"] == "plain"
    assert [(model["name"], model["heatmap"]) for model in listed["models"]] == [("plain", False), ("with_map", True)]
    assert str(shelf_dir) not in json.dumps(listed)


def test_past_the_bound_calls_are_told_busy(shelf_dir: Path) -> None:
    ours, let_go = published(shelf_dir, threads=1, max_waiting=1), threading.Event()
    held = HeldUpload(photo(RED).get_bytes(), let_go)
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(ours.ask, "classify_image", held) for _ in range(2)]
        wait_until(lambda: (ours.gate.running, ours.gate.waiting) == (1, 1), 10)
        refused = [ours.ask("classify_image", photo(BLUE)) for _ in range(10)]
        let_go.set()
        answers = [call.result(10) for call in calls]
    assert [answer["error"]["type"] for answer in refused] == ["Busy"] * 10
    assert [answer["label"] for answer in answers] == ["red"] * 2
    assert ours.status.report()["refusals"] == {"Busy": 10}
    assert ours.ask("classify_image", photo(BLUE))["label"] == "blue"


def test_the_log_has_one_line_a_call_and_nothing_of_the_caller(
    classify: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    sent = photo(RED)
    classify(sent, "with_map")
    classify(media(b"text"))
    first, second = caplog.messages
    assert first.startswith("call classify_image outcome=ok ms=")
    assert f"bytes={sent.length} photos=1 refused=0 model=with_map" in first
    assert second.startswith("call classify_image outcome=NotAPhoto ms=")
    assert "private" not in caplog.text
    assert "red" not in caplog.text.replace("refused", "")
