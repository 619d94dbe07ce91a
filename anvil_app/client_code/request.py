"""One photo on its way to the worker."""

from . import troubles


class Request:
    """A photo that wants an answer: sent once, once more if lost with a worker, and again when a worker is back."""

    def __init__(self, photo):
        self.photo = photo
        self.resent = False
        self.waiting = False

    def failed(self, trouble: dict) -> str:
        """What to do after a failed call: `troubles.STOP`, `RESEND` (at once) or `WAIT` (until a worker is there)."""
        step = trouble["next"]
        if step == troubles.RESEND:
            step = troubles.STOP if self.resent else troubles.RESEND
            self.resent = True
        self.waiting = step == troubles.WAIT
        return step
