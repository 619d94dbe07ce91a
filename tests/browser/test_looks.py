"""What the page looks like and how it is worked: windows of all sizes, light and dark, eyes, ears and keys."""

import pytest

from tests.browser.conftest import Visit, scripted
from tests.browser.drawings import cat, dog, plain
from tests.stand_in import StandIn

# Contrast of each visible text with what is behind it, by WCAG 2.2; text is large from 24 px on, or bold from 18.66.
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (c) => { const s = c / 255; return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = rgba(getComputedStyle(node).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const found = [];
  for (const node of document.querySelectorAll(".page *")) {
    const text = [...node.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join("");
    if (!text || !node.checkVisibility() || node.closest("svg")) continue;
    const style = getComputedStyle(node), size = parseFloat(style.fontSize);
    const [a, b] = [luminance(rgba(style.color)), luminance(behind(node))].sort((x, y) => y - x);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    found.push({text, ratio: (a + 0.05) / (b + 0.05), needed: large ? 3 : 4.5});
  }
  return found;
}"""


@pytest.mark.parametrize("dark", [False, True])
def test_dark_is_dark_and_text_stands_out_from_what_is_behind_it(acted: StandIn, visit: Visit, dark: bool) -> None:
    person = visit(acted, dark=dark)
    # Colours that are on their way to others are not looked at.
    person.window.emulate_media(reduced_motion="reduce")
    person.sees_worker("ready")
    ground = person.window.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(18, 23, 26)") is dark
    seen = person.window.evaluate(CONTRAST)
    for name, state in (("dog", "answer"), ("unsure", "unsure"), ("busy_once", "trouble"), ("too_large", "refused")):
        person.drop((cat(), f"{name}.jpg"))
        person.sees_state(state)
        found = person.window.evaluate(CONTRAST)
        assert len(found) > 5
        seen += found
    assert not [found for found in seen if found["ratio"] < found["needed"]]


def test_nothing_sticks_out_of_the_window(served: StandIn, visit: Visit) -> None:
    person = visit(served)
    for size in ((64, 64), (300, 2400), (4000, 3000)):
        name = f"a_file_of_{size[0]}_by_{size[1]}_pixels_with_quite_a_long_name_indeed.jpg"
        person.drop((plain(*size), name))
        person.window.locator(f'.photo img[alt="Your photo, {name}"]').wait_for(state="attached")
        person.sees("ms", ".footnote")
        for width, height in ((360, 640), (768, 1024), (1280, 800), (3840, 2160)):
            person.window.set_viewport_size({"width": width, "height": height})
            assert person.window.evaluate("document.documentElement.scrollWidth") == width
            photo = person.window.locator(".photo img").bounding_box()
            assert photo
            assert photo["x"] > 0
            assert photo["x"] + photo["width"] < width
            assert photo["height"] < height


def test_the_heat_map_lies_exactly_over_the_photo_and_goes_again(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.sees_worker("ready")
    person.drop((dog(), "dog.jpg"))
    heat = person.window.locator(".heat img")
    person.window.get_by_role("button", name="Show where it looked").click()
    heat.wait_for()
    person.window.wait_for_function("document.querySelector('.heat img').naturalWidth > 0")
    assert heat.bounding_box() == person.window.locator(".photo img").bounding_box()
    person.window.get_by_role("button", name="Hide where it looked").click()
    heat.wait_for(state="hidden")


def test_once_it_is_wanted_the_heat_map_comes_with_the_answer(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.sees_worker("ready")
    person.drop((dog(), "dog.jpg"))
    person.window.get_by_role("button", name="Show where it looked").click()
    person.window.locator(".heat img").wait_for()
    sent: list[str] = []
    person.window.on("request", lambda request: sent.append(request.headers.get("x-sizes", "")))
    person.drop((cat(), "cat.jpg"))
    person.sees("Cat", ".board .headline")
    person.window.locator(".heat img").wait_for()
    assert len([sizes for sizes in sent if "," in sizes]) == 1, "the photo travels once"
    person.window.get_by_role("button", name="Hide where it looked").click()
    person.drop((dog(), "dog.jpg"))
    person.sees("Dog", ".board .headline")
    assert not person.window.locator(".heat img").is_visible()


def test_another_model_is_asked_when_it_is_chosen(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.sees_worker("ready")
    person.drop((dog(), "dog.jpg"))
    person.sees("Cats and dogs", ".footnote")
    person.window.get_by_label("Model", exact=True).select_option("Pets of all kinds")
    person.sees("Pets of all kinds", ".footnote")
    assert not person.window.get_by_role("button", name="Show where it looked").is_visible()


def test_with_one_model_there_is_no_menu(host: StandIn, visit: Visit) -> None:
    with scripted(host):
        person = visit(host)
        person.sees_worker("ready")
        person.drop((dog(), "dog.jpg"))
        person.sees("98 %", ".board .headline")
        assert not person.window.locator(".models select").is_visible()


def test_ears_hear_the_answer_and_the_worker(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    statuses = person.window.get_by_role("status")
    assert statuses.count() == 2  # that of the model's card is not open
    person.sees("Worker ready", ".worker[role=status]")
    person.drop((dog(), "unsure.jpg"))
    person.sees("Not sure, Dog, 58 %?", ".announcement[role=status]")
    assert person.window.get_by_role("heading", level=2).inner_text().startswith("Not sure")


def test_a_held_photo_draws_a_veil_over_the_page_unless_it_is_the_pages_own(served: StandIn, visit: Visit) -> None:
    person = visit(served)
    person.drag_over()
    assert not person.window.locator(".veil").is_visible(), "text or a link is no photo"
    person.drag_over((cat(), "cat.jpg"))
    assert person.window.locator(".veil").is_visible()
    person.drop((cat(), "cat.jpg"))
    assert not person.window.locator(".veil").is_visible()
    person.sees("ms", ".footnote")
    started = person.window.locator(".photo img").evaluate(
        "(image) => image.dispatchEvent(new DragEvent('dragstart', {bubbles: true, cancelable: true}))"
    )
    assert not started, "the photo on the page cannot be dragged onto it"


def test_those_who_want_no_motion_get_none(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.window.emulate_media(reduced_motion="reduce")
    person.drop((dog(), "dog.jpg"))
    person.sees("98 %", ".board .headline")
    assert person.window.locator(".bar-fill").first.evaluate("(bar) => getComputedStyle(bar).animationName") == "none"


def test_focus_can_be_seen(served: StandIn, visit: Visit) -> None:
    person = visit(served)
    person.window.keyboard.press("Tab")
    focused = person.window.locator(":focus-visible")
    assert focused.inner_text() == "Español"
    person.window.keyboard.press("Tab")
    assert focused.inner_text() == "Choose photos"
    assert focused.evaluate("(button) => getComputedStyle(button).outlineStyle") == "solid"
