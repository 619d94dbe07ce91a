"""Many photos at once: a grid that fills, and what can be done with it."""

import csv
import io

from tests.browser.conftest import Visit
from tests.browser.drawings import cat, dog, no_photo, plain
from tests.browser.visitor import ANSWER_MS, Visitor
from tests.stand_in import StandIn, worker

# Presses Stop as soon as the grid says this, before the page goes on.
STOP_AT = """(text) => {
  const stop = (_, watch) => {
    if (!document.querySelector(".grid").innerText.replace(/\\s+/g, " ").includes(text)) return;
    watch.disconnect();
    document.querySelector(".gallery-actions button").click();
  };
  new MutationObserver(stop).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def finished(person: Visitor, seconds: float = ANSWER_MS / 1000) -> None:
    """Fails unless all photos come to an end in time."""
    # By one look at each frame: Playwright's own looks at a page of hundreds of tiles hold it up.
    person.window.wait_for_function(
        "document.querySelector('.meter').matches(':not(.running)[aria-valuenow=\"100\"]')", timeout=seconds * 1000
    )


def press(person: Visitor, name: str) -> None:
    person.window.get_by_role("button", name=name).click()


def drawings(*names: str) -> list[tuple[bytes, str]]:
    return [(plain(90, 60), name + ".jpg") for name in names]


def test_each_photo_gets_its_answer_in_the_grid(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.sees_worker("ready")
    person.drop((cat(), "cat.jpg"), (dog(), "dog.jpg"), (dog(), "unsure.jpg"), (cat(), "too_large.jpg"))
    finished(person)
    assert person.tiles() == [
        "Cat 98 % cat.jpg",
        "Dog 98 % dog.jpg",
        "Dog? 58 % unsure.jpg",
        "The photo is too large too_large.jpg",
    ]
    person.sees("3 of 4 answered")
    assert person.window.locator(".meter").get_attribute("aria-valuenow") == "100"


def test_photos_that_are_no_photos_do_not_stop_the_others(served: StandIn, visit: Visit) -> None:
    person = visit(served)
    person.drop((cat(), "cat.jpg"), (no_photo(), "text.jpg"), (dog(), "dog.jpg"))
    finished(person)
    tiles = person.tiles()
    assert tiles[1] == "This is not a photo text.jpg"
    assert all("%" in tile for tile in (tiles[0], tiles[2]))


def test_the_grid_shows_one_label_and_sorts_by_confidence(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.drop(*drawings("dog", "cat_with_a_long_name", "unsure", "dog_with_a_name", "too_large"))
    finished(person)
    show, sort = person.window.get_by_label("Show", exact=True), person.window.get_by_label("Sort by")
    assert show.locator("option").all_inner_texts() == [
        "All (5)",
        "Cat (1)",
        "Dog (2)",
        "Not sure (1)",
        "No answer (1)",
    ]
    sort.select_option("Least confident first")
    assert [tile.split()[-1] for tile in person.tiles()] == [
        "unsure.jpg",
        "cat_with_a_long_name.jpg",
        "dog_with_a_name.jpg",
        "dog.jpg",
        "too_large.jpg",
    ]
    show.select_option("Dog (2)")
    assert [tile.split()[-1] for tile in person.tiles()] == ["dog_with_a_name.jpg", "dog.jpg"]
    sort.select_option("Order given")
    assert [tile.split()[-1] for tile in person.tiles()] == ["dog.jpg", "dog_with_a_name.jpg"]


def test_the_answers_are_downloaded_as_csv(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.sees_worker("ready")
    person.drop(*drawings("año, nuevo", "unsure", "too_large"))
    finished(person)
    with person.window.expect_download() as download:
        press(person, "Download as CSV")
    assert download.value.suggested_filename == "photos.csv"
    rows = list(csv.reader(io.StringIO(download.value.path().read_text("utf-8"), newline="")))
    assert rows == [
        ["file", "label", "confidence", "unsure", "model"],
        ["año, nuevo.jpg", "dog", "0.9810", "false", "cats_vs_dogs"],
        ["unsure.jpg", "dog", "0.5800", "true", "cats_vs_dogs"],
        ["too_large.jpg", "", "", "", ""],
    ]


def test_many_can_be_stopped_and_gone_on_with(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.sees_worker("ready")
    person.window.evaluate(STOP_AT, "Dog 98 %")
    person.drop(*drawings("dog", "cat", "cat", "cat", "cat"))
    finished(person)
    assert [tile.split(" cat")[0] for tile in person.tiles()] == ["Dog 98 % dog.jpg", *["Stopped"] * 4]
    press(person, "Try the other")
    finished(person)
    person.sees("5 photos in")


def test_a_drop_looks_at_each_file_on_the_disk_once(host: StandIn, visit: Visit) -> None:
    """A look makes the whole page wait for another process of the browser's."""
    person = visit(host)
    person.window.evaluate(
        """() => {
          for (const [kind, name] of [[Blob, "size"], [File, "lastModified"]]) {
            const {get} = Object.getOwnPropertyDescriptor(kind.prototype, name);
            Object.defineProperty(kind.prototype, name, {get() { window.looks += 1; return get.call(this); }});
          }
        }"""
    )
    looks = """(dataTransfer) => {
      const drop = new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer});
      window.looks = 0;  // the page's own calls look at sizes too, and one may have come before
      document.querySelector(".page").dispatchEvent(drop);
      return window.looks;
    }"""
    assert person.window.evaluate(looks, person.transfer(*drawings("dog", "cat", "mouse"))) == 3


