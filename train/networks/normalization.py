"""Batch normalisation at the speed of TensorFlow's fused operation."""

from typing import Any

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("train")
class BatchNormalization(keras.layers.BatchNormalization):  # type: ignore[misc]  # keras has no types
    """Keras's layer over the last axis of (N, H, W, C), three to four times as fast in training.

    Keras 3 takes mean, variance and their gradients by operations of their own; TensorFlow has one for all of it.
    Outside training, and on JAX (train/hosts/), it is Keras's layer unchanged, so a saved network means the same.
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        if not training or not self.trainable or keras.backend.backend() != "tensorflow":
            return super().call(inputs, training=training, mask=mask)
        scale = self.gamma if self.scale else tf.ones((inputs.shape[-1],))
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs, scale=scale, offset=self.beta, mean=[], variance=[], epsilon=self.epsilon, is_training=True
        )
        for moving, measured in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign(moving * self.momentum + measured * (1 - self.momentum))
        return outputs
