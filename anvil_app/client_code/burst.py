"""Photos taken one after another for as long as a button is held."""

import anvil.js

from .camera import Camera

# Milliseconds between two photos.
PAUSE_MS = 250
KEYS = (" ", "Enter")


class Burst:
    """`video` and `button` are nodes of the page, `side` gives the pixels that a photo needs along its longer side.

    `taken` is called with each photo, a JavaScript Blob; `started` and `ended` are those of Camera.
    """

    def __init__(self, video, button, side, taken, started, ended):
        self.side = side
        self.taken = taken
        self.camera = Camera(video, started, ended)
        self.held = False
        self.busy = False
        self.count = 0
        for name in ("pointerdown", "keydown"):
            button.addEventListener(name, self.on_down)
        for name in ("pointerup", "pointercancel", "pointerleave", "keyup", "blur"):
            button.addEventListener(name, self.on_up)
        button.addEventListener("click", self.on_click)
        button.addEventListener("contextmenu", self.on_menu)

    def on_down(self, event):
        if event.type == "keydown" and event.key not in KEYS:
            return
        if not self.held:
            self.held = True
            self.count = 0
            self.shoot()

    def on_up(self, event):
        self.held = False

    def on_click(self, event):
        # Some ways to press a button neither hold nor let go of it.
        if not self.count and not self.busy:
            self.take()

    def on_menu(self, event):
        # A finger that rests on a phone would open it.
        event.preventDefault()

    def shoot(self):
        if self.held and not self.busy:
            self.take()

    def take(self):
        if self.camera.stream:
            self.busy = True
            self.camera.take(self.side(), self.on_frame)

    def on_frame(self, blob):
        self.busy = False
        if blob and self.camera.stream:
            self.count += 1
            self.taken(blob)
        anvil.js.window.setTimeout(self.shoot, PAUSE_MS)
