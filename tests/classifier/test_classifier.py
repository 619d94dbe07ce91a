"""Photo bytes to a Prediction."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from classifier.classifier import Classifier
from classifier.errors import BadRequestError, NotAPhotoError, SettingsError, TooLargeError, UnknownModelError
from classifier.settings import Settings
from tests.classifier.pictures import BLUE, GREEN, RED, encoded, exif_jpeg, scene


@pytest.fixture(scope="module")
def classifier(shelf_dir: Path) -> Classifier:
    return Classifier.load(Settings(shelf_dir, (), "plain"))


@pytest.mark.parametrize(("colour", "label"), [(RED, "red"), (GREEN, "green"), (BLUE, "blue")])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_label_is_right(classifier: Classifier, colour: tuple[int, int, int], label: str, kind: str) -> None:
    prediction = classifier.classify(encoded(Image.new("RGB", (100, 70), colour), kind))
    assert prediction.label == label
    assert prediction.confidence > 0.95
    assert prediction.model == "plain"
    assert not prediction.unsure
    assert prediction.milliseconds > 0


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
