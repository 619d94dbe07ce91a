"""The report of teaching in words."""

from typing import Any

import pytest

from anvil_app import findings, words

REPORT: dict[str, Any] = {
    "accuracy": {"value": 0.9333, "low": 0.8407, "high": 0.9738, "n": 60},
    "none_of_these": {"bank": {"value": 0.972}, "lost": {"value": 0.0}, "own": None},
    "mixed_up": [{"truth": "cup", "answer": "mug", "count": 3, "of": 20}],
    "wants_more": [{"label": "cup", "photos": 4, "why": "it has 4"}, {"label": "mug", "photos": 9, "why": "it has 9"}],
    "copies": [{"name": "b", "copy_of": "a"}],
    "set_aside": [],
    "seconds": 2.34,
}


def test_accuracy_comes_with_its_interval() -> None:
    assert findings.accuracy(REPORT) == (
        "It got 56 of 60 photos right that it had not been shown. The true share is probably between 84 % and 97 %."
    )


def test_the_rest_is_said_in_sentences() -> None:
    assert findings.lines(REPORT) == [
        "Of other things it says “none of these” 97.2 % of the time.",
        "Mixed up: Cup for Mug (3 of 20).",
        "More photos would help: Cup (has 4), Mug (has 9).",
        "Copies of others, or nearly: 1. Each counts once.",
        "It took 3 s.",
    ]


def test_what_is_not_there_is_not_said() -> None:
    perfect = {**REPORT, "mixed_up": [], "wants_more": [], "copies": []}
    assert findings.lines(perfect) == [
        "Of other things it says “none of these” 97.2 % of the time.",
        "It mixed nothing up.",
        "It took 3 s.",
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Given as Cup; it looks like Mug (91 %)."), ("es", "Dada como Taza; parece Mug (91 %).")],
)
def test_a_photo_to_look_at_says_why(language: str, text: str) -> None:
    words.use(language)
    assert findings.suspicion({"name": "x.jpg", "label": "cup", "answer": "mug", "probability": 0.91}) == text
