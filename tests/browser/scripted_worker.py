"""A worker whose answers the tests choose, by the name of the photo: for what a trained network cannot be made to do.

It speaks through the real uplink library as uplink_server.py does. `MARKS`, a folder in the environment, remembers
what has happened once. Names: unsure..., busy_once, crash (always), crash_once, slow, too_large, moon, neither,
cut_off, seen (with a picture of what the worker saw); any other name is answered "cat" where it begins so, else "dog",
the less surely the longer it is. "camera" is what its colours say.
`MODELS` is how many models it offers; the third knows a hundred things. A file "busy" or "draining" among the marks is
its state.
"""

import io
import os
import time
from pathlib import Path
from typing import Any

import anvil
import anvil.server
from anvil_app.labels import SPANISH
from PIL import Image

HUNDRED = sorted(SPANISH)[:100]
MARKS = Path(os.environ["MARKS"])
MODELS = [
    {"name": "cats_vs_dogs", "title": "Cats and dogs", "labels": ["cat", "dog"], "heatmap": True},
    {"name": "pets", "title": "Pets of all kinds", "labels": ["dog"], "heatmap": False},
    {"name": "cifar100", "title": "CIFAR-100: a hundred things", "labels": HUNDRED, "heatmap": True},
][: int(os.environ.get("MODELS", "1"))]
for offered in MODELS:
    offered["input"] = {"width": 160, "height": 160, "resize": "pad"}

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


def seen_at_the_left(file: Any) -> str:
    """What a frame of the camera is: "cat" where its left is red, "dog" where it is blue, else nothing."""
    image = Image.open(io.BytesIO(file.get_bytes())).convert("RGB")
    red, green, blue = image.getpixel((image.width // 4, image.height // 2))
    return "" if green > 100 else "cat" if red > blue else "dog"


@anvil.server.callable
def classify_image(file: Any, model: str, top: int, heatmap: bool = False) -> dict[str, Any]:
    name = Path(file.name or "").stem
    if name == "crash" or (name == "crash_once" and first_time(name)):
        os._exit(1)
    if name in REFUSALS and (not name.endswith("_once") or first_time(name)):
        kind, message = REFUSALS[name]
        return {"error": {"type": kind, "message": message}}
    if name == "slow":
        time.sleep(2)
    unsure = name.startswith("unsure")
    confidence = 0.58 if unsure else 0.981 - 0.003 * max(0, len(name) - 10)
    if name == "camera":
        name = seen_at_the_left(file)
        unsure = not name
    label, other = ("cat", "dog") if name.startswith("cat") else ("dog", "cat")
    if name == "neither":
        label = name
    predictions = [{"label": label, "probability": confidence}, {"label": other, "probability": 1 - confidence}]
    return {
        "model": model,
        "label": label,
        "confidence": confidence,
        "unsure": unsure,
        "predictions": predictions[:top],
        "milliseconds": 21.4,
        "heatmap": heat() if heatmap else None,
        **({"seen": drawn(240, 180)} if name == "seen" else {}),
        **({"none": True} if name == "neither" else {}),
        **({"warning": "The JPEG file is cut off."} if name == "cut_off" else {}),
    }


@anvil.server.callable
def classify_images(files: list[Any], model: str, top: int, heatmap: bool = False) -> list[dict[str, Any]]:
    return [classify_image(file, model, top, heatmap) for file in files]


@anvil.server.callable
def list_models() -> dict[str, Any]:
    return {"default": MODELS[0]["name"], "models": MODELS}


@anvil.server.callable
def worker_status() -> dict[str, Any]:
    state = "draining" if (MARKS / "draining").exists() else "ready"
    waiting = 3 if (MARKS / "busy").exists() else 0
    return {"state": state, "version": "1.0", "models": [model["name"] for model in MODELS], "waiting": waiting}


@anvil.server.callable
def model_card(name: str) -> dict[str, Any]:
    card = next(model for model in MODELS if model["name"] == name)
    side = 352 if len(card["labels"]) < 10 else 1320
    return {
        **card,
        "accuracy": {"value": 0.931, "low": 0.924, "high": 0.938, "n": 4987},
        "unsure_below": 0.7,
        "data": {"set": "Asirra cats and dogs", "train": 17979},
        "parameters": 1_234_567,
        "date": "2026-11-20",
        "notes": ["It has seen few photos taken at night."],
        "curves": drawn(880, 330),
        "mixed_up": [{"truth": "cat", "answer": "dog", "count": 91, "of": 1000}],
        "confusion": drawn(side, side),
    }


def drawn(width: int, height: int) -> anvil.BlobMedia:
    """A picture in place of a diagram, as PNG."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    file = io.BytesIO()
    image.save(file, "PNG")
    return anvil.BlobMedia("image/png", file.getvalue(), name="diagram.png")


if __name__ == "__main__":
    anvil.server.connect(os.environ["ANVIL_UPLINK_KEY"], url=os.environ["ANVIL_UPLINK_URL"])
    anvil.server.call("anvil.private.echo", "registered")
    print("ready", flush=True)
    anvil.server.wait_forever()
