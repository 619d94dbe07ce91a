"""A worker whose answers the tests choose, by the name of the photo: for what a trained network cannot be made to do.

It speaks through the real uplink library as uplink_server.py does. `MARKS`, a folder in the environment, remembers
what has happened once. Names: unsure, busy_once, crash (always), crash_once, slow, too_large, moon; any other name is
answered "dog". `MODELS` is how many models it offers.
"""

import io
import os
import time
from pathlib import Path
from typing import Any

import anvil
import anvil.server
from PIL import Image

MARKS = Path(os.environ["MARKS"])
MODELS = [
    {"name": "cats_vs_dogs", "title": "Cats and dogs", "labels": ["cat", "dog"], "heatmap": True},
    {"name": "pets", "title": "Pets of all kinds", "labels": ["dog"], "heatmap": False},
][: int(os.environ.get("MODELS", "1"))]

REFUSALS = {
    "busy_once": ("Busy", "Too many calls are waiting."),
    "too_large": ("TooLarge", "The photo has 300 million pixels."),
    "moon": ("MoonInTheWay", "The moon is in the way."),
}


def first_time(name: str) -> bool:
    """Whether nobody has asked this before, of any worker."""
    try:
        (MARKS / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def heat() -> anvil.BlobMedia:
    """A spot in the middle of nothing, as PNG."""
    spot = Image.radial_gradient("L").point(lambda value: max(0, 230 - value))
    image = Image.new("RGBA", spot.size, (245, 125, 20, 0))
    image.putalpha(spot)
    file = io.BytesIO()
    image.resize((384, 288)).save(file, "PNG")
    return anvil.BlobMedia("image/png", file.getvalue(), name="heatmap.png")


@anvil.server.callable
def classify_image(file: Any, model: str, top: int, heatmap: bool) -> dict[str, Any]:
    name = Path(file.name or "").stem
    if name == "crash" or (name == "crash_once" and first_time(name)):
        os._exit(1)
    if name in REFUSALS and (not name.endswith("_once") or first_time(name)):
        kind, message = REFUSALS[name]
        return {"error": {"type": kind, "message": message}}
    if name == "slow":
        time.sleep(2)
    confidence = 0.58 if name == "unsure" else 0.981
    predictions = [{"label": "dog", "probability": confidence}, {"label": "cat", "probability": 1 - confidence}]
    return {
        "model": model,
        "label": "dog",
        "confidence": confidence,
        "unsure": name == "unsure",
        "predictions": predictions[:top],
        "milliseconds": 21.4,
        "heatmap": heat() if heatmap else None,
    }


@anvil.server.callable
def list_models() -> dict[str, Any]:
    return {"default": MODELS[0]["name"], "models": MODELS}


@anvil.server.callable
def worker_status() -> dict[str, Any]:
    return {"state": "ready"}


if __name__ == "__main__":
    anvil.server.connect(os.environ["ANVIL_UPLINK_KEY"], url=os.environ["ANVIL_UPLINK_URL"])
    anvil.server.call("anvil.private.echo", "registered")
    print("ready", flush=True)
    anvil.server.wait_forever()
