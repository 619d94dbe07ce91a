"""Photo bytes to a Prediction."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from classifier.classifier import Classifier
from classifier.errors import (
    BadRequestError,
    ModelError,
    NotAPhotoError,
    SettingsError,
    TooLargeError,
    UnknownModelError,
)
from classifier.fit import ResizeRule, fit
from classifier.heatmap import overlay
from classifier.photo_like import to_image
from classifier.runtime import Output
from classifier.settings import Settings
from tests.classifier.pictures import BLUE, GREEN, RED, encoded, exif_jpeg, scene
from tests.classifier.tiny_models import only, tiny_model, write_model


@pytest.mark.parametrize(("colour", "label"), [(RED, "red"), (GREEN, "green"), (BLUE, "blue")])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_label_is_right(classifier: Classifier, colour: tuple[int, int, int], label: str, kind: str) -> None:
    prediction = classifier.classify(encoded(Image.new("RGB", (100, 70), colour), kind))
    assert prediction.label == label
    assert prediction.confidence > 0.95
    assert prediction.model == "plain"
    assert not prediction.unsure
    assert prediction.milliseconds > 0


def test_milliseconds_are_from_bytes_to_answer(classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([7.0, 7.0123456])
    monkeypatch.setattr("classifier.classifier.perf_counter", lambda: next(clock))
    prediction = classifier.classify(encoded(Image.new("RGB", (50, 50), RED), "PNG"))
    assert prediction.milliseconds == pytest.approx(12.3456)
    assert prediction.as_dict()["milliseconds"] == 12.35


def test_predictions_are_sorted_and_cut(classifier: Classifier) -> None:
    photo = encoded(Image.new("RGB", (50, 50), (200, 10, 150)), "PNG")
    everything = classifier.classify(photo, top=10).predictions
    assert [entry.label for entry in everything] == ["red", "blue", "green"]
    assert sum(entry.probability for entry in everything) == pytest.approx(1)
    assert classifier.classify(photo, top=1).predictions == everything[:1]


def test_below_the_threshold_of_the_card_it_is_unsure(classifier: Classifier) -> None:
    prediction = classifier.classify(encoded(Image.new("RGB", (50, 50), (128, 128, 128)), "PNG"))
    assert prediction.unsure
    assert prediction.confidence == pytest.approx(1 / 3, abs=0.01)


def test_every_orientation_gets_the_same_answer(classifier: Classifier) -> None:
    """Of a real network, whose answer depends on which way up a picture is."""
    model = Classifier("cats_vs_dogs_128", settings=Settings())
    turned = [exif_jpeg(scene(400, 300), turn) for turn in range(1, 9)]
    as_stored = [encoded(Image.fromarray(np.asarray(Image.open(io.BytesIO(data)))), "PNG") for data in turned]
    assert _spread([dict(model.classify(data).predictions) for data in turned]) < 0.05
    assert _spread([dict(model.classify(data).predictions) for data in as_stored]) > 0.3


def _spread(answers: list[dict[str, float]]) -> float:
    """How far apart the probabilities of a class lie, at most."""
    return max(max(of_label) - min(of_label) for of_label in ([a[label] for a in answers] for label in answers[0]))


def test_a_big_jpeg_at_reduced_scale_gets_the_answer_of_the_whole(classifier: Classifier) -> None:
    big = scene(3210, 2430)
    whole = classifier.classify(encoded(big, "PNG", compress_level=1))
    reduced = classifier.classify(encoded(big, "JPEG", quality=95))
    assert reduced.confidence == pytest.approx(whole.confidence, abs=0.01)


def test_a_heat_map_is_drawn_where_the_model_has_one(classifier: Classifier) -> None:
    photo = encoded(scene(400, 300), "JPEG")
    with_map = classifier.classify(photo, model="with_map", heatmap=True)
    assert with_map.heatmap is not None
    assert Image.open(io.BytesIO(with_map.heatmap)).size == (384, 288)
    assert classifier.classify(photo, model="with_map").heatmap is None
    assert classifier.classify(photo, model="plain", heatmap=True).heatmap is None


def test_asking_for_a_heat_map_does_not_change_the_answer(classifier: Classifier) -> None:
    photo = encoded(scene(1600, 1200), "JPEG")
    asked = classifier.classify(photo, model="with_map", heatmap=True)
    assert asked.predictions == classifier.classify(photo, model="with_map").predictions


def test_as_dict_is_the_contract(classifier: Classifier) -> None:
    answer = classifier.classify(encoded(scene(), "PNG")).as_dict()
    assert list(answer) == ["model", "label", "confidence", "unsure", "predictions", "milliseconds", "heatmap"]
    assert answer["predictions"][0] == {"label": answer["label"], "probability": answer["confidence"]}
    json.dumps(answer)


@pytest.mark.parametrize("name", ["", "no", "../plain", "/etc/passwd", "plain/", "http://host/model"])
def test_only_a_name_on_the_shelf_is_a_model(classifier: Classifier, name: str) -> None:
    with pytest.raises(UnknownModelError, match="The models are: plain, with_map"):
        classifier.classify(encoded(scene(), "PNG"), model=name)


def test_a_top_below_1_is_refused(classifier: Classifier) -> None:
    with pytest.raises(BadRequestError, match="top is 0"):
        classifier.classify(encoded(scene(), "PNG"), top=0)


def test_refusals_of_the_decoder_pass_through(classifier: Classifier) -> None:
    with pytest.raises(NotAPhotoError):
        classifier.classify(b"hello")


def test_the_limits_of_the_settings_hold(shelf_dir: Path) -> None:
    settings = Settings(shelf_dir, (), "plain", max_megapixels=0.01)
    with pytest.raises(TooLargeError):
        Classifier.load(settings).classify(encoded(scene(200, 200), "PNG"))


def test_only_one_model_is_loaded_where_only_one_is_asked_for(shelf_dir: Path) -> None:
    one = Classifier("with_map", settings=Settings(shelf_dir, ()))
    assert [card.name for card in one.cards] == ["with_map"]
    assert one.classify(encoded(scene(), "PNG")).model == "with_map"


def test_a_default_model_that_is_not_there_stops_the_start(shelf_dir: Path) -> None:
    with pytest.raises(
        SettingsError,
        match=r"CLASSIFIER_DEFAULT_MODEL: There is no model 'gone'\. The models are: plain, with_map\.",
    ):
        Classifier.load(Settings(shelf_dir, (), "gone"))


def test_a_new_folder_is_a_new_model(make_model: Callable[..., Path]) -> None:
    folder = make_model()
    only = Classifier.load(Settings(folder.parent, (), "model"))
    assert only.classify(encoded(scene(), "PNG")).model == "model"


def test_a_photo_that_is_cut_off_is_answered_with_a_warning(classifier: Classifier) -> None:
    data = encoded(Image.new("RGB", (100, 70), RED), "JPEG")
    whole, cut = classifier.classify(data), classifier.classify(data[:-2])
    assert (whole.warning, cut.label) == (None, "red")
    assert "warning" not in whole.as_dict()
    assert (
        cut.as_dict()["warning"] == cut.warning == "The JPEG file is cut off. The answer is for the part that is there."
    )


def test_the_door_is_the_package(shelf_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import classifier as package

    for name, value in only(shelf_dir).items():
        monkeypatch.setenv(name, value)
    assert package.Classifier().classify(Image.new("RGB", (40, 40), GREEN)).label == "green"
    assert package.Classifier("with_map").default == "with_map"
    with pytest.raises(UnknownModelError, match="There is no model 'gone'"):
        package.Classifier("gone")
    with pytest.raises(AttributeError, match="no attribute 'Classifer'"):
        package.Classifer  # noqa: B018 - a slip


def test_the_package_opens_without_the_networks() -> None:
    """A process that only decodes, or only reads settings, does not wait for what it does not use."""
    program = "import sys, classifier, classifier.photo, classifier.settings; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert not {"ai_edge_litert", "rich", "anvil", "tensorflow"} & set(done.stdout.split())


def test_a_model_that_is_broken_is_named_and_the_others_answer(tmp_path: Path) -> None:
    write_model(tmp_path / "good", tiny_model(False))
    write_model(tmp_path / "bad", tiny_model(False))
    (tmp_path / "bad" / "model.tflite").write_bytes(b"damaged")
    loaded = Classifier.load(Settings(tmp_path, (), "good"))
    assert [card.name for card in loaded.cards] == ["good"]
    assert list(loaded.broken) == ["bad"]
    with pytest.raises(UnknownModelError, match=r"^Model bad: model\.tflite is not the file.* The models are: good\.$"):
        loaded.classify(b"", model="bad")
    with pytest.raises(ModelError, match=r"^Model bad: "):
        Classifier("bad", settings=Settings(tmp_path, ()))


def stub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, output: Output, **card: Any) -> Classifier:
    """A classifier whose network says always the same; `seen` on it is what the network got."""
    write_model(tmp_path / "model", b"a network", **card)

    def network(batch: np.ndarray) -> Output:
        loaded.seen = batch  # type: ignore[attr-defined]
        return output

    monkeypatch.setattr("classifier.classifier.load_network", lambda card, threads: network)
    loaded = Classifier(settings=Settings(tmp_path, (), "model"))
    return loaded


def output(*probabilities: float, activation_map: np.ndarray | None = None) -> Output:
    return Output(np.array([probabilities], np.float32), activation_map)


@pytest.mark.parametrize(("confidence", "unsure"), [(0.59, True), (0.6, False), (0.61, False)])
def test_a_confidence_of_exactly_the_threshold_is_sure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, confidence: float, unsure: bool
) -> None:
    confidence = float(np.float32(confidence))
    threshold = float(np.float32(0.6))
    model = stub(monkeypatch, tmp_path, output(confidence, 1 - confidence, 0), unsure_below=threshold)
    assert model.classify(scene()).unsure is unsure


@pytest.mark.parametrize("rule", ["squash", "crop", "pad"])
def test_a_photo_is_fitted_by_the_rule_of_the_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: ResizeRule
) -> None:
    model = stub(monkeypatch, tmp_path, output(1, 0, 0), input={"height": 16, "width": 24, "resize": rule})
    photo = scene(200, 60)
    model.classify(photo)
    assert np.array_equal(model.seen[0], fit(photo, 16, 24, rule))  # type: ignore[attr-defined]


@pytest.mark.parametrize("strongest", [0, 1, 2])
@pytest.mark.parametrize("rule", ["squash", "crop", "pad"])
def test_the_heat_map_is_of_the_answers_label_laid_on_by_the_rule_of_the_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strongest: int, rule: ResizeRule
) -> None:
    maps = np.random.default_rng(1).random((1, 4, 4, 3), np.float32)
    found = output(*np.eye(3)[strongest], activation_map=maps)
    outputs = {"probabilities": [3], "activation_map": [4, 4, 3]}
    model = stub(monkeypatch, tmp_path, found, outputs=outputs, input={"height": 16, "width": 24, "resize": rule})
    photo = scene(200, 60)
    assert model.classify(photo, heatmap=True).heatmap == overlay(photo, maps[0, :, :, strongest], rule)


@pytest.mark.parametrize("side", [160, 300])
def test_a_big_photo_keeps_twice_the_networks_input_and_what_a_heat_map_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, side: int
) -> None:
    asked: list[tuple[int, int]] = []
    model = stub(monkeypatch, tmp_path, output(1, 0, 0), input={"height": side, "width": 16, "resize": "squash"})

    def watched(*arguments: Any) -> Image.Image:
        asked.append(arguments[2])
        return to_image(*arguments)

    monkeypatch.setattr("classifier.classifier.to_image", watched)
    model.classify(encoded(scene(2400, 1800), "JPEG"))
    assert asked == [(max(256, 2 * side), 256)]
