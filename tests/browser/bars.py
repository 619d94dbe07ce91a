"""python -m tests.browser.bars [RUNS]: how soon the page is there and answers, each figure beside its bar.

Each is the median of three runs, or of so many, in Chromium, on the stand-in with one real worker. All photos are
drawn. It wants two quiet cores and takes about three minutes.

exit status: 1 where a figure misses its bar.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, JSHandle, sync_playwright

from tests.browser.lessons import are_read, open_lesson, teacher
from tests.browser.visitor import DROP, WATCH, Visitor, chromium
from tests.stand_in import StandIn, stand_in

RUNS = 3
LONGEST_MS = 180_000
STILL_MS = 200

# The milliseconds from a drop until the page looks like this.
WAIT = """(selector) => {
  window.reached = new Promise((done) => {
    document.addEventListener("drop", () => {
      const start = performance.now();
      const look = () => {
        if (document.querySelector(selector)) { done(performance.now() - start); } else { requestAnimationFrame(look); }
      };
      requestAnimationFrame(look);
    }, {capture: true, once: true});
  });
}"""
PICK = """() => {
  const picker = document.createElement("input");
  picker.type = "file"; picker.multiple = true; picker.id = "picker"; picker.hidden = true;
  document.body.appendChild(picker);
}"""
PICKED = """() => {
  const transfer = new DataTransfer(), picker = document.getElementById("picker");
  for (const file of picker.files) transfer.items.add(file);
  picker.remove();
  return transfer;
}"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
FULL = '.meter:not(.running)[aria-valuenow="100"]'
ANSWERED = ".board:is([data-state=answer], [data-state=unsure], [data-state=none])"


class Figure(NamedTuple):
    """What was measured, in its unit, and what it must stay below."""

    name: str
    value: float
    bar: float
    unit: str = "s"


class Bars:
    """The page of a stand-in, opened again for each run."""

    def __init__(self, browser: Browser, host: StandIn, folder: Path, runs: int = RUNS) -> None:
        self.browser = browser
        self.runs = runs
        self.host = host
        self.folder = folder

    def measured(self) -> Iterator[Figure]:
        """All figures, one after another."""
        yield Figure("first paint", self.median(self.paint), 1)
        yield from self.many("200 photos of 180 px", self.drawn(200, 180, 135), 4)
        yield from self.many("40 photos of 12 megapixels", self.drawn(40, 4000, 3000), 12)
        yield Figure("one of them, 1 Mbit/s up", self.median(self.over_a_slow_line), 1)
        yield Figure("300 photos taught: longest still", self.median(self.lesson), STILL_MS, "ms")

    def median(self, run: Callable[[], float]) -> float:
        return statistics.median(run() for _ in range(self.runs))

    def paint(self) -> float:
        person = Visitor(self.browser, self.host.page_url)
        person.window.wait_for_function(PAINTED)
        return self.closed(person, float(person.window.evaluate(PAINTED)) / 1000)

    def many(self, name: str, photos: list[Path], bar: float) -> list[Figure]:
        runs = [self.grid(photos) for _ in range(self.runs)]
        seconds, still = (statistics.median(values) for values in zip(*runs, strict=True))
        return [Figure(name, seconds, bar), Figure(f"{name}: longest still", still, STILL_MS, "ms")]

    def grid(self, photos: list[Path]) -> tuple[float, float]:
        """Seconds from drop to full grid, and the longest time in ms that the page stood still."""
        person = self.visitor()
        files = picked(person, photos)
        person.window.evaluate(WAIT, FULL)
        person.window.evaluate(WATCH)
        person.window.locator(".page").evaluate(DROP, files)
        seconds = float(person.window.evaluate("window.reached")) / 1000
        return seconds, self.closed(person, float(person.window.evaluate("window.longest")))

    def over_a_slow_line(self) -> float:
        person = self.visitor()
        line = person.window.context.new_cdp_session(person.window)
        conditions = {"offline": False, "latency": 20, "downloadThroughput": 1_000_000, "uploadThroughput": 125_000}
        line.send("Network.emulateNetworkConditions", conditions)
        files = picked(person, self.drawn(1, 4000, 3000))
        person.window.evaluate(WAIT, ANSWERED)
        person.window.locator(".page").evaluate(DROP, files)
        return self.closed(person, float(person.window.evaluate("window.reached")) / 1000)

    def lesson(self) -> float:
        person = self.visitor()
        open_lesson(person)
        files = [picked(person, self.drawn(300, 400, 300)[start : start + 150]) for start in (0, 150)]
        person.window.evaluate(WATCH)
        for thing in (0, 1):
            person.window.locator(".thing").nth(thing).evaluate(DROP, files[thing])
        are_read(person)
        return self.closed(person, float(person.window.evaluate("window.longest")))

    def visitor(self) -> Visitor:
        person = Visitor(self.browser, self.host.page_url)
        person.window.set_default_timeout(LONGEST_MS)
        person.sees_worker("ready")
        person.window.locator(".page.models-known").wait_for()
        return person

    def closed(self, person: Visitor, value: float) -> float:
        person.window.close()
        return value

    def drawn(self, count: int, width: int, height: int) -> list[Path]:
        """So many photos of that size, no two alike, and as hard to compress as those of a camera."""
        folder = self.folder / f"{width}"
        folder.mkdir(exist_ok=True)
        paths = [folder / f"{number}.jpg" for number in range(count)]
        for path in paths:
            if not path.exists():
                noise = Image.effect_noise((width // 3, height // 3), 60).resize((width, height))
                noise.convert("RGB").save(path, quality=88)
        return paths


def picked(person: Visitor, photos: list[Path]) -> JSHandle:
    """What a drag of these files hands over; they stay on the disk, as those of a person do."""
    person.window.evaluate(PICK)
    person.window.locator("#picker").set_input_files(photos)
    return person.window.evaluate_handle(PICKED)


def main() -> int:
    """Print a table; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.browser.bars", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", nargs="?", type=int, default=RUNS, metavar="RUNS", help="default: %(default)s")
    runs = parser.parse_args().runs
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        host = stack.enter_context(stand_in(folder))
        stack.enter_context(teacher(host))
        browser = stack.enter_context(chromium(stack.enter_context(sync_playwright()).chromium))
        print("| what | measured | must be below |\n|---|---|---|", flush=True)
        missed = 0
        for figure in Bars(browser, host, folder, runs).measured():
            print(f"| {figure.name} | {figure.value:.3g} {figure.unit} | {figure.bar:g} {figure.unit} |", flush=True)
            missed += figure.value >= figure.bar
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
