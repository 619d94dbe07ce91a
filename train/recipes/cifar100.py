"""Ours on CIFAR-100, 2.6 million weights: .7449 of 10,000 test pictures (95 %: .7363 to .7533), ECE .0247.

    python -m train cifar100 --data DATA

30 epochs in 51 minutes on two cores of an AMD EPYC, in bfloat16, in November 2026.
"""

from dataclasses import replace

from train.recipe import Recipe
from train.recipes.small_pictures import AIRBENCH, NOTE

RECIPE = Recipe(
    name="cifar100",
    title="CIFAR-100: a hundred things",
    data="cifar100",
    variant="tenth",
    height=32,
    width=32,
    network="cifar_wide",
    schedules={"fast": replace(AIRBENCH, epochs=30)},
    default="fast",
    mirror=True,  # .7424 against .7264 on validation
    notes=(
        NOTE,
        "Of 62 photos from elsewhere, each of another of its hundred things, which many show small, made that small, "
        "it was right of 28; of 45 the truth was among its first five.",
    ),
)
