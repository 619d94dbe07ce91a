"""A teacher's lessons: its answers at every place, and its features in fewer numbers."""

from pathlib import Path

import numpy as np
import pytest

from train.data.part import Part
from train.errors import DataMissingError
from train.learning import teacher


def _colours(count: int, seed: int) -> Part:
    rng = np.random.default_rng(seed)
    labels = np.arange(count, dtype=np.int64) % 3
    colours = np.array([(200, 60, 60), (60, 60, 200), (60, 200, 60)])[labels]
    images = np.clip(colours[:, None, None] + rng.normal(0, 30, (count, 32, 32, 3)), 0, 255)
    return Part(images.astype(np.uint8), labels, tuple(str(number) for number in range(count)))


def test_a_missing_teacher_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="MobileNetV2"):
        teacher.load(tmp_path)


def test_lessons_are_logits_and_components_at_every_place(teacher_folder: Path) -> None:
    train, validation = _colours(90, 0), _colours(30, 1)
    found = teacher.lessons(teacher.load(teacher_folder), train, validation, seed=0)
    components = 16  # all there are
    assert found.maps.shape == (90, 7, 7, components + 3)
    assert found.maps.dtype == np.float16
    logits = found.maps[..., components:].astype(np.float32).mean((1, 2))
    assert (logits.argmax(1) == train.labels).mean() > 0.95
    assert found.accuracy > 0.95
    assert found.maps[..., :components].astype(np.float32).reshape(-1, components).var(0).sum() == pytest.approx(1, 0.1)


def test_features_do_not_depend_on_the_batch_they_are_in(teacher_folder: Path) -> None:
    pictures = _colours(40, 2).images
    looking = teacher.load(teacher_folder)
    assert np.allclose(teacher.features(looking, pictures)[-1:], teacher.features(looking, pictures[-1:]), atol=1e-2)
