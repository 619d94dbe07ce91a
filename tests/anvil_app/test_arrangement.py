"""Filter by label, sort by confidence, and what a tile says."""

from anvil_app.request import Request

from anvil_app import arrangement
from tests.anvil_app.photos import album, answered

REFUSED = {"type": "NotAPhoto", "message": "This is not a photo."}


def requests() -> list[Request]:
    """A sure dog, a less sure cat, an unsure dog, one refused, one on its way."""
    photos = album("a", "b", "c", "d", "e")
    for request, label, confidence in zip(photos.requests[:3], ("dog", "cat", "dog"), (0.8, 0.95, 0.55), strict=True):
        answered(request, label, confidence, unsure=confidence < 0.6)
    photos.failed(photos.queued()[0], REFUSED)
    return photos.requests


def test_the_menu_offers_what_there_is_with_numbers() -> None:
    assert arrangement.choices(requests()) == [
        ("All (5)", "all"),
        ("Cat (1)", "=cat"),
        ("Dog (1)", "=dog"),
        ("Not sure (1)", "unsure"),
        ("No answer (1)", "unanswered"),
    ]


def test_a_choice_shows_its_own() -> None:
    def shown(choice: str) -> str:
        return "".join(request.name for request in requests() if arrangement.is_shown(request, choice))

    assert [shown(choice) for choice in ("all", "=dog", "unsure", "unanswered")] == ["abcde", "a", "c", "d"]


def test_a_label_cannot_pass_for_another_choice() -> None:
    photos = album("a")
    assert arrangement.group(answered(photos.requests[0], "all", 0.9)) == "=all"


def test_orders_put_those_without_an_answer_last() -> None:
    def order(name: str) -> str:
        return "".join(request.name for request in arrangement.ordered(requests(), name))

    assert [order(name) for name in ("given", "high", "low")] == ["abcde", "bacde", "cabde"]


def test_a_tile_of_nothing_that_the_model_knows() -> None:
    photos = album("a")
    photos.requests[0].answered({"label": "neither", "confidence": 0.97, "unsure": False, "none": True})
    caption = arrangement.caption(photos.requests[0])
    assert (caption["state"], caption["label"]) == ("none", "Neither")


def test_a_tile_says_the_answer_or_why_there_is_none() -> None:
    captions = [arrangement.caption(request) for request in requests()]
    assert [(caption["state"], caption["label"], caption["percent"]) for caption in captions] == [
        ("answer", "Dog", "80 %"),
        ("answer", "Cat", "95 %"),
        ("unsure", "Dog?", "55 %"),
        ("failed", "This is not a photo", ""),
        ("queued", "Waiting", ""),
    ]
