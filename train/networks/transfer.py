"""A trained network without its head."""

import keras


def trunk(network: keras.Model) -> keras.Model:
    """A network without its head: uint8 pictures to its last feature map, float32 (N, h, w, channels)."""
    maps = [layer.output for layer in network.layers if len(layer.output.shape) == 4]
    return keras.Model(network.input, maps[-1], name=f"{network.name}_trunk")
