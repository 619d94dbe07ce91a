import anvil.js
from anvil import *

from .. import troubles
from ..request import FAILED
from ..words import say
from ._anvil_designer import ThumbTemplate


class Thumb(ThumbTemplate):
    """A photo of a thing; `self.item` is its Request. Raises `x-remove`."""

    def __init__(self, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self)
        self.node.setAttribute("role", "listitem")
        self.box = self.node.querySelector(".thumb")
        self.text = self.node.querySelector(".thumb-text")
        self.button = self.node.querySelector("button")
        self.button.addEventListener("click", self.on_click)
        picture = self.node.querySelector("img")
        picture.addEventListener("error", self.on_broken)
        picture.setAttribute("loading", "lazy")
        picture.setAttribute("decoding", "async")
        self.show()

    def on_broken(self, event):
        # A file that the browser cannot show leaves an empty frame: its name stands there, or why it was refused.
        self.photo.visible = False
        self.show()

    def on_click(self, event):
        self.raise_event("x-remove", photo=self.item)

    def show(self):
        """Bring it up to its photo."""
        request = self.item
        if self.photo.source is not request.small:
            self.photo.source = request.small
            self.photo.alt_text = request.name
            self.photo.visible = True
        file = request.name or say("a_file")
        text = "" if self.photo.visible else file
        if request.state == FAILED:
            text = troubles.of(request.error)["headline"]
        self.text.textContent = text
        self.box.setAttribute("data-state", request.state)
        self.button.setAttribute("aria-label", say("photo_remove", file=file))
