"""A head on the trunk answers as a whole network does."""

import hashlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from classifier import Classifier, trunk
from classifier.card import read_card
from classifier.errors import ModelError
from classifier.head import Head, HeadNetwork
from classifier.settings import Settings
from classifier.trunk import Trunk
from tests.classifier.tiny_trunk import FEATURES, PLACES, SIDE, write_head, write_trunk


def plain(*colours: tuple[int, int, int]) -> np.ndarray:
    return np.stack([np.full((SIDE, SIDE, 3), colour, np.uint8) for colour in colours])


@pytest.fixture
def loaded(tmp_path: Path) -> HeadNetwork:
    digest = write_trunk(tmp_path / "weights")
    return HeadNetwork(read_card(write_head(tmp_path / "colours", digest)), Trunk(tmp_path / "weights"))


def test_it_names_the_strongest_colour_with_probabilities(loaded: HeadNetwork) -> None:
    output = loaded(plain((255, 0, 0), (0, 0, 255)))
    assert output.probabilities.argmax(axis=1).tolist() == [0, 2]
    np.testing.assert_allclose(output.probabilities.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(output.probabilities[0, 0], 1 / (1 + 2 * np.exp(-12)), atol=1e-5)


def test_the_map_shows_where_and_its_mean_is_the_logit(loaded: HeadNetwork) -> None:
    picture = plain((0, 0, 0))
    picture[0, :8, :8, 2] = 255  # blue in the first place only
    found = loaded(picture).activation_map
    assert found is not None
    assert found.shape == (1, PLACES, PLACES, 3)
    assert np.unravel_index(found[0, :, :, 2].argmax(), (PLACES, PLACES)) == (0, 0)
    np.testing.assert_allclose(found[0, :, :, 2].mean(), 12 / PLACES**2, atol=1e-4)


def test_very_large_logits_do_not_overflow() -> None:
    head = Head(np.full((FEATURES, 2), 1e4, np.float32) * [1, -1], np.zeros(2, np.float32))
    np.testing.assert_allclose(head.probabilities(np.ones((1, FEATURES), np.float32)), [[1, 0]])


def test_a_head_for_another_trunk_says_to_teach_it_again(tmp_path: Path) -> None:
    write_trunk(tmp_path / "weights")
    card = read_card(write_head(tmp_path / "colours", "0" * 64))
    with pytest.raises(ModelError, match="Teach it again"):
        HeadNetwork(card, Trunk(tmp_path / "weights"))


@pytest.mark.parametrize(
    "head",
    [
        Head(np.zeros((FEATURES, 2), np.float32), np.zeros(2, np.float32)),
        Head(np.zeros((FEATURES + 1, 3), np.float32), np.zeros(3, np.float32)),
        Head(np.full((FEATURES, 3), np.nan, np.float32), np.zeros(3, np.float32)),
    ],
    ids=["fewer labels", "other features", "not finite"],
)
def test_a_head_that_does_not_fit_is_refused(tmp_path: Path, head: Head) -> None:
    digest = write_trunk(tmp_path / "weights")
    card = read_card(write_head(tmp_path / "colours", digest, head))
    with pytest.raises(ModelError):
        HeadNetwork(card, Trunk(tmp_path / "weights"))


def archive(**arrays: object) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


WHOLE = archive(kernel=np.zeros((FEATURES, 3)), bias=np.zeros(3))
DAMAGED = {
    "empty": b"",
    "another file": b"head" * 9,
    "cut off": WHOLE[:-30],
    "changed": WHOLE[:90] + bytes([255 - WHOLE[90]]) + WHOLE[91:],
    "one array": WHOLE[WHOLE.index(b"\x93NUMPY") :][: 128 + 4 * FEATURES * 3 * 2],
    "without a bias": archive(kernel=np.zeros((FEATURES, 3))),
    "of words": archive(kernel=np.array(["a"]), bias=np.zeros(3)),
    "of objects": archive(kernel=np.array([{}, None]), bias=np.zeros(3)),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_refused_and_nothing_in_it_is_run(tmp_path: Path, name: str) -> None:
    """Whatever the card says of it: its digest is right here."""
    data = DAMAGED[name]
    files = {"head.npz": {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}}
    folder = write_head(tmp_path / "colours", "0" * 64, files=files)
    (folder / "head.npz").write_bytes(data)
    with pytest.raises(ModelError, match=r"Model colours: head\.npz cannot be read"):
        Head.read(read_card(folder))


def test_none_has_to_be_one_of_the_labels(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="none is 'purple'"):
        read_card(write_head(tmp_path / "colours", "0" * 64, none="purple"))


@pytest.mark.parametrize(
    ("colour", "label", "unsure", "none"),
    [
        ((250, 0, 0), "red", False, False),
        ((0, 250, 0), "green", False, True),
        ((100, 110, 100), "green", True, False),
    ],
    ids=["one of its things", "none of them, and sure", "cannot tell"],
)
def test_none_and_unsure_are_two_answers(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    colour: tuple[int, int, int],
    label: str,
    unsure: bool,
    none: bool,
) -> None:
    digest = write_trunk(tmp_path / "weights")
    write_head(tmp_path / "models" / "colours", digest)
    monkeypatch.setattr("classifier.network.shared_trunk", lambda threads: Trunk(tmp_path / "weights", threads))
    classifier = Classifier("colours", settings=Settings(models_dir=tmp_path / "models"))
    answer = classifier.classify(Image.new("RGB", (40, 30), colour)).as_dict()
    assert (answer["label"], answer["unsure"], answer.get("none", False)) == (label, unsure, none)


def test_heads_of_one_process_share_the_trunk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    digest = write_trunk(tmp_path / "weights")
    made = []
    monkeypatch.setattr(trunk, "Trunk", lambda threads: made.append(threads) or Trunk(tmp_path / "weights", threads))
    trunk.shared_trunk.cache_clear()
    for name in ("one", "two", "three"):
        write_head(tmp_path / "models" / name, digest)
    settings = Settings(models_dir=tmp_path / "models", shipped_models=(), default_model="one")
    classifier = Classifier.load(settings)
    trunk.shared_trunk.cache_clear()
    assert [card.name for card in classifier.cards] == ["one", "three", "two"]
    assert made == [settings.threads]


def test_summary_tells_which_label_is_none(tmp_path: Path) -> None:
    card = read_card(write_head(tmp_path / "colours", "0" * 64))
    assert card.summary()["none"] == "green"
    assert json.dumps(card.summary())
