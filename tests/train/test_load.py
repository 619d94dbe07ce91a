"""The pictures of a recipe, and what it says when something is not there."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.train.drawn import colour_set, scene
from train import load
from train.errors import DataMissingError
from train.learning import mobilenet
from train.recipe import Run
from train.recipes import RECIPES

CATS_VS_DOGS = Run(RECIPES["cats_vs_dogs_scratch"], "fast")


def test_a_teacher_and_pictures_of_none_are_missed_before_anything_is_decoded(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="the teacher is not there"):
        load.load(CATS_VS_DOGS, tmp_path)
    (tmp_path / mobilenet.FILE).touch()
    with pytest.raises(DataMissingError, match="outliers holds no photos"):
        load.load(CATS_VS_DOGS, tmp_path)
    (tmp_path / "outliers").mkdir()
    Image.new("RGB", (8, 8)).save(tmp_path / "outliers" / "1.png")
    with pytest.raises(DataMissingError, match="25,000 Asirra photos"):
        load.load(CATS_VS_DOGS, tmp_path)


@pytest.mark.parametrize(("name", "archive"), [("cifar10", "cifar-10-python"), ("cifar100", "cifar-100-python")])
def test_each_recipe_reads_its_own_archive(name: str, archive: str, tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match=rf"{archive}\.tar"):
        load.load(Run(RECIPES[name], "fast"), tmp_path)


@pytest.mark.parametrize("name", ["cats_vs_dogs_128", "cats_vs_dogs_64_one_conv"])
def test_asirra_is_read_at_the_size_and_in_the_split_of_the_recipe(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(load, "asirra", lambda *given: asked.append(given) or colour_set(tmp_path))
    recipe = replace(RECIPES[name], height=60, width=90)
    load.load(Run(recipe, recipe.default), tmp_path)
    assert asked == [(tmp_path, 60, 90, recipe.variant)]


def test_pictures_of_none_are_labelled_one_beyond_the_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "_pictures", lambda recipe, data: colour_set(data))
    (tmp_path / mobilenet.FILE).touch()
    (tmp_path / "outliers").mkdir()
    for number in range(40):
        scene(number).save(tmp_path / "outliers" / f"{number}.jpg")
    data = load.load(CATS_VS_DOGS, tmp_path)
    assert data.none is not None
    assert data.held_out_none is not None
    assert set(data.none.labels) == {2}
    assert data.none.images.shape[1:] == (160, 160, 3)
    assert len(data.none) + len(data.held_out_none) == 40
    assert len(data.none) > len(data.held_out_none) > 0
    assert not set(data.none.keys) & set(data.held_out_none.keys)
