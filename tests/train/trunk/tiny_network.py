"""A stand-in for the trunk's network: two convolutions, in a tenth of a second."""

import keras
from keras import layers


def network(side: int = 32) -> keras.Model:
    """float32 pictures [N, side, side, 3] to features [N, 16] and their map: the stem, which stays, and one block."""
    keras.utils.set_random_seed(0)
    pictures = keras.Input((side, side, 3))
    stem = layers.Conv2D(8, 3, 2, "same", activation="relu", name="conv_stem")(layers.Rescaling(1 / 255)(pictures))
    maps = layers.Conv2D(16, 3, 2, "same", activation="relu", name="blocks_7_project_conv")(stem)
    return keras.Model(pictures, [layers.GlobalAveragePooling2D(name="features")(maps), maps], name="trunk")
