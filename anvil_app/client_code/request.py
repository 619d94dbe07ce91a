"""One photo on its way to the worker."""

from . import troubles

QUEUED, ANSWERED, FAILED, STOPPED = "queued", "answered", "failed", "stopped"
# A file of so many bytes travels as it is: it has no more pixels than are needed, or travels as fast.
SMALL_BYTES = 30_000
# A photo that waited so often for a worker, and each time there was one, is not sent again by itself.
WAITS = 3
# What is said then instead of "waiting for the worker", by the trouble it waited for.
GIVEN_UP = {"offline": "Unsendable", "silent": "Timeout", "away": "UplinkDisconnectedError"}


class Request:
    """A photo that wants an answer: sent once, once more if lost with a worker, and again when a worker is back.

    `correction` is the reply of `correct_answer` to which it owes its answer, or None.
    `photo` is what travels, as media of `size` bytes: a smaller copy, once it is `fitted`. `shown` is the one that came
    in, `file` the same as the browser's own File. `number` is its place among many.
    """

    def __init__(self, photo, file, number=0):
        self.photo = photo
        self.shown = photo
        self.file = file
        self.size = file.size
        self.number = number
        self.name = photo.name or ""
        self.fitted = self.size <= SMALL_BYTES
        self.attempt = 0
        self.forget()

    def forget(self):
        """As if it had never been sent: what is still on its way for it counts no more."""
        self.attempt += 1
        self.state = QUEUED
        self.reply = None
        self.correction = None
        self.error = None
        self.resent = False
        self.overdue = False
        self.waits = 0

    def is_readable(self) -> bool:
        """Whether the bytes that travel can be read: a folder cannot. Anvil's client reads all of them to tell."""
        try:
            return self.photo.length >= 0
        except Exception:
            return False

    @property
    def seen(self):
        """What to show of it: what came in, or, of a kind that few browsers show, what the worker made of it."""
        return (self.reply and self.reply.get("seen")) or self.shown

    @property
    def small(self):
        """What to show of it among many; None while a smaller copy of it is being made."""
        if self.seen is not self.shown:
            return self.seen
        return self.photo if self.fitted or self.state != QUEUED else None

    @property
    def heat(self):
        """The heat map that came with the answer, or None."""
        return self.reply and self.reply.get("heatmap")

    def answered(self, reply: dict):
        self.state = ANSWERED
        self.reply = reply
        self.error = None

    def failed(self, error: dict, patient: bool = False) -> str:
        """What to do after a failed call: `troubles.STOP`, `RESEND` (at once) or `WAIT` (until a worker is there).

        `patient`: a busy worker is waited for as well.
        """
        trouble = troubles.of(error)
        step = trouble["next"]
        self.overdue = trouble["name"] == "overdue"
        if patient and trouble["name"] == "busy":
            step = troubles.WAIT
        elif step == troubles.WAIT:
            self.waits += 1
            if self.waits > WAITS:
                step = troubles.STOP
                error = {"type": GIVEN_UP[trouble["name"]], "message": ""}
        elif step == troubles.RESEND and not self.overdue:
            step = troubles.STOP if self.resent else troubles.RESEND
            self.resent = True
        self.error = error
        if step == troubles.STOP:
            self.state = FAILED
        return step
