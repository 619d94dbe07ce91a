import anvil.js
import anvil.server
from anvil import *

from .. import answers, troubles, workers
from ..request import Request
from ..words import say
from ._anvil_designer import MainTemplate

# A browser does not repaint inside a handler: the page says what it is about to do and does it this many seconds later.
REPAINT = 0.05
# Seconds before a photo is sent again that was lost with a worker: time for the service to see that it is gone.
RESEND_AFTER = 0.5


class Main(MainTemplate):
    """The page: a photo comes in by choice, drop or paste, and the worker's answer is shown beside it."""

    def __init__(self, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector(".page")
        self.request = None
        self.offer = {"models": []}
        self.listening = False
        self.fill_words()
        self.set_state("empty")
        self.show_worker("checking", say("worker_checking"))

    def form_show(self, **event_args):
        if not self.listening:
            self.listening = True
            self.listen()
        self.status_timer.interval = REPAINT

    # Photos come in

    def listen(self):
        document = anvil.js.window.document
        document.addEventListener("dragstart", self.on_drag_start)
        document.addEventListener("dragover", self.on_drag_over)
        document.addEventListener("dragleave", self.on_drag_leave)
        document.addEventListener("drop", self.on_drop)
        document.addEventListener("paste", self.on_paste)

    def on_drag_start(self, event):
        # A picture of this page that is pulled a little is no photo to classify.
        if event.target.nodeName == "IMG":
            event.preventDefault()

    def on_drag_over(self, event):
        event.preventDefault()
        if event.dataTransfer.types.includes("Files"):
            self.node.classList.add("dragging")

    def on_drag_leave(self, event):
        if not event.relatedTarget:
            self.node.classList.remove("dragging")

    def on_drop(self, event):
        event.preventDefault()
        self.node.classList.remove("dragging")
        if event.dataTransfer.files.length:
            self.take_files(event.dataTransfer.files)
        else:
            self.stumble({"type": "NotAFile", "message": ""})

    def on_paste(self, event):
        if event.clipboardData.files.length:
            event.preventDefault()
            self.take_files(event.clipboardData.files)

    def take_files(self, files):
        self.take(anvil.js.to_media(files.item(0)), files.length)

    def choose_click(self, **event_args):
        self.loader.open_file_selector()

    def loader_change(self, file, files, **event_args):
        if file:
            self.take(file, len(files))
            self.loader.clear()

    def take(self, photo, count=1):
        """Show a photo at once and have it sent after the next repaint."""
        self.request = Request(photo)
        self.photo.alt_text = ""
        self.photo.source = photo
        self.choose.text = say("choose_another")
        advice = say("first_of_many", count=count) if count > 1 else say("looking_advice")
        self.show_busy(say("looking"), advice)

    # Calls

    def ask(self, name, *args, **kwargs):
        """A call to the worker; one that fails comes back in the shape of a worker's refusal."""
        try:
            return anvil.server.call_s(name, *args, **kwargs)
        except Exception as error:
            return {"error": troubles.from_exception(error)}

    def send_timer_tick(self, **event_args):
        self.send_timer.interval = 0
        request = self.request
        model = self.models.selected_value
        heatmap = bool(workers.find(self.offer, model).get("heatmap"))
        reply = self.ask("classify_image", request.photo, model=model, top=5, heatmap=heatmap)
        # Where calls do not hold the page up, another photo may have come in meanwhile.
        if request is not self.request:
            return
        if "error" in reply:
            self.stumble(reply["error"])
        else:
            self.show_answer(reply)

    def status_timer_tick(self, **event_args):
        worker = workers.state(self.ask("worker_status"))
        self.status_timer.interval = worker["seconds"]
        self.show_worker(worker["name"], worker["text"])
        if not worker["there"]:
            self.offer = {"models": []}
            return
        if not self.offer["models"]:
            self.read_offer()
        if self.request and self.request.waiting:
            self.request.waiting = False
            self.show_busy(say("looking"), say("looking_advice"))

    def read_offer(self):
        reply = self.ask("list_models")
        if "error" in reply:
            return
        chosen = self.models.selected_value
        self.offer = reply
        self.models.items = workers.choices(reply)
        self.models.selected_value = chosen if workers.find(reply, chosen) else reply["default"]
        self.models.visible = len(reply["models"]) > 1
        self.node.classList.toggle("many-models", self.models.visible)

    def models_change(self, **event_args):
        if self.request:
            self.take(self.request.photo)

    def again_click(self, **event_args):
        self.take(self.request.photo)

    # What is seen

    def fill_words(self):
        for node in self.every("[data-word]"):
            node.textContent = say(node.getAttribute("data-word"))
        for node in self.every("[data-word-label]"):
            node.setAttribute("aria-label", say(node.getAttribute("data-word-label")))
        self.choose.text = say("choose")
        self.again.text = say("try_again")
        self.heat.alt_text = say("heat_alt")
        anvil.js.get_dom_node(self.models).querySelector("select").setAttribute("aria-label", say("model"))

    def every(self, selector):
        found = self.node.querySelectorAll(selector)
        return [found.item(index) for index in range(found.length)]

    def set_state(self, state):
        self.node.setAttribute("data-state", state)

    def announce(self, text):
        self.node.querySelector(".announcement").textContent = text

    def show_worker(self, name, text):
        self.worker.text = text
        self.node.setAttribute("data-worker", name)

    def show_text(self, state, headline, confidence, advice):
        self.set_state(state)
        self.headline.text = headline
        self.confidence.text = confidence
        self.advice.text = advice
        self.advice.visible = bool(advice)

    def clear_answer(self):
        self.bars.items = []
        self.footnote.text = ""
        self.heat.visible = False
        self.heat_button.visible = False
        self.again.visible = False

    def show_busy(self, headline, advice, send_after=REPAINT):
        self.clear_answer()
        self.show_text("busy", headline, "", advice)
        self.announce(headline)
        self.send_timer.interval = send_after

    def show_answer(self, reply):
        title = workers.title(workers.find(self.offer, reply["model"]) or {"name": reply["model"]})
        answer = answers.read(reply, title)
        self.show_text(answer["state"], answer["headline"], answer["confidence"], answer["advice"])
        self.bars.items = answer["bars"]
        self.footnote.text = answer["footnote"]
        self.photo.alt_text = say("photo_alt", file=self.request.photo.name or say("a_file"))
        self.announce(answer["announcement"])
        if reply.get("heatmap"):
            self.heat.source = reply["heatmap"]
            self.heat_button.text = say("heat_show")
            self.heat_button.visible = True

    def heat_button_click(self, **event_args):
        self.heat.visible = not self.heat.visible
        self.heat_button.text = say("heat_hide" if self.heat.visible else "heat_show")

    def stumble(self, error):
        """Say what went wrong with a photo, and do what can be done about it."""
        trouble = troubles.of(error)
        step = self.request.failed(trouble) if self.request else troubles.STOP
        if step == troubles.RESEND:
            self.show_busy(say("resending"), say("resending_advice"), RESEND_AFTER)
            return
        self.clear_answer()
        state = troubles.state(trouble)
        self.show_text(state, trouble["headline"], "", trouble["advice"])
        self.again.visible = trouble["again"]
        self.choose.text = say("choose" if state == "refused" else "choose_another")
        self.announce(trouble["headline"])
        if trouble["name"] in ("away", "offline", "expired"):
            self.show_worker(trouble["name"], say("worker_" + trouble["name"]))
            self.status_timer.interval = workers.SECONDS_WHILE_AWAY
