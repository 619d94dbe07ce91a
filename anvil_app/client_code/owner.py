"""Who may teach: whoever knows the passphrase of the worker's owner."""

from . import troubles
from .words import say

OFF, OPEN = "off", "open"
# Seconds that a worker has for such a call, in which it teaches or packs a model, before it is said to be silent.
PATIENCE = 120


class Owner:
    """Whether one can teach here, and the calls for which the owner's passphrase is wanted.

    It is asked for once and is kept nowhere but here, until the page is left. `question` is the dialog that asks.
    `models` are the taught models of the owner by name, with the photos of each of their labels.
    """

    def __init__(self, service, question):
        self.service = service
        self.question = question
        self.passphrase = None
        self.state = OFF
        self.fewest = 3
        self.models = {}

    def look(self):
        """See how a worker holds it. One that knows nothing of teaching does not teach."""
        found = self.service.connection.ask("teaching_status")
        if "error" not in found:
            self.state = found["state"]
            self.fewest = found["fewest"]
            self.models = found["models"]

    def is_on(self) -> bool:
        return self.state != OFF

    def let(self, go):
        """Call `go` at once where the passphrase is known or not needed, else as soon as somebody has typed it."""
        if self.state == OPEN or self.passphrase is not None:
            go()
        else:
            self.demand(say("passphrase_note"), go)

    def demand(self, note, go):
        def take(answer):
            self.passphrase = answer
            go()

        self.question.open(say("passphrase_ask"), note, say("passphrase_go"), take, secret=True)

    def ask(self, go, name, *args, **kwargs):
        """The reply to a call with the passphrase; where it was wrong, it is asked for once more and `go` called."""
        reply = self.service.ask(name, *args, patience=PATIENCE, passphrase=self.passphrase, **kwargs)
        if "error" in reply and troubles.of(reply["error"])["name"] == "unauthorized":
            self.passphrase = None
            self.demand(say("passphrase_wrong"), go)
        return reply
