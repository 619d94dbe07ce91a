"""Model folders and their cards."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from classifier.errors import ModelError
from classifier.shelf import read_card, read_shelf


def test_each_folder_with_a_card_is_a_model(shelf_dir: Path) -> None:
    shelf = read_shelf(shelf_dir)
    assert list(shelf) == ["plain", "with_map"]
    plain = shelf["plain"]
    assert (plain.title, plain.labels, plain.resize) == ("Three colours", ("red", "green", "blue"), "squash")
    assert (plain.height, plain.width, plain.unsure_below, plain.activation_map) == (16, 16, 0.6, None)
    assert shelf["with_map"].activation_map == (4, 4, 3)


def test_an_empty_folder_is_an_empty_shelf(tmp_path: Path) -> None:
    assert read_shelf(tmp_path) == {}


def test_the_summary_is_plain_data_without_paths(shelf_dir: Path) -> None:
    summary = read_shelf(shelf_dir)["with_map"].summary()
    assert summary["heatmap"] is True
    assert summary["accuracy"]["value"] == 0.9
    assert str(shelf_dir) not in json.dumps(summary)


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
        ({"files": {}}, "files must name model.tflite"),
        ({"files": {"model.tflite": {"sha256": ""}, "../secret": {"sha256": ""}}}, "bare names only"),
        ({"files": []}, "its card cannot be used"),
        ({"outputs": {}}, "lacks 'probabilities'"),
        ({"outputs": None}, "its card cannot be used"),
        ({"metrics": None}, "its card cannot be used"),
        ({"metrics": {"accuracy": "high"}}, "its card cannot be used"),
        ({"input": {"height": -5, "width": 16, "resize": "squash"}}, "must be 1 or more"),
    ],
)
def test_a_card_that_cannot_be_used_is_refused_by_name(
    make_model: Callable[..., Path], changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ModelError, match=f"^Model model: .*{message}"):
        read_card(make_model(**changes))


def test_a_card_that_is_no_json_is_refused(make_model: Callable[..., Path]) -> None:
    folder = make_model()
    (folder / "card.json").write_text("{")
    with pytest.raises(ModelError, match="its card cannot be used"):
        read_shelf(folder.parent)


def test_digests_tell_a_changed_or_missing_file(make_model: Callable[..., Path]) -> None:
    folder = make_model()
    read_card(folder).check_digests()
    (folder / "model.tflite").write_bytes(b"changed")
    with pytest.raises(ModelError, match="not the file its card describes"):
        read_card(folder).check_digests()
    (folder / "model.tflite").unlink()
    with pytest.raises(ModelError, match=r"cannot read model\.tflite"):
        read_card(folder).check_digests()
