"""All words stand in one table, and every word the page asks for is in it."""

import re
from pathlib import Path

import pytest

from anvil_app import troubles, words

APP = Path(__file__).parents[2] / "anvil_app"


def test_every_language_has_the_same_words_with_the_same_values() -> None:
    english = words.WORDS["en"]
    for table in words.WORDS.values():
        assert table.keys() == english.keys()
        for name, text in table.items():
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[name]))


def test_every_word_that_the_page_or_a_form_asks_for_is_there() -> None:
    asked = set(re.findall(r'data-word(?:-label)?="(\w+)"', (APP / "theme/assets/page.html").read_text()))
    for path in (APP / "client_code").rglob("*.py"):
        asked |= set(re.findall(r'say\(\s*"(\w+)"', path.read_text()))
    assert len(asked) > 20
    assert asked <= words.WORDS["en"].keys() | {"worker_"}


def test_every_trouble_has_its_words() -> None:
    for name in {name for name, _, _ in troubles.TROUBLES.values()} | {"unknown"}:
        assert words.say(name)
        assert words.say(name + "_advice")


def test_say_refuses_an_unknown_word() -> None:
    with pytest.raises(KeyError):
        words.say("no_such_word")


@pytest.mark.parametrize(
    ("name", "text"), [("dog", "Dog"), ("arctic_fox", "Arctic fox"), ("ZIP code", "ZIP code"), ("", "")]
)
def test_a_label_is_written_as_a_person_would(name: str, text: str) -> None:
    assert words.label(name) == text


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (1.0, "over 99 %"),
        (0.995, "over 99 %"),
        (0.994, "99 %"),
        (0.98, "98 %"),
        (0.125, "13 %"),
        (0.005, "1 %"),
        (0.004, "under 1 %"),
        (0.0, "under 1 %"),
    ],
)
def test_a_percentage_never_claims_certainty(probability: float, text: str) -> None:
    assert words.percent(probability) == text
