"""A reply of `classify_image` becomes what the page shows."""

from typing import Any

import pytest

from anvil_app import answers, words


def reply(**changes: Any) -> dict[str, Any]:
    return {
        "model": "cats_vs_dogs",
        "label": "dog",
        "confidence": 0.981,
        "unsure": False,
        "predictions": [{"label": "dog", "probability": 0.981}, {"label": "cat", "probability": 0.019}],
        "milliseconds": 34.2,
        "heatmap": None,
        **changes,
    }


def test_an_answer_is_the_label_with_its_confidence() -> None:
    shown = answers.read(reply())
    assert (shown["state"], shown["headline"], shown["confidence"], shown["advice"]) == ("answer", "Dog", "98 %", "")
    assert shown["announcement"] == "Dog, 98 %."


def test_an_unsure_answer_says_so_and_what_to_do() -> None:
    shown = answers.read(reply(unsure=True, confidence=0.58))
    assert (shown["state"], shown["headline"], shown["confidence"]) == ("unsure", "Not sure", "Dog, 58 %?")
    assert "sharper photo" in shown["advice"]


def test_nothing_that_it_knows_is_an_answer_of_its_own() -> None:
    shown = answers.read(reply(label="neither", none=True, confidence=0.97))
    assert (shown["state"], shown["headline"], shown["confidence"]) == ("none", "Neither", "97 %")
    assert "nothing that this model knows" in shown["advice"]
    assert answers.read(reply(label="neither", none=True, unsure=True))["state"] == "unsure"


def test_a_warning_is_shown_with_the_answer() -> None:
    warned = reply(warning="The JPEG file is cut off.")
    assert answers.read(warned)["advice"] == "The JPEG file is cut off."
    words.use("es")
    assert "dañada" in answers.read(warned)["advice"]


def test_a_bar_for_each_label_the_answer_first() -> None:
    first, second = answers.read(reply())["bars"]
    assert first == {"label": "Dog", "percent": "98 %", "width": pytest.approx(98.1), "first": True}
    assert second == {"label": "Cat", "percent": "2 %", "width": pytest.approx(1.9), "first": False}


def test_the_footnote_has_the_time_and_the_model() -> None:
    assert answers.read(reply())["footnote"] == "34 ms · cats_vs_dogs"
    assert answers.read(reply(), "Cats and dogs")["footnote"] == "34 ms · Cats and dogs"


@pytest.mark.parametrize(("duration", "text"), [(0.42, "0.4"), (9.96, "10.0"), (34.5, "35"), (1200, "1200")])
def test_milliseconds_have_a_decimal_only_below_ten(duration: float, text: str) -> None:
    assert answers.milliseconds(duration) == text
