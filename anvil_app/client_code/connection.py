"""Calls to a worker, with an end to patience."""

import anvil.js
import anvil.server

from . import troubles

# Seconds that a call may take before the worker is said to be silent: fewer once another call was answered, for then
# there is a worker that answers sooner. And what a slow line carries in one second.
PATIENCE_SECONDS = 6
OVERDUE_SECONDS = 3
BYTES_A_SECOND = 200_000
# Calls in a row that go to another worker because one is overdue. Past that, none is said to answer.
OTHERS = 4


class Connection:
    """Asks a worker. `timer` is a Timer component; `on_silence` is called when nothing was heard for too long.

    The service gives each call to any of its workers, one that hangs too, and sets no time limit. So where its line can
    be cut, a call that is overdue is ended, as the trouble "Overdue" where others were answered, else as "Silent".
    """

    def __init__(self, timer, on_silence):
        self.timer = timer
        self.on_silence = on_silence
        self.silent = False
        self.unsent = 0
        self.others = 0
        timer.add_event_handler("tick", self.tick)

    def ask(self, name, *args, size=0, patience=0, **kwargs):
        """A call by name, with files of `size` bytes; one that fails comes back in the shape of a worker's refusal.

        `patience` is how many seconds it may take where that is more than usual.
        """
        self.silent = False
        self.unsent = float("inf")
        patience = patience or (OVERDUE_SECONDS if self.others else PATIENCE_SECONDS)
        self.timer.interval = patience + size / BYTES_A_SECOND
        try:
            reply = anvil.server.call_s(name, *args, **kwargs)
            self.others = OTHERS
            return reply
        except Exception as error:
            return {"error": self.overdue() if self.silent else troubles.from_exception(error)}
        finally:
            self.timer.interval = 0

    def overdue(self) -> dict:
        if not self.others:
            return {"type": "Silent", "message": ""}
        self.others -= 1
        return {"type": "Overdue", "message": ""}

    def tick(self, **event_args):
        line = getattr(anvil.js.window, "anvilWebsocket", None)
        unsent = line.bufferedAmount if line else 0
        if 0 < unsent < self.unsent:
            # A slow line is no silence: patience starts again as long as the photo still goes out.
            self.unsent = unsent
            self.timer.interval = PATIENCE_SECONDS
            return
        self.timer.interval = 0
        self.silent = True
        self.on_silence()
        if line:
            line.close()
