"""A model's card: what it knows, how well, and when not to trust it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.drawings import dog
from tests.stand_in import StandIn


def test_each_model_has_a_card_that_tells_what_it_knows_with_diagrams(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.sees_worker("ready")
    person.window.get_by_role("button", name="About this model").click()
    card = person.window.get_by_role("dialog")
    expect(card).to_contain_text("93.1 % of")
    expect(card).to_contain_text("It has seen few photos taken at night.")
    for name in ("Accuracy and loss after each pass", "Confusion matrix"):
        picture = card.get_by_role("img", name=name)
        expect(picture).to_be_visible()
        person.window.wait_for_function("(image) => image.naturalWidth > 300", arg=picture.element_handle())
    assert not card.locator(".card-state").is_visible(), "no hole where there is nothing to say"
    edge = card.locator(".card-title").bounding_box()
    close = card.locator(".card-close button").bounding_box()
    assert edge
    assert close
    assert close["x"] == edge["x"], "Close stands at the left, however the client aligns a button"
    person.window.keyboard.press("Escape")
    expect(card).not_to_be_visible()
    person.window.get_by_label("Model", exact=True).select_option("Pets of all kinds")
    person.window.get_by_role("button", name="About this model").click()
    expect(person.window.get_by_role("dialog").get_by_role("heading", level=2)).to_have_text("Pets of all kinds")
    expect(person.window.get_by_role("dialog")).to_contain_text("What it knows")
    person.window.get_by_role("button", name="Close").click()
    person.drop((dog(), "dog.jpg"))
    person.sees("Pets of all kinds", ".footnote")


@pytest.mark.parametrize("locale", ["en-GB", "es-ES"])
def test_a_card_of_a_hundred_things_fits_on_a_phone(acted: StandIn, visit: Visit, locale: str) -> None:
    person = visit(acted, width=360, height=720, touch=True, locale=locale)
    person.sees_worker("ready")
    person.window.locator(".models select").select_option(index=2)
    person.window.locator(".models button").click()
    card = person.window.get_by_role("dialog")
    matrix = card.locator(".matrix")
    person.window.wait_for_function("(node) => node.scrollWidth > 1000", arg=matrix.element_handle())
    terms = card.locator("dt").all_text_contents()
    assert terms[0] == {"en-GB": "Accuracy", "es-ES": "Exactitud"}[locale]
    assert terms[-1] == {"en-GB": "What it knows", "es-ES": "Lo que conoce"}[locale]
    expect(card).to_contain_text({"en-GB": "Cat for Dog (91 of", "es-ES": "Gato por Perro (91 de"}[locale])
    assert card.evaluate("(node) => node.scrollWidth <= node.clientWidth"), "only the matrix goes beyond its edge"
    close = card.locator(".card-close button")
    expect(close).to_be_in_viewport(ratio=1)
    close.click()
    expect(card).not_to_be_visible()


def test_the_real_worker_has_a_card_for_its_model(served: StandIn, visit: Visit) -> None:
    person = visit(served)
    person.sees_worker("ready")
    person.window.get_by_role("button", name="About this model").click()
    expect(person.window.get_by_role("dialog")).to_contain_text("When not to trust it")
    expect(person.window.get_by_role("dialog")).to_contain_text("Cat, Dog")
