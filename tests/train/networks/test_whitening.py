"""The kernels that our network for small pictures starts from."""

from pathlib import Path

import keras
import numpy as np
import pytest

from train.networks import NETWORKS
from train.networks.whitening import WHITENING, NearIdentity, whiten

RNG = np.random.default_rng(0)


@pytest.fixture
def pictures() -> np.ndarray:
    """Soft ones, as photos are: a pixel is much like its neighbour, a colour like the others."""
    noise = RNG.normal(0, 400, (200, 4, 4, 1)) + RNG.normal(0, 100, (200, 4, 4, 3))
    return np.clip(np.asarray(keras.ops.image.resize(noise + 120, (32, 32))), 0, 255).astype(np.uint8)


def test_what_the_whitening_layer_gives_is_uncorrelated_and_of_variance_one(pictures: np.ndarray) -> None:
    network = NETWORKS["cifar"]((32, 32, 3), 10)
    whiten(network, pictures)
    maps = np.asarray(keras.Model(network.input, network.get_layer(WHITENING).output)(pictures)).reshape(-1, 24)
    first, negatives = maps[:, :12], maps[:, 12:]
    assert np.allclose(first, -negatives, atol=1e-4)
    second_moments = first.T @ first / len(first)
    strong = np.diag(second_moments) > 0.9  # not lost in the floor under the variances
    assert strong.sum() >= 6
    assert np.abs(second_moments - np.diag(np.diag(second_moments))).max() < 0.05
    assert np.diag(second_moments).max() < 1.05


def test_the_whitening_layer_is_not_trained(pictures: np.ndarray) -> None:
    network = NETWORKS["cifar"]((32, 32, 3), 10)
    whiten(network, pictures)
    assert not network.get_layer(WHITENING).trainable_weights


def test_a_network_without_the_layer_stays_as_it_is(pictures: np.ndarray) -> None:
    network = NETWORKS["residual"]((32, 32, 3), 10)
    before = network.get_weights()
    whiten(network, pictures)
    assert all(np.array_equal(one, other) for one, other in zip(before, network.get_weights(), strict=True))


def test_kernels_near_the_identity_pass_their_maps_on() -> None:
    layer = keras.layers.Conv2D(12, 3, padding="same", use_bias=False, kernel_initializer=NearIdentity())
    maps = RNG.normal(size=(2, 5, 5, 8)).astype(np.float32)
    passed = np.asarray(layer(maps))
    assert np.allclose(passed[..., :8], maps, atol=1e-6)
    assert 0 < np.abs(np.asarray(layer.kernel)[..., 8:]).max() <= (3 * 3 * 8) ** -0.5


def test_such_kernels_are_saved_with_their_network(tmp_path: Path) -> None:
    network = NETWORKS["cifar"]((32, 32, 3), 10)
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras", safe_mode=True)
    assert loaded.count_params() == network.count_params()
