"""One graph from raw pixels to probabilities, that answers as the Keras model does."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from tests.train.drawn import colour_set
from tests.train.runs import small
from train import export, metrics
from train.data.part import Dataset, Part
from train.looks import looks
from train.networks import NETWORKS
from train.networks.residual import residual


@pytest.fixture(scope="module")
def pictures() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (16, 64, 64, 3), np.uint8)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    return of_classes(5)


def of_classes(count: int) -> keras.Model:
    keras.utils.set_random_seed(0)
    return NETWORKS["cats_vs_dogs_64_strided"]((64, 64, 3), count)


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
    bias[:7] = -1e6  # never above zero
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
    model = export.serving_model(network, temperature=1.0, count=2)
    seen, mirrored = model(pictures), model(pictures[:, :, ::-1])
    assert np.allclose(seen["probabilities"], mirrored["probabilities"], atol=1e-5)
    assert np.allclose(seen["activation_map"], np.asarray(mirrored["activation_map"])[:, :, ::-1], atol=1e-5)
    alone = np.asarray(export.serving_model(network, temperature=1.0)(pictures)["activation_map"])
    assert not np.allclose(seen["activation_map"], alone, atol=1e-3)
    logits = (network.predict(pictures, verbose=0) + network.predict(pictures[:, :, ::-1], verbose=0)) / 2
    assert np.allclose(seen["probabilities"], metrics.probabilities(logits), atol=1e-5)


def test_the_file_of_a_model_that_looks_twice_does_so() -> None:
    keras.utils.set_random_seed(0)
    network = residual((32, 32, 3), 3, (8, 16))
    pictures = np.random.default_rng(1).integers(0, 256, (4, 32, 32, 3), np.uint8)
    model = export.serving_model(network, temperature=1.0, count=2)
    found = export.answers(export.convert(model, quantise=False), pictures)
    logits = [network.predict(np.asarray(look.images), verbose=0) for look in looks(pictures, 2)]
    assert np.allclose(found, metrics.probabilities(np.mean(logits, axis=0)), atol=1e-4)
    assert not np.allclose(found, metrics.probabilities(logits[0]), atol=1e-4), "both count"


# With one logit, and with one for each class.
@pytest.mark.parametrize(("classes", "quantise"), [(2, False), (5, True)])
def test_the_file_answers_as_the_network_does(classes: int, quantise: bool, pictures: NDArray[np.uint8]) -> None:
    network = of_classes(classes)
    model = export.serving_model(network, temperature=0.1)
    data = export.convert(model, quantise)
    export.check(data, model, pictures, "dynamic int8" if quantise else "float32")
    expected = metrics.probabilities(network.predict(pictures, verbose=0), 0.1)
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


def test_a_file_over_the_limit_is_refused(
    network: keras.Model, pictures: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = export.serving_model(network, temperature=1.0)
    data = export.convert(model, quantise=False)
    monkeypatch.setattr(export, "MAX_BYTES", len(data))
    export.check(data, model, pictures, "float32")
    monkeypatch.setattr(export, "MAX_BYTES", len(data) - 1)
    with pytest.raises(export.ExportError, match="over the limit"):
        export.check(data, model, pictures, "float32")


class Files:
    """Stands in for the converter and the interpreter: what each file answers, and which were checked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, eight_bits: int, check: Callable[[str], None]) -> None:
        self.checked: list[str] = []
        self.right = {b"float": 1_000, b"eight bits": eight_bits}  # of 1,000 validation pictures
        monkeypatch.setattr(export, "convert", lambda model, quantise: b"eight bits" if quantise else b"float")
        monkeypatch.setattr(export, "answers", lambda data, images: self.answers(self.right[data]))
        monkeypatch.setattr(export, "check", lambda data, model, images, kind: (self.checked.append(kind), check(kind)))
        monkeypatch.setattr(export, "still_silent_units", lambda network: None)
        monkeypatch.setattr(export, "serving_model", lambda *given: self)

    def answers(self, right: int) -> NDArray[np.float64]:
        return np.eye(2)[(np.arange(1_000) >= right).astype(int)]

    def predict(self, images: NDArray[np.uint8], **_: object) -> dict[str, NDArray[np.float64]]:
        return {"probabilities": self.answers(1_000)}


def fine(kind: str) -> None:
    """A check that finds nothing."""


def exported(tmp_path: Path) -> export.Exported:
    validation = Part(np.zeros((1_000, 4, 4, 3), np.uint8), np.zeros(1_000, np.int64), ("",) * 1_000)
    data = Dataset("", "", ("a", "b"), validation, validation, validation, tmp_path)
    return export.export(small(), keras.Model(), 1.0, data)


def test_eight_bits_are_taken_where_they_cost_next_to_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = Files(monkeypatch, eight_bits=999, check=fine)
    found = exported(tmp_path)
    assert (found.kind, found.data, files.checked) == ("dynamic int8", b"eight bits", ["dynamic int8"])
    assert np.array_equal(found.validation, files.answers(999))


def test_eight_bits_that_cost_answers_are_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = Files(monkeypatch, eight_bits=998, check=fine)
    found = exported(tmp_path)
    assert (found.kind, found.data, files.checked) == ("float32", b"float", ["float32"])
    assert np.array_equal(found.validation, files.answers(1_000))


def test_eight_bits_that_answer_otherwise_are_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def check(kind: str) -> None:
        if kind != "float32":
            raise export.ExportError("differs")

    files = Files(monkeypatch, eight_bits=1_000, check=check)
    assert exported(tmp_path).kind == "float32"
    assert files.checked == ["dynamic int8", "float32"]


def test_a_float_file_that_answers_otherwise_is_never_published(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def check(kind: str) -> None:
        raise export.ExportError("differs")

    Files(monkeypatch, eight_bits=1_000, check=check)
    with pytest.raises(export.ExportError, match="differs"):
        exported(tmp_path)


def test_the_export_is_calibrated_mirrored_and_still_as_the_recipe_says(tmp_path: Path) -> None:
    keras.utils.set_random_seed(0)
    network = residual((64, 64, 3), 2, (8, 16))
    data = colour_set(tmp_path)
    silent = network.layers[3]
    assert isinstance(silent, keras.layers.BatchNormalization)
    silent.moving_variance.assign(np.append(np.ones(7), 1e-9))
    run = small()
    run = replace(run, recipe=replace(run.recipe, looks=2))
    found = export.export(run, network, 2.5, data)
    looks = [network.predict(look, verbose=0) for look in (data.test.images, data.test.images[:, :, ::-1])]
    expected = metrics.probabilities(np.mean(looks, 0), 2.5)
    assert np.allclose(found.serving(data.test.images)["probabilities"], expected, atol=1e-5)
    assert not np.allclose(metrics.probabilities(looks[0], 2.5), expected, rtol=0, atol=1e-4), "one look would not do"
    assert found.temperature == 2.5
    assert np.asarray(silent.gamma)[-1] == 0


def test_the_pictures_that_a_file_is_checked_with_are_spread_over_the_part() -> None:
    part = Part(np.arange(100, dtype=np.uint8)[:, None, None, None], np.zeros(100, np.int64), ("",) * 100)
    assert export.agreeing_pictures(part, 4).ravel().tolist() == [0, 33, 66, 99]
    assert len(export.agreeing_pictures(part, 500)) == 100
