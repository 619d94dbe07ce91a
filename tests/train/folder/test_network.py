"""Stem, two tails and head as one file: it answers as they do."""

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from classifier.head import Head
from tests.train.drawn import scene
from tests.train.folder import tiny
from train.errors import ExportError
from train.folder import network as module
from train.folder.mixture import Mixture
from train.folder.network import Network, Pixels
from train.folder.tail import copy, cut

COUNT, LABELS = 16, 3


@pytest.fixture(scope="module")
def served() -> Network:
    stem, plain = cut(tiny.network(features=COUNT))
    tuned = copy(plain)
    rng = np.random.default_rng(0)
    tuned.set_weights([weight + rng.normal(0, 0.1, weight.shape) for weight in plain.get_weights()])
    head = Head(rng.normal(size=(COUNT, LABELS + 1)).astype("f4"), rng.normal(size=LABELS + 1).astype("f4"))
    layer = Head(rng.normal(size=(COUNT, LABELS)).astype("f4"), rng.normal(size=LABELS).astype("f4"))
    return Network(stem, plain, tuned, head, layer, Mixture(0.6, 0.9))


@pytest.fixture(scope="module")
def pictures() -> Pixels:
    """Each of a colour of its own, so that the answers differ."""
    scenes = np.stack([np.asarray(scene(seed).resize((192, 192))) for seed in range(24)])
    tints = np.random.default_rng(0).integers(0, 256, (24, 1, 1, 3))
    return (scenes * 0.2 + tints * 0.8).astype(np.uint8)


@pytest.fixture(scope="module")
def file(served: Network, pictures: Pixels) -> bytes:
    return served.file(pictures[:16], pictures[16:])


def test_the_file_answers_as_the_networks_do(served: Network, file: bytes, pictures: Pixels) -> None:
    run = Interpreter(model_content=file).get_signature_runner("serving_default")
    answers = np.concatenate([run(image=picture[None])["probabilities"] for picture in pictures])
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(answers, served.chances(pictures), atol=0.05)
    assert np.ptp(answers, axis=0).max() > 0.1, "it tells pictures apart"


def test_several_pictures_may_come_at_a_time(file: bytes, pictures: Pixels) -> None:
    run = Interpreter(model_content=file).get_signature_runner("serving_default")
    together = run(image=pictures[:3])["probabilities"]
    one_by_one = np.concatenate([run(image=picture[None])["probabilities"] for picture in pictures[:3]])
    np.testing.assert_allclose(together, one_by_one, atol=1e-4)


def test_the_map_is_each_places_share_of_the_logits(served: Network, file: bytes, pictures: Pixels) -> None:
    run = Interpreter(model_content=file).get_signature_runner("serving_default")
    found = run(image=pictures[:1])["activation_map"]
    assert found.shape == (1, 6, 6, LABELS + 1)
    maps = served.stem(pictures[:1].astype("f4"))
    plain, tuned = (np.asarray(tail(maps)[0]) for tail in (served.plain, served.tuned))
    expected = 0.6 * plain @ served.head.kernel[:, :-1] + 0.9 * tuned @ served.layer.kernel
    np.testing.assert_allclose(found.mean(axis=(1, 2))[:, :-1], expected, atol=0.1)
    np.testing.assert_allclose(found.mean(axis=(1, 2))[:, -1], (plain @ served.head.kernel)[:, -1], atol=0.1)


def test_convolutions_compute_in_eight_bits(served: Network, file: bytes) -> None:
    details = Interpreter(model_content=file)._get_ops_details()
    kinds = {name: sum(entry["op_name"] == name for entry in details) for name in ("CONV_2D", "QUANTIZE", "DEQUANTIZE")}
    assert kinds["QUANTIZE"] == 1
    assert kinds["DEQUANTIZE"] == 2, "one map each of the two tails"


def test_a_file_that_answers_otherwise_is_not_written(
    served: Network, pictures: Pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Network, "chances", lambda self, pictures: np.full((len(pictures), LABELS + 1), 0.25))
    with pytest.raises(ExportError, match="differs from the network"):
        served.file(pictures[:16], pictures[16:])


def test_a_file_that_is_too_large_is_not_written(
    served: Network, pictures: Pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.export, "MAX_BYTES", 1_000)
    with pytest.raises(ExportError, match="over the limit"):
        served.file(pictures[:2], pictures[2:3])
