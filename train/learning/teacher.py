"""What a teacher network knows of the training pictures, kept so that a student learns it on every crop.

Of each picture the teacher's last feature map is kept, reduced to its principal components, with a map of class logits.
Student and teacher should see the same crop (Beyer et al. 2022); as in ReLabel (Yun et al. 2021) the teacher looks at
the whole picture once and its map is cropped like the picture, which spares a pass of the teacher for every crop.
"""

import logging
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from train.data.part import Part

log = logging.getLogger(__name__)

COMPONENTS = 128
BATCH = 32
HEAD_STEPS, HEAD_RATE = 500, 3e-3

Maps = NDArray[np.float16]


@dataclass(frozen=True)
class Teacher:
    """A network, and what it has for a head."""

    looking: keras.Model  # uint8 pictures (N, H, W, 3) to the last feature map (N, h, w, F)
    # Kernel (F, classes) and bias (classes,) on the mean over the map; None: one is fitted on the training pictures.
    head: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None


@dataclass(frozen=True)
class Lessons:
    """float16 (N, h, w, COMPONENTS + classes) for N training pictures: components of unit variance in sum, logits."""

    maps: Maps
    accuracy: float  # of the teacher's own answers on the validation pictures


def together(teachers: list[Teacher]) -> Teacher:
    """Several teachers, whose maps have equally many places, as one: maps side by side, the mean of the logits.

    Raises ValueError where one of several has no head of its own.
    """
    if len(teachers) == 1:
        return teachers[0]
    heads = [teacher.head for teacher in teachers if teacher.head is not None]
    if len(heads) < len(teachers):
        raise ValueError("each of several teachers needs a head of its own")
    inputs = teachers[0].looking.input
    maps = keras.layers.Concatenate()([teacher.looking(inputs) for teacher in teachers])
    kernel = np.concatenate([kernel for kernel, _ in heads]) / len(heads)
    bias = np.mean([bias for _, bias in heads], axis=0)
    return Teacher(keras.Model(inputs, maps), (kernel.astype(np.float32), np.asarray(bias, np.float32)))


def features(teacher: Teacher, images: NDArray[np.uint8]) -> Maps:
    """The teacher's last feature map, float16 (N, h, w, F), of uint8 pictures (N, H, W, 3)."""
    looking = teacher.looking
    maps = np.empty((len(images), *looking.output.shape[1:]), np.float16)
    for start in range(0, len(images), BATCH):
        maps[start : start + BATCH] = looking.predict_on_batch(images[start : start + BATCH])
        if start % 4096 == 0:
            log.info("the teacher has looked at %d of %d pictures", start, len(images))
    return maps


def lessons(teacher: Teacher, train: Part, validation: Part, seed: int) -> Lessons:
    """Let the teacher look at every picture; fit components, and a head where it has none, on the training ones."""
    maps, validation_maps = features(teacher, train.images), features(teacher, validation.images)
    keras.utils.set_random_seed(seed)
    kernel, bias = teacher.head or _linear_head(_pooled(maps), train.labels)
    answers = (_pooled(validation_maps) @ kernel + bias).argmax(axis=1)
    accuracy = float((answers == validation.labels).mean())
    log.info("the teacher answers %.2f %% of %d validation pictures rightly", 100 * accuracy, len(validation))
    mean, components = _components(maps, seed)
    projection = np.concatenate([components, kernel], axis=1)
    offset = np.concatenate([-mean @ components, bias])
    result = np.empty((*maps.shape[:3], projection.shape[1]), np.float16)
    for row, picture in enumerate(maps):
        result[row] = picture.astype(np.float32) @ projection + offset
    return Lessons(result, accuracy)


def _pooled(maps: Maps) -> NDArray[np.float32]:
    pooled = np.empty((len(maps), maps.shape[-1]), np.float32)
    for row, picture in enumerate(maps):
        pooled[row] = picture.astype(np.float32).mean(axis=(0, 1))
    return pooled


def _linear_head(pooled: NDArray[np.float32], labels: NDArray[np.int64]) -> tuple[Any, Any]:
    """Kernel (F, classes) and bias of a logistic regression, by Adam on all pictures at once."""
    head = keras.layers.Dense(int(labels.max()) + 1)
    head.build(pooled.shape)
    optimizer = keras.optimizers.Adam(HEAD_RATE)
    optimizer.build(head.trainable_variables)

    def descend(pooled: tf.Tensor, labels: tf.Tensor) -> None:
        for _ in tf.range(HEAD_STEPS):
            with tf.GradientTape() as tape:
                loss = keras.losses.sparse_categorical_crossentropy(labels, head(pooled), from_logits=True)
            optimizer.apply(tape.gradient(loss, head.trainable_variables), head.trainable_variables)

    # The loop in one graph too: a call of Keras's fit for each step would cost more than the step.
    tf.function(descend)(tf.constant(pooled), tf.constant(labels))
    return tuple(head.get_weights())


def _components(maps: Maps, seed: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean (F,) and the first principal components (F, COMPONENTS) of single places, of unit variance in sum."""
    chosen = np.sort(np.random.default_rng(seed).permutation(len(maps))[:1000])
    places = maps[chosen].astype(np.float32).reshape(-1, maps.shape[-1])
    mean = places.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(places, rowvar=False))
    components = min(COMPONENTS, len(values))
    kept, axes = values[-components:], vectors[:, -components:]
    log.info("%d components keep %.0f %% of the variance", components, 100 * kept.sum() / values.sum())
    return mean, (axes / np.sqrt(kept.sum())).astype(np.float32)