def test_what_failed_is_tried_again_and_only_that(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.sees_worker("ready")
    person.drop(*drawings("dog", "moon", "too_large"))
    finished(person)
    press(person, "Try the other 2 again")
    finished(person)
    person.sees("1 of 3 answered")


def test_a_busy_worker_is_waited_for(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.sees_worker("ready")
    person.drop(*drawings("dog", "busy_once", "cat"))
    person.sees(" of 3 · The worker is busy")
    finished(person)
    person.sees("3 photos in")


def test_more_photos_join_the_grid_and_it_can_be_cleared(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.drop(*drawings("dog", "cat"))
    finished(person)
    person.drop(*drawings("other"))
    person.sees("3 photos in")
    assert len(person.tiles()) == 3
    press(person, "Start over")
    person.sees("Drop photos anywhere on this page")
    person.drop((dog(), "dog.jpg"))
    person.sees("98 %", ".board .headline")
    assert not person.window.locator(".gallery").is_visible()


def test_a_photo_of_many_is_opened_with_its_heat_map_by_keys_alone(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.sees_worker("ready")
    person.drop((dog(), "dog.jpg"), (cat(), "cat.jpg"))
    finished(person)
    person.window.locator(".tile").nth(1).focus()
    person.window.keyboard.press("Enter")
    person.sees("Cat", ".board .headline")
    assert person.window.locator(":focus").inner_text() == "All photos"
    press(person, "Show where it looked")
    person.window.locator(".heat img").wait_for()
    press(person, "Hide where it looked")
    press(person, "All photos")
    assert "cat.jpg" in person.window.locator(":focus").inner_text()
    person.window.keyboard.press("Shift+Tab")
    person.window.keyboard.press("Enter")
    person.sees("Dog", ".board .headline")
    assert not person.window.locator(".heat img").is_visible()


def test_another_model_looks_at_all_of_them_again(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.sees_worker("ready")
    person.drop(*drawings("dog", "cat"))
    finished(person)
    person.window.get_by_label("Model", exact=True).select_option("Pets of all kinds")
    finished(person)
    person.window.locator(".tile").first.click()
    person.sees("Pets of all kinds", ".footnote")


def test_the_only_worker_dies_among_many_photos_and_nothing_is_lost(host: StandIn, visit: Visit) -> None:
    photos = [(plain(180 + number, 180), f"{number}.jpg") for number in range(100)]
    with worker(host) as process:
        person = visit(host)
        person.sees_worker("ready")
        person.drop(*photos)
        person.window.wait_for_function(
            "document.querySelectorAll("
            "'.tile:is([data-state=answer], [data-state=unsure], [data-state=none])').length > 20"
        )
        process.kill()
        process.wait()
        person.sees("The worker is away", ".gallery-text")
        person.sees_worker("away")
    with worker(host):
        finished(person, 60)
        person.sees("100 photos in")
        assert all("%" in tile for tile in person.tiles())


def test_the_grid_fits_any_window(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.drop(*drawings("dog", "a_name_without_any_place_to_break_it_in_" * 3, "too_large", "unsure"))
    finished(person)
    for width in (360, 768, 1280, 3840):
        person.window.set_viewport_size({"width": width, "height": 800})
        assert person.window.evaluate("document.documentElement.scrollWidth") == width
