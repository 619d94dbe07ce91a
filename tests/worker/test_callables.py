"""The published functions, called as the uplink library calls them: on the real classifier, without a link."""

import io
import json
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anvil
import anvil.server
import pytest
from PIL import Image

from classifier.settings import Settings as ClassifierSettings
from tests.classifier.pictures import BLUE, GREEN, RED, encoded, scene
from tests.stand_in import wait_until
from worker.callables import Callables
from worker.models import Models
from worker.settings import Settings


def media(data: bytes, name: str = "a very private name.jpg") -> anvil.BlobMedia:
    return anvil.BlobMedia("image/jpeg", data, name=name)


def photo(colour: tuple[int, int, int]) -> anvil.BlobMedia:
    return media(encoded(Image.new("RGB", (64, 64), colour), "JPEG"))


@pytest.fixture(scope="module")
def make(shelf_dir: Path) -> Callable[..., Callables]:
    def made(threads: int = 2, max_upload_mb: float = 20, **changes: Any) -> Callables:
        ours = ClassifierSettings(shelf_dir, (), "plain", threads=threads, max_upload_mb=max_upload_mb)
        settings = Settings(classifier=ours, **changes)
        return Callables(Models(ours), settings)

    return made


@pytest.fixture(scope="module")
def callables(make: Callable[..., Callables]) -> Callables:
    return make(max_files=4)


@pytest.fixture
def classify(callables: Callables) -> Callable[..., Any]:
    return callables.guarded(callables.classify_image)


@pytest.fixture
def classify_many(callables: Callables) -> Callable[..., Any]:
    return callables.guarded(callables.classify_images)


def test_a_photo_is_answered_with_the_dict_of_the_contract(classify: Callable[..., Any]) -> None:
    answer = classify(photo(RED))
    assert list(answer) == ["model", "label", "confidence", "unsure", "predictions", "milliseconds", "heatmap"]
    assert (answer["model"], answer["label"], answer["heatmap"]) == ("plain", "red", None)
    json.dumps(answer)


def test_model_top_and_heatmap_are_honoured(classify: Callable[..., Any]) -> None:
    answer = classify(photo(BLUE), model="with_map", top=2, heatmap=True)
    assert (answer["model"], len(answer["predictions"])) == ("with_map", 2)
    heatmap = answer["heatmap"]
    assert isinstance(heatmap, anvil.BlobMedia)
    assert (heatmap.content_type, heatmap.name) == ("image/png", "heatmap.png")
    assert Image.open(io.BytesIO(heatmap.get_bytes())).size == (384, 384)


class BrokenUpload(anvil.Media):  # type: ignore[misc]  # the library is untyped
    """As the library hands it over when the caller vanished: reading raises whatever the other side said."""

    def get_bytes(self) -> bytes:
        raise anvil.server.TimeoutError("Timeout during media transfer")


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ((None,), "BadRequest"),
        (("/etc/passwd",), "BadRequest"),
        (({"path": "/etc/passwd"},), "BadRequest"),
        ((BrokenUpload(),), "BadRequest"),
        ((anvil.URLMedia("file:///etc/passwd"),), "BadRequest"),
        ((anvil.server.LazyMedia({"manager": "m", "id": "i", "key": "k"}),), "BadRequest"),
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
        ((media(encoded(scene(), "TIFF")),), "UnsupportedFormat"),
        ((media(encoded(scene(), "PNG")[:200]),), "Truncated"),
        ((media(b"\xff\xd8\xff" + b"\0" * 21 * 2**20),), "TooLarge"),
    ],
)
def test_every_refusal_is_data(classify: Callable[..., Any], arguments: tuple[Any, ...], kind: str) -> None:
    answer = classify(*arguments)
    assert list(answer) == ["error"]
    assert answer["error"]["type"] == kind
    assert len(answer["error"]["message"]) > 10
    assert "/work" not in answer["error"]["message"]


def test_what_is_too_large_is_refused_before_it_waits_for_its_turn(make: Callable[..., Callables]) -> None:
    ours = make(max_upload_mb=0.1, max_waiting=0)
    large, half = media(bytes(200 * 1024)), media(bytes(60 * 1024))
    with ours._gate.turn(1), ours._gate.turn(1):  # nobody else gets one
        assert ours.guarded(ours.classify_image)(large)["error"]["type"] == "TooLarge"
        assert ours.guarded(ours.classify_images)([half] * 12)["error"]["type"] == "TooLarge"
        assert ours.guarded(ours.classify_images)([half] * 8)["error"]["type"] == "Busy"


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


def test_unknown_keyword_is_data_too(classify: Callable[..., Any]) -> None:
    assert classify(photo(RED), path="/etc/passwd")["error"]["type"] == "BadRequest"
    assert classify(photo(RED), event="x")["error"]["type"] == "BadRequest"


