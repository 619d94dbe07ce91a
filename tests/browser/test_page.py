"""A photo comes in, the network's answer comes out: the page with the stand-in and the real worker behind it."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.browser.conftest import Visit
from tests.browser.drawings import cat, dog, icon, no_photo
from tests.classifier.pictures import heic
from tests.photos import photos as real_photos
from tests.stand_in import StandIn

ANSWERS = {"Cat", "Dog", "Neither", "Not sure"}


@pytest.fixture(scope="session")
def photos() -> dict[str, list[Path]]:
    """Ten real photos of each of cat and dog."""
    return {label: real_photos(label)[:10] for label in ("cat", "dog")}


def test_the_page_has_an_icon_and_a_preview_of_its_own(served: StandIn, visit: Visit) -> None:
    person = visit(served)
    address = person.window.locator("link[rel=icon]").get_attribute("href")
    assert person.window.locator('meta[property="og:image"]').get_attribute("content") == address
    with Image.open(io.BytesIO(person.window.request.get(f"{served.page_url[:-1]}{address}").body())) as shown:
        assert ImageChops.difference(shown, Image.open(io.BytesIO(icon()))).getbbox() is None
    assert person.window.locator('meta[property="og:title"]').get_attribute("content") == "What is in the photo?"


def test_a_photo_dropped_is_shown_and_answered_and_the_page_asks_nobody_but_its_host(
    served: StandIn, visit: Visit
) -> None:
    person = visit(served)
    person.sees_worker("ready")
    person.drop((cat(), "cat.jpg"))
    person.sees("ms", ".footnote")
    assert person.headline() in ANSWERS
    assert person.window.locator(".bar").count() == 3
    assert person.window.locator(".photo img").evaluate("(image) => image.naturalWidth") == 800
    assert person.window.locator(".photo img").get_attribute("alt") == "Your photo, cat.jpg"
    assert person.asked
    assert all(url.startswith((served.page_url, "blob:" + served.page_url, "data:")) for url in person.asked)


def test_real_photos_get_the_right_answers(served: StandIn, visit: Visit, photos: dict[str, list[Path]]) -> None:
    person = visit(served)
    person.sees_worker("ready")
    right = 0
    for label, paths in photos.items():
        for path in paths:
            person.drop((path.read_bytes(), path.name))
            person.window.locator(f'.photo img[alt="Your photo, {path.name}"]').wait_for(state="attached")
            right += person.window.locator(".bar.first .bar-label").inner_text() == label.capitalize()
    assert right >= 16, f"{right} of 20 photos got the right label"


def test_a_photo_chosen_with_the_keyboard_or_pasted_is_answered(served: StandIn, visit: Visit) -> None:
    person = visit(served)
    person.choose(dog(), "dog.jpg")
    person.sees("ms", ".footnote")
    person.choose(cat(), "cat.jpg")
    person.window.locator('.photo img[alt="Your photo, cat.jpg"]').wait_for()
    person.paste((dog(), "image.png"))
    person.window.locator('.photo img[alt="Your photo, image.png"]').wait_for()


def test_what_is_no_whole_photo_is_refused_in_words_and_the_next_one_works(served: StandIn, visit: Visit) -> None:
    person = visit(served)
    person.drop((cat()[:4000], "half.jpg"))
    person.sees("The photo is damaged")
    person.drop((no_photo(), "holiday.jpg"))
    person.sees("This is not a photo")
    person.sees("Choose a JPEG, PNG or WebP picture")
    person.sees("Drop photos anywhere on this page")
    person.drop((cat(), "cat.jpg"))
    person.sees("ms", ".footnote")


def test_a_file_that_the_browser_cannot_show_is_shown_as_the_worker_saw_it(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.sees_worker("ready")
    person.drop((no_photo(), "dog.heic"))
    person.sees("dog.heic (this browser cannot show it)", ".frame")
    person.drop((no_photo(), "seen.heic"))
    person.window.wait_for_function("document.querySelector('.photo img').naturalWidth === 240")
    assert not person.window.locator(".file").is_visible()
    person.drop((no_photo(), "seen.heic"), (cat(), "cat.jpg"))
    person.window.wait_for_function("document.querySelector('.tile img')?.naturalWidth === 240")


def test_a_heic_photo_is_answered_and_shown_as_the_worker_saw_it(served: StandIn, visit: Visit) -> None:
    person = visit(served)
    with Image.open(io.BytesIO(cat())) as picture:
        person.drop((heic(picture), "IMG_0001.HEIC"))
    person.sees("ms", ".footnote")
    assert person.headline() in ANSWERS
    person.window.wait_for_function("document.querySelector('.photo img').naturalWidth > 0")


def test_neither_and_not_sure_are_two_answers(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    for name, state, headline, advice in (
        ("neither", "none", "Neither", "nothing that this model knows"),
        ("unsure", "unsure", "Not sure", "The network cannot tell"),
        ("cut_off", "answer", "Dog", "The JPEG file is cut off."),
    ):
        person.drop((dog(), f"{name}.jpg"))
        person.sees_state(state)
        person.sees(headline, ".board .headline")
        person.sees(advice, ".advice")


def test_a_file_past_the_limit_is_refused_in_words(served: StandIn, visit: Visit, tmp_path: Path) -> None:
    with (tmp_path / "huge.jpg").open("wb") as file:
        file.write(no_photo())
        file.truncate(25 * 1024 * 1024)
    person = visit(served)
    with person.window.expect_file_chooser() as chooser:
        person.window.get_by_role("button", name="Choose photos").click()
    chooser.value.set_files(tmp_path / "huge.jpg")
    person.sees("The photo is too large")
