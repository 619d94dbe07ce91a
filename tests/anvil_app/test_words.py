"""All words stand in one table, in each language, and every word the page asks for is in it and no other."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from anvil_app import cardtexts, labels, texts, troubles, words, workers
from train.recipes import RECIPES

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


def asked() -> set[str]:
    """Every word that the page's HTML, a form or a module names."""
    found: set[str] = set()
    for path in [APP / "theme/assets/page.html", *(APP / "client_code").rglob("*.yaml")]:
        found |= set(re.findall(r'data-word(?:-label)?="(\w+)"', path.read_text()))
    for path in (APP / "client_code").rglob("*.py"):
        if path.name not in ("texts.py", "labels.py", "cardtexts.py"):
            found |= set(re.findall(r'"([a-z]\w*)"', path.read_text()))
    found |= {name + "_advice" for name, _, _ in troubles.TROUBLES.values()} | {"unknown_advice"}
    states = ("checking", "ready", "busy", "draining", *workers.UNREACHABLE)
    return found | {"worker_" + name for name in states}


@pytest.mark.parametrize("word", sorted(texts.TEXTS))
def test_every_word_stands_there_in_each_language_with_the_same_values(word: str) -> None:
    table = texts.TEXTS[word]
    assert len(table) == len(texts.LANGUAGES)
    assert all(table)
    assert len({frozenset(re.findall(r"{\w+}", text)) for text in table}) == 1


def said_in(path: Path) -> Iterator[tuple[str, set[str]]]:
    """The words that a module may say, also those chosen by a condition or by a name, and the values it gives each."""
    tree = ast.parse(path.read_text())
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named.setdefault(node.targets[0].id, []).append(node.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
            given = node.args[0]
            of = named.get(given.id, []) if isinstance(given, ast.Name) else [given]
            for part in (part for value in of for part in words_of(value)):
                yield part, {str(keyword.arg) for keyword in node.keywords}


def words_of(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.IfExp):
        yield from words_of(value.body)
        yield from words_of(value.orelse)
    elif isinstance(value, ast.Constant):
        yield str(value.value)


@pytest.mark.parametrize("path", sorted((APP / "client_code").rglob("*.py")), ids=lambda path: path.parent.name)
def test_every_word_is_given_the_values_that_it_has_places_for(path: Path) -> None:
    for word, values in said_in(path):
        places = set(re.findall(r"{(\w+)}", texts.TEXTS[word][0]))
        assert places <= values, f"{word} in {path.name}"


def test_every_word_that_is_asked_for_is_there() -> None:
    said = {word for path in (APP / "client_code").rglob("*.py") for word, _ in said_in(path)}
    assert {"heat_show", "heat_hide", "tile_queued", "retry_one"} <= said
    for path in [APP / "theme/assets/page.html", *(APP / "client_code").rglob("*.yaml")]:
        said |= set(re.findall(r'data-word(?:-label)?="(\w+)"', path.read_text()))
    assert len(said) > 50
    assert said <= texts.TEXTS.keys()


def test_what_our_cards_say_is_there_in_spanish() -> None:
    said = {text for recipe in RECIPES.values() for text in (recipe.title, *recipe.notes)}
    for path in (Path(__file__).parents[2] / "classifier" / "weights").glob("*/card.json"):
        card = json.loads(path.read_text())
        said |= {card["title"], card["data"]["set"], *card["notes"]}
    assert {text for text in said if text not in ("CIFAR-10", "CIFAR-100")} <= cardtexts.SPANISH.keys()
    words.use("es")
    assert words.of_card("Cats and dogs") == "Gatos y perros"
    assert words.of_card("What nobody has translated") == "What nobody has translated"


def test_no_word_is_there_for_nothing() -> None:
    assert texts.TEXTS.keys() <= asked()


def test_every_trouble_and_every_state_of_the_worker_has_its_words() -> None:
    for name in {name for name, _, _ in troubles.TROUBLES.values()} | {"unknown"}:
        assert words.say(name)
        assert words.say(name + "_advice")
    for name in ("checking", "ready", "busy", "draining", *workers.UNREACHABLE):
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


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "1 s"), (8, "8 s"), (8.1, "9 s"), (119, "119 s"), (200, "3 min")])
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text


def test_numbers_have_the_point_of_the_language() -> None:
    assert (words.number(0.42, 1), words.number(9.96, 1), words.number(34.5)) == ("0.4", "10.0", "35")
    words.use("es")
    assert words.number(0.42, 1) == "0,4"
