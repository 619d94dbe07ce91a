"""Models of the owner's are renamed and deleted whole; those that come with the project are left alone."""

from pathlib import Path

import pytest

from classifier.errors import BadRequestError, ModelError, UnknownModelError
from classifier.settings import Settings
from classifier.shelf import read_shelf
from teach.examples import Examples
from teach.lesson import learn
from teach.model import put
from teach.owned import delete, owned, rename
from tests.teach.features import TRUNK, things


@pytest.fixture
def shelf(tmp_path: Path, synthetic_bank: object) -> Settings:
    put(learn(Examples.of(things({"rose": 5, "tulip": 5})), TRUNK), "flowers", tmp_path, TRUNK, replace=False)
    return Settings(models_dir=tmp_path, shipped_models=("cats_vs_dogs",))


def test_a_model_gets_another_name_and_keeps_all_else(shelf: Settings) -> None:
    before = read_shelf(shelf.models_dir).card("flowers")
    kept = Examples.read(before.folder).names
    assert rename("flowers", "fleurs d'été", shelf) == "fleurs d'été"
    [card] = read_shelf(shelf.models_dir).cards.values()
    assert (card.name, card.title, card.digests) == ("fleurs d'été", "fleurs d'été", before.digests)
    card.check_digests()
    assert Examples.read(card.folder).names == kept


def test_a_name_that_is_taken_changes_nothing(shelf: Settings) -> None:
    for name in ("cats_vs_dogs", "a/b", "flowers"):
        with pytest.raises(BadRequestError):
            rename("flowers", name, shelf)
    assert list(read_shelf(shelf.models_dir).cards) == ["flowers"]


def test_a_damaged_model_gets_no_other_name(shelf: Settings) -> None:
    (shelf.models_dir / "flowers" / "head.npz").write_bytes(b"damaged")
    with pytest.raises(ModelError, match=r"head\.npz is not the file"):
        rename("flowers", "roses", shelf)
    assert list(read_shelf(shelf.models_dir).cards) == ["flowers"]


def test_a_model_is_deleted(shelf: Settings) -> None:
    delete("flowers", shelf)
    assert list(shelf.models_dir.iterdir()) == []
    with pytest.raises(UnknownModelError):
        delete("flowers", shelf)


def test_shipped_models_and_networks_are_left_alone(shelf: Settings) -> None:
    with pytest.raises(BadRequestError, match="comes with the project"):
        owned("cats_vs_dogs", shelf)
    with pytest.raises(BadRequestError, match="comes with the project"):
        delete("cats_vs_dogs", shelf)
