import anvil.js
from anvil import *

from .. import findings, troubles
from ..announcement import announce
from ..Suspect import Suspect
from ..words import say
from ._anvil_designer import FindingsTemplate


class Findings(FindingsTemplate):
    """How well it has learned, what is mixed up, and the photos to look at; or why it could not be taught.

    `lesson` is what was taught. Raises x-remove with a photo, and x-move with a photo and the thing that it shows.
    """

    def __init__(self, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector(".findings")
        self.lesson = None
        self.report = None
        self.error = None
        self.suspects = []

    def fill_words(self):
        if self.report:
            self.show(self.lesson, self.report)
        elif self.error:
            self.show_trouble(self.error)

    def clear(self):
        self.report = self.error = None
        self.write("none", "")

    def wait(self, text):
        """Something takes its time."""
        self.write("busy", text, say("looking_advice"))

    def show(self, lesson, report):
        """Show the report on a lesson."""
        self.lesson = lesson
        self.report = report
        self.error = None
        self.write("found", findings.accuracy(report))
        self.list_lines(findings.lines(report))
        self.clear_suspects()
        self.list_suspects()

    def come(self):
        """Bring it into sight, for eyes and ears."""
        self.node.scrollIntoView({"block": "nearest"})
        self.node.querySelector(".findings-title").focus()

    def show_trouble(self, error):
        """Teaching, or what else was asked of the worker, has failed: nothing on the page is lost."""
        self.error = error
        trouble = troubles.of(error)
        advice = say("teach_safe")
        if trouble["name"] in ("unknown", "refused", "busy"):
            advice = trouble["advice"] + " " + advice
        headline = say("teach_lost") if trouble["name"] == "lost" else trouble["headline"]
        self.write("trouble", headline, advice)

    def list_lines(self, lines):
        target = self.node.querySelector("ul")
        target.textContent = ""
        for text in lines:
            item = anvil.js.window.document.createElement("li")
            item.textContent = text
            target.appendChild(item)

    def list_suspects(self):
        """The photos to look at that are still where they were."""
        found = []
        for entry in self.report["suspects"]:
            photo = self.lesson.photo_named(entry["name"])
            thing = photo and self.lesson.thing_of(photo)
            if thing and thing.name() != entry["label"]:  # it was moved meanwhile
                continue
            if not photo and entry["name"] in self.lesson.sent:  # it was removed
                continue
            to = photo and self.lesson.thing_called(entry["answer"])
            found.append(dict(entry, photo=photo, to=to))
        if found == [form.item for form in self.suspects]:
            return
        self.clear_suspects()
        self.suspects = [self.make(item) for item in found]
        self.node.classList.toggle("has-suspects", bool(self.suspects))

    def clear_suspects(self):
        for form in self.suspects:
            form.remove_from_parent()
        self.suspects = []

    def make(self, item):
        form = Suspect(item=item)
        form.add_event_handler("x-remove", self.suspect_remove)
        form.add_event_handler("x-move", self.suspect_move)
        self.add_component(form, slot="suspects")
        return form

    def suspect_remove(self, sender, **event_args):
        self.raise_event("x-remove", photo=sender.item["photo"])

    def suspect_move(self, sender, **event_args):
        self.raise_event("x-move", photo=sender.item["photo"], thing=sender.item["to"])

    def write(self, state, headline, advice=""):
        self.node.setAttribute("data-state", state)
        self.headline.text = headline
        self.advice.text = advice
        if headline:
            announce(headline + " " + advice)
