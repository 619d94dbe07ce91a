"""The workers behind the page, taken as one."""

from . import offer, presence, troubles
from .connection import Connection

LABELS = 5


class Service:
    """Asks a worker, and knows whether one is there (`presence`) and what it offers (`offer`, of list_models).

    `timer` is a Timer component. `on_presence` is called when `presence` changed, `on_offer` when `offer` did, and
    `on_return` whenever a worker was found to be there.
    """

    def __init__(self, timer, agenda, on_presence, on_offer, on_return):
        self.connection = Connection(timer, self.on_silence)
        self.agenda = agenda
        self.on_presence = on_presence
        self.on_offer = on_offer
        self.on_return = on_return
        self.presence = presence.named("checking", False)
        self.offer = {"models": []}
        self.offer_is_fresh = False

    def ask(self, name, *args, **kwargs):
        """The reply of a published function, or {"error"}, as of Connection.ask. A failure may tell of the worker."""
        reply = self.connection.ask(name, *args, **kwargs)
        if isinstance(reply, dict) and "error" in reply:
            trouble = troubles.of(reply["error"])["name"]
            if trouble in presence.UNREACHABLE:
                self.set_presence(presence.named(trouble, False))
        return reply

    def classify(self, requests, model, heatmap, top=LABELS) -> list:
        """The reply for each of these photos, from one call."""
        photos = [request.photo for request in requests]
        size = sum([request.size for request in requests])
        reply = self.ask("classify_images", photos, size=size, model=model, top=top, heatmap=heatmap)
        return [reply] * len(requests) if "error" in reply else reply

    def side(self) -> int:
        """Pixels along its longer side that a photo needs."""
        return offer.side(self.offer)

    def look(self):
        """See whether a worker is there, and what it offers."""
        reply = self.connection.ask("worker_status")
        found = presence.of(reply)
        self.set_presence(found)
        if not found["there"]:
            self.offer_is_fresh = False
            return
        # Models come and go while the page is open.
        if not self.offer_is_fresh or reply.get("models", []) != [model["name"] for model in self.offer["models"]]:
            self.read_offer()
        self.on_return()

    def read_offer(self):
        reply = self.connection.ask("list_models")
        if "error" not in reply:
            self.offer = reply
            self.offer_is_fresh = True
            self.on_offer()

    def set_presence(self, found):
        """Note how the worker is; it is looked at again in good time."""
        self.presence = found
        self.agenda.plan("look", found["seconds"])
        self.on_presence()

    def on_silence(self):
        self.set_presence(presence.named("silent", False))
