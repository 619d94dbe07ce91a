"""A run that takes seconds, on drawn colours."""

from dataclasses import replace
from typing import Any

from train.recipe import Recipe, Run
from train.recipes import RECIPES


def small(name: str = "cats_vs_dogs_64_strided", epochs: int = 1, **changes: Any) -> Run:
    """The default run of a recipe with few epochs; `changes` replace fields of its schedule."""
    recipe = RECIPES[name]
    return Run(with_schedule(recipe, epochs=epochs, **changes), recipe.default, seed=5)


def with_schedule(recipe: Recipe, **changes: Any) -> Recipe:
    """The recipe with its default schedule alone, changed."""
    plan = replace(recipe.schedules[recipe.default], **changes)
    return replace(recipe, schedules={recipe.default: plan})
