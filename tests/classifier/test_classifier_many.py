"""Many photos, each with an answer or an error of its own."""

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from PIL import Image

from classifier.classifier import Classifier, Prediction
from classifier.errors import (
    BadRequestError,
    NotAPhotoError,
    UnknownModelError,
)
from classifier.settings import Settings
from tests.classifier.pictures import BLUE, GREEN, RED


def test_many_photos_get_one_answer_each_in_their_order(classifier: Classifier) -> None:
    colours = [RED, GREEN, BLUE] * 10
    photos = [Image.new("RGB", (side * 40, 40), colour) for side, colour in zip([1, 30] * 15, colours, strict=True)]
    answers = list(classifier.classify_many(photos, model="with_map", top=1, heatmap=True))
    assert [answer.label for answer in answers if isinstance(answer, Prediction)] == ["red", "green", "blue"] * 10
    assert {(answer.model, bool(answer.heatmap)) for answer in answers if isinstance(answer, Prediction)} == {
        ("with_map", True)
    }


def test_a_bad_one_among_many_is_its_error(classifier: Classifier) -> None:
    red = Image.new("RGB", (40, 40), RED)
    first, second, third = classifier.classify_many([red, b"no photo", red])
    assert isinstance(second, NotAPhotoError)
    assert [answer.label for answer in (first, third) if isinstance(answer, Prediction)] == ["red", "red"]


def test_of_many_as_many_are_at_work_at_a_time_as_there_are_threads(
    shelf_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each waits until the others have begun too: with fewer at a time that would never be."""
    classifier = Classifier("plain", settings=Settings(shelf_dir, (), "plain", threads=4))
    begun, classify = Barrier(4, timeout=20), classifier.classify

    def together(*given: Any) -> Prediction:
        begun.wait()
        return classify(*given)

    monkeypatch.setattr(classifier, "classify", together)
    answers = list(classifier.classify_many([Image.new("RGB", (40, 40), RED)] * 8))
    assert [answer.label for answer in answers if isinstance(answer, Prediction)] == ["red"] * 8


def test_many_are_read_a_few_at_a_time(classifier: Classifier) -> None:
    read: list[int] = []

    def photos() -> Iterator[Image.Image]:
        for number in range(1_000):
            read.append(number)
            yield Image.new("RGB", (40, 40), RED)

    answers = classifier.classify_many(photos())
    next(answers)
    assert len(read) <= 6
    answers.close()  # type: ignore[attr-defined]  # a generator
    assert len(read) <= 6


@pytest.mark.parametrize(("model", "top"), [("gone", 3), (None, 0)])
def test_a_wrong_call_for_many_is_refused_as_a_whole(classifier: Classifier, model: str | None, top: int) -> None:
    with pytest.raises((UnknownModelError, BadRequestError)):
        next(classifier.classify_many([Image.new("RGB", (40, 40), RED)], model=model, top=top))
