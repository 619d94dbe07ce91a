"""A model folder: one graph from raw pixels to probabilities, that answers as the Keras model does."""

import hashlib
import json
from pathlib import Path

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from train import evaluate, export
from train.networks import NETWORKS, residual


@pytest.fixture(scope="module")
def pictures() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (16, 64, 64, 3), np.uint8)


@pytest.fixture(scope="module", params=[2, 5])
def network(request: pytest.FixtureRequest) -> keras.Model:
    keras.utils.set_random_seed(0)
    return NETWORKS["cats_vs_dogs_64_strided"]((64, 64, 3), request.param)


def test_the_activation_map_averages_to_the_logits() -> None:
    keras.utils.set_random_seed(0)
    network = residual((32, 32, 3), 3, (8, 16))
    network.get_layer("logits").bias.assign([0.5, -1.0, 2.0])
    pictures = np.random.default_rng(1).integers(0, 256, (4, 32, 32, 3), np.uint8)
    maps = np.asarray(export.serving_model(network, temperature=2.0)(pictures)["activation_map"])
    assert maps.shape == (4, 8, 8, 3)
    expected = (network.predict(pictures, verbose=0) - [0.5, -1.0, 2.0]) / 2.0
    assert np.allclose(maps.mean((1, 2)), expected, atol=1e-4)


def test_the_activation_map_of_one_logit_speaks_for_one_class_and_against_the_other() -> None:
    network = residual((32, 32, 3), 2, (8, 16))
    pictures = np.random.default_rng(1).integers(0, 256, (4, 32, 32, 3), np.uint8)
    maps = np.asarray(export.serving_model(network, temperature=1.0)(pictures)["activation_map"])
    assert np.allclose(maps[..., 0], -maps[..., 1])


def test_the_activation_map_of_a_network_that_knows_none_speaks_against_none() -> None:
    keras.utils.set_random_seed(0)
    network = NETWORKS["cats_vs_dogs"]((64, 64, 3), 2)
    pictures = np.random.default_rng(1).integers(0, 256, (4, 64, 64, 3), np.uint8)
    maps = np.asarray(export.serving_model(network, temperature=1.0)(pictures)["activation_map"])
    logits = keras.Model(network.input, network.get_layer("logits").output).predict(pictures, verbose=0)
    assert np.allclose(maps.mean((1, 2)), logits[:, :2] - logits[:, 2:], atol=1e-4)


def test_units_that_never_change_lose_their_scale_and_nothing_else() -> None:
    keras.utils.set_random_seed(0)
    network = NETWORKS["cifar100_3m"]((32, 32, 3), 5)
    pictures = np.random.default_rng(1).integers(0, 256, (8, 32, 32, 3), np.uint8)
    *_, normalisation = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    _, units, _ = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)]
    kernel, bias = units.get_weights()
    bias[:7] = -1e6  # never above nought
    units.set_weights([kernel, bias])
    found = keras.Model(network.input, normalisation.input).predict(pictures, verbose=0)
    normalisation.moving_mean.assign(found.mean(0))
    normalisation.moving_variance.assign(found.var(0))
    before = network.predict(pictures, verbose=0)
    export.still_silent_units(network)
    silent = np.asarray(normalisation.gamma) == 0
    assert silent[:7].all()
    assert not silent[found.var(0) > np.median(found.var(0)) / 1000].any()
    assert np.allclose(network.predict(pictures, verbose=0), before, atol=1e-5)


def test_a_mirrored_model_answers_a_mirror_image_alike_and_mirrors_its_map() -> None:
    keras.utils.set_random_seed(0)
    network = residual((32, 32, 3), 3, (8, 16))
    pictures = np.random.default_rng(1).integers(0, 256, (4, 32, 32, 3), np.uint8)
    model = export.serving_model(network, temperature=1.0, mirror=True)
    seen, mirrored = model(pictures), model(pictures[:, :, ::-1])
    assert np.allclose(seen["probabilities"], mirrored["probabilities"], atol=1e-5)
    assert np.allclose(seen["activation_map"], np.asarray(mirrored["activation_map"])[:, :, ::-1], atol=1e-5)
    alone = np.asarray(export.serving_model(network, temperature=1.0)(pictures)["activation_map"])
    assert not np.allclose(seen["activation_map"], alone, atol=1e-3)
    logits = (network.predict(pictures, verbose=0) + network.predict(pictures[:, :, ::-1], verbose=0)) / 2
    assert np.allclose(seen["probabilities"], evaluate.probabilities(logits), atol=1e-5)


@pytest.mark.parametrize("quantise", [False, True])
def test_the_file_answers_as_the_network_does(
    network: keras.Model, quantise: bool, pictures: NDArray[np.uint8]
) -> None:
    model = export.serving_model(network, temperature=0.1)
    data = export.convert(model, quantise)
    export.check(data, model, pictures, "dynamic int8" if quantise else "float32")
    expected = evaluate.probabilities(network.predict(pictures, verbose=0), 0.1)
    assert np.allclose(export.answers(data, pictures), expected, atol=0.05 if quantise else 1e-4)
    assert np.ptp(expected[:, 0]) > 0.01, "pictures that all get one answer would compare nothing"


def test_the_file_takes_a_batch_of_any_size(network: keras.Model, pictures: NDArray[np.uint8]) -> None:
    data = export.convert(export.serving_model(network, 1.0), quantise=False)
    runner = Interpreter(model_content=data).get_signature_runner("serving_default")
    batch = runner(image=pictures)["probabilities"]
    assert np.allclose(batch, export.answers(data, pictures), atol=1e-5)


def test_a_file_that_answers_otherwise_is_refused(network: keras.Model, pictures: NDArray[np.uint8]) -> None:
    data = export.convert(export.serving_model(network, temperature=0.02), quantise=False)
    with pytest.raises(export.ExportError, match="differs from the Keras model"):
        export.check(data, export.serving_model(network, temperature=5.0), pictures, "float32")


def test_the_network_itself_is_kept_where_it_is_given(network: keras.Model, tmp_path: Path) -> None:
    assert set(export.write(tmp_path / "m", b"model", network, {})["files"]) == {"model.tflite", "model.keras"}
    kept = keras.saving.load_model(tmp_path / "m" / "model.keras", safe_mode=True)
    assert kept.count_params() == network.count_params()
    assert set(export.write(tmp_path / "m", b"model", None, {})["files"]) == {"model.tflite"}
    assert not (tmp_path / "m" / "model.keras").exists(), "one of an earlier network would not fit"


def test_of_a_network_too_large_for_the_repository_the_trunk_is_kept(
    network: keras.Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MAX_BYTES", 1_000)
    card = export.write(tmp_path / "m", b"model", network, {"name": "m"})
    assert set(card["files"]) == {"model.tflite", "trunk.keras"}
    kept = keras.saving.load_model(tmp_path / "m" / "trunk.keras", safe_mode=True)
    assert kept.output.shape[1:] == (1, 1, 32)


def test_the_card_carries_the_digests_of_the_files(network: keras.Model, tmp_path: Path) -> None:
    export.write(tmp_path / "m", b"model", network, {"name": "m"})
    card = json.loads((tmp_path / "m" / "card.json").read_text())
    assert card["files"]["model.tflite"] == {"sha256": hashlib.sha256(b"model").hexdigest(), "bytes": 5}
    saved = (tmp_path / "m" / "model.keras").read_bytes()
    assert card["files"]["model.keras"] == {"sha256": hashlib.sha256(saved).hexdigest(), "bytes": len(saved)}
