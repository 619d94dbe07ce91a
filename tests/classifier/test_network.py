"""A card says whether a model is a whole network or a head on the trunk that all heads share."""

from pathlib import Path

import numpy as np
import pytest

from classifier import network
from classifier.card import read_card
from classifier.head import HeadNetwork
from classifier.runtime import Runtime
from classifier.trunk import Trunk
from tests.classifier.tiny_models import SIDE, tiny_model, write_model
from tests.classifier.tiny_trunk import write_head, write_trunk


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """For how many calls at a time the trunk was asked for."""
    asked: list[int] = []
    trunk = tmp_path / "weights"
    monkeypatch.setattr(network, "shared_trunk", lambda threads: asked.append(threads) or Trunk(trunk, threads))
    return asked


def test_a_whole_network_wants_no_trunk(tmp_path: Path, shared: list[int]) -> None:
    card = read_card(write_model(tmp_path / "whole", tiny_model(False)))
    found = network.load_network(card, 2)
    assert isinstance(found, Runtime)
    assert found(np.zeros((3, SIDE, SIDE, 3), np.uint8)).probabilities.shape == (3, 3)
    assert shared == []


def test_a_head_asks_the_trunk_for_as_many_calls(tmp_path: Path, shared: list[int]) -> None:
    folder = tmp_path / "models" / "head"
    write_head(folder, write_trunk(tmp_path / "weights"))
    assert isinstance(network.load_network(read_card(folder), 2), HeadNetwork)
    assert shared == [2]
