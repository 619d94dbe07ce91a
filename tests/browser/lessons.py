"""What a person does in the view that teaches, whatever its language."""

from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import Popen

from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.classifier.pictures import encoded
from tests.stand_in import StandIn, worker
from tests.teach.drawn import thing

# A fit starts a process of its own, on a machine that has other things to do.
TEACH_MS = 120_000

Photos = list[tuple[bytes, str]]


def photos(shape: str, count: int, start: int = 0) -> Photos:
    return [(encoded(thing(shape, seed), "JPEG"), f"{shape} {seed}.jpg") for seed in range(start, start + count)]


def shapes(count: int, *names: str) -> dict[str, Photos]:
    return {name: photos(name, count) for name in names}


@contextmanager
def teacher(host: StandIn, phrase: str = "open", **environment: str) -> Iterator[Popen[bytes]]:
    """A worker by which one can teach; its shelf lies beside the host's keys."""
    shelf = host.folder / "shelf"
    shelf.mkdir(exist_ok=True)
    settings = {
        **environment,
        "CLASSIFIER_MODELS_DIR": str(shelf),
        "CLASSIFIER_SHIPPED_MODELS": "cats_vs_dogs",
        "TEACH_PASSPHRASE": phrase,
    }
    with worker(host, environment=settings) as process:
        yield process


def open_lesson(person: Visitor) -> None:
    person.sees_worker("ready")
    person.window.locator(".to-teach").click()
    person.window.locator(".lesson").wait_for()


def give(person: Visitor, things: dict[str, Photos]) -> None:
    """Name things and drop the photos on each, and wait until all are read."""
    for place, (name, photos) in enumerate(things.items()):
        if person.window.locator(".thing").count() == place:
            person.window.locator(".lesson-actions button").first.click()
        person.window.locator(".thing-name").nth(place).fill(name)
        person.drop(*photos, on=f".thing >> nth={place}")
    are_read(person)


def are_read(person: Visitor) -> None:
    """Wait until all photos of the page have become features, or were refused."""
    # By one look at each frame: Playwright's own looks at a page of hundreds of photos hold it up.
    person.window.wait_for_function("document.querySelector('.lesson').dataset.waiting === '0'", timeout=TEACH_MS)


def teach(person: Visitor) -> None:
    """Press the button, and wait until it has been taught."""
    person.window.locator(".lesson-bar button").click()
    is_taught(person)


def is_taught(person: Visitor) -> None:
    expect(person.window.locator(".findings")).to_have_attribute("data-state", "found", timeout=TEACH_MS)


def press(person: Visitor, name: str) -> None:
    person.window.get_by_role("button", name=name, exact=True).click()


def keep(person: Visitor, name: str) -> None:
    person.window.locator(".model-name").fill(name)
    press(person, "Keep it")
    expect(person.window.locator(".keep")).to_contain_text(f"{name} is kept", timeout=TEACH_MS)


def counts(person: Visitor) -> list[str]:
    return person.window.locator(".thing-count").all_text_contents()


def headline(person: Visitor, part: str, text: str) -> None:
    expect(person.window.locator(f"{part} .headline")).to_contain_text(text, timeout=TEACH_MS)
