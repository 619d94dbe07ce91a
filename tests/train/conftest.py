"""What tests of training share."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def teacher_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds a stand-in for the teacher: one convolution, with 7 x 7 places as MobileNetV2 has."""
    import keras  # here, so that tests without a network do not wait for it

    from train.learning import mobilenet

    keras.utils.set_random_seed(0)
    inputs = keras.Input((mobilenet.SIDE, mobilenet.SIDE, 3))
    outputs = keras.layers.Conv2D(16, 32, strides=32, activation="relu")(inputs)
    path = tmp_path_factory.mktemp("data")
    keras.Model(inputs, outputs).save(path / mobilenet.FILE)
    return path
