"""Why a link to the Anvil service failed, in words for the owner of a worker."""

import socket
import ssl

from ws4py.exc import HandshakeError


class TroubleError(Exception):
    """What is wrong, and how to fix it: a sentence or two each."""

    def __init__(self, wrong: str, fix: str) -> None:
        super().__init__(wrong)
        self.fix = fix


# What the service says as it refuses -> what is wrong with {url}, and how to fix it.
_REFUSALS = {
    "Incorrect uplink key": (
        "{url} does not know this key.",
        "Copy your app's server uplink key into ANVIL_UPLINK_KEY again; a new key in Anvil makes the old one void.",
    ),
    "unprivileged (client) uplink": (
        "{url} takes this for a client key, which may call functions but not serve any.",
        "Put the server uplink key of the same app into ANVIL_UPLINK_KEY.",
    ),
    "outdated version": (
        "{url} does not take this version of the library anvil-uplink any more.",
        "Renew it: raise its version in pyproject.toml, then make lock and make setup.",
    ),
    "maintenance": ("{url} is down for maintenance.", "Nothing is wrong here: a worker tries again by itself."),
}

# What an attempt raises, the special before the general -> as above.
_FAILURES: dict[type[Exception], tuple[str, str]] = {
    socket.gaierror: (
        "No machine of the name in {url} is found.",
        "Check ANVIL_UPLINK_URL for a slip, and that this machine is on line and knows a DNS server.",
    ),
    ConnectionRefusedError: (
        "Nothing listens at {url}.",
        "Start the service there, or correct the port in ANVIL_UPLINK_URL.",
    ),
    ssl.SSLError: (
        "The encryption of {url} fails: {error}.",
        "Check this machine's date and its certificates; an address without encryption begins with ws://.",
    ),
    TimeoutError: (
        "{url} does not answer in time.",
        "Check ANVIL_UPLINK_URL, a proxy or firewall on the way, and whether the service is well.",
    ),
    HandshakeError: (
        "{url} answers, but not as an uplink does.",
        "ANVIL_UPLINK_URL is wss://anvil.works/uplink, or ws://HOST:3030/_/uplink for an App Server of your own.",
    ),
    OSError: (
        "{url} cannot be reached: {error}.",
        "Check that this machine is on line and that its firewall lets it out.",
    ),
    Exception: (
        "{url} let us in, but a photo did not come through: {error}.",
        "Check again; if it stays so, look at the log of the app in Anvil's editor.",
    ),
}


def of_link(error: Exception, refusal: str, url: str) -> TroubleError:
    """The trouble behind what an attempt raised; `refusal` is what the service said for good-bye, if anything."""
    said = f"{refusal} {error}"
    for words, trouble in _REFUSALS.items():
        if words in said:
            return _trouble(trouble, url, error)
    if refusal:
        return TroubleError(f"{url} refuses this worker: {refusal.rstrip('.')}.", "Check the app in Anvil's editor.")
    return next(_trouble(trouble, url, error) for kind, trouble in _FAILURES.items() if isinstance(error, kind))


def _trouble(trouble: tuple[str, str], url: str, error: Exception) -> TroubleError:
    wrong, fix = trouble
    told = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return TroubleError(wrong.format(url=url, error=told.rstrip(".")), fix)
