"""The trunk: features of pictures, loaded once and checked."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from classifier.errors import ModelError
from classifier.trunk import TRUNK_CARD, TRUNK_FILE, Trunk
from tests.classifier.tiny_trunk import FEATURES, PLACES, SIDE, write_trunk


def pictures(count: int = 3) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, SIDE, SIDE, 3), np.uint8)


def test_features_are_the_mean_of_the_map_in_float(tmp_path: Path) -> None:
    write_trunk(tmp_path)
    batch = pictures()
    seen = Trunk(tmp_path)(batch)
    assert seen.feature_map.shape == (3, PLACES, PLACES, FEATURES)
    np.testing.assert_allclose(seen.features[:, :3], batch.mean(axis=(1, 2)) / 255, atol=1e-5)
    np.testing.assert_allclose(seen.features, seen.feature_map.mean(axis=(1, 2)), atol=1e-6)


def test_threads_beyond_its_interpreters_get_their_own_answers(tmp_path: Path) -> None:
    write_trunk(tmp_path)
    trunk, batch = Trunk(tmp_path, threads=2), pictures(40)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda picture: trunk(picture[None]).features[0, :3], batch))
    np.testing.assert_allclose(found, batch.mean(axis=(1, 2)) / 255, atol=1e-5)


def test_an_interpreter_is_given_back_after_an_error(tmp_path: Path) -> None:
    write_trunk(tmp_path)
    trunk = Trunk(tmp_path, threads=1)
    for _ in range(3):
        with pytest.raises((RuntimeError, ValueError)):  # LiteRT words it as it likes
            trunk(np.zeros((1, SIDE, SIDE, 4), np.uint8))
    assert trunk(pictures(1)).features.shape == (1, FEATURES)


@pytest.mark.parametrize("name", [TRUNK_FILE, TRUNK_CARD])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    write_trunk(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ModelError, match=name):
        Trunk(tmp_path)


def test_another_file_than_the_card_describes_is_refused(tmp_path: Path) -> None:
    write_trunk(tmp_path)
    with (tmp_path / TRUNK_FILE).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelError, match="SHA-256"):
        Trunk(tmp_path)


@pytest.mark.parametrize("changes", [{"side": "wide"}, {"feature_map": [4, 4]}, {"sha256": None}])
def test_a_card_that_makes_no_sense_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    write_trunk(tmp_path, **changes)
    with pytest.raises(ModelError):
        Trunk(tmp_path)
