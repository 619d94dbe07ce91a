import anvil.js
from anvil import *

from .. import answers, offer, troubles
from ..announcement import announce
from ..request import ANSWERED, FAILED, STOPPED
from ..words import say
from ._anvil_designer import BoardTemplate


class Board(BoardTemplate):
    """One photo with its answer side by side.

    Raises x-heat when the heat map is wanted and missing; its other buttons are the page's to listen to. `models` is
    the reply of list_models. Once a heat map was asked for, `wants_heat` stays on until it is hidden.
    """

    def __init__(self, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector(".board")
        self.models = {"models": []}
        self.view = self.node.querySelector("video")
        self.file = self.node.querySelector(".file")
        self.photo_img = anvil.js.get_dom_node(self.photo).querySelector("img")
        self.photo_img.addEventListener("error", self.on_unseen)
        self.request = None
        self.wants_heat = False
        self.is_live = False
        self.said = ""

    def fill_words(self):
        self.turn.text = say("camera_turn")
        self.choose.text = say("choose")
        self.shoot.text = say("take_photo")
        self.live.text = say("camera_stop") if self.is_live else say("camera_use")
        self.again.text = say("try_again")
        self.back.text = say("back")
        self.reload.text = say("reload")
        self.heat.alt_text = say("heat_alt")

    def open(self, request, one_of_many):
        """Bring a photo into sight."""
        self.end_live()
        self.request = request
        self.photo.alt_text = ""
        self.see(request.seen)
        self.back.visible = one_of_many
        self.live.visible = not one_of_many

    def open_live(self):
        """Bring into sight what the camera sees; until its first answer is there."""
        self.is_live = True
        self.request = None
        self.file.hidden = True
        self.node.classList.add("live")
        self.live.text = say("camera_stop")
        self.hide_parts()
        self.write("busy", say("looking"))

    def follow(self, frame, error):
        """Show the answer for a frame, or the error that it ended in."""
        self.request = frame
        self.show(error)

    def end_live(self):
        self.is_live = False
        self.node.classList.remove("live")
        self.live.text = say("camera_use")
        self.turn.visible = False

    def clear(self):
        """No photo is in sight any more."""
        self.end_live()
        self.live.visible = True
        self.request = None
        self.choose.text = say("choose")
        self.write("empty", "")

    def show(self, waiting=None):
        """Bring all up to the request; `waiting` is the error for which it waits."""
        request = self.request
        self.hide_parts()
        if request.state == ANSWERED:
            self.show_answer()
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

    def hide_parts(self):
        self.bars.items = []
        self.footnote.text = ""
        for part in (self.again, self.reload, self.heat, self.heat_button):
            part.visible = False
        self.choose.text = say("add") if self.back.visible else say("choose_another")

    def see(self, picture):
        self.file.hidden = True
        self.photo.visible = True
        self.photo.source = picture

    def on_unseen(self, event):
        """The browser cannot show this kind of file: that stands there, with its name."""
        self.file.textContent = say("unseen", file=self.request.name or say("a_file"))
        self.file.hidden = False
        self.photo.visible = False

    def show_answer(self):
        request = self.request
        if request.seen is not request.shown:
            self.see(request.seen)
        model = offer.find(self.models, request.reply["model"])
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
        # What the camera sees is answered again and again: it is read out where it changes.
        text = headline if self.is_live else announcement or headline
        if not (self.is_live and text == self.said):
            announce(text)
        self.said = text

    def heat_button_click(self, **event_args):
        self.wants_heat = not self.heat.visible
        self.show_heat()
        if self.wants_heat:
            announce(self.heat_button.text)
