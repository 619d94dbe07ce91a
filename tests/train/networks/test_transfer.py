"""A trained network's features as the start of another."""

from pathlib import Path

import keras
import numpy as np

from train.networks import NETWORKS
from train.networks.residual import residual
from train.networks.transfer import at_size, trunk, with_head


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
