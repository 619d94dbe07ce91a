"""How every network begins, with raw pixels, and ends, in logits."""

import keras
from keras import layers

Shape = tuple[int | None, int | None, int]


def pixels(shape: Shape) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The input, uint8 (N, H, W, 3), and the same as float32 from 0 to 1."""
    inputs = keras.Input(shape, dtype="uint8", name="image")
    return inputs, layers.Rescaling(1 / 255, dtype="float32", name="zero_to_one")(inputs)


def logits(features: keras.KerasTensor, classes: int) -> keras.KerasTensor:
    """One logit for two classes, (N, 1), else one a class, (N, C)."""
    # Outside half precision: the last step decides between close chances.
    return layers.Dense(1 if classes == 2 else classes, dtype="float32", name="logits")(features)
