"""What stands under an answer for whoever knows better."""

import pytest

from anvil_app import corrections, words

CATS = {"name": "cats_vs_dogs", "labels": ["cat", "dog", "neither"], "none": "neither", "head": True}
OWN = {"name": "garden", "labels": ["tulip", "rose", "none of these"], "none": "none of these", "head": True}


def reply(label: str, unsure: bool = False) -> dict[str, object]:
    return {"label": label, "unsure": unsure}


def share(value: float, n: int = 1500) -> dict[str, float]:
    return {"value": value, "low": value, "high": value, "n": n}


def test_the_other_labels_are_offered_and_none_of_them_last() -> None:
    assert corrections.choices(CATS, reply("cat"), False) == [
        ("Choose …", corrections.NOTHING),
        ("Dog", "=dog"),
        ("Neither", "=neither"),
    ]
    words.use("es")
    assert [text for text, _ in corrections.choices(CATS, reply("neither"), False)] == ["Elige …", "Gato", "Perro"]


def test_what_the_model_was_not_sure_of_may_be_right() -> None:
    assert ("Cat", "=cat") in corrections.choices(CATS, reply("cat", unsure=True), False)


def test_only_a_model_of_ones_own_can_learn_a_new_label() -> None:
    assert corrections.choices(OWN, reply("rose"), True)[-1] == ("Something else …", corrections.NEW)
    assert corrections.NEW not in [choice for _, choice in corrections.choices(OWN, reply("rose"), False)]


def test_a_whole_network_cannot_be_corrected() -> None:
    assert corrections.is_possible(CATS)
    assert not corrections.is_possible({**CATS, "head": False})
    assert not corrections.is_possible({"name": "of an older worker"})


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"before": share(0.9), "after": share(0.925)}, "it got 90.0 % right before, 92.5 % now"),
        ({"before": None, "after": share(0.925)}, "it gets 92.5 % right"),
        ({"before": share(0), "after": share(0), "kept": share(0.998)}, "Of 1500 other pictures 99.8 % are answered"),
    ],
)
def test_what_was_learned_is_told_with_what_it_does_to_the_rest(changed: dict[str, object], says: str) -> None:
    assert says in corrections.learned(changed)
