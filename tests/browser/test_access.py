"""For everyone: axe-core finds nothing to complain about, and all can be done with the keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visit, scripted
from tests.browser.drawings import cat, dog
from tests.browser.visitor import Visitor
from tests.stand_in import StandIn


def complaints(person: Visitor, state: str) -> list[str]:
    """What axe-core says against the page as it is now."""
    found = Axe().run(person.window).response["violations"]
    return [f"{state}: {rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


# Each width with each colour scheme and each language once; colours do not depend on the language.
@pytest.mark.parametrize(
    ("width", "dark", "locale"),
    [
        (360, True, "es-ES"),
        (1280, False, "en-GB"),
        pytest.param(360, False, "en-GB", marks=pytest.mark.slow),
        pytest.param(1280, True, "es-ES", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing(host: StandIn, visit: Visit, width: int, dark: bool, locale: str) -> None:
    with scripted(host, models=3):
        person = visit(host, width=width, dark=dark, locale=locale)
        # Colours that are on their way to others are not looked at.
        person.window.emulate_media(reduced_motion="reduce")
        person.sees_worker("ready")
        found = complaints(person, "empty")
        for name, state in (("dog", "answer"), ("unsure", "unsure"), ("moon", "trouble"), ("too_large", "refused")):
            person.drop((dog(), f"{name}.jpg"))
            person.sees_state(state)
            found += complaints(person, name)
        person.window.locator(".models select").select_option(index=2)
        person.sees_state("refused")
        person.window.locator(".models button").click()
        person.window.locator(".card.known.has-confusion").wait_for()
        found += complaints(person, "card")
        person.window.keyboard.press("Escape")
        person.drop((cat(), "cat.jpg"), (dog(), "unsure.jpg"), (cat(), "too_large.jpg"))
        person.window.locator(".meter:not(.running)[aria-valuenow='100']").wait_for()
        found += complaints(person, "many")
        person.window.locator(".tile").first.click()
        person.sees_state("answer")
        found += complaints(person, "one of many")
    person.drop((cat(), "cat.jpg"))
    person.sees_worker("away")
    assert not found + complaints(person, "away")


def test_every_control_can_be_reached_and_seen_with_the_tab_key(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.sees_worker("ready")
    person.drop((cat(), "cat.jpg"), (cat(), "too_large.jpg"))
    person.window.locator(".meter:not(.running)[aria-valuenow='100']").wait_for()
    reached = []
    for _ in range(12):
        person.window.keyboard.press("Tab")
        reached.append(
            person.window.evaluate(
                """() => {
                  const node = document.activeElement;
                  const outline = getComputedStyle(node).outlineStyle;
                  return [node.ariaLabel || node.textContent.replace(/\\s+/g, " ").trim(), outline];
                }"""
            )
        )
    names = [name for name, _ in reached]
    assert names[:11] == [
        "Español",
        "Model",
        "About this model",
        "Try the other one again",
        "Download as CSV",
        "Add photos",
        "Start over",
        "Show",
        "Sort by",
        "Cat 98 % cat.jpg",
        "The photo is too large too_large.jpg",
    ]
    assert all(outline == "solid" for _, outline in reached[:11]), reached
