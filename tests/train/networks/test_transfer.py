"""A trained network without its head."""

from train.networks import NETWORKS
from train.networks.residual import residual
from train.networks.transfer import trunk


def test_a_trunk_ends_in_the_last_feature_map() -> None:
    assert trunk(NETWORKS["cats_vs_dogs_128"]((128, 128, 3), 2)).output.shape == (None, 14, 14, 128)
    assert trunk(residual((128, 128, 3), 5)).output.shape == (None, 8, 8, 256)
