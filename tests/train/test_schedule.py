"""A schedule as plain data, which is what stamps a run."""

import json
from dataclasses import replace
from typing import Any

import pytest

from train.schedule import Augmentation, Plateau, Schedule

PLAIN = Schedule(optimizer="adam", learning_rate=1e-3, batch=32, epochs=10)


def test_what_is_at_its_default_is_not_told_so_that_a_new_field_makes_no_run_stale() -> None:
    assert PLAIN.described() == {"optimizer": "adam", "learning_rate": 1e-3, "batch": 32, "epochs": 10}


def test_what_is_not_is_told_with_all_that_is_inside() -> None:
    schedule = Schedule(
        **PLAIN.described(),
        plateau=Plateau(patience=3, factor=0.5, floor=1e-5),
        augmentation=Augmentation(flip=True, shift=0.1),
    )
    told = schedule.described()
    assert told["plateau"] == {"patience": 3, "factor": 0.5, "floor": 1e-5}
    assert told["augmentation"] == {"flip": True, "shift": 0.1}
    assert json.loads(json.dumps(told)) == told


def test_pictures_are_changed_where_anything_may_be() -> None:
    assert not Augmentation()
    assert Augmentation(grey=0.1)


@pytest.mark.parametrize("other", [{"teachers": ("lite0",)}, {"steps_per_epoch": 5}])
def test_pictures_are_not_mixed_beside_a_teacher_or_in_part(other: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="mixed pictures"):
        replace(PLAIN, cutmix=0.5, **other)
