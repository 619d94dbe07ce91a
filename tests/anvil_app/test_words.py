"""All words stand in one table, in each language, and every word the page asks for is in it and no other."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from anvil_app import cardtexts, labels, presence, texts, troubles, words
from tests.tracked import tracked

APP = Path(__file__).parents[2] / "anvil_app"
CIFAR_10 = "airplane automobile bird cat deer dog frog horse ship truck"
CIFAR_100 = """
    apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
    caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant
    flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree
    motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate
    poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider
    squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle
    wardrobe whale willow_tree wolf woman worm
"""


# Words whose names are put together: for each trouble, and for each state of the worker's line.
TROUBLES = {name for name, _, _ in troubles.TROUBLES.values()} | {"unknown"}
STATES = {"checking", "ready", "busy", "draining", *presence.UNREACHABLE}
PUT_TOGETHER = {
    "name": TROUBLES,
    "name + '_advice'": {name + "_advice" for name in TROUBLES},
    "'refused_' + kind": {"refused_" + kind for kind in troubles.KINDS},
    "'worker_' + worker['name']": {"worker_" + name for name in STATES},
}


@pytest.mark.parametrize("word", sorted(texts.TEXTS))
def test_every_word_stands_there_in_each_language_with_the_same_values(word: str) -> None:
    table = texts.TEXTS[word]
    assert len(table) == len(texts.LANGUAGES)
    assert all(table)
    english, other = (set(re.findall(r"{\w+}", text)) for text in table)
    assert other == english or word == "warning"  # whose text comes from the worker, in English


def asked_for() -> Iterator[tuple[str, set[str], str]]:
    """Each word that a module, a form or the page's HTML asks for, the values that it gives, and where."""
    for path in [APP / "theme/assets/page.html", *(APP / "client_code").rglob("*.yaml")]:
        for word in re.findall(r'data-word(?:-label)?="(\w+)"', path.read_text()):
            yield word, set(), path.name
    for path in (APP / "client_code").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                for word in words_of(node.args[0]):
                    yield word, {str(keyword.arg) for keyword in node.keywords}, f"{path.name}, line {node.lineno}"


def words_of(asked: ast.expr) -> Iterator[str]:
    """The words that the first argument of `say` can be. A name that nobody can look up here is refused."""
    if isinstance(asked, ast.IfExp):
        yield from words_of(asked.body)
        yield from words_of(asked.orelse)
    elif isinstance(asked, ast.Constant):
        yield str(asked.value)
    elif not ast.unparse(asked).startswith("node.getAttribute("):  # those of the HTML
        yield from PUT_TOGETHER[ast.unparse(asked)]


def test_the_page_asks_for_just_the_words_that_there_are() -> None:
    asked = {word for word, _, _ in asked_for()}
    assert not asked - texts.TEXTS.keys(), "these have no text"
    assert not texts.TEXTS.keys() - asked, "nobody asks for these"


def test_every_word_gets_the_values_that_its_text_has_places_for() -> None:
    for word, values, where in asked_for():
        assert set(re.findall(r"{(\w+)}", texts.TEXTS[word][0])) <= values, f"{word} in {where}"


def shipped() -> dict[str, dict[str, Any]]:
    """The cards of the models that are in the repository, by name; what else lies on the shelf is its owner's."""
    cards = [json.loads(path.read_text()) for path in tracked("classifier/weights/*/card.json")]
    return {card["name"]: card for card in cards}


def numbers(text: str) -> list[str]:
    """The numbers in a text, however a language writes them."""
    return re.findall(r"\d+", re.sub(r"(?<=\d)[,.](?=\d)", "", text))


def test_each_shipped_card_is_there_in_spanish_and_no_other() -> None:
    assert cardtexts.SPANISH.keys() == shipped().keys()


@pytest.mark.parametrize("name", sorted(cardtexts.SPANISH))
def test_a_card_says_the_same_in_spanish(name: str) -> None:
    card, spanish = shipped()[name], cardtexts.SPANISH[name]
    english = [card["title"], card["data"]["set"], *card["notes"]]
    translated = [spanish["title"], spanish["set"], *spanish["notes"]]
    assert [numbers(text) for text in english] == [numbers(text) for text in translated]
    words.use("es")
    assert words.card_text(card, "notes", card["notes"]) == spanish["notes"]


def test_what_nobody_has_translated_stands_as_it_is() -> None:
    words.use("es")
    assert words.card_text({"name": "my_own"}, "title", "My own") == "My own"


def test_every_trouble_and_every_state_of_the_worker_has_its_words() -> None:
    for name in TROUBLES:
        assert words.say(name)
        assert words.say(name + "_advice")
    for name in STATES:
        assert words.say("worker_" + name)


def test_say_refuses_an_unknown_word() -> None:
    with pytest.raises(KeyError):
        words.say("no_such_word")


@pytest.mark.parametrize("name", [*CIFAR_10.split(), *CIFAR_100.split(), "cat", "dog", "wild"])
def test_every_label_of_the_data_sets_is_there_in_spanish(name: str) -> None:
    assert labels.SPANISH[name]


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (["es-MX", "en"], "es"),
        (["fr-FR", "es"], "es"),
        (["en-GB", "es"], "en"),
        (["fr"], "en"),
        ([None, "ES"], "es"),
        ([], "en"),
    ],
)
def test_the_language_is_the_first_wish_that_can_be_met(wishes: list[str], language: str) -> None:
    assert words.preferred(wishes) == language


def test_a_language_that_the_page_does_not_speak_is_refused_and_changes_nothing() -> None:
    words.use("es")
    with pytest.raises(ValueError, match="fr"):
        words.use("fr")
    assert words.language() == "es"


def test_the_page_is_switched_to_the_other_language() -> None:
    words.use(words.other_language())
    assert words.say("looking") == "Mirando …"
    words.use(words.other_language())
    assert words.say("looking") == "Looking …"


@pytest.mark.parametrize(
    ("name", "text"), [("dog", "Dog"), ("arctic_fox", "Arctic fox"), ("ZIP code", "ZIP code"), ("", "")]
)
def test_a_label_is_written_as_a_person_would(name: str, text: str) -> None:
    assert words.label(name) == text


@pytest.mark.parametrize(("name", "text"), [("dog", "Perro"), ("Cat", "Gato"), ("arctic_fox", "Arctic fox")])
def test_a_label_in_spanish(name: str, text: str) -> None:
    words.use("es")
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


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1 s"),
        (0.2, "1 s"),
        (8, "8 s"),
        (8.1, "9 s"),
        (119, "119 s"),
        (120, "2 min"),
        (149, "2 min"),
        (150, "3 min"),
    ],
)
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


def test_numbers_have_the_point_of_the_language() -> None:
    assert (words.number(0.42, 1), words.number(9.96, 1), words.number(34.5)) == ("0.4", "10.0", "35")
    assert words.number(1.05, 2) == "1.05"
    words.use("es")
    assert words.number(0.42, 1) == "0,4"
