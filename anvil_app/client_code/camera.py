"""The camera of whoever is at the page."""

import anvil.js

from .pixels import copy
from .promises import settle


class Camera:
    """Shows the camera in a <video> element. `started` is called when it does, `ended` with an error when it cannot or,
    with None, when the tab is hidden: nobody is filmed unawares.
    """

    def __init__(self, video, started, ended):
        self.video = video
        self.started = started
        self.ended = ended
        self.wanted = False
        self.stream = None
        self.others = []
        self.window = anvil.js.window
        self.window.document.addEventListener("visibilitychange", self.on_visibility)

    def start(self, wish=None):
        """Ask for the camera; at first for the one at the back, where there are two."""
        self.stop()
        self.wanted = True
        devices = self.window.navigator.mediaDevices
        if not devices:  # a page without https
            self.refuse(None)
            return
        wish = {"audio": False, "video": wish or {"facingMode": "environment"}}
        settle(lambda: devices.getUserMedia(wish), self.on_stream, self.refuse)

    def stop(self):
        self.wanted = False
        if self.stream:
            self.track().stop()
        self.stream = None

    def turn(self):
        """Use the next camera."""
        self.start({"deviceId": {"exact": self.others[0]}})

    def take(self, side, done):
        """Call `done` with a copy, as a JPEG, of what is seen, as the camera sees it."""
        width = self.video.videoWidth
        height = self.video.videoHeight
        if width:
            copy(self.video, width, height, side, done)
        else:
            done(None)

    def track(self):
        return self.stream.getVideoTracks()[0]

    def on_stream(self, stream):
        self.stream = stream
        if not self.wanted:
            self.stop()
            return
        self.video.srcObject = stream
        # A person expects to see herself as in a mirror. Cameras of a desk do not say where they look.
        mirrored = getattr(self.track().getSettings(), "facingMode", "") != "environment"
        self.video.parentNode.classList.toggle("mirrored", mirrored)
        settle(self.window.navigator.mediaDevices.enumerateDevices, self.on_devices, self.refuse)

    def on_devices(self, devices):
        if not self.stream:
            return
        found = [device.deviceId for device in devices if device.kind == "videoinput"]
        used = self.track().getSettings().deviceId
        place = found.index(used) if used in found else 0
        self.others = found[place + 1 :] + found[:place]
        self.started()

    def refuse(self, error):
        self.stop()
        self.ended({"type": "NoCamera", "message": ""})

    def on_visibility(self, event):
        if self.window.document.hidden and self.wanted:
            self.stop()
            self.ended(None)
