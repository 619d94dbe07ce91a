"""The photos on the page: one or hundreds, asked about a few at a time."""

from . import troubles
from .request import ANSWERED, FAILED, QUEUED, STOPPED, Request
from .words import duration, say

# Answers to measure the pace by before a time left is named.
PACE_AFTER = 4
# Photos of one call: as many as are answered in so many seconds, for the page may stand still meanwhile.
PACK_SECONDS = 0.1
PACK_PHOTOS = 16
PACK_BYTES = 1_000_000


class Album:
    """Photos in the order given. `waiting` is the error for which it stands still, `expired` the one that ended it for
    good, both or None; `overdue`: a call was.
    """

    def __init__(self, photos=()):
        self.requests = []
        self.waiting = None
        self.overdue = False
        self.expired = None
        self.spent = 0.0
        self.paced = 0
        self.since = None
        self.fits = 1
        self.add(photos)

    def add(self, photos):
        """Take more photos, each as media and as the browser's own File."""
        for photo, file in photos:
            self.requests.append(Request(photo, file, len(self.requests)))

    def queued(self) -> list:
        """The photos without an answer, in their order."""
        return [request for request in self.requests if request.state == QUEUED]

    def pack(self) -> list:
        """The photos to send now, in one call: the first that have no answer, as far as they are ready to travel.

        One that was lost with a worker goes alone: it may be what ended it.
        """
        found = []
        size = 0
        for request in self.queued()[: self.fits]:
            size += request.size
            alone = request.resent or request.waits
            if not request.fitted or (found and (alone or size > PACK_BYTES)):
                break
            found.append(request)
            if alone:
                break
        return found

    def count(self, *states) -> int:
        return len([request for request in self.requests if request.state in states])

    def begin(self, now: float):
        """A call is made at `now` (seconds); the pace is measured from here, or from the end of the one before."""
        if self.since is None:
            self.since = now

    def lap(self, now: float, count: int, seconds: float):
        """A call with `count` photos has come to an end at `now`, after so many seconds.

        They are None where its worker never answered: that says nothing of how many photos another one can take.
        """
        if self.since is not None:
            self.spent += now - self.since
            self.paced += count
            self.since = now
        if seconds is not None:
            self.fits = max(1, min(PACK_PHOTOS, 2 * count, int(count * PACK_SECONDS / max(seconds, 0.001))))

    def rest(self):
        """Nothing is being asked: this time does not count."""
        self.since = None

    def failed(self, request, error: dict) -> str:
        """Note a failed call; returns `troubles.STOP`, `RESEND` or `WAIT`. Among many a busy worker is waited for."""
        if request.state != QUEUED:  # it was stopped meanwhile
            return troubles.STOP
        step = request.failed(error, len(self.requests) > 1)
        name = troubles.of(error)["name"]
        self.overdue = self.overdue or name == "overdue"
        if step == troubles.WAIT:
            self.waiting = error
            self.rest()
        elif name == "expired":
            self.expired = error
            self.stop()
        return step

    def resume(self) -> bool:
        """A worker is there: whether there is something to go on with."""
        resumed = self.waiting is not None
        self.waiting = None
        return resumed

    def stop(self):
        """Give up on those that have no answer yet."""
        self.waiting = None
        self.rest()
        for request in self.requests:
            if request.state == QUEUED:
                request.state = STOPPED

    def again(self, everything: bool = False):
        """Queue those without an answer once more, or all."""
        self.waiting = None
        self.overdue = False
        self.spent = 0.0
        self.paced = 0
        self.rest()
        for request in self.requests:
            if everything or request.state in (FAILED, STOPPED):
                request.forget()

    def progress(self) -> dict:
        """How far it is: running (bool), share (0 to 1), text, advice, missing (how many can be tried again), and
        expired (bool).
        """
        count = len(self.requests)
        queued = self.count(QUEUED)
        done = count - queued
        missing = self.count(FAILED, STOPPED)
        advice = say("overdue_advice") if self.overdue and queued else ""
        if self.expired:
            trouble = troubles.of(self.expired)
            text = say("many_paused", done=self.count(ANSWERED), count=count, reason=trouble["headline"])
            advice = trouble["advice"]
        elif self.waiting:
            text = say("many_paused", done=done, count=count, reason=troubles.of(self.waiting)["headline"])
            advice = say("many_waits")
        elif queued and self.paced >= PACE_AFTER:
            left = duration(self.spent / self.paced * queued)
            text = say("many_left", done=done, count=count, time=left)
        elif queued:
            text = say("many_looking", done=done, count=count)
        elif missing:
            text = say("many_open", done=self.count(ANSWERED), count=count)
        else:
            text = say("many_done", count=count)
            if self.paced:
                text = say("many_done_time", count=count, time=duration(self.spent))
        return {
            "running": queued > 0,
            "share": done / count if count else 0,
            "text": text,
            "advice": advice,
            "missing": 0 if queued or self.expired else missing,
            "expired": bool(self.expired),
        }
