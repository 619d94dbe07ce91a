"""Large photos are made smaller in the browser before they travel; they stay upright, and what is no photo passes."""

from typing import Any

from PIL import Image
from playwright.sync_api import Request

from tests.browser.conftest import Visit
from tests.browser.drawings import encoded, no_photo
from tests.browser.visitor import Visitor
from tests.stand_in import StandIn


def noise(width: int, height: int) -> Image.Image:
    """Something that does not compress away, with a dark left half, so that which side is up can be seen."""
    image = Image.effect_noise((width, height), 60).convert("RGB")
    image.paste(Image.new("RGB", (width // 2, height)), (0, 0))
    return image


def sent(person: Visitor) -> list[int]:
    """Sizes in bytes of the photos that went out from now on."""
    sizes: list[int] = []

    def note(request: Request) -> None:
        parts = request.headers.get("x-sizes", "").split(",")
        sizes.extend(int(part) for part in parts[1:])

    person.window.on("request", note)
    return sizes


def test_a_large_photo_travels_as_a_smaller_copy_and_a_small_one_as_it_is(served: StandIn, visit: Visit) -> None:
    photos = {kind: encoded(noise(1600, 1200), kind) for kind in ("JPEG", "PNG")}
    photos["small"] = encoded(noise(180, 135), "JPEG", quality=95)
    person = visit(served)
    sizes = sent(person)
    for name, data in photos.items():
        person.drop((data, name))
        person.window.locator(f'.photo img[alt="Your photo, {name}"]').wait_for()
    jpeg, png, small = sizes
    assert jpeg < len(photos["JPEG"]) / 2
    assert png < len(photos["PNG"]) / 2
    assert small == len(photos["small"])


def test_among_many_a_large_photo_is_shown_by_its_copy(served: StandIn, visit: Visit) -> None:
    """Browsers would decode all its pixels once more for a tile."""
    person = visit(served)
    person.drop((encoded(noise(1600, 1200), "JPEG"), "large.jpg"), (encoded(noise(180, 135), "JPEG"), "small.jpg"))
    person.sees("2 photos in")
    widths = "[...document.querySelectorAll('.tile img')].map((img) => img.naturalWidth)"
    person.window.wait_for_function(f"{widths}.join() === '384,180'")


def test_a_large_file_that_is_no_photo_is_refused_in_words(served: StandIn, visit: Visit) -> None:
    person = visit(served)
    person.drop((no_photo() * 400, "novel.jpg"))
    person.sees("This is not a photo")


def test_the_copy_is_upright(served: StandIn, visit: Visit) -> None:
    image = noise(3200, 2000)
    exif: Any = image.getexif()
    exif[0x0112] = 6  # the camera was held upright: turn right to see it so, the dark half is then above
    data = encoded(image, "JPEG", exif=exif)
    person = visit(served)
    person.window.evaluate(
        """() => {
          const toBlob = HTMLCanvasElement.prototype.toBlob;
          HTMLCanvasElement.prototype.toBlob = function (...args) {
            const column = this.getContext("2d").getImageData(this.width / 2, 0, 1, this.height).data;
            const mean = (part) => part.filter((_, index) => index % 4 === 0).reduce((a, b) => a + b) / part.length * 4;
            const middle = column.length / 2;
            window.copy = [this.width, this.height, mean(column.slice(0, middle)), mean(column.slice(middle))];
            return toBlob.apply(this, args);
          };
        }"""
    )
    person.drop((data, "portrait.jpg"))
    person.sees("ms", ".footnote")
    width, height, above, below = person.window.evaluate("window.copy")
    assert (width, height) == (240, 384)  # twice what the default model looks at
    assert above < 10
    assert below > 100


def test_a_phone_offers_its_camera(served: StandIn, visit: Visit) -> None:
    phone = visit(served, width=390, height=800, touch=True)
    with phone.window.expect_file_chooser() as chooser:
        phone.window.get_by_role("button", name="Take a photo").click()
    assert chooser.value.element.get_attribute("capture") == "environment"
    assert not visit(served).window.get_by_role("button", name="Take a photo").is_visible()
