import anvil.js
from anvil import *

from ..agenda import REPAINT
from ..album import Album
from ..Board import Board
from ..intake import photos_of
from ..live import Live
from ..sender import Sender
from ._anvil_designer import TrialTemplate


class Trial(TrialTemplate):
    """What was taught is tried at once, on a photo or with the camera, before it is kept."""

    def __init__(self, service, agenda, **properties):
        self.init_components(**properties)
        self.node = anvil.js.get_dom_node(self).querySelector(".trial")
        self.service = service
        self.head = None
        self.name = ""
        self.board = Board()
        self.add_component(self.board, slot="board")
        self.sender = Sender(service, agenda, "trial", self.ask, self.show)
        self.live = Live(self.board, self.sender, self.open_photo, "trial")
        self.jobs = [("trial", self.sender.send)]
        self.jobs += self.live.jobs
        for button, handler in (
            (self.board.choose, self.choose),
            (self.board.shoot, self.choose),
            (self.board.again, self.ask_again),
        ):
            button.add_event_handler("click", handler)

    def fill_words(self):
        self.board.fill_words()
        self.show()

    def open(self, head, name):
        """Try this head from now on; a photo that is there is asked about again."""
        self.head = head
        self.name = name
        self.node.hidden = False
        self.sender.again(everything=True)

    def close(self):
        self.live.stop()
        self.sender.album = Album()
        self.board.clear()
        self.node.hidden = True

    def choose(self, **event_args):
        self.loader.open_file_selector()

    def loader_change(self, sender, **event_args):
        photos = photos_of(anvil.js.get_dom_node(sender).querySelector("input").files)
        if photos:
            self.take(photos)
            sender.clear()

    def take(self, photos):
        """Ask about a photo, the first of these."""
        self.live.stop()
        self.sender.album = Album(photos[:1])
        self.open_photo(self.sender.album.requests[0])
        self.sender.go_on(REPAINT)

    def open_photo(self, request):
        self.board.open(request, False)
        self.show()

    def ask(self, requests):
        """What the head says of these photos."""
        photos = [request.photo for request in requests]
        size = sum([request.size for request in requests])
        reply = self.service.ask("try_taught", self.head, photos, size=size)
        if "error" in reply:
            return [reply] * len(requests)
        return [dict(answer, model=self.name) for answer in reply]

    def show(self, requests=None):
        if self.board.request:
            self.board.show(self.sender.album.waiting)

    def ask_again(self, **event_args):
        self.sender.once_more(self.board.request)
