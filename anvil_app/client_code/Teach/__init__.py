import anvil.js
from anvil import *

from .. import troubles
from ..agenda import REPAINT
from ..announcement import announce
from ..Findings import Findings
from ..language import fill
from ..lesson import Lesson
from ..request import ANSWERED
from ..Shelf import Shelf
from ..Things import Things
from ..Trial import Trial
from ..words import say
from ._anvil_designer import TeachTemplate


class Teach(TeachTemplate):
    """The view in which a model is taught: its things with their photos, what it has learned, and the owner's shelf.

    `service`, `agenda`, `owner` and `question` are the page's. Raises x-kept when the owner's shelf has changed, and
    x-use with the name of the model that is to be used.
    """

    def __init__(self, service, agenda, owner, question, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector(".lesson")
        self.name = self.node.querySelector(".model-name")
        self.name.addEventListener("input", self.on_name)
        self.service = service
        self.agenda = agenda
        self.owner = owner
        self.question = question
        self.kept_as = ""
        self.taught = None
        self.eager = False
        self.things = Things(service=service, agenda=agenda)
        self.findings = Findings()
        self.trial = Trial(service=service, agenda=agenda)
        self.shelf = Shelf(agenda=agenda, owner=owner, question=question)
        self.jobs = [("teach", self.run_teach), ("keep", self.run_keep)]
        for form in (self.shelf, self.things, self.trial):
            self.jobs += form.jobs
        for form, slot in (
            (self.things, "things"),
            (self.findings, "findings"),
            (self.trial, "trial"),
            (self.shelf, "shelf"),
        ):
            self.add_component(form, slot=slot)
        self.listen()
        self.begin(Lesson())

    def listen(self):
        for form, event, handler in (
            (self.things, "x-change", self.change),
            (self.findings, "x-remove", self.things.remove_photo),
            (self.findings, "x-move", self.things.move_photo),
            (self.shelf, "x-add", self.add_to_model),
            (self.shelf, "x-change", self.shelf_change),
            (self.shelf, "x-trouble", self.shelf_trouble),
        ):
            form.add_event_handler(event, handler)
        anvil.js.window.addEventListener("beforeunload", self.on_unload)

    def on_unload(self, event):
        if self.lesson.is_unsaved():
            event.preventDefault()
            event.returnValue = True

    def begin(self, lesson):
        """Teach this from now on."""
        self.lesson = lesson
        self.things.begin(lesson)
        self.name.value = lesson.name
        self.name.disabled = bool(lesson.adds_to)
        self.kept_as = ""
        self.taught = None
        self.findings.clear()
        self.trial.close()
        self.show()

    def open(self):
        """The view has come into sight."""
        self.shelf.show()
        self.show()

    def resume(self):
        """A worker is there."""
        self.things.sender.resume()
        self.trial.sender.resume()

    def close(self):
        """The view is out of sight; what is in it stays."""
        self.trial.live.stop()
        self.things.stop_cameras()

    def fill_words(self):
        fill(self.node)
        self.another.text = say("thing_add")
        self.undo.text = say("undo")
        self.start_over.text = say("clear")
        self.use.text = say("keep_use")
        for form in (self.things, self.findings, self.trial, self.shelf):
            form.fill_words()
        self.show()

    # Photos come in

    def take(self, photos, node):
        """Photos were dropped on a node of the page, or pasted there."""
        if self.trial.node.contains(node):
            self.trial.take(photos)
        else:
            self.things.take(photos, node)

    # What a person changes

    def on_name(self, event):
        self.lesson.name = self.name.value
        self.show()

    def another_click(self, **event_args):
        self.things.add_thing()

    def undo_click(self, **event_args):
        self.things.undo()

    def change(self, **event_args):
        """The lesson has changed, or its photos are further."""
        self.show()
        if self.findings.report:
            self.findings.list_suspects()
        if self.eager and not self.lesson.on_their_way():
            self.teach_click()

    def start_over_click(self, **event_args):
        self.leave(lambda answer=None: self.begin(Lesson()))

    def add_to_model(self, model, **event_args):
        self.leave(lambda answer=None: self.begin_to_add(model))

    def begin_to_add(self, name):
        self.begin(Lesson(name, self.owner.models[name]))
        self.name.scrollIntoView()

    def leave(self, go):
        """Give up what is here, after a question where photos would be lost."""
        if self.lesson.is_unsaved():
            self.question.open(say("leave_ask"), say("leave_note"), say("leave_go"), go)
        else:
            go()

    # Teaching

    def teach_click(self, **event_args):
        problem = self.lesson.problem(self.owner.fewest)
        if problem:
            announce(problem)
        elif self.lesson.on_their_way():
            self.eager = True
            self.show()
        else:
            self.eager = False
            self.things.stop_cameras()
            self.owner.let(self.plan_teach)

    def plan_teach(self):
        self.findings.wait(say("teach_busy"))
        self.agenda.plan("teach", REPAINT)

    def run_teach(self):
        lesson = self.lesson
        changes = lesson.changes
        reply = self.ask_to_teach(self.plan_teach, keep=False)
        # Anvil's client lets other things happen meanwhile.
        if "error" not in reply and lesson is self.lesson:
            self.taught = changes
            self.findings.show(self.lesson, reply)
            self.findings.come()
            head = BlobMedia("application/octet-stream", reply["head"].get_bytes(), name="head")
            self.trial.open(head, self.lesson.name or say("teach_nameless"))
        self.show()

    def ask_to_teach(self, go, **options):
        classes = self.lesson.classes(lambda data: BlobMedia("application/octet-stream", data, name="features"))
        name = self.lesson.name.strip()
        reply = self.owner.ask(go, "teach", name, classes, add=bool(self.lesson.adds_to), **options)
        if "error" in reply:
            self.findings.show_trouble(reply["error"])
        return reply

    def keep_click(self, **event_args):
        name = self.lesson.name.strip()
        if not name:
            announce(say("keep_nameless"))
            self.name.focus()
        elif name in self.owner.models and name not in (self.kept_as, self.lesson.adds_to):
            self.question.open(say("keep_replace", name=name), say("keep_replace_note"), say("keep"), self.let_keep)
        else:
            self.let_keep()

    def let_keep(self, answer=None):
        self.owner.let(self.plan_keep)

    def plan_keep(self):
        self.findings.wait(say("keep_busy"))
        self.agenda.plan("keep", REPAINT)

    def run_keep(self):
        lesson = self.lesson
        changes = lesson.changes
        reply = self.ask_to_teach(self.plan_keep, replace=lesson.name.strip() in self.owner.models)
        if "error" in reply:
            self.show()
            return
        lesson.kept = self.taught = changes
        self.findings.show(lesson, reply)
        self.shelf_change(reply["model"])
        self.kept_as = reply["model"]
        self.show()
        announce(say("kept", name=reply["model"]))

    # The shelf

    def shelf_change(self, model, **event_args):
        self.raise_event("x-kept")
        self.shelf.show(model)
        if self.kept_as and self.kept_as not in self.owner.models:  # it has another name now, or is gone
            self.kept_as = model
            if model:
                self.lesson.name = self.name.value = model
            else:
                self.lesson.kept = 0
        if self.lesson.adds_to:
            self.begin(Lesson(model, self.owner.models[model]) if model in self.owner.models else Lesson())
        self.show()

    def shelf_trouble(self, error, **event_args):
        self.findings.show_trouble(error)

    def use_click(self, **event_args):
        self.raise_event("x-use", model=self.kept_as)

    # What is seen

    def show(self):
        """Bring all up to the lesson."""
        problem = self.lesson.problem(self.owner.fewest)
        waiting = self.lesson.on_their_way()
        self.node.setAttribute("data-waiting", str(waiting))
        if self.lesson.album.expired:
            problem = troubles.of(self.lesson.album.expired)["headline"]
        self.state.text = problem or self.progress(waiting)
        self.teach.text = say("teach_again") if self.taught is not None else say("teach")
        self.undo.visible = bool(self.lesson.past)
        self.start_over.visible = bool(self.lesson.photos() or self.lesson.adds_to)
        self.keep.text = say("keep")
        fresh = self.taught is not None and self.taught == self.lesson.changes
        kept = fresh and self.lesson.kept == self.lesson.changes
        self.keep.visible = fresh and not kept
        self.use.visible = bool(self.kept_as)
        self.kept.text = self.of_keeping()
        self.node.classList.toggle("stale", self.taught is not None and not fresh)

    def of_keeping(self):
        if self.keep.visible:
            return say("keep_note")
        return say("kept", name=self.kept_as) if self.kept_as else ""

    def progress(self, waiting):
        if self.lesson.album.waiting and waiting:
            return say("teach_away", count=waiting)
        if waiting and self.eager:
            return say("teach_soon", count=waiting)
        if waiting:
            return say("teach_reading", count=waiting)
        return say("teach_ready", count=self.lesson.album.count(ANSWERED))
