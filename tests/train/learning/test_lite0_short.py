"""The second teacher of small pictures: ImageNet's network without its last block, taught with mixed pictures."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from train.learning import lite0_short
from train.trunk import lite0


def test_it_begins_with_the_weights_of_imagenet_and_its_first_blocks_keep_them() -> None:
    whole = lite0.network(lite0.start_weights(), 128)
    behind = keras.Model(whole.input, whole.get_layer("blocks_15_expand_conv").input)
    pictures = np.random.default_rng(0).integers(0, 256, (2, 128, 128, 3)).astype(np.float32)
    network = lite0_short.answering((32, 32, 3), 10)
    assert np.allclose(network.get_layer("trunk")(pictures), behind(pictures), atol=1e-4)
    trained = {weight.path.split("/")[0] for weight in network.trainable_variables}
    assert {"features", "logits", "blocks_3_expand_conv", "blocks_14_project_conv"} <= trained
    assert not {name for name in trained if name.startswith(("conv_stem", "blocks_0_", "blocks_1_", "blocks_2_"))}


def test_another_schedule_makes_another_teacher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = lite0_short.identity(tmp_path)
    monkeypatch.setattr(lite0_short, "SCHEDULE", replace(lite0_short.SCHEDULE, epochs=9))
    assert lite0_short.identity(tmp_path) != one
