"""A network that learns from the labels and, on every crop that it sees, from a teacher."""

from typing import Any

import keras
import tensorflow as tf
from keras import layers, ops

from train.learning.augment import Augment, sampled

# The features are many and never fully learned; at full weight their error would drown that of the answers.
LIKENESS = 0.1


class Student(keras.Model):  # type: ignore[misc]  # keras has no types
    """Trains `network` on crops, of the size of `augment`, from pictures (N, H, W, 3).

    `network` has a layer named "logits", (N, classes), behind global average pooling. Targets are {"labels": (N,
    classes), "lessons": (N, h, w, K)}; a lesson is a row of `Lessons.maps`: K - classes components of the teacher's
    features and its `classes` logits at each place of the picture. The loss is the mean of two cross-entropies, with
    the labels and with the teacher's chances on the same crop (Hinton et al. 2015), and `LIKENESS` times the squared
    error of a 1x1 convolution on the last feature map against the teacher's components at the same places, in shares
    of their variance (Romero et al. 2015).

    Validation sees `network` alone, with one-hot labels of its own outputs.
    """

    def __init__(self, network: keras.Model, augment: Augment, lesson: int) -> None:
        super().__init__(name="student")
        self.network, self.augment = network, augment
        [pooling] = [layer for layer in network.layers if isinstance(layer, layers.GlobalAveragePooling2D)]
        logits = network.get_layer("logits").output
        self.classes = logits.shape[-1]
        mimic = layers.Conv2D(lesson - self.classes, 1, dtype="float32", kernel_initializer="zeros", name="mimic")(
            pooling.input
        )
        self.looking = keras.Model(network.input, [logits, mimic], name="looking")
        size = augment.size
        self.built = True  # its parts are
        self.places = self.looking.compute_output_shape((None, size, size, 3))[1][1:3]

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
            wanted = (targets["labels"] + ops.softmax(says)) / 2
            answer = ops.mean(ops.categorical_crossentropy(wanted, logits, from_logits=True))
            likeness = ops.mean(ops.sum(ops.square(mimic - hints), axis=-1))
            loss = answer + LIKENESS * likeness
        weights = self.looking.trainable_variables
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        self._loss_tracker.update_state(answer)
        metrics: dict[str, Any] = self.compute_metrics(None, targets["labels"], logits)
        return metrics
