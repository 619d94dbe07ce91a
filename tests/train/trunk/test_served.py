"""The served trunk as a Keras network: its weights come back from the file in eight bits."""

from pathlib import Path

import numpy as np
import pytest

from classifier.errors import ModelError
from classifier.trunk import Trunk
from tests.classifier.tiny_trunk import write_trunk
from tests.train.drawn import scene
from train.trunk import served


def test_it_sees_what_the_file_sees() -> None:
    trunk = Trunk(threads=1)
    side = trunk.card.side
    pictures = np.stack([np.asarray(scene(seed).resize((side, side))) for seed in range(8)])
    ours, theirs = served.network().predict(pictures.astype(np.float32), verbose=0)[0], trunk(pictures).features
    likeness = (ours * theirs).sum(axis=1) / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1)
    assert likeness.min() > 0.98


def test_a_file_of_another_network_is_told(tmp_path: Path) -> None:
    write_trunk(tmp_path)
    with pytest.raises(ModelError, match="not a file of this network"):
        served.network(tmp_path)
