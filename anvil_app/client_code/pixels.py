"""Smaller copies of pictures, made in the browser."""

import anvil.js

QUALITY = 0.9


def copy(source, width, height, side, done):
    """Call `done` with a JPEG, as a JavaScript Blob, of a picture (a bitmap, an element) of that size in pixels.

    Its longer side has at most `side` pixels. What is transparent becomes white, as it does for the worker.
    """
    scale = min(1, side / max(width, height))
    width = max(1, round(width * scale))
    height = max(1, round(height * scale))
    canvas = anvil.js.window.document.createElement("canvas")
    # Attributes: in one of the clients that this runs on, `canvas.width` is not that of the picture.
    canvas.setAttribute("width", str(width))
    canvas.setAttribute("height", str(height))
    context = canvas.getContext("2d")
    context.fillStyle = "white"
    context.fillRect(0, 0, width, height)
    context.imageSmoothingQuality = "high"
    context.drawImage(source, 0, 0, width, height)
    canvas.toBlob(done, "image/jpeg", QUALITY)
