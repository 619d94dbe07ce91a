"""Calls to the worker, one at a time, with an end to patience."""

import anvil.js
import anvil.server

from . import troubles, workers


class Caller:
    """Asks the worker. `timer` is a Timer component; `on_silence` is called when nothing was heard for too long.

    Anvil's client sets no time limit. Where its line to the service can be cut, a call to a worker that hangs is ended.
    """

    def __init__(self, timer, on_silence):
        self.timer = timer
        self.on_silence = on_silence
        self.busy = False
        self.others_wait = False
        self.silent = False
        self.unsent = 0
        timer.add_event_handler("tick", self.tick)

    def is_free(self) -> bool:
        """For a person's wish among many photos: where a call is on its way, the next photo steps back."""
        self.others_wait = self.busy
        return not self.busy

    def ask(self, name, *args, size=0, **kwargs):
        """A call by name, with files of `size` bytes; one that fails comes back in the shape of a worker's refusal."""
        self.busy = True
        self.silent = False
        self.unsent = float("inf")
        self.timer.interval = workers.patience(size)
        try:
            return anvil.server.call_s(name, *args, **kwargs)
        except Exception as error:
            return {"error": {"type": "Silent", "message": ""} if self.silent else troubles.from_exception(error)}
        finally:
            self.timer.interval = 0
            self.busy = False

    def tick(self, **event_args):
        line = getattr(anvil.js.window, "anvilWebsocket", None)
        unsent = line.bufferedAmount if line else 0
        if 0 < unsent < self.unsent:
            # A slow line is no silence: patience begins anew as long as the photo still goes out.
            self.unsent = unsent
            self.timer.interval = workers.PATIENCE_SECONDS
            return
        self.timer.interval = 0
        self.silent = True
        self.on_silence()
        if line:
            line.close()
