"""The networks of the reports are theirs, to the parameter, and ours are as large as is said."""

import numpy as np
import pytest

from train.listing import CLASSES
from train.networks import NETWORKS
from train.recipes import RECIPES

# All and trainable numbers: of the reports' networks as the reports print them.
PARAMETERS = {
    "cats_vs_dogs_scratch": (3_420_131, 3_415_843),
    "cats_vs_dogs_128": (12_942_273, 12_940_801),
    "cats_vs_dogs_64_one_conv": (3_937_409, 3_937_409),
    "cats_vs_dogs_64_strided": (14_497, 14_497),
    "cifar10_276k": (276_138, 276_138),
    "cifar10_1m3": (1_343_018, 1_342_122),
    "cifar100_3m": (2_965_124, 2_963_204),
    "cifar10": (1_973_930, 1_971_338),
    "cifar100": (2_613_252, 2_610_148),
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_network_has_its_parameters(name: str) -> None:
    recipe = RECIPES[name]
    network = NETWORKS[recipe.network]((recipe.height, recipe.width, 3), CLASSES[recipe.data])
    trainable = sum(int(np.prod(weight.shape)) for weight in network.trainable_weights)
    assert (network.count_params(), trainable) == PARAMETERS[name]


def test_takes_raw_pixels_and_gives_one_logit_for_two_classes() -> None:
    network = NETWORKS["cats_vs_dogs_64_strided"]((64, 64, 3), 2)
    assert network.input.dtype == "uint8"
    assert network.output.shape == (None, 1)
    assert NETWORKS["cats_vs_dogs_64_strided"]((64, 64, 3), 10).output.shape == (None, 10)
