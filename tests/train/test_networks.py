"""Every recipe's network is the one meant: its parameter count says so."""

from pathlib import Path

import keras
import numpy as np
import pytest

from train.networks import NETWORKS, Shared, at_size, residual, trunk, with_head
from train.recipes import RECIPES, Recipe


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_parameters_are_the_recipes(recipe: Recipe) -> None:
    classes = {"asirra": 2, "cifar10": 10, "cifar100": 100}[recipe.data]
    network = NETWORKS[recipe.network]((recipe.height, recipe.width, 3), classes)
    assert network.count_params() == recipe.parameters
    assert sum(int(np.prod(weight.shape)) for weight in network.trainable_weights) == recipe.trainable


def test_none_of_the_classes_is_answered_with_the_least_confidence_there_is() -> None:
    logits = np.array([[0.0, 0, 50], [50, 0, 0], [0, 3, 3]], np.float32)
    chances = np.exp(np.asarray(Shared()(logits)))
    none = np.exp(3) / (2 * np.exp(3) + 1)
    expected = [[0.5, 0.5], [1, 0], [none * np.exp(-3) + none / 2, none + none / 2]]
    assert np.allclose(chances, expected, atol=1e-6)


def test_a_trunk_ends_in_the_last_feature_map() -> None:
    assert trunk(NETWORKS["cats_vs_dogs_128"]((128, 128, 3), 2)).output.shape == (None, 14, 14, 128)
    assert trunk(residual((128, 128, 3), 5)).output.shape == (None, 8, 8, 256)


def test_a_trunk_looks_at_pictures_of_another_size_with_the_same_weights() -> None:
    trained = trunk(NETWORKS["cats_vs_dogs"]((160, 160, 3), 2))
    smaller = at_size(trained, 128)
    assert smaller.output.shape == (None, 8, 8, 256)
    pairs = zip(trained.get_weights(), smaller.get_weights(), strict=True)
    assert all(np.array_equal(before, after) for before, after in pairs)


def test_a_new_head_fits_a_network_that_was_saved(tmp_path: Path) -> None:
    trunk(NETWORKS["cats_vs_dogs_64_strided"]((64, 64, 3), 2)).save(tmp_path / "trunk.keras")
    keras.backend.clear_session()
    loaded = keras.saving.load_model(tmp_path / "trunk.keras", safe_mode=True)
    assert with_head(loaded, 4).output.shape == (None, 4)


def test_a_new_head_keeps_the_trained_features() -> None:
    trained = residual((32, 32, 3), 2, (8, 16))
    network = with_head(trained, 5)
    pictures = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), np.uint8)
    assert network.output.shape == (None, 5)
    assert np.allclose(trunk(network)(pictures), trunk(trained)(pictures))


def test_takes_raw_pixels_and_gives_one_logit_for_two_classes() -> None:
    network = NETWORKS["cats_vs_dogs_64_strided"]((64, 64, 3), 2)
    assert network.input.dtype == "uint8"
    assert network.output.shape == (None, 1)
    assert NETWORKS["cats_vs_dogs_64_strided"]((64, 64, 3), 10).output.shape == (None, 10)