def test_a_fault_of_ours_is_logged_and_leaves_without_details(
    make: Callable[..., Callables], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = make()
    monkeypatch.setattr(ours._models.classifier, "classify", lambda *_: 1 / 0)
    answer = ours.guarded(ours.classify_image)(photo(RED))
    assert answer["error"]["type"] == "InternalError"
    assert "division" not in answer["error"]["message"]
    assert "ZeroDivisionError" in caplog.text


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


def test_photos_past_the_time_limit_are_told_so(make: Callable[..., Callables]) -> None:
    ours = make(call_timeout_s=0.5, max_files=100)
    slow = media(encoded(Image.new("RGB", (4000, 3000), RED), "PNG"))
    answers = ours.guarded(ours.classify_images)([slow] * 100)
    assert answers[0]["label"] == "red"
    assert answers[-1]["error"]["type"] == "Timeout"


def test_the_card_of_a_model_is_plain_data_with_its_pictures(callables: Callables, shelf_dir: Path) -> None:
    ask = callables.guarded(callables.model_card)
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
def test_the_card_of_no_model_is_refused(callables: Callables, name: object, kind: str) -> None:
    assert callables.guarded(callables.model_card)(name)["error"]["type"] == kind


def test_list_models_is_plain_data_without_paths(callables: Callables, shelf_dir: Path) -> None:
    listed = callables.guarded(callables.list_models)()
    assert listed["default"] == "plain"
    assert [(model["name"], model["heatmap"]) for model in listed["models"]] == [("plain", False), ("with_map", True)]
    assert str(shelf_dir) not in json.dumps(listed)


def test_status_counts_calls_by_outcome_and_model_and_refusals_by_reason(make: Callable[..., Callables]) -> None:
    ours = make()
    ours.guarded(ours.classify_image)(photo(RED))
    ours.guarded(ours.classify_image)(media(b"text"), model="with_map")
    ours.guarded(ours.classify_image)(photo(RED), model="nobody")
    ours.guarded(ours.classify_images)([photo(RED), media(b"text"), media(b"text"), None])
    status = ours.guarded(ours.worker_status)()
    assert status["calls"] == {"ok": 2, "NotAPhoto": 1, "UnknownModel": 1}
    assert status["calls_by_model"] == {"plain": {"ok": 2}, "with_map": {"NotAPhoto": 1}}
    assert status["refusals"] == {"NotAPhoto": 3, "UnknownModel": 1, "BadRequest": 1}
    assert status["latency_ms"]["calls"] == 2
    assert 0 < status["latency_ms"]["p50"] <= status["latency_ms"]["p90"] <= status["latency_ms"]["p99"]
    assert (status["reconnects"], status["reload"]) == (0, None)
    assert 30 < status["memory_mb"] < 4000
    assert (status["state"], status["running"], status["waiting"]) == ("ready", 0, 0)
    assert (status["default_model"], status["models"]) == ("plain", ["plain", "with_map"])
    assert status["uptime_s"] >= 0
    assert status["version"][0].isdigit()
    json.dumps(status)


class SlowUpload(anvil.BlobMedia):  # type: ignore[misc]  # the library is untyped
    """A photo that keeps its call at work until it is let go."""

    def __init__(self, content: bytes, let_go: threading.Event) -> None:
        super().__init__("image/jpeg", content)
        self._let_go = let_go

    def get_length(self) -> int:
        return len(super().get_bytes())

    def get_bytes(self) -> bytes:
        assert self._let_go.wait(10)
        return bytes(super().get_bytes())


def test_past_the_bound_calls_are_told_busy(make: Callable[..., Callables]) -> None:
    ours = make(threads=1, max_waiting=1)
    classify, status = ours.guarded(ours.classify_image), ours.guarded(ours.worker_status)
    let_go = threading.Event()
    slow = SlowUpload(photo(RED).get_bytes(), let_go)
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(classify, slow) for _ in range(2)]
        wait_until(lambda: (status()["running"], status()["waiting"]) == (1, 1), 1)
        refused = [classify(photo(BLUE)) for _ in range(10)]
        let_go.set()
        answers = [call.result(10) for call in calls]
    assert [answer["error"]["type"] for answer in refused] == ["Busy"] * 10
    assert [answer["label"] for answer in answers] == ["red"] * 2
    assert status()["refusals"] == {"Busy": 10}
    assert classify(photo(BLUE))["label"] == "blue"


def test_after_drain_new_calls_are_told_to_try_again(make: Callable[..., Callables]) -> None:
    ours = make()
    assert ours.drain(1) == 0
    answer = ours.guarded(ours.classify_image)(photo(RED))
    assert answer["error"]["type"] == "Busy"
    assert ours.guarded(ours.worker_status)()["state"] == "draining"


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
