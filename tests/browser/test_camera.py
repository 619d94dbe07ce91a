"""The camera: answers follow what it sees, at most five a second, and it is off when nobody looks at the page."""

from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visit
from tests.browser.drawings import dog, encoded
from tests.browser.visitor import Visitor, chromium
from tests.stand_in import StandIn

FAKES = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=device-count=2"]
SECOND = 20  # frames of the drawn stream
# Each call that goes out, by the page's own clock; how many are on their way at once.
COUNT = """() => {
  window.calls = []; window.flying = 0; window.most = 0;
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (body) {
    if (body.size > 1000) window.calls.push(performance.now());
    window.most = Math.max(window.most, ++window.flying);
    try { return send.call(this, body); } finally { window.flying--; }
  };
}"""
TRACK = "document.querySelector('video').srcObject?.getVideoTracks()[0]"
HIDE = """() => {
  Object.defineProperty(document, "hidden", {value: true, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
  delete document.hidden;
}"""


def frame(left: str) -> bytes:
    """What the camera sees: its left half in one colour, the right one green."""
    image = Image.new("RGB", (640, 480), "lime")
    image.paste(left, (0, 0, 320, 480))
    return encoded(image, "JPEG")


@pytest.fixture(scope="module")
def camera(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with a camera that sees a drawn film: red at the left for two seconds, then blue, and so on."""
    film = tmp_path_factory.mktemp("film") / "film.mjpeg"
    film.write_bytes(frame("red") * 2 * SECOND + frame("blue") * 2 * SECOND)
    with chromium(browser.browser_type, [*FAKES, f"--use-file-for-fake-video-capture={film}"]) as found:
        yield found


@pytest.fixture
def person(camera: Browser, acted: StandIn) -> Iterator[Visitor]:
    found = Visitor(camera, acted.page_url)
    found.sees_worker("ready")
    yield found
    found.window.close()
    assert not found.complaints


def press(person: Visitor, name: str) -> None:
    person.window.get_by_role("button", name=name).click()


def test_the_answer_follows_what_the_camera_sees_and_as_it_sees_it(person: Visitor) -> None:
    press(person, "Use the camera")
    # The scripted worker says "cat" of red at the left, "dog" of blue; turned round, as in a mirror, it sees neither.
    for label in ("Cat", "Dog", "Cat"):
        expect(person.window.locator(".anvil-role-headline")).to_have_text(label, timeout=20_000)
    assert person.window.locator("video").is_visible()
    assert not person.window.locator(".photo img").is_visible()
    assert person.window.locator("video").evaluate("(node) => getComputedStyle(node).transform") == (
        "matrix(-1, 0, 0, 1, 0, 0)"
    ), "a person sees herself as in a mirror"


def test_one_frame_is_on_its_way_at_a_time_and_five_a_second(person: Visitor) -> None:
    person.window.evaluate(COUNT)
    press(person, "Use the camera")
    person.window.wait_for_function("window.calls.length > 10", timeout=20_000)
    calls, most = person.window.evaluate("[window.calls, window.most]")
    assert most == 1
    assert calls[-1] - calls[0] >= 200 * (len(calls) - 1) - 20


def test_the_heat_map_follows_too_where_it_is_wanted(person: Visitor) -> None:
    press(person, "Use the camera")
    press(person, "Show where it looked")
    heat = person.window.locator(".heat img")
    heat.wait_for()
    person.window.evaluate(COUNT)
    shown = "() => { window.shown ??= []; window.shown.push(document.querySelector('.heat').checkVisibility()); }"
    person.window.evaluate(f"setInterval({shown}, 10)")
    person.window.wait_for_function("window.calls.length > 3")
    assert person.window.evaluate("window.shown.every((seen) => seen)"), "it comes with each answer"
    assert heat.bounding_box() == person.window.locator("video").bounding_box()


def test_what_it_saw_last_stays_as_a_photo(person: Visitor) -> None:
    press(person, "Use the camera")
    person.sees("ms", ".footnote")
    press(person, "Stop the camera")
    person.window.wait_for_function("document.querySelector('.photo img').naturalWidth > 0")
    assert not person.window.locator("video").is_visible()
    person.window.get_by_label("Model", exact=True).select_option("Pets of all kinds")
    person.sees("Pets of all kinds", ".footnote")


def test_nobody_is_filmed_while_the_tab_is_hidden(person: Visitor) -> None:
    press(person, "Use the camera")
    person.sees("ms", ".footnote")
    person.window.evaluate(HIDE)
    assert person.window.evaluate(TRACK + ".readyState") == "ended"
    expect(person.window.get_by_role("button", name="Use the camera")).to_be_visible()


def test_a_photo_that_is_dropped_takes_the_place_of_the_camera(person: Visitor) -> None:
    press(person, "Use the camera")
    person.sees("ms", ".footnote")
    person.drop((dog(), "unsure.jpg"))
    person.sees("Not sure", ".board .headline")
    assert not person.window.locator("video").is_visible()
    assert person.window.evaluate(TRACK + ".readyState") == "ended"


def test_where_there_are_two_cameras_one_can_turn_to_the_other(browser: Browser, acted: StandIn) -> None:
    used = TRACK + "?.getSettings().deviceId"
    with chromium(browser.browser_type, FAKES) as two:
        person = Visitor(two, acted.page_url)
        press(person, "Use the camera")
        person.sees("ms", ".footnote")
        first = person.window.evaluate(used)
        press(person, "Other camera")
        person.window.wait_for_function(f"(first) => {used} && {used} != first", arg=first)
        press(person, "Other camera")
        person.window.wait_for_function(f"(first) => {used} == first", arg=first)
        assert not person.complaints


def test_who_does_not_allow_the_camera_can_still_choose_a_photo(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    press(person, "Use the camera")
    person.sees("The camera cannot be used")
    person.choose(dog(), "dog.jpg")
    person.sees("98 %", ".board .headline")
