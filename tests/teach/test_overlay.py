"""A shipped model is corrected by a head over it; its own files stay as they are."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from classifier.card import Card
from classifier.errors import BadRequestError
from classifier.head import Head
from classifier.settings import Settings
from classifier.shelf import SHIPPED, read_shelves
from classifier.trunk import BANK_FILE, FOLDER, TrunkCard, shared_trunk
from teach.bank import read_bank
from teach.corrections import correct, listed, switch, take_back
from teach.corrections_command import main
from teach.embedding import Embedding
from teach.examples import NONE, Example

NAME = "cats_vs_dogs"
DAY = "2026-01-31"

pytestmark = pytest.mark.skipif(not (FOLDER / BANK_FILE).exists(), reason="the trunk and its bank are not here")


@pytest.fixture(scope="module")
def trunk() -> TrunkCard:
    return shared_trunk(1).card


@pytest.fixture
def shelf(tmp_path: Path) -> Settings:
    """No folder yet: the first correction makes it."""
    return Settings(models_dir=tmp_path / "models", shipped_models=(NAME, "cifar10"))


def serving(settings: Settings) -> Card:
    return read_shelves(settings.models_dir, settings.shipped_models).card(NAME)


def seen(trunk: TrunkCard, answer: str, number: int = 0, label: str = "dog") -> Example:
    """A picture of the bank to which the shipped model gives that answer, as a correction to `label`."""
    card = read_shelves(Path("none")).card(NAME)
    bank = read_bank(trunk.sha256)
    answers = Head.read(card).probabilities(bank.astype(np.float32)).argmax(axis=1)
    row = np.flatnonzero(answers == card.labels.index(answer))[number]
    return Example(label, f"{answer}.jpg", Embedding(bank[row], bytes([number]) * 32), DAY)


def answer(settings: Settings, example: Example) -> tuple[str, float]:
    card = serving(settings)
    [chances] = Head.read(card).probabilities(example.embedding.features[None].astype(np.float32))
    return card.labels[chances.argmax()], float(chances.max())


def digests() -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (SHIPPED / NAME).iterdir()}


def test_a_wrong_answer_is_right_from_then_on_and_nearly_all_else_as_before(shelf: Settings, trunk: TrunkCard) -> None:
    before, cat = digests(), seen(trunk, "cat")
    change = correct(NAME, [cat], trunk, shelf)
    label, confidence = answer(shelf, cat)
    assert label == "dog"
    assert confidence >= serving(shelf).unsure_below
    assert (change.before or {})["value"] == 0
    assert change.kept is not None
    assert 0.99 < change.kept["value"] < 1
    assert digests() == before


def test_what_was_corrected_before_stays_right(shelf: Settings, trunk: TrunkCard) -> None:
    wrong = [seen(trunk, "cat"), seen(trunk, "neither", 5, "cat"), seen(trunk, "dog", 7, NONE)]
    for one in wrong:
        correct(NAME, [one], trunk, shelf)
    assert [answer(shelf, one)[0] for one in wrong] == ["dog", "cat", "neither"]
    assert len(listed(NAME, shelf)) == 3
    assert json.loads((shelf.models_dir / NAME / "card.json").read_bytes())["corrections"] == 3


def test_it_can_be_switched_off_and_on(shelf: Settings, trunk: TrunkCard, monkeypatch: pytest.MonkeyPatch) -> None:
    cat = seen(trunk, "cat")
    correct(NAME, [cat], trunk, shelf)
    monkeypatch.setenv("CLASSIFIER_MODELS_DIR", str(shelf.models_dir))
    assert main([NAME, "--off"]) == 0
    assert answer(shelf, cat)[0] == "cat"
    assert len(listed(NAME, shelf)) == 1
    assert main([NAME, "--on"]) == 0
    assert answer(shelf, cat)[0] == "dog"


def test_taken_back_the_shipped_head_answers_and_nothing_is_left(shelf: Settings, trunk: TrunkCard) -> None:
    correct(NAME, [seen(trunk, "cat")], trunk, shelf)
    [one] = listed(NAME, shelf)
    take_back(NAME, [one.id], trunk, shelf)
    assert serving(shelf).folder == SHIPPED / NAME
    assert not (shelf.models_dir / NAME).exists()
    assert listed(NAME, shelf) == []
    for on in (False, True):  # without corrections this changes nothing
        switch(NAME, on, trunk, shelf)
    assert serving(shelf).folder == SHIPPED / NAME


def test_corrections_outlive_a_new_version_of_the_model(shelf: Settings, trunk: TrunkCard) -> None:
    cat = seen(trunk, "cat")
    correct(NAME, [cat], trunk, shelf)
    file = shelf.models_dir / NAME / "card.json"
    file.write_text(json.dumps(json.loads(file.read_bytes()) | {"over": "0" * 64}))
    assert answer(shelf, cat)[0] == "cat"
    switch(NAME, True, trunk, shelf)
    assert answer(shelf, cat)[0] == "dog"


def test_a_label_that_it_does_not_have_is_refused_and_nothing_is_written(shelf: Settings, trunk: TrunkCard) -> None:
    with pytest.raises(BadRequestError, match="knows cat, dog, neither and cannot learn 'cow'"):
        correct(NAME, [seen(trunk, "cat", label="cow")], trunk, shelf)
    assert not (shelf.models_dir / NAME).exists()


def test_a_model_of_ones_own_in_that_place_is_not_overwritten(shelf: Settings, trunk: TrunkCard) -> None:
    folder = shelf.models_dir / NAME
    folder.mkdir(parents=True)
    for file in (SHIPPED / NAME).iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    with pytest.raises(BadRequestError, match="Rename its folder first"):
        correct(NAME, [seen(trunk, "cat")], trunk, shelf)
    assert json.loads((folder / "card.json").read_bytes())["title"] == "Cats and dogs"
