"""A correction counts in this and every later teaching, until it is taken back."""

from pathlib import Path

import pytest

from classifier.errors import BadRequestError, UnknownModelError
from classifier.settings import Settings
from classifier.shelf import read_shelf
from teach.corrections import correct, listed, switch, take_back
from teach.examples import Example, Examples
from teach.lesson import learn
from teach.model import put
from tests.teach.features import TRUNK, example, things

DAY = "2026-01-31"


@pytest.fixture
def shelf(tmp_path: Path, synthetic_bank: object) -> Settings:
    lesson = learn(Examples.of(things({"rose": 20, "tulip": 20})), TRUNK)
    put(lesson, "flowers", tmp_path, TRUNK, replace=False)
    return Settings(models_dir=tmp_path, shipped_models=())


def correction(label: str, kind: int, seed: int) -> Example:
    return example(label, kind, seed, name="garden.jpg")._replace(corrected=DAY)


def kept(settings: Settings) -> Examples:
    return Examples.read(settings.models_dir / "flowers")


def test_it_is_kept_listed_and_fitted(shelf: Settings) -> None:
    before = read_shelf(shelf.models_dir).card("flowers")
    change = correct("flowers", [correction("tulip", 5, 1)], TRUNK, shelf)
    assert change.before == before.accuracy
    assert change.after["n"] == 41
    assert change.trial.answer(example("tulip", 5, 1).embedding)["label"] == "tulip"
    [entry] = listed("flowers", shelf)
    assert entry[1:] == ("tulip", "garden.jpg", DAY)
    assert read_shelf(shelf.models_dir).card("flowers").digests != before.digests


def test_it_may_bring_a_new_label(shelf: Settings) -> None:
    correct("flowers", [correction("daisy", 5, 1)], TRUNK, shelf)
    assert read_shelf(shelf.models_dir).card("flowers").labels[:3] == ("daisy", "rose", "tulip")


def test_it_wins_over_what_the_model_was_taught(shelf: Settings) -> None:
    """The photo is among its own, under another label."""
    wrong = next(iter(kept(shelf)))
    correct("flowers", [wrong._replace(label="tulip", corrected=DAY)], TRUNK, shelf)
    counts = kept(shelf).counts()
    assert counts.tolist() == [19, 21, 0]


def test_it_can_be_taken_back(shelf: Settings) -> None:
    before = kept(shelf)
    correct("flowers", [correction("tulip", 5, 1), correction("rose", 6, 2)], TRUNK, shelf)
    first, second = listed("flowers", shelf)
    change = take_back("flowers", [first.id], TRUNK, shelf)
    assert listed("flowers", shelf) == [second]
    assert change.after["n"] == 41
    take_back("flowers", [second.id], TRUNK, shelf)
    assert kept(shelf).names == before.names


def test_one_that_is_not_there_is_told_and_changes_nothing(shelf: Settings) -> None:
    before = read_shelf(shelf.models_dir).card("flowers").digests
    with pytest.raises(BadRequestError, match="has no correction '1234'"):
        take_back("flowers", ["1234"], TRUNK, shelf)
    assert read_shelf(shelf.models_dir).card("flowers").digests == before


def test_a_whole_network_cannot_be_corrected(shelf: Settings) -> None:
    settings = Settings(models_dir=shelf.models_dir)
    with pytest.raises(BadRequestError, match="is a whole network and cannot be corrected"):
        correct("cifar10", [correction("cat", 5, 1)], TRUNK, settings)


def test_those_of_a_model_of_ones_own_cannot_be_switched_off(shelf: Settings) -> None:
    with pytest.raises(BadRequestError, match="is your own"):
        switch("flowers", False, TRUNK, shelf)


def test_an_unknown_model_is_told(shelf: Settings) -> None:
    with pytest.raises(UnknownModelError, match="flowers"):
        listed("flower", shelf)


def test_features_of_another_trunk_are_of_no_use(shelf: Settings) -> None:
    other = TRUNK.__class__("cd" * 32, TRUNK.side, TRUNK.feature_map)
    with pytest.raises(BadRequestError, match="another trunk"):
        correct("flowers", [correction("tulip", 5, 1)], other, shelf)
