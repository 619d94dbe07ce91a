import anvil.js
from anvil import *

from ._anvil_designer import ProbabilityBarTemplate


class ProbabilityBar(ProbabilityBarTemplate):
    """One label's probability; `self.item` is a row of `answers.read(...)["bars"]`."""

    def __init__(self, **properties):
        self.init_components(**properties)
        self.label.text = self.item["label"]
        self.percent.text = self.item["percent"]
        node = anvil.js.get_dom_node(self).querySelector(".bar")
        node.classList.toggle("first", self.item["first"])
        node.querySelector(".bar-fill").style.setProperty("--share", str(self.item["width"]) + "%")
