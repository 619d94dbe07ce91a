"""Pictures of the page in each of its states, in build/screenshots: python -m tests.browser.screenshots

Answers come from the real worker where a trained network can be made to give them, else from scripted_worker.py; only
drawn pictures are shown. `real_` in a file's name marks what the trained network said.
"""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import scripted
from tests.browser.drawings import cat, dog, plain
from tests.browser.visitor import NoBrowserError, Visitor, chromium
from tests.stand_in import StandIn, stand_in, worker

DESK = {"width": 1280, "height": 800}
WIDE = {"width": 2560, "height": 1440}
PHONE = {"width": 360, "height": 720, "scale": 2}


def main() -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            browser = stack.enter_context(chromium(stack.enter_context(sync_playwright())))
        except NoBrowserError as error:
            print(error, file=sys.stderr)
            return 1
        host = stack.enter_context(stand_in(folder))
        without_worker(browser, host)
        with worker(host):
            real(browser, host)
        with scripted(host, models=2):
            for dark in (False, True):
                answers(browser, host, dark)
                refusals(browser, host, dark)
    return 0


def opened(browser: Browser, host: StandIn, window: dict[str, int], dark: bool = False) -> Visitor:
    person = Visitor(
        browser, host.page_url, width=window["width"], height=window["height"], scale=window.get("scale", 1), dark=dark
    )
    person.window.wait_for_selector(".page:not([data-worker=checking])")
    return person


def without_worker(browser: Browser, host: StandIn) -> None:
    person = opened(browser, host, DESK)
    person.drop((cat(), "cat.jpg"))
    person.sees_state("waiting")
    person.picture("away")


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
        person.picture(f"empty_{suffix}", whole=True)
        person.drop((dog(), "dog.jpg"))
        person.sees_state("answer")
        person.picture(f"answer_{suffix}", whole=True)
        person.window.get_by_role("button", name="Show where it looked").click()
        person.picture(f"heat_{suffix}", whole=True)
        person.drop((dog(), "unsure.jpg"))
        person.sees_state("unsure")
        person.picture(f"unsure_{suffix}", whole=True)
        person.drop((plain(300, 1200), "tall.jpg"))
        person.sees_state("answer")
        person.picture(f"tall_{suffix}", whole=True)
        person.window.close()


def refusals(browser: Browser, host: StandIn, dark: bool) -> None:
    suffix = "_dark" * dark
    person = opened(browser, host, DESK, dark)
    for name in ("too_large", "moon"):
        person.drop((cat(), f"{name}.jpg"))
        person.window.wait_for_selector(".page:is([data-state=trouble], [data-state=refused])")
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
