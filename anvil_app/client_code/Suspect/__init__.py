import anvil.js
from anvil import *

from .. import findings
from ..words import label, say
from ._anvil_designer import SuspectTemplate


class Suspect(SuspectTemplate):
    """A photo that may have the wrong label, with what to do about it. Raises x-remove and x-move.

    `self.item` is the report's entry with two more: "photo", its Request, or None for one that was taught earlier, and
    "to", the thing that it seems to show, or None.
    """

    def __init__(self, **properties):
        self.init_components(**properties)
        anvil.js.get_dom_node(self).setAttribute("role", "listitem")
        photo = self.item["photo"]
        self.photo.source = photo and photo.photo
        self.photo.alt_text = self.item["name"]
        anvil.js.get_dom_node(self).querySelector("p").textContent = findings.suspicion(self.item)
        self.move.visible = bool(self.item["to"])
        self.move.text = say("suspect_move", label=label(self.item["answer"]))
        self.remove.text = say("suspect_remove")
        self.remove.visible = bool(photo)

    def move_click(self, **event_args):
        self.raise_event("x-move")

    def remove_click(self, **event_args):
        self.raise_event("x-remove")
