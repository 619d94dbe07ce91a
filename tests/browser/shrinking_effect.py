"""How much the copies that the page sends of large photos change the answer:

    python -m tests.browser.shrinking_effect [PHOTOS OF EACH LABEL]

Photos of the folder PHOTOS (cat/, dog/) are enlarged to what a phone takes, 4000 px, as JPEG of quality 95; each is
classified as it is and as the copy that the page's own code makes of it in Chromium.
"""

import base64
import io
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import mean

from PIL import Image
from playwright.sync_api import sync_playwright

from classifier.classifier import Classifier
from classifier.settings import Settings
from tests.browser.conftest import scripted
from tests.browser.drawings import encoded
from tests.browser.visitor import Visitor, chromium
from tests.stand_in import stand_in

SIDE = 4000
EACH = int(sys.argv[1]) if len(sys.argv) > 1 else 50

# Keeps the last copy as base64.
KEEP = """() => {
  const toBlob = HTMLCanvasElement.prototype.toBlob;
  HTMLCanvasElement.prototype.toBlob = function (done, ...how) {
    toBlob.call(this, (blob) => {
      const reader = new FileReader();
      reader.onload = () => { window.copy = reader.result.split(",")[1]; };
      reader.readAsDataURL(blob);
      done(blob);
    }, ...how);
  };
}"""


def enlarged(path: Path) -> bytes:
    image = Image.open(path).convert("RGB")
    scale = SIDE / max(image.size)
    return encoded(image.resize((round(image.width * scale), round(image.height * scale))), "JPEG", quality=95)


def copy(person: Visitor, data: bytes) -> bytes:
    """The smaller copy that the page makes of a photo."""
    person.window.evaluate("window.copy = null")
    person.drop((data, "photo.jpg"))
    person.window.wait_for_function("window.copy", timeout=30_000)
    return base64.b64decode(person.window.evaluate("window.copy"))


def main() -> int:
    folder = os.environ.get("PHOTOS")
    if not folder:
        print("PHOTOS names no folder of real photos", file=sys.stderr)
        return 1
    classifier = Classifier.load(Settings.load())
    paths = [path for label in ("cat", "dog") for path in sorted((Path(folder) / label).iterdir())[:EACH]]
    same, changes, shares = 0, [], []
    with ExitStack() as stack:
        host = stack.enter_context(stand_in(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        stack.enter_context(scripted(host))
        person = Visitor(stack.enter_context(chromium(stack.enter_context(sync_playwright()).chromium)), host.page_url)
        person.window.evaluate(KEEP)
        for path in paths:
            data = enlarged(path)
            small = copy(person, data)
            before, after = classifier.classify(data, None, 2, False), classifier.classify(small, None, 2, False)
            chance = {each.label: each.probability for each in after.predictions}[before.label]
            same += before.label == after.label
            changes.append(abs(before.confidence - chance))
            shares.append(len(small) / len(data))
    side = max(Image.open(io.BytesIO(small)).size)
    print(f"{len(paths)} photos of {SIDE} px, copies of {side} px and {mean(shares):.0%} of the bytes")
    change = f"{mean(changes):.4f} on average, at most {max(changes):.4f}"
    print(f"same label {same} of {len(paths)}; its probability changed by {change}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
