import anvil.js
import anvil.media
from anvil import *

from ..agenda import REPAINT
from ..announcement import announce
from ..words import say
from ._anvil_designer import ShelfTemplate


class Shelf(ShelfTemplate):
    """The taught models of the owner: add photos to one, rename, download or delete it.

    Raises x-add with the name of the model to which photos are to be added, x-change when the shelf has changed, with
    the name by which the chosen model goes now, or "", and x-trouble with an error.
    """

    def __init__(self, agenda, owner, question, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector(".shelf")
        self.agenda = agenda
        self.owner = owner
        self.question = question
        self.errand = None
        self.jobs = [("shelf", self.run)]
        self.add.add_event_handler("click", self.add_click)
        self.rename.add_event_handler("click", self.rename_click)
        self.download.add_event_handler("click", self.download_click)
        self.delete.add_event_handler("click", self.delete_click)

    def fill_words(self):
        self.add.text = say("shelf_add")
        self.rename.text = say("shelf_rename")
        self.download.text = say("shelf_download")
        self.delete.text = say("shelf_delete")
        anvil.js.get_dom_node(self.menu).querySelector("select").setAttribute("aria-label", say("shelf_title"))

    def show(self, chosen=""):
        """Bring it up to the owner's models."""
        chosen = chosen or self.menu.selected_value
        names = sorted(self.owner.models)
        self.node.hidden = not names
        self.menu.items = names
        if chosen in names:
            self.menu.selected_value = chosen

    def add_click(self, **event_args):
        self.raise_event("x-add", model=self.menu.selected_value)

    def rename_click(self, **event_args):
        name = self.menu.selected_value

        def take(new):
            if new != name:
                self.go(self.renamed, "rename_model", name, new)

        self.question.open(say("shelf_rename_ask", name=name), "", say("shelf_rename"), take, answer=name)

    def delete_click(self, **event_args):
        name = self.menu.selected_value

        def take(answer):
            self.go(self.deleted, "delete_model", name)

        self.question.open(say("shelf_delete_ask", name=name), say("shelf_delete_note"), say("shelf_delete"), take)

    def download_click(self, **event_args):
        self.go(self.downloaded, "download_model", self.menu.selected_value)

    def go(self, done, *call):
        """Have a call made; `done` gets its reply."""
        self.errand = (done, call)
        self.owner.let(self.plan)

    def plan(self):
        self.agenda.plan("shelf", REPAINT)

    def run(self):
        done, call = self.errand
        reply = self.owner.ask(self.plan, *call)
        if "error" in reply:
            self.raise_event("x-trouble", error=reply["error"])
        else:
            done(reply)

    def renamed(self, reply):
        self.raise_event("x-change", model=reply["model"])
        announce(say("shelf_renamed", name=reply["model"]))

    def deleted(self, reply):
        self.raise_event("x-change", model="")
        announce(say("shelf_deleted", name=reply["model"]))

    def downloaded(self, reply):
        anvil.media.download(reply["file"])
        announce(say("shelf_downloaded", file=reply["file"].name))
