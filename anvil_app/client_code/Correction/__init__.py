import anvil.js
from anvil import *

from .. import corrections, offer, troubles
from ..agenda import REPAINT
from ..announcement import announce
from ..words import say
from ._anvil_designer import CorrectionTemplate

CLOSED, ASKING, WORKING, DONE, REFUSED = "closed", "asking", "working", "done", "refused"
# Answers to show of those that a model gives.
LABELS = 5


class Correction(CorrectionTemplate):
    """Under an answer: *Not right?*, the right label, and what came of it.

    Raises x-learned when the request in sight has a new answer, and x-undone when a correction was taken back.
    """

    def __init__(self, service, agenda, owner, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector(".correction")
        self.field = self.node.querySelector("input")
        self.field.addEventListener("keydown", self.on_key)
        self.menu_node = anvil.js.get_dom_node(self.labels).querySelector("select")
        self.service = service
        self.agenda = agenda
        self.owner = owner
        self.request = None
        self.attempt = None
        self.label = None
        self.jobs = [("correct", self.correct), ("uncorrect", self.take_back)]

    def fill_words(self):
        self.open_button.text = say("correct_open")
        self.go.text = say("correct_go")
        self.cancel.text = say("cancel")
        self.undo.text = say("correct_undo")
        self.menu_node.setAttribute("aria-label", say("correct_label"))
        self.field.setAttribute("aria-label", say("correct_new_label"))
        self.request = None

    def show(self, request):
        """Stand under the answer to this request."""
        if request is self.request and request.attempt == self.attempt:
            return
        self.request = request
        self.attempt = request.attempt
        if request.correction:
            self.step(DONE, corrections.learned(request.correction))
        else:
            self.step(CLOSED)

    def step(self, name, text=""):
        self.node.setAttribute("data-step", name)
        self.text.text = text
        if text:
            announce(text)

    def model(self):
        return offer.find(self.service.offer, self.request.reply["model"])

    def open_click(self, **event_args):
        model = self.model()
        if not corrections.is_possible(model):
            self.step(REFUSED, say("correct_impossible"))
            return
        self.labels.items = corrections.choices(model, self.request.reply, model["name"] in self.owner.models)
        self.labels.selected_value = corrections.NOTHING
        self.field.hidden = True
        self.field.value = ""
        self.step(ASKING)
        self.menu_node.focus()

    def labels_change(self, **event_args):
        self.field.hidden = self.labels.selected_value != corrections.NEW
        if not self.field.hidden:
            self.field.focus()

    def on_key(self, event):
        if event.key == "Enter":
            event.preventDefault()
            self.go_click()

    def cancel_click(self, **event_args):
        self.step(CLOSED)
        anvil.js.get_dom_node(self.open_button).querySelector("button").focus()

    def go_click(self, **event_args):
        chosen = self.labels.selected_value
        self.label = self.field.value.strip() if chosen == corrections.NEW else (chosen or "")[1:]
        if self.label:
            self.owner.let(self.go_on)
        else:
            (self.field if chosen == corrections.NEW else self.menu_node).focus()

    def go_on(self):
        self.step(WORKING, say("correct_busy"))
        self.agenda.plan("correct", REPAINT)

    def correct(self):
        request = self.request
        attempt = request.attempt
        name = request.reply["model"]
        reply = self.owner.ask(self.go_on, "correct_answer", name, request.photo, self.label, size=request.size)
        if attempt != request.attempt:  # another model was chosen meanwhile
            return
        if "error" in reply:
            self.refuse(reply["error"])
            return
        answer = reply["answer"]
        answer["predictions"] = answer["predictions"][:LABELS]
        request.answered(answer)
        request.correction = reply
        self.service.read_offer()
        if request is self.request:
            self.step(DONE, corrections.learned(reply))
            anvil.js.get_dom_node(self.undo).querySelector("button").focus()
        self.raise_event("x-learned", request=request)

    def refuse(self, error):
        trouble = troubles.of(error)
        if trouble["name"] == "unauthorized":  # the passphrase is asked for again
            self.step(ASKING)
        else:
            self.step(REFUSED, trouble["headline"] + ". " + trouble["advice"])

    def undo_click(self, **event_args):
        self.owner.let(self.go_back)

    def go_back(self):
        self.step(WORKING, say("correct_undoing"))
        self.agenda.plan("uncorrect", REPAINT)

    def take_back(self):
        request = self.request
        made = request.correction
        reply = self.owner.ask(self.go_back, "take_back_corrections", made["model"], [made["id"]])
        if "error" in reply:
            self.refuse(reply["error"])
            return
        self.service.read_offer()
        self.raise_event("x-undone", request=request)
