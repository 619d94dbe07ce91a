"""Pictures of the page in each of its states, in build/screenshots: python -m tests.browser.screenshots

Answers come from the real worker where a trained network can be made to give them, else from scripted_worker.py; only
drawn pictures are shown. `real_` in a file's name marks what the trained network said.
"""

import re
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import scripted
from tests.browser.drawings import cat, dog, plain
from tests.browser.lessons import are_read, give, is_taught, open_lesson, teach, teacher
from tests.browser.test_camera import FAKES
from tests.browser.things import THINGS
from tests.browser.things import photos as photos_of
from tests.browser.visitor import NoBrowserError, Visitor, chromium
from tests.stand_in import StandIn, stand_in, worker

DESK = {"width": 1280, "height": 800}
WIDE = {"width": 2560, "height": 1440}
DONE = ".meter:not(.running)[aria-valuenow='100']"
PHONE = {"width": 360, "height": 720, "scale": 2}


def main() -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            film = folder / "film.mjpeg"
            film.write_bytes(dog() * 40)
            flags = [*FAKES, f"--use-file-for-fake-video-capture={film}"]
            browser = stack.enter_context(chromium(stack.enter_context(sync_playwright()).chromium, flags))
        except NoBrowserError as error:
            print(error, file=sys.stderr)
            return 1
        host = stack.enter_context(stand_in(folder))
        for window, dark, locale in LOOKS:
            without_worker(browser, host, window, dark, locale)
        with worker(host):
            real(browser, host)
            real_many(browser, host)
        with scripted(host, models=3):
            for dark in (False, True):
                answers(browser, host, dark)
                refusals(browser, host, dark)
                many(browser, host, dark)
            for window, dark, locale in LOOKS:
                cards(browser, host, window, dark, locale)
        for window, dark, locale in LOOKS:
            teaching(browser, host, window, dark, locale)
            corrected(browser, host, window, dark, locale)
        status(browser, host)
        for window, dark, locale in LOOKS:
            lost(browser, host, window, dark, locale)
    return 0


# Phone and desk, light and dark, English and Spanish: each pair once.
LOOKS = ((DESK, False, "en-GB"), (PHONE, True, "en-GB"), (PHONE, False, "es-ES"), (DESK, True, "es-ES"))


def look(window: dict[str, int], dark: bool, locale: str) -> str:
    return f"{'phone' if window is PHONE else 'desk'}{'_dark' * dark}_{locale[:2]}"


def opened(
    browser: Browser, host: StandIn, window: dict[str, int], dark: bool = False, locale: str = "en-GB"
) -> Visitor:
    person = Visitor(browser, host.page_url, **window, dark=dark, locale=locale, touch=window is PHONE)
    person.window.wait_for_selector(".page:not([data-worker=checking])")
    return person


def without_worker(browser: Browser, host: StandIn, window: dict[str, int], dark: bool, locale: str) -> None:
    person = opened(browser, host, window, dark, locale)
    person.drop((cat(), "cat.jpg"))
    person.sees_state("waiting")
    person.picture(f"away_{look(window, dark, locale)}", whole=True)
    person.window.close()


def teaching(browser: Browser, host: StandIn, window: dict[str, int], dark: bool, locale: str) -> None:
    """Three drawn things, one photo among the wrong ones: taught, tried, kept; and what can go wrong."""
    suffix = look(window, dark, locale)
    with teacher(host, "a passphrase of its own") as process:
        person = opened(browser, host, window, dark, locale)
        open_lesson(person)
        person.picture(f"teach_empty_{suffix}", whole=True)
        person.window.locator(".model-name").fill("Mug, leaf or key")
        give(person, {name: photos_of(name, 10) for name in THINGS})
        person.drop(*photos_of("Key", 1, start=40), (b"no photo", "list.jpg"), on=".thing >> nth=0")
        are_read(person)
        person.picture(f"teach_ready_{suffix}", whole=True)
        person.window.locator(".lesson-bar button").click()
        person.picture(f"teach_passphrase_{suffix}")
        person.window.locator(".question input").fill("a passphrase of its own")
        person.window.keyboard.press("Enter")
        is_taught(person)
        person.drop(*photos_of("Leaf", 1, start=60), on=".trial")
        person.sees("%", ".trial .headline")
        person.picture(f"teach_taught_{suffix}", whole=True)
        person.window.locator(".suspect button").first.click()
        person.picture(f"teach_changed_{suffix}", whole=True)
        teach(person)
        person.window.locator(".keep button").first.click()
        person.window.locator(".shelf").wait_for()
        person.picture(f"teach_kept_{suffix}", whole=True)
        person.window.locator(".shelf .actions button").last.click()
        person.picture(f"teach_delete_{suffix}")
        person.window.keyboard.press("Escape")
        person.window.locator(".shelf .actions button").first.click()
        person.picture(f"teach_add_{suffix}", whole=True)
        person.window.locator(".thing-buttons button", has_text=re.compile("camera|cámara")).first.click()
        person.window.locator(".filming").wait_for()
        person.picture(f"teach_camera_{suffix}")
        process.kill()
    person.drop(*photos_of("Key", 1, start=70), on=".thing >> nth=0")
    person.sees_worker("away")
    person.picture(f"teach_away_{suffix}", whole=True)
    person.window.close()


