"""What the page has to do and when: one thing at a time, with time between two for clicks and for painting."""

import anvil.js

# Seconds between two things: enough for a click to come through.
PAUSE = 0.01
# A browser does not repaint inside a handler: the page says what it is about to do and does it this many seconds later.
REPAINT = 0.05


class Agenda:
    """Jobs, each done once when it is due. `jobs` is a list of (name, function), the most urgent first.

    `timer` is a Timer component. In Anvil's client a call lets other things happen
    until its answer comes; a job that becomes due meanwhile waits for it.
    """

    def __init__(self, timer):
        self.timer = timer
        self.jobs = []
        self.due = {}
        self.busy = False
        timer.add_event_handler("tick", self.tick)

    def plan(self, name, seconds=PAUSE):
        """Have a job done after so many seconds, whatever was planned for it before."""
        self.due[name] = now() + seconds
        self.wind()

    def drop(self, name):
        """Have it not done."""
        self.due.pop(name, None)

    def wind(self):
        if self.due and not self.busy:
            self.timer.interval = max(PAUSE, min(self.due.values()) - now())

    def tick(self, **event_args):
        self.timer.interval = 0
        ready = [(name, job) for name, job in self.jobs if self.due.get(name, float("inf")) <= now()]
        if self.busy or not ready:
            self.wind()
            return
        name, job = ready[0]
        self.drop(name)
        self.busy = True
        try:
            job()
        finally:
            self.busy = False
            self.wind()


def now() -> float:
    """Seconds, for measuring."""
    return anvil.js.window.performance.now() / 1000
