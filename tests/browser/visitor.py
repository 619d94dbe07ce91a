"""A person at the page: what they do with it and what they see, in Chromium."""

import base64
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserType, Error, JSHandle, Page, expect

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ANSWER_MS = 20_000
TITLES = {"en": "What is in the photo?", "es": "¿Qué hay en la foto?"}

# Remembers the longest time between two turns of the page's own timers.
WATCH = """() => {
  window.longest = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    window.longest = Math.max(window.longest, now - last);
    last = now;
  };
  setInterval(look, 1);
}"""

# Makes files as a drag or a paste hands them over, [[base64, name, type], ...], without holding the page up.
_TRANSFER = """async (files) => {
  const transfer = new DataTransfer();
  for (const [data, name, type] of files) {
    const blob = await (await fetch(`data:${type};base64,${data}`)).blob();
    transfer.items.add(new File([blob], name, {type}));
  }
  return transfer;
}"""
DROP = """(node, dataTransfer) => node.dispatchEvent(
  new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer}))"""
_PASTE = """(clipboardData) => document.body.dispatchEvent(
  new ClipboardEvent("paste", {bubbles: true, cancelable: true, clipboardData}))"""
_DRAG = """(dataTransfer) => document.querySelector(".page").dispatchEvent(
  new DragEvent("dragover", {bubbles: true, cancelable: true, dataTransfer}))"""


class NoBrowserError(Exception):
    """There is no Chromium on this machine."""


@contextmanager
def chromium(kind: BrowserType, flags: Sequence[str] = ()) -> Iterator[Browser]:
    """Debian's Chromium, best the one without windows, else Playwright's own. Raises NoBrowserError."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    try:
        browser = kind.launch(executable_path=found, args=[*FLAGS, *flags])
    except Error as error:
        reason = str(error).strip().splitlines()[0]
        raise NoBrowserError(
            f"No Chromium ({reason}). `make chromium` installs Debian's chromium-headless-shell or Playwright's "
            "own, which may want libraries: sudo .venv/bin/python -m playwright install-deps chromium"
        ) from error
    try:
        yield browser
    finally:
        browser.close()


class Visitor:
    """One window on the page. Whatever the browser complains about is kept in `complaints`."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        scale: float = 1,
        locale: str = "en-GB",
        touch: bool = False,
    ) -> None:
        self.window: Page = browser.new_page(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            device_scale_factor=scale,
            locale=locale,
            has_touch=touch,
            is_mobile=touch,
        )
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.window.on("console", lambda line: self._complain(line.text) if line.type in ("error", "warning") else None)
        self.window.on("pageerror", lambda error: self._complain(str(error)))
        self.window.on("request", lambda request: self.asked.append(request.url))
        # Listened to from the start: one who begins to listen just before the click can miss it.
        self.window.on("filechooser", lambda _: None)
        self.window.goto(url)
        expect(self.window.get_by_role("heading", level=1)).to_have_text(TITLES[locale[:2]], timeout=ANSWER_MS)

    def _complain(self, text: str) -> None:
        self.complaints.append(text)

    def drop(self, *files: tuple[bytes, str], on: str = ".page") -> None:
        """Drop files (content, name) on the page, or on a part of it."""
        self.window.locator(on).evaluate(DROP, self.transfer(*files))

    def transfer(self, *files: tuple[bytes, str]) -> JSHandle:
        """What a drag or a paste of files (content, name) hands over."""
        encoded = [[base64.b64encode(data).decode(), name, "image/jpeg"] for data, name in files]
        return self.window.evaluate_handle(_TRANSFER, encoded)

    def paste(self, *files: tuple[bytes, str]) -> None:
        """Paste files (content, name) into the page."""
        self.window.evaluate(_PASTE, self.transfer(*files))

    def drag_over(self, *files: tuple[bytes, str]) -> None:
        """Hold files (content, name) over the page; without any, something that is no file."""
        self.window.evaluate(_DRAG, self.transfer(*files))

    def tiles(self) -> list[str]:
        """What the tiles of many photos say, those that can be seen, in their order."""
        found = self.window.locator(".grid > :not(.filtered) .tile").all_text_contents()
        return [" ".join(text.split()) for text in found]

    def choose(self, data: bytes, name: str) -> None:
        """Choose a file with the keyboard alone."""
        button = self.window.locator(".choose button").first
        button.focus()
        with self.window.expect_file_chooser() as chooser:
            self.window.keyboard.press("Enter")
        chooser.value.set_files({"name": name, "mimeType": "image/jpeg", "buffer": data})

    def sees(self, text: str, where: str = ".page") -> None:
        """Fails unless the text appears there in time."""
        expect(self.window.locator(where)).to_contain_text(text, timeout=ANSWER_MS)

    def sees_worker(self, state: str) -> None:
        """Fails unless the status line comes to that state."""
        expect(self.window.locator(".page")).to_have_attribute("data-worker", state, timeout=ANSWER_MS)

    def sees_state(self, state: str) -> None:
        """Fails unless the page comes to that state."""
        expect(self.window.locator(".board")).to_have_attribute("data-state", state, timeout=ANSWER_MS)

    def headline(self) -> str:
        return self.window.locator(".anvil-role-headline").inner_text()

    def picture(self, name: str, whole: bool = False) -> Path:
        """A screenshot, kept as build/screenshots/NAME.png."""
        # What grows or slides has come to rest.
        self.window.wait_for_timeout(700)
        path = ROOT / "build" / "screenshots" / f"{name}.png"
        self.window.screenshot(path=path, full_page=whole)
        return path


def browser_is_required() -> bool:
    return os.environ.get("REQUIRE_BROWSER") == "1"
