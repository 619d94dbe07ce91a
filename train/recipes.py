"""Every network as one declarative record: its data, size, schedules, and the figures reported for it.

Schedules have names, the one that is meant first. "faithful" is what the course report did that the network comes from;
"fast" trains the very same network with a modern schedule; "plain" is a schedule without changes to the pictures.
"""

from dataclasses import dataclass, replace
from typing import Literal

from classifier.photo import ResizeRule
from train.schedule import Augmentation, Plateau, Schedule


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
    data: Literal["asirra", "cifar10", "cifar100"]
    variant: str
    height: int
    width: int
    network: str
    parameters: int
    trainable: int
    schedules: dict[str, Schedule]
    reported: Reported = Reported()
    resize: ResizeRule = "squash"  # of photos of another shape
    mirror: bool = False  # answer with the mean over the picture and its mirror image
    taught: bool = False  # by a teacher, and with pictures of none of the classes beside the data
    kept: bool = False  # as model.keras too, to train on and to look into: each adds megabytes to the repository
    notes: tuple[str, ...] = ()  # for the card

    @property
    def meant(self) -> str:
        """The name of the schedule that is trained unless another one is asked for."""
        return next(iter(self.schedules))


_SHEAR_ZOOM_FLIP = Augmentation(flip=True, zoom=0.2, shear=0.2)
_SMALL_CHANGES = Augmentation(flip=True, rotation=10, shift=0.1, zoom=0.2)
_TILT_SHIFT_FLIP = Augmentation(flip=True, rotation=20, shift=0.1)
_RMSPROP = Schedule(optimizer="rmsprop", learning_rate=1e-3, batch=256, epochs=100)
_LONG_ADAM = Schedule(
    optimizer="adam",
    learning_rate=2e-3,
    batch=128,
    epochs=100,
    l2=1e-4,  # the reports say that there is one, not how large
    early_stopping=25,
    plateau=Plateau(patience=10, factor=0.5, floor=1e-6),
    augmentation=_TILT_SHIFT_FLIP,
)
_FAST_32 = Schedule(
    optimizer="muon",
    learning_rate=4e-3,
    batch=256,
    epochs=80,
    one_cycle=True,
    weight_decay=0.05,
    average=0.995,
    half_precision=True,
    augmentation=Augmentation(flip=True, shift=0.1, rotation=5),
)
# After airbench94_muon (Jordan 2024), with a quarter of its batch, half its rate and more epochs, and for so many of
# them stronger changes to the pictures: shifts of 4 pixels and a grey square of 8.
_OURS_32 = Schedule(
    optimizer="normalized_muon",
    learning_rate=0.12,
    batch=500,
    epochs=28,
    linear=True,
    label_smoothing=0.2,
    half_precision=True,
    augmentation=Augmentation(flip=True, shift=4 / 32, erase=0.25),
)
_SMALL_PICTURES = (
    "It learnt from pictures of 32 by 32 pixels that show one thing each; a photo is made that small before it looks.",
)

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
                    half_precision=True,
                    augmentation=Augmentation(
                        flip=True, rotation=15, aspect=0.5, light=0.3, crop=0.35, grey=0.1, soft=0.1
                    ),
                )
            },
            # On 594 photos in their own shape: squash .955, crop .956, pad .965 right; see train/results/LOG.md.
            resize="pad",
            mirror=True,
            taught=True,
            kept=True,
            notes=(
                "It knows cats and dogs only. A photo of something else is mostly, not always, called unsure.",
                "A teacher helped: MobileNetV2 with ImageNet weights, under a head of our own, said what it saw on "
                "each training photo. None of its weights are in this model.",
                "What is neither it learnt from 5,405 pictures of ImageNet, Caltech-101, PACS, SUN scenes, BSDS500, a "
                "houses and a grocery set.",
            ),
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
            schedules={
                "fast": Schedule(
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
                "faithful": Schedule(
                    optimizer="rmsprop",
                    learning_rate=1e-3,
                    batch=32,  # the report names none: Keras's default
                    epochs=50,
                    early_stopping=10,
                    plateau=Plateau(patience=2, factor=0.5, floor=1e-5),
                ),
            },
            reported=Reported(remark="a curve only"),
            mirror=True,  # .9158 against .9078 on validation
            kept=True,
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
            schedules={
                "faithful": Schedule(optimizer="adam", learning_rate=1e-3, batch=32, epochs=32, steps_per_epoch=20)
            },
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
            schedules={
                "faithful": Schedule(
                    optimizer="adam", learning_rate=1e-3, batch=32, epochs=25, augmentation=_SHEAR_ZOOM_FLIP
                )
            },
            reported=Reported(accuracy=0.6665, remark="after 25 epochs; .6940 at its best epoch on the test pictures"),
        ),
        Recipe(
            name="cifar10_276k",
            title="CIFAR-10, 276 thousand weights",
            data="cifar10",
            variant="tenth",
            height=32,
            width=32,
            network="cifar10_276k",
            parameters=276_138,
            trainable=276_138,
            schedules={
                "fast": replace(_RMSPROP, epochs=24, half_precision=True, augmentation=_SMALL_CHANGES),
                "plain": replace(_RMSPROP, epochs=24, half_precision=True),
                "faithful": replace(_RMSPROP, augmentation=_SMALL_CHANGES),
                "faithful_plain": _RMSPROP,
            },
            reported=Reported(remark="curves only: the gap between training and test, without and with augmentation"),
            notes=_SMALL_PICTURES,
        ),
        Recipe(
            name="cifar10_1m3",
            title="CIFAR-10, 1.3 million weights",
            data="cifar10",
            variant="tenth",
            height=32,
            width=32,
            network="cifar10_1m3",
            parameters=1_343_018,
            trainable=1_342_122,
            schedules={"fast": _FAST_32, "faithful": _LONG_ADAM},
            reported=Reported(accuracy=0.90, loss=0.4778, auc=0.9899, remark="5 to 6 hours"),
            mirror=True,  # .9154 against .9084 on validation
            notes=(
                *_SMALL_PICTURES,
                "Of 55 photos from elsewhere of nine of its ten things, made that small, it was right of 50.",
            ),
        ),
        Recipe(
            name="cifar100_3m",
            title="CIFAR-100, 3 million weights",
            data="cifar100",
            variant="tenth",
            height=32,
            width=32,
            network="cifar100_3m",
            parameters=2_965_124,
            trainable=2_963_204,
            schedules={"fast": replace(_FAST_32, epochs=60), "faithful": replace(_LONG_ADAM, epochs=250)},
            reported=Reported(
                accuracy=0.62, loss=1.7465, auc=0.9598, remark="stopped after 215 epochs, 11 to 12 hours"
            ),
            mirror=True,
            notes=_SMALL_PICTURES,
        ),
        Recipe(
            name="cifar10",
            title="CIFAR-10: ten things",
            data="cifar10",
            variant="tenth",
            height=32,
            width=32,
            network="cifar",
            parameters=1_973_930,
            trainable=1_971_338,
            schedules={"fast": _OURS_32},
            mirror=True,  # .9410 against .9320 on validation
            notes=(
                *_SMALL_PICTURES,
                "Of 55 photos from elsewhere of nine of its ten things, made that small, it was right of 48.",
            ),
        ),
        Recipe(
            name="cifar100",
            title="CIFAR-100: a hundred things",
            data="cifar100",
            variant="tenth",
            height=32,
            width=32,
            network="cifar_wide",
            parameters=2_613_252,
            trainable=2_610_148,
            schedules={"fast": replace(_OURS_32, epochs=30)},
            mirror=True,  # .7424 against .7264 on validation
            notes=(
                *_SMALL_PICTURES,
                "Of 62 photos from elsewhere, each of another of its hundred things, which many show small, made that "
                "small, it was right of 28; of 45 the truth was among its first five.",
            ),
        ),
    )
}
