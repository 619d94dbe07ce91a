"""How a network is trained: optimiser, learning rate, length, and what is changed in the pictures it sees."""

from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from typing import Any, Literal

Optimizer = Literal["adam", "adamw", "muon", "normalized_muon", "rmsprop"]


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
    erase: float = 0.0  # 0.25: a square of a quarter of the picture's side made grey (DeVries & Taylor 2017)

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
    linear: bool = False  # from the learning rate in a straight line down to zero
    weight_decay: float = 0.0  # decoupled (Loshchilov & Hutter 2019); only with adamw and muon
    l2: float = 0.0  # of the kernels' squares, added to the loss
    label_smoothing: float = 0.0
    temperature: float = 1.0  # of a teacher's chances, and of the answers held against them (Hinton et al. 2015)
    teachers: tuple[str, ...] = ()  # whose lessons help, of train/learning/teachers.py; with several their mean
    likeness: float = 0.1  # weight of the error against a teacher's features, in shares of their variance
    average: float | None = None  # momentum of the moving average of the weights that is validated and kept
    early_stopping: int | None = None  # epochs without a lower validation loss; the best epoch's weights are kept
    plateau: Plateau | None = None
    size: int | None = None  # of the changed pictures that it sees in training, in pixels a side; None: as they are
    cutmix: float = 0.0  # share of the batches that are mixed, see train/learning/cutmix.py; not beside a teacher
    after: str | None = None  # another schedule of the recipe, whose trained network this one goes on with
    half_precision: bool = False  # bfloat16 but for the weights, where the processor multiplies it
    augmentation: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self) -> None:
        if self.cutmix and (self.teachers or self.steps_per_epoch):
            raise ValueError("mixed pictures have no lessons, and are shown once an epoch")

    def described(self) -> dict[str, Any]:
        """What is not at its default, as plain data."""
        return _described(self)


def _described(record: Any) -> dict[str, Any]:
    values = {entry.name: getattr(record, entry.name) for entry in fields(record) if _is_set(record, entry)}
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):  # as JSON knows them
        return list(value)
    return _described(value) if is_dataclass(value) else value


def _is_set(record: Any, entry: Any) -> bool:
    default = entry.default_factory() if entry.default_factory is not MISSING else entry.default
    return bool(getattr(record, entry.name) != default)
