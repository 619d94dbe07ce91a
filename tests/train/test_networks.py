"""Every recipe's network is the report's: its parameter count says so."""

import numpy as np
import pytest

from train.networks import NETWORKS
from train.recipes import RECIPES, Recipe


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_parameters_are_the_reports(recipe: Recipe) -> None:
    network = NETWORKS[recipe.network]((recipe.height, recipe.width, 3), 2)
    assert network.count_params() == recipe.parameters
    assert sum(int(np.prod(weight.shape)) for weight in network.trainable_weights) == recipe.trainable


def test_takes_raw_pixels_and_gives_one_logit_for_two_classes() -> None:
    network = NETWORKS["cats_vs_dogs_64_strided"]((64, 64, 3), 2)
    assert network.input.dtype == "uint8"
    assert network.output.shape == (None, 1)
    assert NETWORKS["cats_vs_dogs_64_strided"]((64, 64, 3), 10).output.shape == (None, 10)
