"""The page in English and in Spanish: the browser's wish, and the switch."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.drawings import cat, dog
from tests.stand_in import StandIn


def test_a_spanish_browser_gets_spanish_labels_too(acted: StandIn, visit: Visit) -> None:
    person = visit(acted, locale="es-MX")
    person.sees("Servicio listo", ".worker")
    assert person.window.locator("html").get_attribute("lang") == "es"
    assert person.window.title() == "¿Qué hay en la foto?"
    person.drop((dog(), "perro.jpg"))
    person.sees("Perro", ".board .headline")
    assert person.window.locator(".bar-label").all_inner_texts() == ["Perro", "Gato"]


def test_the_switch_changes_everything_that_is_seen_and_is_remembered(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.sees_worker("ready")
    person.drop((dog(), "dog.jpg"), (cat(), "unsure.jpg"), (cat(), "too_large.jpg"))
    person.sees("2 of 3 answered")
    person.window.get_by_role("button", name="Español").click()
    person.sees("2 de 3 con respuesta")
    assert person.tiles() == [
        "Perro 98 % dog.jpg",
        "¿Perro? 58 % unsure.jpg",
        "La foto es demasiado grande too_large.jpg",
    ]
    expect(person.window.get_by_label("Mostrar", exact=True)).to_contain_text("Sin certeza (1)")
    person.window.locator(".tile").nth(1).click()
    person.sees("Sin certeza", ".board .headline")
    person.window.get_by_role("button", name="English").click()
    person.sees("Not sure", ".board .headline")
    person.window.get_by_role("button", name="Español").click()
    person.window.reload()
    person.sees("¿Qué hay en la foto?")
