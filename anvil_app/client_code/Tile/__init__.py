import anvil.js
from anvil import *

from .. import arrangement
from ..words import say
from ._anvil_designer import TileTemplate


class Tile(TileTemplate):
    """One photo of many, `self.item` is its Request. Raises `x-open` when it is pressed."""

    def __init__(self, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self)
        self.node.setAttribute("role", "listitem")
        self.button = self.node.querySelector(".tile")
        self.label = self.node.querySelector(".tile-label")
        self.percent = self.node.querySelector(".tile-percent")
        self.button.addEventListener("click", self.on_click)
        picture = self.node.querySelector("img")
        picture.addEventListener("error", self.on_broken)
        picture.setAttribute("loading", "lazy")
        picture.setAttribute("decoding", "async")
        self.shown = True
        self.show()

    def on_broken(self, event):
        # A file that the browser cannot show leaves an empty frame.
        self.photo.visible = False

    def on_click(self, event):
        self.raise_event("x-open", request=self.item)

    def show(self):
        """Bring it up to its request."""
        if self.photo.source is not self.item.small:
            self.photo.source = self.item.small
            self.photo.visible = True
        caption = arrangement.caption(self.item)
        self.button.setAttribute("data-state", caption["state"])
        self.label.textContent = caption["label"]
        self.percent.textContent = caption["percent"]
        self.node.querySelector(".tile-file").textContent = self.item.name or say("a_file")

    def show_if(self, shown):
        """Whether it belongs to what is chosen."""
        # The page is touched only where something changes: there may be hundreds of tiles.
        if shown != self.shown:
            self.shown = shown
            self.node.classList.toggle("filtered", not shown)
