"""A model is taught on the page: drawn things, the real worker, and what can go wrong meanwhile."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from classifier.trunk import BANK_FILE, FOLDER
from tests.browser.conftest import Visit
from tests.browser.drawings import no_photo
from tests.browser.lessons import (
    TEACH_MS,
    are_read,
    counts,
    give,
    headline,
    is_taught,
    keep,
    open_lesson,
    photos,
    press,
    shapes,
    teach,
    teacher,
)
from tests.browser.test_access import complaints
from tests.browser.visitor import ANSWER_MS, Visitor
from tests.stand_in import StandIn, stand_in, wait_until
from tests.teach.drawn import SHAPES

RIGHT, WRONG = "a horse in the kitchen", "a horse in the garden"
PHONE = {"width": 360, "height": 720, "touch": True}

pytestmark = pytest.mark.skipif(not (FOLDER / BANK_FILE).exists(), reason="the trunk and its bank are not here")


def test_three_things_taught_on_a_phone_stay_when_everything_restarts(tmp_path: Path, visit: Visit) -> None:
    with stand_in(tmp_path) as host, teacher(host), teacher(host):  # each call may reach either of two workers
        person = visit(host, **PHONE)
        open_lesson(person)
        give(person, shapes(8, *SHAPES))
        teach(person)
        right = re.search(r"It got (\d+) of 24 photos right", person.window.locator(".findings-title").inner_text())
        assert right
        assert int(right[1]) > 20
        person.drop(*photos("cross", 1, start=50), on=".trial")
        headline(person, ".trial", "Cross")
        keep(person, "Shapes")
        assert person.window.evaluate("document.documentElement.scrollWidth") == 360
        press(person, "Use it")
        assert person.window.get_by_label("Model", exact=True).locator("option:checked").inner_text() == "Shapes"
        person.drop(*photos("square", 1, start=50))
        headline(person, ".answers", "Square")
        person.window.get_by_role("button", name="About this model").click()
        person.sees("24 photos", ".card[open]")
        person.window.close()
    with stand_in(tmp_path, port=host.port) as host, teacher(host):
        person = visit(host, **PHONE)
        person.sees_worker("ready")
        person.window.get_by_label("Model", exact=True).select_option("Shapes")
        person.drop(*photos("disc", 1, start=50))
        headline(person, ".answers", "Disc")


# Of a worker's processes the one that teaches says that it is there, and waits until it has lost its worker.
HELD = """
import os, pathlib, sys, time
if "spawn_main" in " ".join(sys.orig_argv):
    pathlib.Path(os.environ["TEACHES"]).touch()
    worker = os.getppid()
    while os.getppid() == worker:
        time.sleep(0.05)
