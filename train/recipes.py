"""Every network as one declarative record: its data, size, schedule, augmentation, and the figures reported for it.

A recipe may have two schedules. "faithful" is what the course report that it comes from did; "fast" trains the very
same network with a modern schedule.
"""

from dataclasses import dataclass, field
from typing import Literal

Optimizer = Literal["adam", "adamw", "rmsprop"]


@dataclass(frozen=True)
class Augmentation:
    """What may be changed, uniformly between minus and plus the amount given; 0 leaves it alone."""

    flip: bool = False  # mirrored left to right, every other time
    rotation: float = 0.0  # degrees
    shift: float = 0.0  # fraction of height and width
    zoom: float = 0.0  # 0.2: each picture 0.8 to 1.2 times as large
    aspect: float = 0.0  # 0.2: width against height changed by up to 1.2 either way
    shear: float = 0.0  # degrees, as in Keras's old ImageDataGenerator
    light: float = 0.0  # 0.2: brightness and contrast each 0.8 to 1.2 times
    crop: float = 1.0  # 0.4: a part of 0.4 to 1 of the area, anywhere in the picture
    grey: float = 0.0  # 0.1: one in ten without its colours
    soft: float = 0.0  # 0.1: one in ten as if enlarged from half its size

    def __bool__(self) -> bool:
        return self != Augmentation()


@dataclass(frozen=True)
class Plateau:
    """Multiply the learning rate by `factor` when validation accuracy has not risen for `patience` epochs."""

    patience: int
    factor: float
    floor: float


@dataclass(frozen=True)
class Schedule:
    """How a network is trained."""

    optimizer: Optimizer
    learning_rate: float  # the constant rate, or the peak of the one-cycle
    batch: int
    epochs: int
    steps_per_epoch: int | None = None  # None: every picture once an epoch
    one_cycle: bool = False  # warm-up over a fifth of the steps, then half a cosine down to zero (Smith 2017)
    weight_decay: float = 0.0  # decoupled (Loshchilov & Hutter 2019); only with adamw
    label_smoothing: float = 0.0
    average: float | None = None  # momentum of the moving average of the weights that is validated and kept
    early_stopping: int | None = None  # epochs without a lower validation loss; the best epoch's weights are kept
    plateau: Plateau | None = None
    size: int | None = None  # of the changed pictures that it sees in training, in pixels a side; None: as they are
    half_precision: bool = False  # bfloat16 but for the weights: with matrix units (AMX) about twice as fast
    augmentation: Augmentation = field(default_factory=Augmentation)


@dataclass(frozen=True)
class Reported:
    """The figures a course report gives; None where it gives none."""

    accuracy: float | None = None
    loss: float | None = None
    auc: float | None = None
    remark: str = ""


@dataclass(frozen=True)
class Recipe:
    """A network, its data and how it is trained. `network` names a function of train/networks.py."""

    name: str
    title: str
    data: Literal["asirra"]
    variant: str
    height: int
    width: int
    network: str
    parameters: int
    trainable: int
    faithful: Schedule | None  # None: no report has this network
    fast: Schedule | None
    reported: Reported = Reported()
    mirror: bool = False  # answer with the mean over the picture and its mirror image
    taught: bool = False  # by a teacher, and with pictures of none of the classes beside the data

    @property
    def schedules(self) -> dict[str, Schedule]:
        """Its schedules by name, the one that is meant first."""
        both = {"fast": self.fast, "faithful": self.faithful}
        return {name: schedule for name, schedule in both.items() if schedule}


_SHEAR_ZOOM_FLIP = Augmentation(flip=True, zoom=0.2, shear=0.2)

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="cats_vs_dogs",
            title="Cats and dogs",
            data="asirra",
            variant="fixed",
            height=160,
            width=160,
            network="cats_vs_dogs",
            parameters=3_420_131,
            trainable=3_415_843,
            faithful=None,
            fast=Schedule(
                optimizer="adamw",
                learning_rate=2e-3,
                batch=64,
                epochs=56,
                one_cycle=True,
                weight_decay=0.05,
                average=0.998,
                size=112,
                half_precision=True,
                augmentation=Augmentation(flip=True, rotation=15, aspect=0.5, light=0.3, crop=0.35, grey=0.1, soft=0.1),
            ),
            mirror=True,
            taught=True,
        ),
        Recipe(
            name="cats_vs_dogs_128",
            title="Cats and dogs, 128 px",
            data="asirra",
            variant="fixed",
            height=128,
            width=128,
            network="cats_vs_dogs_128",
            parameters=12_942_273,
            trainable=12_940_801,
            faithful=Schedule(
                optimizer="rmsprop",
                learning_rate=1e-3,
                batch=32,  # the report names none: Keras's default
                epochs=50,
                early_stopping=10,
                plateau=Plateau(patience=2, factor=0.5, floor=1e-5),
            ),
            fast=Schedule(
                optimizer="adamw",
                learning_rate=1e-3,
                batch=32,
                epochs=16,
                one_cycle=True,
                weight_decay=0.05,
                label_smoothing=0.05,
                average=0.998,
                augmentation=Augmentation(flip=True, rotation=8, shift=0.08, zoom=0.12, aspect=0.1, light=0.1),
            ),
            reported=Reported(remark="a curve only"),
            mirror=True,  # .9158 against .9078 on validation
        ),
        Recipe(
            name="cats_vs_dogs_64_one_conv",
            title="Cats and dogs, 64 px, one convolution",
            data="asirra",
            variant="reports",
            height=64,
            width=64,
            network="cats_vs_dogs_64_one_conv",
            parameters=3_937_409,
            trainable=3_937_409,
            faithful=Schedule(optimizer="adam", learning_rate=1e-3, batch=32, epochs=32, steps_per_epoch=20),
            fast=None,
            reported=Reported(accuracy=0.50, loss=0.6932, remark="after 3 epochs"),
        ),
        Recipe(
            name="cats_vs_dogs_64_strided",
            title="Cats and dogs, 64 px, strided",
            data="asirra",
            variant="reports",
            height=64,
            width=64,
            network="cats_vs_dogs_64_strided",
            parameters=14_497,
            trainable=14_497,
            faithful=Schedule(optimizer="adam", learning_rate=1e-3, batch=32, epochs=25, augmentation=_SHEAR_ZOOM_FLIP),
            fast=None,
            reported=Reported(accuracy=0.6665, remark="after 25 epochs; .6940 at its best epoch on the test pictures"),
        ),
    )
}
