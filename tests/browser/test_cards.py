"""A model's card: what it knows, how well, and when not to trust it."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit, scripted
from tests.browser.drawings import dog
from tests.stand_in import StandIn


def test_the_card_tells_what_the_model_knows_with_its_diagrams(host: StandIn, visit: Visit) -> None:
    with scripted(host, models=2):
        person = visit(host)
        person.sees_worker("ready")
        person.window.get_by_role("button", name="About this model").click()
        card = person.window.get_by_role("dialog")
        expect(card).to_contain_text("93.1 %, measured on")
        expect(card).to_contain_text("It has seen few photos taken at night.")
        for name in ("Accuracy and loss after each pass", "Confusion matrix"):
            picture = card.get_by_role("img", name=name)
            expect(picture).to_be_visible()
            person.window.wait_for_function("(image) => image.naturalWidth > 300", arg=picture.element_handle())
        person.window.keyboard.press("Escape")
        expect(card).not_to_be_visible()


def test_each_model_has_its_own_card(host: StandIn, visit: Visit) -> None:
    with scripted(host, models=2):
        person = visit(host)
        person.sees_worker("ready")
        person.window.get_by_label("Model", exact=True).select_option("Pets of all kinds")
        person.window.get_by_role("button", name="About this model").click()
        expect(person.window.get_by_role("dialog").get_by_role("heading", level=2)).to_have_text("Pets of all kinds")
        expect(person.window.get_by_role("dialog")).to_contain_text("What it knows")
        person.window.get_by_role("button", name="Close").click()
        person.drop((dog(), "dog.jpg"))
        person.sees("Pets of all kinds", ".footnote")


def test_the_real_worker_has_a_card_for_its_model(served: StandIn, visit: Visit) -> None:
    person = visit(served)
    person.sees_worker("ready")
    person.window.get_by_role("button", name="About this model").click()
    expect(person.window.get_by_role("dialog")).to_contain_text("When not to trust it")
    expect(person.window.get_by_role("dialog")).to_contain_text("Cat, Dog")
