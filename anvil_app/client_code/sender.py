"""The way of photos to a worker, and of its answers back."""

from . import presence, troubles
from .agenda import PAUSE, REPAINT, now
from .album import Album
from .request import QUEUED
from .shrinker import Shrinker

# Seconds before a photo is sent again that was lost with a worker: time for the service to see that it is gone.
RESEND_AFTER = 0.5


class Sender:
    """Sends the photos of `album`, a few in a call, by the agenda's job of that name.

    `ask` gives the replies for some requests, from one call; `show` is called with requests that have changed, and with
    None where all may have.
    """

    def __init__(self, service, agenda, job, ask, show):
        self.service = service
        self.agenda = agenda
        self.job = job
        self.ask = ask
        self.show = show
        self.shrinker = Shrinker(self.take_copy)
        self.album = Album()

    def go_on(self, seconds=PAUSE):
        self.agenda.plan(self.job, seconds)

    def send(self):
        """Ask about the next photos."""
        album = self.album
        self.shrinker.work(album.queued(), self.service.side())
        if album.waiting or not album.queued():
            album.rest()
            return
        pack = album.pack()
        for request in pack:
            if not request.is_readable():
                self.take_replies([request], [{"error": {"type": "NotAFile", "message": ""}}], 0)
                return
        # Anvil's client lets other things happen meanwhile: other photos may come in, or these may be given up.
        pack = [request for request in pack if request.state == QUEUED]
        if not pack or album is not self.album:
            return
        start = now()
        album.begin(start)
        attempts = [request.attempt for request in pack]
        replies = self.ask(pack)
        if album is self.album and attempts == [request.attempt for request in pack]:
            self.take_replies(pack, replies, now() - start)
        else:
            self.go_on()

    def take_copy(self, request):
        """A photo is ready to travel, and to be shown among others."""
        self.show([request])
        self.go_on()

    def take_replies(self, requests, replies, seconds):
        """Note what became of the photos of one call that took so many seconds, and go on."""
        overdue = [reply for reply in replies if "error" in reply and reply["error"]["type"] == "Overdue"]
        self.album.lap(now(), len(requests), None if overdue else seconds)
        steps = []
        for number in range(len(requests)):
            request = requests[number]
            reply = replies[number]
            if "error" in reply:
                steps.append(self.album.failed(request, reply["error"]))
            elif request.state == QUEUED:
                request.answered(reply)
        self.show(None if self.album.expired else requests)
        if troubles.WAIT in steps:
            self.agenda.plan("look", presence.SECONDS_WHILE_AWAY)
        else:
            self.go_on(RESEND_AFTER if troubles.RESEND in steps else PAUSE)

    def resume(self):
        """A worker is there: go on with what waited for one."""
        if self.album.resume():
            self.show(None)
            self.go_on(REPAINT)

    def again(self, everything=False):
        """Ask about those without an answer once more, or about all."""
        self.album.again(everything)
        if self.album.requests:
            self.show(None)
            self.go_on(REPAINT)

    def once_more(self, request):
        """Ask about one photo again."""
        request.forget()
        self.album.waiting = None
        self.show([request])
        self.go_on(REPAINT)

    def stop(self):
        self.album.stop()
        self.show(None)
