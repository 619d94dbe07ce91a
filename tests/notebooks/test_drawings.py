"""Pictures drawn by our own code."""

from types import ModuleType

import numpy as np
import pytest

from tests.notebooks.notebook import FOLDER


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(FOLDER))  # as a kernel finds it
    import drawings

    return drawings


def test_ears_tell_the_animals_apart(drawings: ModuleType) -> None:
    upright, hanging = (np.asarray(drawings.animal(ears), int) for ears in (1, -1))
    assert upright.shape == (240, 240, 3)
    assert np.abs(upright - hanging).max() > 100


def test_no_two_snapshots_are_alike_and_a_seed_gives_the_same_again(drawings: ModuleType) -> None:
    first, again = (np.random.default_rng(0) for _ in range(2))
    pictures = [drawings.snapshot(1, first) for _ in range(5)]
    assert {picture.size for picture in pictures} == {(64, 64)}
    assert len({picture.tobytes() for picture in pictures}) == 5
    assert drawings.snapshot(1, again).tobytes() == pictures[0].tobytes()


def test_symbols_are_drawn_by_name(drawings: ModuleType) -> None:
    drawn = {drawings.symbol(kind, np.random.default_rng(0)).tobytes() for kind in drawings.SYMBOLS}
    assert len(drawn) == 3
    with pytest.raises(ValueError, match="must be one of house, sun, tree"):
        drawings.symbol("moon", np.random.default_rng(0))
