"""A trained network's features as the start of another: its trunk, at another size, under a new head."""

import keras
from keras import layers

from train.networks.ends import logits


def trunk(network: keras.Model) -> keras.Model:
    """A network without its head: uint8 pictures to its last feature map, float32 (N, h, w, channels)."""
    maps = [layer.output for layer in network.layers if len(layer.output.shape) == 4]
    return keras.Model(network.input, maps[-1], name=f"{network.name}_trunk")


def at_size(convolutions: keras.Model, side: int) -> keras.Model:
    """The same layers and weights for pictures of side x side pixels; `convolutions` is a `trunk`."""
    images = keras.Input((side, side, 3), dtype="uint8", name="image")
    resized = keras.models.clone_model(convolutions, input_tensors=images)
    resized.set_weights(convolutions.get_weights())
    return resized


def with_head(network: keras.Model, classes: int) -> keras.Model:
    """A new network on the features of a trained one, whose own head is left behind."""
    features = trunk(network)
    # Names of their own: a loaded network brings names that Keras would give here again.
    x = layers.GlobalAveragePooling2D(name="head_pooling")(features.output)
    x = layers.Dropout(0.2, name="head_dropout")(x)
    return keras.Model(features.input, logits(x, classes), name="with_head")