def corrected(browser: Browser, host: StandIn, window: dict[str, int], dark: bool, locale: str) -> None:
    """What is right is asked, and learned."""
    suffix = look(window, dark, locale)
    with teacher(host):
        person = opened(browser, host, window, dark, locale)
        person.sees_worker("ready")
        person.drop((cat(), "cat.jpg"))
        person.sees("ms", ".answers .footnote")
        person.window.locator(".correction-open button").click()
        person.picture(f"correct_{suffix}", whole=True)
        person.window.locator(".correction select").select_option(index=1)
        person.window.locator(".correction-ask button").first.click()
        person.window.locator(".correction-undo button").wait_for(timeout=60_000)
        person.picture(f"corrected_{suffix}", whole=True)
        person.window.locator(".models button").click()
        person.window.locator(".corrections .actions button").first.click()
        person.window.locator(".corrected").wait_for(timeout=60_000)
        person.window.locator(".corrections").scroll_into_view_if_needed()
        person.picture(f"corrections_{suffix}")
        person.window.close()
    shutil.rmtree(host.folder / "shelf")


def status(browser: Browser, host: StandIn) -> None:
    """The worker's line when it has much to do, and when it is about to end."""
    for state in ("busy", "draining"):
        mark = host.folder / state
        mark.touch()
        with scripted(host):
            person = opened(browser, host, DESK)
            person.sees_worker(state)
            person.picture(f"worker_{state}")
            person.window.close()
        mark.unlink()


def real(browser: Browser, host: StandIn) -> None:
    for name, drawing in (("cat", cat()), ("dog", dog())):
        for dark in (False, True):
            person = opened(browser, host, DESK, dark)
            person.drop((drawing, f"{name}.jpg"))
            person.sees("ms", ".footnote")
            person.picture(f"real_{name}{'_dark' * dark}")


def answers(browser: Browser, host: StandIn, dark: bool) -> None:
    for window_name, window in (("desk", DESK), ("phone", PHONE), ("wide", WIDE)):
        suffix = f"{window_name}{'_dark' * dark}"
        person = opened(browser, host, window, dark)
        # A picture of the whole page is taken without touch, and so without the camera's button.
        person.picture(f"empty_{suffix}", whole=window is not PHONE)
        person.drop((dog(), "dog.jpg"))
        person.sees_state("answer")
        person.picture(f"answer_{suffix}", whole=True)
        person.window.get_by_role("button", name="Show where it looked").click()
        person.picture(f"heat_{suffix}", whole=True)
        person.drop((dog(), "unsure.jpg"))
        person.sees_state("unsure")
        person.picture(f"unsure_{suffix}", whole=True)
        for name, state in (("neither.jpg", "none"), ("seen.heic", "answer"), ("cut_off.jpg", "answer")):
            person.drop((dog(), name))
            person.sees_state(state)
            person.picture(f"{name.split('.')[0]}_{suffix}", whole=True)
        person.window.get_by_role("button", name="Use the camera").click()
        person.sees("ms", ".footnote")
        person.picture(f"live_{suffix}", whole=window is not PHONE)
        person.drop((plain(300, 1200), "tall.jpg"))
        person.sees_state("answer")
        person.picture(f"tall_{suffix}", whole=True)
        person.window.close()


def photos(count: int) -> list[tuple[bytes, str]]:
    """Cats and dogs in turn, with names that make the scripted worker differ; some get no answer."""
    odd = {4: "unsure", 9: "too_large", 15: "unsure_too", 22: "moon"}
    drawings = (("cat", cat()), ("dog", dog()))
    files = []
    for index in range(count):
        kind, data = drawings[index % 2]
        files.append((data, f"{odd.get(index, kind + '_' + 'x' * (index * 7 % 30))}.jpg"))
    return files


