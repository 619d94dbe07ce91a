import anvil.js
from anvil import *

from .. import answers, offer, troubles
from ..request import ANSWERED, FAILED, STOPPED
from ..words import say
from ._anvil_designer import BoardTemplate


class Board(BoardTemplate):
    """One photo with its answer side by side.

    Raises x-choose, x-shoot, x-again, x-reload and x-back; x-heat when the heat map is wanted and missing; x-say with a
    text to be read out. Once a heat map was asked for, `wants_heat` stays on until it is hidden.
    """

    def __init__(self, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector(".board")
        self.request = None
        self.wants_heat = False

    def fill_words(self):
        self.choose.text = say("choose")
        self.shoot.text = say("take_photo")
        self.again.text = say("try_again")
        self.back.text = say("back")
        self.reload.text = say("reload")
        self.heat.alt_text = say("heat_alt")

    def open(self, request, one_of_many):
        """Bring a photo into sight."""
        self.request = request
        self.photo.alt_text = ""
        self.photo.source = request.shown
        self.back.visible = one_of_many

    def clear(self):
        """No photo is in sight any more."""
        self.request = None
        self.choose.text = say("choose")
        self.write("empty", "")

    def show(self, models, waiting=None):
        """Bring all up to the request; `models` is the reply of list_models, `waiting` the error for which it waits."""
        request = self.request
        self.bars.items = []
        self.footnote.text = ""
        self.again.visible = False
        self.reload.visible = False
        self.heat.visible = False
        self.heat_button.visible = False
        self.choose.text = say("add") if self.back.visible else say("choose_another")
        if request.state == ANSWERED:
            self.show_answer(models)
        elif request.state == FAILED:
            self.show_trouble(request.error)
        elif request.state == STOPPED:
            self.write("trouble", say("tile_stopped"))
            self.again.visible = True
        elif waiting:
            self.show_trouble(waiting)
        elif request.overdue:
            self.write("busy", say("looking"), advice=say("overdue_advice"))
        elif request.resent:
            self.write("busy", say("resending"), advice=say("resending_advice"))
        else:
            self.write("busy", say("looking"), advice=say("looking_advice"))

    def show_answer(self, models):
        request = self.request
        model = offer.find(models, request.reply["model"])
        answer = answers.read(request.reply, offer.title(model or {"name": request.reply["model"]}))
        self.write(answer["state"], answer["headline"], answer["confidence"], answer["advice"], answer["announcement"])
        self.bars.items = answer["bars"]
        self.footnote.text = answer["footnote"]
        self.photo.alt_text = say("photo_alt", file=request.name or say("a_file"))
        self.heat_button.visible = bool(model.get("heatmap"))
        self.show_heat()

    def show_trouble(self, error):
        """What went wrong with the photo, or with something that is none."""
        trouble = troubles.of(error)
        state = troubles.state(trouble)
        self.write(state, trouble["headline"], advice=trouble["advice"])
        self.again.visible = trouble["again"]
        self.reload.visible = trouble["name"] == "expired"
        if state == "refused":
            self.choose.text = say("choose")

    def show_heat(self):
        """The heat map over the photo where it is wanted; one that is missing is asked for."""
        wanted = self.wants_heat and self.heat_button.visible
        self.heat.visible = bool(wanted and self.request.heat)
        if self.heat.visible:
            self.heat.source = self.request.heat
        self.heat_button.text = say("heat_hide") if self.heat.visible else say("heat_show")
        if wanted and not self.request.heat:
            self.heat_button.text = say("looking")
            self.raise_event("x-heat", request=self.request)

    def write(self, state, headline, confidence="", advice="", announcement=""):
        self.node.setAttribute("data-state", state)
        self.headline.text = headline
        self.confidence.text = confidence
        self.advice.text = advice
        self.advice.visible = bool(advice)
        self.raise_event("x-say", text=announcement or headline)

    def heat_button_click(self, **event_args):
        self.wants_heat = not self.heat.visible
        self.show_heat()
        if self.wants_heat:
            self.raise_event("x-say", text=self.heat_button.text)

    def choose_click(self, **event_args):
        self.raise_event("x-choose")

    def shoot_click(self, **event_args):
        self.raise_event("x-shoot")

    def again_click(self, **event_args):
        self.raise_event("x-again")

    def reload_click(self, **event_args):
        self.raise_event("x-reload")

    def back_click(self, **event_args):
        self.raise_event("x-back")
