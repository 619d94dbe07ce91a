"""The photos of things to be taught: how they come, go and come back."""

import pytest
from playwright.sync_api import Browser, Dialog

from classifier.trunk import BANK_FILE, FOLDER
from tests.browser.conftest import Visit
from tests.browser.drawings import no_photo
from tests.browser.lessons import (
    TEACH_MS,
    are_read,
    counts,
    give,
    keep,
    open_lesson,
    photos,
    press,
    shapes,
    teach,
    teacher,
)
from tests.browser.test_camera import FAKES
from tests.browser.visitor import Visitor, chromium
from tests.stand_in import StandIn, wait_until

pytestmark = pytest.mark.skipif(not (FOLDER / BANK_FILE).exists(), reason="the trunk and its bank are not here")


def test_what_was_removed_comes_back_to_its_place(school: StandIn, visit: Visit) -> None:
    def shown() -> list[str | None]:
        return [image.get_attribute("alt") for image in person.window.locator(".thumb img").all()]

    person = visit(school)
    open_lesson(person)
    give(person, shapes(3, "disc", "cross"))
    before = shown()
    person.window.get_by_role("button", name="Remove disc 1.jpg").focus()
    person.window.keyboard.press("Enter")
    assert counts(person) == ["2 photos", "3 photos"]
    person.sees("disc needs one more photo.", ".lesson-state")
    focused = person.window.evaluate("document.activeElement.ariaLabel")
    assert focused == "Remove disc 2.jpg", "one can go on by the keyboard"
    person.window.get_by_role("button", name="Remove cross and its photos").click()
    assert counts(person) == ["2 photos"]
    press(person, "Undo")
    press(person, "Undo")
    are_read(person)
    wait_until(lambda: person.window.wait_for_timeout(20) or shown() == before, 20)  # thumbs are made a few at a time


def test_leaving_with_photos_that_are_not_kept_asks_first(host: StandIn, visit: Visit) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    with teacher(host):
        person = visit(host)
        person.window.on("dialog", stay)
        open_lesson(person)
        give(person, shapes(3, "disc", "cross"))
        person.window.get_by_role("link", name="Ask").click()
        person.window.get_by_role("link", name="Teach").click()
        assert counts(person) == ["3 photos", "3 photos"], "the other view leaves them alone"
        press(person, "Start over")
        person.sees("Leave these photos?", ".question")
        press(person, "Cancel")
        assert counts(person) == ["3 photos", "3 photos"]
        person.window.evaluate("setTimeout(() => location.reload(), 0)")
        wait_until(lambda: person.window.wait_for_timeout(20) or asked == ["beforeunload"], 20)
        teach(person)
        keep(person, "Shapes")
        with person.window.expect_navigation():
            person.window.evaluate("setTimeout(() => location.reload(), 0)")
        assert asked == ["beforeunload"]


def test_a_file_that_is_no_photo_is_refused_alone(school: StandIn, visit: Visit) -> None:
    person = visit(school)
    open_lesson(person)
    give(person, shapes(3, "disc", "cross"))
    person.drop((no_photo(), "list.jpg"), on=".thing >> nth=0")
    person.sees("This is not a photo", ".thumb[data-state=failed]")
    # The browser, which tries to show it as well, may find that out before the worker does or after it.
    person.window.locator(".thumb[data-state=failed] img").dispatch_event("error")
    person.sees("This is not a photo", ".thumb[data-state=failed]")
    person.window.locator(".thing-name").nth(1).focus()
    person.paste(*photos("cross", 1, start=20))
    assert counts(person) == ["3 photos", "4 photos"], "what is pasted goes where one is"
    are_read(person)
    teach(person)


def test_photos_come_while_a_button_is_held(browser: Browser, school: StandIn) -> None:
    with chromium(browser.browser_type, FAKES) as with_camera:
        person = Visitor(with_camera, school.page_url)
        open_lesson(person)
        person.window.get_by_role("button", name="Use the camera").first.click()
        hold = person.window.get_by_role("button", name="Hold to take photos")
        hold.hover()
        person.window.mouse.down()
        person.window.wait_for_function("document.querySelectorAll('.thumb').length > 2", timeout=TEACH_MS)
        person.window.mouse.up()
        hold.focus()
        before = person.window.locator(".thumb").count()
        person.window.keyboard.press("Enter")
        person.window.wait_for_function(f"document.querySelectorAll('.thumb').length > {before}", timeout=TEACH_MS)
        press(person, "Stop the camera")
        assert person.window.evaluate("!document.querySelector('.thing video').srcObject?.active")
        assert not person.complaints
