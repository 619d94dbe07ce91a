import anvil.js
from anvil import *

from ..words import say
from ._anvil_designer import QuestionTemplate


class Question(QuestionTemplate):
    """A dialog that asks for a yes, or for a line of text."""

    def __init__(self, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector("dialog")
        self.field = self.node.querySelector("input")
        self.field.addEventListener("keydown", self.on_key)
        self.take = None

    def open(self, text, note, yes, take, answer=None, secret=False):
        """Ask; `take` is called with what was typed, or with None where only a yes is asked for.

        `answer` stands in the field to begin with; what is `secret` is not shown. Without either there is no field.
        """
        self.take = take
        self.text.text = text
        self.note.text = note
        self.yes_button.text = yes
        self.no_button.text = say("cancel")
        self.field.hidden = answer is None and not secret
        self.field.setAttribute("type", "password" if secret else "text")
        self.field.value = answer or ""
        if not self.node.open:
            self.node.showModal()
        if not self.field.hidden:
            self.field.focus()
            self.field.select()

    def on_key(self, event):
        if event.key == "Enter":
            event.preventDefault()
            self.yes_click()

    def yes_click(self, **event_args):
        answer = None if self.field.hidden else self.field.value.strip()
        if answer == "":
            self.field.focus()
            return
        self.close()
        self.take(answer)

    def no_click(self, **event_args):
        self.close()

    def close(self):
        self.field.value = ""
        self.node.close()
