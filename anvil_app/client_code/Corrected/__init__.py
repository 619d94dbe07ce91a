import anvil.js
from anvil import *

from ..words import say
from ._anvil_designer import CorrectedTemplate


class Corrected(CorrectedTemplate):
    """One correction of a model, `self.item` as of `list_corrections`, its label in words. Raises x-take-back."""

    def __init__(self, **properties):
        self.init_components(**properties)
        node = anvil.js.get_dom_node(self)
        node.setAttribute("role", "listitem")
        told = self.item["label"]
        file = self.item["name"] or say("a_file")
        node.querySelector("p").textContent = say("correction_one", label=told, file=file, day=self.item["day"])
        self.button.text = say("correction_take_back")
        button = anvil.js.get_dom_node(self.button).querySelector("button")
        button.setAttribute("aria-label", say("correction_take_back_one", label=told, file=file))

    def button_click(self, **event_args):
        self.raise_event("x-take-back")
