import anvil.js
from anvil import *

from .. import modelcards, offer, troubles
from ..words import say
from ._anvil_designer import ModelCardTemplate


class ModelCard(ModelCardTemplate):
    """What a model knows, how well, and when not to trust it, in a dialog over the page."""

    def __init__(self, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector("dialog")

    def fill_words(self):
        self.close.text = say("card_close")
        self.curves.alt_text = say("card_curves_alt")
        self.confusion.alt_text = say("card_confusion_alt")

    def open(self, model):
        """Show the dialog for a model of `list_models`, until its card is there."""
        self.title.text = offer.title(model)
        self.fill([], [], say("card_looking"))
        self.picture("curves", None)
        self.picture("confusion", None)
        if not self.node.open:
            self.node.showModal()

    def show(self, card):
        """Show the worker's reply."""
        if "error" in card:
            trouble = troubles.of(card["error"])
            self.fill([], [], trouble["headline"])
            return
        self.fill(modelcards.facts(card), modelcards.doubts(card), "")
        self.picture("curves", card.get("curves"))
        self.picture("confusion", card.get("confusion"))

    def fill(self, facts, doubts, state):
        self.state.text = state
        self.node.classList.toggle("known", bool(facts))
        self.write("dl", [pair for term, text in facts for pair in (("dt", term), ("dd", text))])
        self.write("ul", [("li", text) for text in doubts])

    def write(self, selector, children):
        """New children, (tag, text), for a list."""
        target = self.node.querySelector(selector)
        target.textContent = ""
        for tag, text in children:
            child = anvil.js.window.document.createElement(tag)
            child.textContent = text
            target.appendChild(child)

    def picture(self, name, media):
        image = getattr(self, name)
        image.source = media
        self.node.classList.toggle("has-" + name, bool(media))

    def close_click(self, **event_args):
        self.node.close()
