"""A teacher's lessons: its answers at every place, and its features in fewer numbers."""

from pathlib import Path

import keras
import numpy as np
import pytest

from tests.train.drawn import colours
from train.data.part import Dataset
from train.learning import mobilenet, teacher

COMPONENTS = 16  # all that the stand-in has


@pytest.fixture
def data(teacher_folder: Path) -> Dataset:
    parts = (colours(count, seed, classes=3, side=32) for seed, count in enumerate((90, 30, 3)))
    return Dataset("colours", "by seed", ("red", "blue", "green"), *parts, teacher_folder)


def test_lessons_are_logits_and_components_at_every_place(data: Dataset, tmp_path: Path) -> None:
    found = teacher.lessons(mobilenet.teach(data, tmp_path, 0), data.train, data.validation, seed=0)
    assert found.maps.shape == (90, 7, 7, COMPONENTS + 3)
    assert found.maps.dtype == np.float16
    logits = found.maps[..., COMPONENTS:].astype(np.float32).mean((1, 2))
    assert (logits.argmax(1) == data.train.labels).mean() > 0.95
    assert found.accuracy > 0.95
    components = found.maps[..., :COMPONENTS].astype(np.float32).reshape(-1, COMPONENTS)
    assert components.var(0).sum() == pytest.approx(1, 0.1)


def test_a_teacher_with_a_head_of_its_own_answers_with_that(data: Dataset, tmp_path: Path) -> None:
    looking = mobilenet.teach(data, tmp_path, 0).looking
    always_green = (np.zeros((COMPONENTS, 3), np.float32), np.array([0, 1, 2], np.float32))
    found = teacher.lessons(teacher.Teacher(looking, always_green), data.train, data.validation, seed=0)
    assert (found.maps[..., COMPONENTS:] == [0, 1, 2]).all()
    assert found.accuracy == pytest.approx(1 / 3)


def test_features_do_not_depend_on_the_batch_they_are_in(data: Dataset, tmp_path: Path) -> None:
    pictures = data.train.images[:40]
    found = mobilenet.teach(data, tmp_path, 0)
    assert np.allclose(teacher.features(found, pictures)[-1:], teacher.features(found, pictures[-1:]), atol=1e-2)


def pooling(side: int, head: list[list[float]], bias: list[float]) -> teacher.Teacher:
    """A teacher whose features are the mean colours of 7 x 7 places."""
    inputs = keras.Input((side, side, 3), dtype="uint8")
    places = keras.layers.Resizing(7, 7)(keras.ops.cast(inputs, "float32"))
    return teacher.Teacher(keras.Model(inputs, places), (np.array(head, np.float32), np.array(bias, np.float32)))


def test_several_answer_with_the_mean_of_their_logits(data: Dataset) -> None:
    reds = pooling(32, [[1, 0, 0], [0, 0, 0], [0, 0, 0]], [0, 0, 3])
    greens = pooling(32, [[0, 0, 0], [0, 2, 0], [0, 0, 0]], [1, 0, 0])
    alone = [teacher.lessons(one, data.train, data.validation, seed=0).maps[..., -3:] for one in (reds, greens)]
    both = teacher.lessons(teacher.together([reds, greens]), data.train, data.validation, seed=0).maps
    assert both.shape[-1] == 6 + 3, "the features of both"
    assert np.allclose(both[..., -3:], (alone[0].astype(np.float32) + alone[1]) / 2, atol=0.1)
    assert teacher.together([reds]) is reds


def test_one_of_several_without_a_head_is_an_error() -> None:
    headless = teacher.Teacher(pooling(32, [[1], [0], [0]], [0]).looking)
    with pytest.raises(ValueError, match="a head of its own"):
        teacher.together([headless, headless])