def all_answered(person: Visitor) -> None:
    person.window.wait_for_selector(DONE, timeout=60_000)


def real_many(browser: Browser, host: StandIn) -> None:
    person = opened(browser, host, DESK)
    person.drop(*[((cat(), f"cat {n}.jpg") if n % 3 else (dog(), f"dog {n}.jpg")) for n in range(40)])
    all_answered(person)
    person.picture("real_many")


def many(browser: Browser, host: StandIn, dark: bool) -> None:
    for window_name, window in (("desk", DESK), ("phone", PHONE), ("wide", WIDE)):
        suffix = f"{window_name}{'_dark' * dark}"
        person = opened(browser, host, window, dark)
        person.drop(*photos(40))
        all_answered(person)
        person.picture(f"many_{suffix}")
        person.window.get_by_label("Show", exact=True).select_option(index=1)
        person.window.get_by_label("Sort by").select_option(index=2)
        person.picture(f"many_filtered_{suffix}")
        person.window.locator(".grid > :not(.filtered) .tile").first.click()
        person.picture(f"one_of_many_{suffix}", whole=True)
        person.window.close()
    spanish = opened(browser, host, PHONE if dark else DESK, dark, "es-ES")
    spanish.picture(f"spanish_empty{'_dark' * dark}")
    spanish.drop((dog(), "perro.jpg"))
    spanish.sees_state("answer")
    spanish.picture(f"spanish_answer{'_dark' * dark}", whole=True)
    spanish.drop((dog(), "unsure.jpg"))
    spanish.sees_state("unsure")
    spanish.picture(f"spanish_unsure{'_dark' * dark}", whole=True)
    spanish.drop(*photos(40))
    all_answered(spanish)
    spanish.picture(f"spanish_many{'_dark' * dark}")
    spanish.window.close()


def cards(browser: Browser, host: StandIn, window: dict[str, int], dark: bool, locale: str) -> None:
    """A card of two things and one of a hundred, from its head and from where it has been scrolled to."""
    person = opened(browser, host, window, dark, locale)
    for number, model in ((0, "cats_vs_dogs"), (2, "cifar100")):
        person.window.locator(".models select").select_option(index=number)
        person.window.locator(".models button").click()
        person.window.wait_for_selector(".card.known.has-confusion")
        person.picture(f"card_{model}_{look(window, dark, locale)}")
        for place in ("curves", "confusion"):
            person.window.locator(f".card-{place}").scroll_into_view_if_needed()
            person.picture(f"card_{model}_{look(window, dark, locale)}_{place}")
        person.window.keyboard.press("Escape")
    person.window.close()


def lost(browser: Browser, host: StandIn, window: dict[str, int], dark: bool, locale: str) -> None:
    """The only worker dies among many photos."""
    with scripted(host) as [process]:
        person = opened(browser, host, window, dark, locale)
        person.drop(
            *[(data, name.replace("moon", "dog")) for data, name in photos(20)], (cat(), "slow.jpg"), *photos(19)
        )
        person.window.wait_for_function("document.querySelectorAll('.tile[data-state=answer]').length > 12")
        process.kill()
    person.window.wait_for_selector(".gallery.waiting")
    person.picture(f"many_away_{look(window, dark, locale)}")
    person.window.close()


def refusals(browser: Browser, host: StandIn, dark: bool) -> None:
    suffix = "_dark" * dark
    person = opened(browser, host, DESK, dark)
    for name in ("too_large", "moon"):
        person.drop((cat(), f"{name}.jpg"))
        person.window.wait_for_selector(".board:is([data-state=trouble], [data-state=refused])")
        person.picture(f"{name}{suffix}")
        person.drop((dog(), "dog.jpg"))
        person.sees_state("answer")
    person.drag_over((cat(), "cat.jpg"))
    person.picture(f"dragging{suffix}")
    # A call holds the page up, so its picture is taken just before: the page's timers stand still.
    person.window.evaluate("window.setTimeout = () => 0")
    person.drop((cat(), "cat.jpg"))
    person.picture(f"looking{suffix}")
    phone = opened(browser, host, PHONE, dark)
    phone.drop((cat(), "moon.jpg"))
    phone.sees_state("trouble")
    phone.picture(f"moon_phone{suffix}", whole=True)


if __name__ == "__main__":
    sys.exit(main())