"""


def test_a_worker_that_is_killed_while_it_teaches_costs_no_photos(host: StandIn, visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(HELD)
    with teacher(host, PYTHONPATH=str(tmp_path), TEACHES=str(tmp_path / "teaches")) as process:
        person = visit(host)
        open_lesson(person)
        give(person, shapes(4, "disc", "cross"))
        # The stand-in's page stands still during a call, which this click must not wait for.
        person.window.locator(".lesson-bar button").evaluate("button => void setTimeout(() => button.click())")
        wait_until((tmp_path / "teaches").exists, TEACH_MS / 1000)
        process.kill()
        person.sees("The worker disappeared while it was at it", ".findings")
        person.sees("All photos are still here", ".findings")
        assert counts(person) == ["4 photos", "4 photos"]
    with teacher(host):
        teach(person)


def test_a_wrong_passphrase_is_asked_for_again_and_the_right_one_only_once(host: StandIn, visit: Visit) -> None:
    with teacher(host, RIGHT):
        person = visit(host)
        open_lesson(person)
        give(person, shapes(3, "disc", "cross"))
        person.window.locator(".lesson-bar button").click()
        field = person.window.locator(".question input")
        assert field.get_attribute("type") == "password"
        field.fill(WRONG)
        field.press("Enter")
        person.sees("That was not it", ".question")
        field.fill(RIGHT)
        press(person, "Continue")
        is_taught(person)
        keep(person, "Shapes")
        kept_by_the_browser = "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])"
        said = person.window.evaluate(kept_by_the_browser + " + document.cookie + document.documentElement.outerHTML")
        said += "".join(log.read_text() for log in (host.log, *host.folder.glob("*.log")))
        assert "Shapes" in said
        assert RIGHT not in said
        assert WRONG not in said


def test_a_photo_that_stands_under_the_wrong_thing_is_found_and_moved(school: StandIn, visit: Visit) -> None:
    person = visit(school)
    open_lesson(person)
    give(person, shapes(12, "disc", "cross"))
    person.drop(*photos("cross", 1, start=40), on=".thing >> nth=0")
    are_read(person)
    teach(person)
    person.sees("Given as Disc; it looks like Cross", ".suspects")
    suspects = person.window.locator(".suspect")
    [suspect] = [one for one in suspects.all() if one.locator("img").get_attribute("alt") == "cross 40.jpg"]
    suspect.get_by_role("button", name="Move to Cross").click()
    assert counts(person) == ["12 photos", "13 photos"]
    assert person.window.locator('.suspect img[alt="cross 40.jpg"]').count() == 0
    person.sees("Something has changed since", ".findings")
    assert not person.window.get_by_role("button", name="Keep it").is_visible()
    teach(person)
    expect(person.window.locator(".findings-stale")).to_be_hidden()


def test_photos_are_added_to_a_kept_model_which_is_renamed_downloaded_and_deleted(host: StandIn, visit: Visit) -> None:
    with teacher(host):
        person = visit(host)
        open_lesson(person)
        give(person, shapes(4, "disc", "cross"))
        teach(person)
        keep(person, "Shapes")
        press(person, "Add photos")
        assert counts(person) == ["4 taught before, 0 new", "4 taught before, 0 new"]
        person.sees("There is nothing new to teach.", ".lesson-state")
        person.drop(*photos("disc", 2, start=20), on=".thing >> nth=1")
        are_read(person)
        teach(person)
        keep_more(person)
        assert counts(person) == ["4 taught before, 0 new", "6 taught before, 0 new"]
        press(person, "Rename")
        person.window.locator(".question input").fill("Forms")
        person.window.locator(".question").get_by_role("button", name="Rename").click()
        chosen = person.window.get_by_label("Models of your own").locator("option:checked")
        expect(chosen).to_have_text("Forms", timeout=ANSWER_MS)
        with person.window.expect_download() as download:
            press(person, "Download")
        assert download.value.suggested_filename == "Forms.zip"
        assert Path(download.value.path()).read_bytes()[:2] == b"PK"
        press(person, "Delete")
        person.window.locator(".question").get_by_role("button", name="Delete").click()
        expect(person.window.locator(".shelf")).to_be_hidden(timeout=ANSWER_MS)
        assert not list((host.folder / "shelf").glob("[!.]*"))
        person.window.get_by_role("link", name="Ask").click()
        assert not person.window.get_by_label("Model", exact=True).is_visible(), "one model is left"


def keep_more(person: Visitor) -> None:
    press(person, "Keep it")
    expect(person.window.locator(".thing-count").nth(1)).to_contain_text("0 new", timeout=TEACH_MS)


def test_axe_finds_nothing(host: StandIn, visit: Visit) -> None:
    with teacher(host, RIGHT):
        for window in ({"width": 360, "dark": True, "locale": "es-ES"}, {"width": 1280}):
            person = visit(host, **window)
            person.window.emulate_media(reduced_motion="reduce")
            open_lesson(person)
            said = complaints(person, "empty")
            give(person, shapes(4, "disc", "cross"))
            person.drop((no_photo(), "list.jpg"), *photos("cross", 1, start=40), on=".thing >> nth=0")
            are_read(person)
            said += complaints(person, "ready")
            person.window.locator(".lesson-bar button").click()
            said += complaints(person, "passphrase")
            person.window.locator(".question input").fill(RIGHT)
            person.window.keyboard.press("Enter")
            is_taught(person)
            assert not said + complaints(person, "taught")


def test_all_of_it_is_done_with_the_keyboard_alone(school: StandIn, visit: Visit) -> None:
    def press_until(name: str) -> None:
        """Tab on until that control has the focus, which can be seen."""
        for _ in range(60):
            person.window.keyboard.press("Tab")
            node = "document.activeElement"
            at = person.window.evaluate(f"{node}.ariaLabel || {node}.textContent.trim() || {node}.placeholder")
            if at == name:
                assert person.window.evaluate(f"getComputedStyle({node}).outlineStyle") == "solid"
                return
        raise AssertionError(f"{name} is not reached")

    person = visit(school)
    person.sees_worker("ready")
    person.window.locator(".page.can-teach").wait_for()
    press_until("Teach")
    person.window.keyboard.press("Enter")
    person.window.locator(".lesson").wait_for()
    for shape in ("disc", "cross"):
        press_until("Name of this thing")
        person.window.keyboard.type(shape)
        press_until("Choose photos")
        with person.window.expect_file_chooser() as chooser:
            person.window.keyboard.press("Enter")
        files = [{"name": name, "mimeType": "image/jpeg", "buffer": data} for data, name in photos(shape, 4)]
        chooser.value.set_files(files)
        are_read(person)
        expect(person.window.locator(".thumb")).to_have_count(4 if shape == "disc" else 8)
    press_until("Teach")
    person.window.keyboard.press("Enter")
    is_taught(person)
    person.window.keyboard.press("Shift+Tab")
    assert person.window.evaluate("document.activeElement.textContent.trim()") == "Teach again", "focus came along"


def test_where_it_is_off_the_page_shows_no_teach_and_asks_for_no_corrections(served: StandIn, visit: Visit) -> None:
    person = visit(served)
    person.window.evaluate("location.hash = 'teach'")
    person.sees_worker("ready")
    person.window.locator(".page.models-known").wait_for()
    assert not person.window.get_by_role("link", name="Teach").is_visible()
    expect(person.window.get_by_role("heading", level=1)).to_have_text("What is in the photo?")
    person.drop(*photos("disc", 1))
    person.sees("ms", ".answers .footnote")
    assert not person.window.locator(".correction").is_visible()
