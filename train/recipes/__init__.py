"""Every recipe, a file each, which opens with its evidence: what it reached, in what time, on what, by which command.

Schedules have names. "faithful" is what the course report did that the network comes from; "fast" trains the very same
network with a modern schedule; "plain" is a schedule without changes to the pictures; "first" is one that another goes
on from. A new recipe is a file here and a line below.
"""

from train.recipe import Recipe
from train.recipes import (
    cats_vs_dogs_64_one_conv,
    cats_vs_dogs_64_strided,
    cats_vs_dogs_128,
    cats_vs_dogs_scratch,
    cifar10,
    cifar10_1m3,
    cifar10_276k,
    cifar100,
    cifar100_3m,
)

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        cats_vs_dogs_scratch.RECIPE,
        cats_vs_dogs_128.RECIPE,
        cats_vs_dogs_64_one_conv.RECIPE,
        cats_vs_dogs_64_strided.RECIPE,
        cifar10_276k.RECIPE,
        cifar10_1m3.RECIPE,
        cifar100_3m.RECIPE,
        cifar10.RECIPE,
        cifar100.RECIPE,
    )
}
