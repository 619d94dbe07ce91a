"""The models that a worker offers."""

from anvil_app import offer, words

OFFER = {"default": "a", "models": [{"name": "a", "title": "Model A"}, {"name": "b"}]}


def test_choices_are_titles_with_names() -> None:
    assert offer.choices(OFFER) == [("Model A", "a"), ("b", "b")]


def test_a_shipped_model_has_a_title_in_spanish() -> None:
    words.use("es")
    shipped = {"name": "cats_vs_dogs", "title": "Cats and dogs"}
    assert offer.choices({"models": [shipped, {"name": "own", "title": "My things"}]}) == [
        ("Gatos y perros", "cats_vs_dogs"),
        ("My things", "own"),
    ]


def test_find_a_model() -> None:
    assert offer.find(OFFER, "b") == {"name": "b"}
    assert offer.find(OFFER, "c") == {}


def test_a_photo_keeps_enough_pixels_for_the_finest_model() -> None:
    models = [
        {"name": "a", "input": {"width": 32, "height": 32}},
        {"name": "b", "input": {"width": 160, "height": 120}},
    ]
    assert offer.side({"models": models}) == offer.FINER * 160


def test_where_no_worker_has_spoken_yet_a_photo_stays_larger() -> None:
    assert offer.side({"models": []}) == offer.SIDE
