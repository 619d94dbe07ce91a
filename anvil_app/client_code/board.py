"""The photo and its answer side by side: what the page shows of one request."""

import anvil.js

from . import answers, troubles, workers
from .heatmap import HeatMap
from .request import ANSWERED, FAILED, STOPPED
from .words import say


class Board:
    """Shows one request in the components of the page's form."""

    def __init__(self, form):
        self.form = form
        self.page = anvil.js.get_dom_node(form).querySelector(".page")
        self.heatmap = HeatMap(form)
        self.request = None

    def show_photo(self, request):
        """A photo comes into sight."""
        self.request = request
        self.form.photo.alt_text = ""
        self.form.photo.source = request.shown
        self.heatmap.withdraw()

    def show(self, offer: dict, waiting=None):
        """Bring all up to the request; `waiting` is the error for which it waits."""
        request = self.request
        self.clear()
        if request.state == ANSWERED:
            self.show_answer(request, offer)
            return
        self.heatmap.withdraw()
        if request.state == FAILED:
            self.show_trouble(request.error)
        elif request.state == STOPPED:
            self.text("trouble", say("tile_stopped"))
            self.form.again.visible = True
        elif waiting:
            self.show_trouble(waiting)
        elif request.resent:
            self.text("busy", say("resending"), advice=say("resending_advice"))
        else:
            self.text("busy", say("looking"), advice=say("looking_advice"))

    def show_answer(self, request, offer: dict):
        form = self.form
        model = workers.find(offer, request.reply["model"])
        answer = answers.read(request.reply, workers.title(model or {"name": request.reply["model"]}))
        self.text(answer["state"], answer["headline"], answer["confidence"], answer["advice"], answer["announcement"])
        form.bars.items = answer["bars"]
        form.footnote.text = answer["footnote"]
        form.photo.alt_text = say("photo_alt", file=request.name or say("a_file"))
        self.heatmap.offer(request, bool(model.get("heatmap")))

    def show_trouble(self, error: dict):
        """What went wrong with the photo, or with something that is none."""
        trouble = troubles.of(error)
        state = troubles.state(trouble)
        self.text(state, trouble["headline"], advice=trouble["advice"])
        self.form.again.visible = trouble["again"]
        self.form.choose.text = say("choose" if state == "refused" else "choose_another")

    def clear(self):
        form = self.form
        form.choose.text = say("choose_another")
        form.bars.items = []
        form.footnote.text = ""
        form.again.visible = False

    def text(self, state: str, headline: str, confidence: str = "", advice: str = "", announcement: str = ""):
        form = self.form
        self.page.setAttribute("data-state", state)
        form.headline.text = headline
        form.confidence.text = confidence
        form.advice.text = advice
        form.advice.visible = bool(advice)
        form.announce(announcement or headline)
