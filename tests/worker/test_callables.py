"""The published functions, called as the uplink library calls them: on the real classifier, without a link."""

import functools
import io
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import anvil
import anvil.server
import pytest
from PIL import Image

from classifier.errors import ModelError
from tests.classifier.pictures import BLUE, GREEN, RED, encoded, scene
from tests.worker.published import Published, media, photo, published
from worker.record import Record


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


def test_of_a_photo_that_browsers_do_not_show_comes_what_was_seen(classify_many: Callable[..., Any]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned
    sideways = encoded(scene().resize((1600, 900)), "TIFF", exif=exif)
    jpeg, tiff = classify_many([photo(RED), media(sideways)])
    assert "seen" not in jpeg
    assert tiff["seen"].content_type == "image/jpeg"
    with Image.open(io.BytesIO(tiff["seen"].get_bytes())) as shown:
        assert shown.size == (288, 512)


def test_a_client_that_is_no_page_gets_nothing_to_show(shelf_dir: Path) -> None:
    tiff = media(encoded(scene(), "TIFF"))
    ours = published(shelf_dir).callables
    assert "seen" in ours.answer(Record("f"), tiff, "plain", 3, False)
    assert "seen" not in ours.answer(Record("f"), tiff, "plain", 3, False, for_page=False)


def test_model_top_and_heatmap_are_honoured(classify: Callable[..., Any]) -> None:
    answer = classify(photo(BLUE), model="with_map", top=2, heatmap=True)
    assert (answer["model"], len(answer["predictions"])) == ("with_map", 2)
    heatmap = answer["heatmap"]
    assert isinstance(heatmap, anvil.BlobMedia)
    assert (heatmap.content_type, heatmap.name) == ("image/png", "heatmap.png")
    assert Image.open(io.BytesIO(heatmap.get_bytes())).size == (384, 384)


def test_who_asks_for_no_more_gets_three_labels_and_no_heat_map(
    classify: Callable[..., Any], classify_many: Callable[..., Any]
) -> None:
    for answer in (classify(photo(BLUE), "with_map"), *classify_many([photo(BLUE)], "with_map")):
        assert len(answer["predictions"]) == 3
        assert answer["heatmap"] is None


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
