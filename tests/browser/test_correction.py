"""Under an answer: *Not right?*, with real workers and drawn photos."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from classifier.settings import Settings
from classifier.trunk import BANK_FILE, FOLDER
from teach import teach
from tests.browser.conftest import Visit
from tests.browser.lessons import TEACH_MS, teacher
from tests.browser.test_access import complaints
from tests.browser.visitor import ANSWER_MS, Visitor
from tests.classifier.pictures import encoded
from tests.stand_in import StandIn, stand_in, worker
from tests.teach.drawn import thing

RIGHT = "a horse in the kitchen"

pytestmark = pytest.mark.skipif(not (FOLDER / BANK_FILE).exists(), reason="the trunk and its bank are not here")


def photo(shape: str, seed: int) -> tuple[bytes, str]:
    return encoded(thing(shape, seed), "JPEG"), f"{shape} {seed}.jpg"


def answered(person: Visitor) -> str:
    person.sees("ms", ".answers .footnote")
    return person.headline()


def button(person: Visitor, name: str) -> None:
    """Press it with the keyboard."""
    found = person.window.get_by_role("button", name=name, exact=True)
    found.focus()
    person.window.keyboard.press("Enter")


def correct(person: Visitor, label: str, new: str = "") -> None:
    """By keyboard alone, in English."""
    button(person, "Not right?")
    menu = person.window.get_by_label("Right label", exact=True)
    expect(menu).to_be_focused()
    menu.select_option(label)
    if new:
        expect(person.window.get_by_label("Name of the new label")).to_be_focused()
        person.window.keyboard.type(new)
    button(person, "Learn it")


def headline(person: Visitor, text: str) -> None:
    expect(person.window.locator(".answers .anvil-role-headline")).to_contain_text(text, timeout=TEACH_MS)


def learned(person: Visitor, text: str) -> None:
    expect(person.window.locator(".correction-text")).to_contain_text(text, timeout=TEACH_MS)


def test_an_answer_of_a_shipped_model_is_right_from_then_on_until_that_is_undone(tmp_path: Path, visit: Visit) -> None:
    with stand_in(tmp_path) as host, teacher(host):
        person = visit(host)
        person.sees_worker("ready")
        person.drop(photo("disc", 1))
        before = answered(person)
        assert before != "Dog"
        correct(person, "Dog")
        learned(person, "other pictures")
        headline(person, "Dog")
        assert not complaints(person, "corrected")
        expect(person.window.get_by_role("button", name="Undo this correction")).to_be_focused()
        person.drop(photo("disc", 1))
        expect(person.window.locator(".correction")).to_have_attribute("data-step", "closed")
        headline(person, "Dog")
        correct(person, "Cat")
        headline(person, "Cat")
        button(person, "Undo this correction")
        headline(person, before)
        assert not (host.folder / "shelf" / "cats_vs_dogs").exists()


def test_a_model_of_ones_own_learns_a_new_label_from_whoever_knows_the_passphrase(tmp_path: Path, visit: Visit) -> None:
    shapes = {shape: [photo(shape, seed)[0] for seed in range(8)] for shape in ("disc", "cross")}
    teach(shapes, "shapes", settings=Settings(models_dir=tmp_path / "shelf", shipped_models=()))
    with stand_in(tmp_path) as host, teacher(host, RIGHT):
        person = visit(host, width=360, height=720, touch=True)
        person.sees_worker("ready")
        person.window.get_by_label("Model", exact=True).select_option("shapes")
        person.drop(photo("square", 1))
        answered(person)
        correct(person, "Something else …", "Window")
        for phrase in ("a horse in the garden", RIGHT):
            field = person.window.locator(".question input")
            expect(field).to_be_focused(timeout=TEACH_MS)
            field.fill(phrase)
            person.window.keyboard.press("Enter")
        learned(person, "it had not seen")
        headline(person, "Window")
        assert person.window.evaluate("document.documentElement.scrollWidth") == 360


def test_on_its_card_a_shipped_model_is_switched_and_a_correction_taken_back(host: StandIn, visit: Visit) -> None:
    with teacher(host, RIGHT):
        person = visit(host)
        person.sees_worker("ready")
        person.drop(photo("disc", 1))
        before = answered(person)
        button(person, "About this model")
        button(person, "Show the corrections")
        person.window.locator(".question input").fill(RIGHT)
        person.window.keyboard.press("Enter")
        card = person.window.locator(".corrections")
        expect(card).to_contain_text("No answer of this model has been corrected.", timeout=ANSWER_MS)
        button(person, "Close")
        correct(person, "Dog")
        headline(person, "Dog")
        button(person, "About this model")
        button(person, "Show the corrections")
        expect(card).to_contain_text("This model answers with them.", timeout=ANSWER_MS)
        expect(card.get_by_role("listitem")).to_contain_text("Dog: disc 1.jpg")
        assert not complaints(person, "corrections")
        button(person, "Answer as it came")
        expect(card).to_contain_text("This model answers as it came.", timeout=TEACH_MS)
        headline(person, before)
        button(person, "Answer with them")
        expect(card).to_contain_text("This model answers with them.", timeout=TEACH_MS)
        headline(person, "Dog")
        button(person, "Take back Dog, disc 1.jpg")
        expect(card).to_contain_text("Taken back.", timeout=TEACH_MS)
        expect(card.get_by_role("listitem")).to_have_count(0)
        assert not card.get_by_role("button").filter(visible=True).count()
        headline(person, before)


def test_it_says_which_models_cannot_be_corrected(host: StandIn, visit: Visit) -> None:
    with worker(host, environment={"CLASSIFIER_SHIPPED_MODELS": "cats_vs_dogs,cifar10", "TEACH_PASSPHRASE": "open"}):
        person = visit(host, locale="es-ES")
        person.sees_worker("ready")
        person.window.get_by_label("Modelo", exact=True).select_option("CIFAR-10: diez cosas")
        person.drop(photo("disc", 1))
        answered(person)
        button(person, "¿No es así?")
        expect(person.window.locator(".correction-text")).to_contain_text("no se puede corregir", timeout=ANSWER_MS)
