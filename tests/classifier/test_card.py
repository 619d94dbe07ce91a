"""A model's card."""

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from classifier.card import read_card, write_card
from classifier.errors import ModelError
from tests.classifier.tiny_models import write_model


def test_a_card_says_what_serving_needs(shelf_dir: Path) -> None:
    plain = read_card(shelf_dir / "plain")
    assert (plain.title, plain.labels, plain.resize) == ("Three colours", ("red", "green", "blue"), "squash")
    assert (plain.height, plain.width, plain.unsure_below, plain.activation_map) == (16, 16, 0.6, None)
    assert (plain.trunk, list(plain.digests)) == (None, ["model.tflite"])
    assert read_card(shelf_dir / "with_map").activation_map == (4, 4, 3)


def test_a_head_names_its_trunk(make_model: Callable[..., Path]) -> None:
    folder = make_model(files={"head.npz": {"sha256": "0" * 64}}, trunk="a" * 64)
    assert read_card(folder).trunk == "a" * 64


def test_the_summary_is_plain_data_without_paths(shelf_dir: Path) -> None:
    summary = read_card(shelf_dir / "with_map").summary()
    assert summary["heatmap"] is True
    assert summary["accuracy"]["value"] == 0.9
    assert str(shelf_dir) not in json.dumps(summary)


def test_the_story_is_for_people_and_keeps_the_workshop_out(tmp_path: Path) -> None:
    changes = {
        "data": {"set": "Asirra", "train": 10, "split": "a long story"},
        "parameters": 12,
        "trained": {"command": "python -m train", "date": "2026-11-20"},
        "notes": ["Not at night."],
    }
    folder = write_model(tmp_path / "told", b"model")
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**card, **changes}))
    story = read_card(folder).story
    assert story["data"]["set"] == "Asirra"
    assert (story["parameters"], story["date"], story["notes"]) == (12, "2026-11-20", ["Not at night."])
    assert "python" not in json.dumps(story)


def test_a_card_may_tell_nothing(shelf_dir: Path) -> None:
    story = read_card(shelf_dir / "plain").story
    assert (story["notes"], story["mixed_up"], story["date"]) == ([], [], None)


def test_pictures_are_those_of_the_folder(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "drawn", b"model")
    (folder / "curves.png").write_bytes(b"a picture")
    assert read_card(folder).pictures() == {"curves": b"a picture", "confusion": None}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "other"}, "name is 'other'"),
        ({"labels": ["one"]}, "labels must be two or more"),
        ({"labels": ["a", "a", "b"]}, "all different"),
        ({"labels": ["a", "b"]}, "as many as the labels"),
        ({"labels": None}, "its card cannot be used"),
        ({"input": {"height": 16, "width": 16, "resize": "stretch"}}, "resize 'stretch'"),
        ({"input": {"height": 16, "resize": "squash"}}, "lacks 'width'"),
        ({"unsure_below": 3}, "unsure_below"),
        ({"of_photos": {"temperature": 0}}, "of_photos"),
        ({"of_photos": {"temperature": "warm"}}, "warm"),
        ({"files": {}}, "files must name model.tflite"),
        ({"files": {"model.tflite": {"sha256": ""}, "../secret": {"sha256": ""}}}, "bare names only"),
        ({"files": []}, "its card cannot be used"),
        ({"outputs": {}}, "lacks 'probabilities'"),
        ({"outputs": None}, "its card cannot be used"),
        ({"metrics": None}, "its card cannot be used"),
        ({"metrics": {"accuracy": "high"}}, "its card cannot be used"),
        ({"trunk": "a" * 64}, "files must name head.npz"),
        ({"input": {"height": -5, "width": 16, "resize": "squash"}}, "must be 1 or more"),
    ],
)
def test_a_card_that_cannot_be_used_is_refused_by_name(
    make_model: Callable[..., Path], changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ModelError, match=f"^Model model: .*{message}"):
        read_card(make_model(**changes))


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_card_that_is_no_json_object_is_refused(make_model: Callable[..., Path], text: str) -> None:
    folder = make_model()
    (folder / "card.json").write_text(text)
    with pytest.raises(ModelError, match="its card cannot be used"):
        read_card(folder)


def test_a_card_that_is_away_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="its card cannot be read: No such file or directory"):
        read_card(tmp_path)


def test_a_name_is_the_same_however_its_accents_are_written(tmp_path: Path) -> None:
    write_model(tmp_path / unicodedata.normalize("NFD", "café"), b"model")
    [folder] = tmp_path.iterdir()
    assert read_card(folder, "café").name == "café"


def test_a_card_is_written_with_the_digests_of_the_networks_beside_it(tmp_path: Path) -> None:
    model = write_model(tmp_path / "plain", b"a network")
    before = read_card(model)
    fields = json.loads((model / "card.json").read_bytes())
    (model / "model.tflite").write_bytes(b"another")
    (model / "model.keras").write_bytes(b"kept")
    (model / "examples.npz").write_bytes(b"not served")
    write_card(model, fields | {"title": "Größe"})
    after = read_card(model)
    after.check_digests()
    assert list(after.digests) == ["model.tflite", "model.keras"]
    assert after.digests["model.tflite"] != before.digests["model.tflite"]
    assert "Größe" in (model / "card.json").read_text(encoding="utf-8")
    assert sorted(file.name for file in model.iterdir()) == [
        *("card.json", "examples.npz", "model.keras", "model.tflite")
    ]


def test_digests_tell_a_changed_or_missing_file(make_model: Callable[..., Path]) -> None:
    folder = make_model()
    read_card(folder).check_digests()
    (folder / "model.tflite").write_bytes(b"changed")
    with pytest.raises(ModelError, match="not the file its card describes"):
        read_card(folder).check_digests()
    (folder / "model.tflite").unlink()
    with pytest.raises(ModelError, match=r"cannot read model\.tflite"):
        read_card(folder).check_digests()
