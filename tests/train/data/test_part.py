"""Parts of a data set."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.train.drawn import colour_set, colours


def test_parts_add_up() -> None:
    part = colours(6, 0)
    both = part + part
    assert len(both) == 12
    assert both.keys == part.keys * 2
    assert np.array_equal(both.images[6:], part.images)


def test_rows_of_a_part_keep_picture_label_and_name_together() -> None:
    part = colours(6, 0)
    chosen = part[np.array([4, 1])]
    assert chosen.keys == ("4", "1")
    assert chosen.labels.tolist() == [0, 1]
    assert np.array_equal(chosen.images[0], part.images[4])


def test_a_digest_is_of_pictures_and_labels_and_not_of_names() -> None:
    part = colours(6, 0)
    assert replace(part, keys=("x",) * 6).digest == part.digest
    assert replace(part, labels=1 - part.labels).digest != part.digest
    other = part.images.copy()
    other[5, 0, 0, 0] ^= 1
    assert replace(part, images=other).digest != part.digest


def test_what_is_learnt_from_includes_pictures_of_none(tmp_path: Path) -> None:
    data = colour_set(tmp_path)
    assert data.pictures is data.train
    assert len(replace(data, none=colours(5, 9), held_out_none=colours(3, 8)).pictures) == 96 + 5
