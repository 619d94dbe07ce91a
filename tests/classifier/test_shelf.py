"""The models there are."""

import json
import os
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from classifier.card import read_card
from classifier.errors import ModelError, UnknownModelError
from classifier.shelf import SHIPPED, read_shelf, read_shelves, stamp, steady
from tests.classifier.tiny_models import write_model


def names(folder: Path) -> list[str]:
    return list(read_shelf(folder).cards)


def test_each_folder_with_a_card_is_a_model(shelf_dir: Path) -> None:
    shelf = read_shelf(shelf_dir)
    assert shelf.cards == {name: read_card(shelf_dir / name) for name in ("plain", "with_map")}
    assert shelf.broken == {}


def test_a_folder_that_is_empty_or_not_there_is_an_empty_shelf(tmp_path: Path) -> None:
    assert names(tmp_path) == names(tmp_path / "none") == []


def test_a_model_that_cannot_be_used_is_named_and_the_others_stay(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        write_model(tmp_path / name, b"model")
    (tmp_path / "b" / "card.json").write_bytes(b"")
    shelf = read_shelf(tmp_path)
    assert list(shelf.cards) == ["a", "c"]
    assert shelf.broken["b"].startswith("Model b: its card cannot be used")
    with pytest.raises(UnknownModelError, match=r"^Model b: its card cannot be used: .* The models are: a, c\.$"):
        shelf.card("b")
    with pytest.raises(UnknownModelError, match=r"^There is no model 'd'\. The models are: a, c\.$"):
        shelf.card("d")


def head_over(shelf: Path, **changes: object) -> Path:
    """An owner's head over a shipped one: the same, but for its card."""
    folder = shelf / "cats_vs_dogs"
    shutil.copytree(SHIPPED / "cats_vs_dogs", folder)
    fields = json.loads((folder / "card.json").read_bytes())
    fields |= {"over": fields["files"]["head.npz"]["sha256"], "title": "corrected", **changes}
    (folder / "card.json").write_text(json.dumps(fields))
    return folder


def test_a_head_made_over_a_shipped_one_answers_in_its_place_unless_it_is_switched_off(tmp_path: Path) -> None:
    folder = head_over(tmp_path)
    shelf = read_shelves(tmp_path)
    assert (shelf.cards["cats_vs_dogs"].title, shelf.broken) == ("corrected", {})
    shutil.rmtree(folder)
    head_over(tmp_path, off=True)
    shelf = read_shelves(tmp_path)
    assert (shelf.cards["cats_vs_dogs"].folder, shelf.broken) == (SHIPPED / "cats_vs_dogs", {})


def test_the_shipped_head_answers_where_the_one_over_it_is_damaged_or_of_another_version(tmp_path: Path) -> None:
    folder = head_over(tmp_path)
    (folder / "head.npz").write_bytes(b"PK")
    shelf = read_shelves(tmp_path)
    assert shelf.cards["cats_vs_dogs"].folder == SHIPPED / "cats_vs_dogs"
    assert "SHA-256 differs" in shelf.broken["cats_vs_dogs"]
    shutil.rmtree(folder)
    head_over(tmp_path, over="0" * 64)
    shelf = read_shelves(tmp_path)
    assert shelf.cards["cats_vs_dogs"].folder == SHIPPED / "cats_vs_dogs"
    assert "python -m teach corrections cats_vs_dogs --on" in shelf.broken["cats_vs_dogs"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    write_model(tmp_path / "a", b"model").chmod(0)
    assert "Permission denied" in read_shelf(tmp_path).broken["a"]


def test_a_name_in_bytes_that_are_no_text_is_named_too(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    (folder / "card.json").write_bytes(b"")
    write_model(tmp_path / "b", b"model")
    shelf = read_shelf(tmp_path)
    assert (list(shelf.cards), len(shelf.broken)) == (["b"], 1)


def test_accents_in_a_name_are_composed(tmp_path: Path) -> None:
    folder = write_model(tmp_path / unicodedata.normalize("NFD", "café"), b"model")
    assert names(folder.parent) == [unicodedata.normalize("NFC", "café")]


def test_what_is_being_written_is_not_a_model_yet_and_what_was_put_aside_is_one_still(tmp_path: Path) -> None:
    new, aside = write_model(tmp_path / "x", b"new"), write_model(tmp_path / "y", b"old")
    card = json.loads((aside / "card.json").read_text())
    (aside / "card.json").write_text(json.dumps({**card, "name": "a.b"}))
    new.rename(tmp_path / ".new.abc.a.b")
    aside = aside.rename(tmp_path / ".old.abc0.a.b")
    assert read_shelf(tmp_path).cards["a.b"].folder == aside
    place = write_model(tmp_path / "a.b", b"new")
    assert read_shelf(tmp_path).cards["a.b"].folder == place
    assert names(tmp_path) == ["a.b"]


def test_both_shelves_are_read(tmp_path: Path) -> None:
    write_model(tmp_path / "an own one", b"model")
    shipped = names(SHIPPED)
    assert "cats_vs_dogs" in shipped
    assert list(read_shelves(tmp_path).cards) == sorted([*shipped, "an own one"])
    assert list(read_shelves(tmp_path, ["cifar10"]).cards) == ["an own one", "cifar10"]
    assert list(read_shelves(tmp_path, []).cards) == ["an own one"]


def test_a_shipped_model_is_not_shadowed(tmp_path: Path) -> None:
    write_model(tmp_path / "cifar10", b"model")
    shelf = read_shelves(tmp_path, ["cifar10"])
    assert shelf.card("cifar10").folder == SHIPPED / "cifar10"
    assert shelf.broken["cifar10"].startswith("Model cifar10 of your own has the name of a shipped model.")
    assert read_shelves(tmp_path, []).card("cifar10").folder == tmp_path / "cifar10"


def test_a_shipped_model_that_there_is_not_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownModelError, match="Model cifra10 does not come with the project: check CLASSIFIER_SHIP"):
        read_shelves(tmp_path, ["cifra10"]).card("cifra10")


def test_the_shipped_shelf_as_the_owners_is_read_once() -> None:
    assert read_shelves(SHIPPED) == read_shelf(SHIPPED)


def rewritten(shelf: Path) -> None:
    (shelf / "plain" / "model.tflite").write_bytes(b"other bytes")


def rewritten_as_long(shelf: Path) -> None:
    file = shelf / "plain" / "model.tflite"
    after = file.stat().st_mtime_ns + 1_000_000
    file.write_bytes(b"other")
    os.utime(file, ns=(after, after))


def added(shelf: Path) -> None:
    write_model(shelf / "second", b"model")


def taken_away(shelf: Path) -> None:
    (shelf / "plain").rename(shelf / ".plain")


@pytest.mark.parametrize("change", [rewritten, rewritten_as_long, added, taken_away])
def test_the_stamp_tells_a_change(tmp_path: Path, change: Callable[[Path], None]) -> None:
    write_model(tmp_path / "plain", b"model")
    before = stamp(tmp_path)
    assert stamp(tmp_path) == before
    change(tmp_path)
    assert stamp(tmp_path) != before


def test_what_fails_while_a_model_is_replaced_is_read_again(tmp_path: Path) -> None:
    turns = []

    def read() -> int:
        turns.append(len(turns))
        if len(turns) < 3:
            write_model(tmp_path / str(len(turns)), b"model")
            raise ModelError("gone")
        return len(turns)

    assert steady(tmp_path, read) == 3


def test_what_fails_on_a_shelf_at_rest_fails(tmp_path: Path) -> None:
    turns = []

    def read() -> None:
        turns.append(1)
        raise ModelError("gone")

    with pytest.raises(ModelError, match="gone"):
        steady(tmp_path, read)
    assert len(turns) == 1
