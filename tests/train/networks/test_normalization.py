"""The fused layer gives what Keras's gives: outputs, gradients, moving statistics."""

import keras
import numpy as np
import tensorflow as tf

from train.networks.normalization import BatchNormalization

RNG = np.random.default_rng(0)


def _pair() -> tuple[keras.layers.Layer, keras.layers.Layer]:
    ours, keras_own = BatchNormalization(momentum=0.8), keras.layers.BatchNormalization(momentum=0.8)
    for layer in (ours, keras_own):
        layer.build((None, 4, 6, 3))
        layer.set_weights([np.array([1.0, 2, 3]), np.array([0.5, 0, -0.5]), np.zeros(3), np.ones(3)])
    return ours, keras_own


def test_training_gives_kerass_outputs_gradients_and_statistics() -> None:
    pictures = tf.constant(RNG.normal(2, 3, (16, 4, 6, 3)).astype(np.float32))
    weights = tf.constant(RNG.normal(size=(16, 4, 6, 3)).astype(np.float32))
    found = []
    for layer in _pair():
        with tf.GradientTape() as tape:
            tape.watch(pictures)
            outputs = layer(pictures, training=True)
            loss = tf.reduce_sum(outputs * weights)
        gradients = tape.gradient(loss, [pictures, *(variable.value for variable in layer.trainable_variables)])
        found.append([outputs, *gradients, *layer.get_weights()])
    for ours, keras_own in zip(*found, strict=True):
        # The fused operation estimates the variance without bias: n / (n - 1) apart, n = 16 * 4 * 6.
        assert np.allclose(ours, keras_own, rtol=2e-3, atol=1e-3)


def test_outside_training_and_frozen_it_uses_the_moving_statistics() -> None:
    ours, _ = _pair()
    pictures = RNG.normal(2, 3, (2, 4, 6, 3)).astype(np.float32)
    expected = pictures / np.sqrt(1 + ours.epsilon) * [1, 2, 3] + [0.5, 0, -0.5]
    assert np.allclose(ours(pictures, training=False), expected, atol=1e-4)
    ours.trainable = False
    assert np.allclose(ours(pictures, training=True), expected, atol=1e-4)


def test_without_a_scale_it_is_kerass_layer_too() -> None:
    pictures = RNG.normal(2, 3, (16, 4, 6, 3)).astype(np.float32)
    ours, keras_own = (kind(scale=False) for kind in (BatchNormalization, keras.layers.BatchNormalization))
    assert np.allclose(ours(pictures, training=True), keras_own(pictures, training=True), atol=1e-3)
    assert len(ours.weights) == 3
