"""Cats and dogs at 160 px: .9814 of 4,987 test photos (95 %: .9772 to .9848), ECE .0058.

    python -m train cats_vs_dogs_scratch --data DATA

56 epochs in 113 minutes on two cores of an Intel Xeon with AMX, in bfloat16, in November 2026. A residual network of
3.4 million weights learns from 17,978 photos, from a teacher's lessons on each of them, and from 5,405 pictures of
neither. DATA holds PetImages/, outliers/ and the teacher; docs/TRAINING.md says where each is from.
"""

from train.recipe import Recipe
from train.schedule import Augmentation, Schedule

RECIPE = Recipe(
    name="cats_vs_dogs_scratch",
    title="Cats and dogs, from scratch",
    data="asirra",
    variant="fixed",
    height=160,
    width=160,
    network="cats_vs_dogs",
    schedules={
        "fast": Schedule(
            optimizer="adamw",
            learning_rate=2e-3,
            batch=64,
            epochs=56,
            one_cycle=True,
            weight_decay=0.05,
            average=0.998,
            size=112,
            teachers=("mobilenet_v2",),
            half_precision=True,
            augmentation=Augmentation(flip=True, rotation=15, aspect=0.5, light=0.3, crop=0.35, grey=0.1, soft=0.1),
        )
    },
    default="fast",
    looks=2,
    outliers=True,
    robustness=True,
    kept=True,
    notes=(
        "It knows cats and dogs only. A photo of something else it often takes for one of them; cats_vs_dogs knows "
        "better.",
        "A teacher helped: MobileNetV2 with ImageNet weights, under a head of our own, said what it saw on "
        "each training photo. None of its weights are in this model.",
        "It learned to be unsure from 5,405 pictures of ImageNet, Caltech-101, PACS, SUN scenes, BSDS500, a "
        "houses and a grocery set.",
    ),
)
