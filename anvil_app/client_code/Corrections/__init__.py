import anvil.js
from anvil import *

from .. import corrections, troubles
from ..agenda import REPAINT
from ..Corrected import Corrected
from ..language import fill
from ..words import say
from ._anvil_designer import CorrectionsTemplate


class Corrections(CorrectionsTemplate):
    """On a model's card: the answers that were corrected, each to be taken back, and whether a shipped model uses them.

    Raises x-change with the model's name when it answers otherwise from now on.
    """

    def __init__(self, service, agenda, owner, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector(".corrections")
        self.service = service
        self.agenda = agenda
        self.owner = owner
        self.model = {"name": ""}
        self.report = None
        self.errand = None
        self.rows = []
        self.jobs = [("corrections", self.run)]

    def fill_words(self):
        fill(self.node)
        self.open_button.text = say("corrections_list")

    def open(self, model):
        """Stand on the card of this model; the list comes when it is asked for."""
        self.model = model
        self.report = None
        self.node.hidden = not (self.owner.is_on() and corrections.is_possible(model))
        self.show("")

    def open_click(self, **event_args):
        self.go(self.listed, "list_corrections")

    def switch_click(self, **event_args):
        self.go(self.switched, "switch_corrections", not self.report["on"])

    def take_back(self, sender, **event_args):
        self.go(self.taken_back, "take_back_corrections", [sender.item["id"]])

    def go(self, done, function, *arguments):
        """Have a function of the worker called for this model; `done` gets its reply."""
        self.errand = (self.model, done, function, arguments)
        self.owner.let(self.plan)

    def plan(self):
        self.text.text = say("corrections_busy")
        self.agenda.plan("corrections", REPAINT)

    def run(self):
        model, done, function, arguments = self.errand
        reply = self.owner.ask(self.plan, function, model["name"], *arguments)
        if model is not self.model:  # another card is open meanwhile
            return
        if "error" in reply:
            trouble = troubles.of(reply["error"])
            self.text.text = trouble["headline"] + ". " + trouble["advice"]
        else:
            done(reply)

    def listed(self, reply):
        self.report = reply
        self.show(corrections.standing(reply))
        self.text_node().focus()

    def switched(self, reply):
        self.listed(reply)
        self.change()

    def taken_back(self, reply):
        done = say("correction_taken_back") + " " + corrections.effect(reply)
        left = self.owner.ask(self.plan, "list_corrections", self.model["name"])
        if "error" not in left:
            self.listed(left)
        self.text.text = done
        self.change()

    def change(self):
        self.service.read_offer()
        self.raise_event("x-change", model=self.model["name"])

    def show(self, text):
        """Bring the list up to the worker's report; `text` is what to say of it."""
        self.text.text = text
        for row in self.rows:
            row.remove_from_parent()
        report = self.report or {"corrections": [], "on": None}
        self.rows = [self.make(item) for item in report["corrections"]]
        self.open_button.visible = not self.report
        self.switch.visible = report["on"] is not None
        self.switch.text = say("corrections_switch_off") if report["on"] else say("corrections_switch_on")

    def make(self, item):
        row = Corrected(item=dict(item, label=corrections.text_of(self.model, item["label"])))
        row.add_event_handler("x-take-back", self.take_back)
        self.add_component(row, slot="rows")
        return row

    def text_node(self):
        return self.node.querySelector(".corrections-text")
