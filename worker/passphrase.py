"""Who may write to the owner's shelf: whoever knows the passphrase, with a bound on wrong ones."""

import hmac
import threading
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Literal

from classifier.errors import BusyError, UnauthorizedError

# The value of TEACH_PASSPHRASE that lets everyone in who opens the page: for a machine with one user.
OPEN = "open"
# So many wrong ones in so many seconds; then every try is refused unseen, until the oldest is that long ago.
_WRONG, _SECONDS = 10, 60.0


class Passphrase:
    """The owner's, or none. Safe to use from threads."""

    def __init__(self, passphrase: str, now: Callable[[], float] = monotonic) -> None:
        self._passphrase = passphrase
        self._now = now
        self._wrong: deque[float] = deque()
        self._lock = threading.Lock()

    @property
    def state(self) -> Literal["off", "open", "passphrase"]:
        """Whether teaching is off, open to all, or for those who know the passphrase."""
        if not self._passphrase:
            return "off"
        return "open" if self._passphrase == OPEN else "passphrase"

    def check_on(self) -> None:
        """Raise UnauthorizedError where teaching is off."""
        if self.state == "off":
            raise UnauthorizedError("Teaching is off here. The owner of the worker turns it on with TEACH_PASSPHRASE.")

    def check(self, given: object) -> None:
        """Raise UnauthorizedError for a wrong passphrase, BusyError after too many. Takes as long for any of them."""
        self.check_on()
        if self.state == "open":
            return
        text = given if isinstance(given, str) else ""
        with self._lock:
            now = self._now()
            while self._wrong and now - self._wrong[0] > _SECONDS:
                self._wrong.popleft()
            if len(self._wrong) >= _WRONG:
                raise BusyError(f"Too many wrong passphrases. Try again in {_SECONDS:g} seconds.")
            if not hmac.compare_digest(_bytes(text), _bytes(self._passphrase)):
                self._wrong.append(now)
                raise UnauthorizedError("The passphrase is missing or wrong. Ask the owner of the worker for it.")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
