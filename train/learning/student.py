"""A network that learns from the labels and, on every crop that it sees, from a teacher."""

from typing import Any

import keras
import tensorflow as tf
from keras import layers, ops

from train.learning.augment import Augment, sampled
from train.schedule import Schedule


class Student(keras.Model):  # type: ignore[misc]  # keras has no types
    """Trains `network` on crops, of the size of `augment`, from pictures (N, H, W, 3).

    `network` has a layer named "logits", (N, classes), behind global average pooling. Targets are {"labels": (N,
    classes), "lessons": (N, h, w, K)}; a lesson is a row of `Lessons.maps`: K - classes components of the teacher's
    features and its `classes` logits at each place of the picture. The loss is the mean of two cross-entropies, with
    the labels and, at the schedule's temperature, with the teacher's chances on the same crop (Hinton et al. 2015),
    and its `likeness` times the squared error of a linear map of the last features against the teacher's components at
    the same places, in shares of their variance (Romero et al. 2015).

    Validation sees `network` alone, with one-hot labels of its own outputs.
    """

    def __init__(self, network: keras.Model, augment: Augment, schedule: Schedule, lesson: int) -> None:
        super().__init__(name="student")
        self.network, self.augment, self.schedule = network, augment, schedule
        [pooling] = [layer for layer in network.layers if isinstance(layer, layers.GlobalAveragePooling2D)]
        logits = network.get_layer("logits").output
        self.classes = logits.shape[-1]
        # No convolution of 1 x 1: an optimiser that keeps the kernels of these at one norm would keep this one too.
        mimic = layers.Dense(lesson - self.classes, dtype="float32", kernel_initializer="zeros", name="mimic")(
            pooling.input
        )
        self.looking = keras.Model(network.input, [logits, mimic], name="looking")
        sides = (augment.size, augment.size) if augment.size else network.input.shape[1:3]
        self.built = True  # its parts are
        self.places = self.looking.compute_output_shape((None, *sides, 3))[1][1:3]

    def call(self, images: Any, training: bool | None = None) -> Any:
        return self.network(images, training=training)

    def train_step(self, data: Any) -> dict[str, Any]:
        images, targets = data
        places = self.augment.draw(ops.shape(images)[0], *images.shape[1:3])
        crops = self.augment.change(images, places)
        with tf.GradientTape() as tape:
            logits, mimic = self.looking(crops, training=True)
            taught = sampled(targets["lessons"], places, *self.places)
            hints, says = taught[..., : -self.classes], ops.mean(taught[..., -self.classes :], axis=(1, 2))
            answer = error(logits, targets["labels"], says, self.schedule.temperature)
            likeness = ops.mean(ops.sum(ops.square(mimic - hints), axis=-1))
            loss = answer + self.schedule.likeness * likeness
        weights = self.looking.trainable_variables
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        self._loss_tracker.update_state(answer)
        metrics: dict[str, Any] = self.compute_metrics(None, targets["labels"], logits)
        return metrics


def error(logits: Any, labels: Any, says: Any, temperature: float) -> Any:
    """The mean of two cross-entropies, with the labels (N, C) and with the chances that a teacher's logits give."""
    right = ops.categorical_crossentropy(labels, logits, from_logits=True)
    alike = ops.categorical_crossentropy(ops.softmax(says / temperature), logits / temperature, from_logits=True)
    # Times the square, by which a temperature makes the gradients smaller (Hinton et al. 2015).
    return ops.mean(right + temperature**2 * alike) / 2
