"""A teacher's lessons: its answers at every place, and its features in fewer numbers."""

from pathlib import Path

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
