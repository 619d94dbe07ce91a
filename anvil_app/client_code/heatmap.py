"""Where the network looked: a map over the photo, fetched when somebody asks for it."""

from . import troubles
from .words import say

# A browser does not repaint inside a handler: the button says what it does, and does it this many seconds later.
SOON = 0.05


class HeatMap:
    """The heat map of one answered photo, with the form's `heat` (Image), `heat_button` and `heat_timer`."""

    def __init__(self, form):
        self.form = form
        self.request = None
        form.heat_button.add_event_handler("click", self.on_click)
        form.heat_timer.add_event_handler("tick", self.on_tick)

    def offer(self, request, possible: bool):
        """Offer the map of an answered photo, where its model has one."""
        if request is not self.request:
            self.form.heat.visible = False
        self.request = request
        self.form.heat_button.visible = possible
        self.show(self.form.heat.visible)

    def withdraw(self):
        self.request = None
        self.form.heat.visible = False
        self.form.heat_button.visible = False

    def show(self, on: bool):
        if on:
            self.form.heat.source = self.request.heat
        self.form.heat.visible = on
        self.form.heat_button.text = say("heat_hide" if on else "heat_show")

    def on_click(self, **event_args):
        if self.request.heat:
            self.show(not self.form.heat.visible)
        else:
            self.form.heat_button.text = say("looking")
            self.form.announce(say("looking"))
            self.form.heat_timer.interval = SOON

    def on_tick(self, **event_args):
        form = self.form
        request = self.request
        if request and not form.caller.is_free():
            form.heat_timer.interval = SOON
            return
        form.heat_timer.interval = 0
        if not request:
            return
        attempt = request.attempt
        model = request.reply["model"]
        reply = form.caller.ask("classify_image", request.photo, size=request.size, model=model, top=1, heatmap=True)
        if attempt != request.attempt:  # another model was chosen meanwhile: this map is not of its answer
            return
        if "error" in reply:
            form.notice(reply["error"])
            form.announce(troubles.of(reply["error"])["headline"])
        request.heat = reply.get("heatmap")
        if request is self.request:
            self.show(bool(request.heat))
