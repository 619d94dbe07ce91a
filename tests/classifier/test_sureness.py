"""A card may say how sure its model may be of photos, which are larger than its own pictures."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from classifier import Classifier
from classifier.settings import Settings
from classifier.sureness import as_sure
from tests.classifier.pictures import encoded
from tests.classifier.tiny_models import SIDE, tiny_model, write_model

ORANGE = (200, 100, 20)
INPUT = {"height": SIDE, "width": SIDE}


@pytest.fixture
def classifier(tmp_path: Path) -> Classifier:
    write_model(tmp_path / "plain", tiny_model(False))
    write_model(tmp_path / "doubting", tiny_model(False), of_photos={"temperature": 2.0})
    return Classifier.load(Settings(tmp_path, (), "plain"))


def chances(classifier: Classifier, model: str, width: int, height: int) -> dict[str, float]:
    return dict(classifier.classify(Image.new("RGB", (width, height), ORANGE), model).predictions)


@pytest.mark.parametrize(("width", "height"), [(2 * SIDE, 2 * SIDE), (2 * SIDE, 24), (20, 300), (4000, 3000)])
def test_of_a_photo_the_logits_are_divided_by_the_temperature(classifier: Classifier, width: int, height: int) -> None:
    plain, doubting = (chances(classifier, model, width, height) for model in ("plain", "doubting"))
    assert list(plain) == list(doubting), "the order stays"
    assert sum(doubting.values()) == pytest.approx(1)
    apart = np.log(plain["red"] / plain["green"])
    assert np.log(doubting["red"] / doubting["green"]) == pytest.approx(apart / 2, rel=1e-3)


@pytest.mark.parametrize(("width", "height"), [(SIDE, SIDE), (2 * SIDE - 1, 2 * SIDE - 1), (5, SIDE)])
def test_of_a_picture_as_small_as_its_own_they_are_not(classifier: Classifier, width: int, height: int) -> None:
    assert chances(classifier, "doubting", width, height) == chances(classifier, "plain", width, height)


@pytest.mark.parametrize("resize", ["squash", "crop", "pad"])
def test_a_photo_stays_one_however_much_the_decoder_or_the_page_reduces_it(resize: str, tmp_path: Path) -> None:
    """Of 18 megapixels a JPEG is decoded at a fraction; the page sends a copy of twice the input."""
    write_model(tmp_path / "wide", tiny_model(False), of_photos={"temperature": 2.0}, input=INPUT | {"resize": resize})
    classifier = Classifier.load(Settings(tmp_path, (), "wide"))
    whole = encoded(Image.new("RGB", (6000, 3000), ORANGE), "JPEG")
    copy = encoded(Image.new("RGB", (2 * SIDE, SIDE), ORANGE), "JPEG")
    read, sent = (dict(classifier.classify(data).predictions) for data in (whole, copy))
    assert sent["red"] == pytest.approx(read["red"], abs=0.01)


def test_a_photo_of_which_it_is_less_sure_may_be_unsure(classifier: Classifier) -> None:
    for side, unsure in ((SIDE, False), (100, True)):
        photo = Image.new("RGB", (side, side), (140, 120, 90))  # .6 to .7 by the network
        assert classifier.classify(photo, "doubting").unsure is unsure


def test_chances_of_zero_stay_finite() -> None:
    found = as_sure(np.array([1, 0, 0], np.float32), 1.5)
    assert np.isfinite(found).all()
    assert found.sum() == pytest.approx(1)
