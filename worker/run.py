"""The life of a worker: load and warm the models, publish the functions, keep the link, drain, end."""

import logging
import signal
import sys
from time import monotonic
from types import FrameType

import anvil.server

from classifier.errors import ClassifierError, SettingsError
from worker import EXIT_CONFIG, logs
from worker.callables import PUBLISHED, Callables
from worker.drain import drain
from worker.gate import Gate
from worker.guard import Guard
from worker.http import Endpoints
from worker.link import Link, LinkRefusedError
from worker.memory import share_arenas
from worker.models import Models
from worker.settings import Settings
from worker.status import Status
from worker.tally import Tally
from worker.teaching import PUBLISHED as TEACHING
from worker.teaching import Teaching

log = logging.getLogger("worker")

# Within the 10 s that process supervisors commonly give after SIGTERM.
_DRAIN_S = 8.0


def run(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit status. SIGHUP loads the models again.

    0 after a signal; EXIT_CONFIG (78) where a start can only succeed after something was changed: a setting, a
    model, or a key that the service refuses.
    """
    started = monotonic()
    # Until the models are there for the first time there is nothing to load again.
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    share_arenas()
    logs.configure(settings.log_level, *settings.secrets())
    try:
        if not settings.uplink_key:
            raise SettingsError(
                "ANVIL_UPLINK_KEY is not set. Put the server uplink key of your Anvil app into .env "
                "(see .env.example), or try everything on this machine with: make run"
            )
        models = Models(settings.classifier)
        serve(settings, models, started)
    except ClassifierError as error:
        log.error("cannot start: %s", error)
        return EXIT_CONFIG
    except LinkRefusedError as error:
        log.error(
            "the service at %s refuses this worker: %s Check ANVIL_UPLINK_KEY: it must be the app's server uplink key.",
            settings.uplink_url,
            f"{str(error).rstrip('.')}.",
        )
        return EXIT_CONFIG
    return 0


def serve(settings: Settings, models: Models, started: float) -> None:
    """Publish the functions over these models and keep the link until a signal; then drain. Raises LinkRefusedError."""
    gate = Gate(settings.classifier.threads, settings.max_waiting)
    guard = Guard(tally := Tally())
    status = Status(models, gate, tally, started)
    callables = Callables(models, gate, status, settings)
    for functions, names in ((callables, PUBLISHED), (Teaching(models, gate, settings), TEACHING)):
        for name in names:
            anvil.server.callable(name)(guard(getattr(functions, name)))
    Endpoints(callables, status, guard, settings).publish()
    link = Link(settings.uplink_key, settings.uplink_url, settings.echo_every_s)

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)  # a second one ends the process at once
        link.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, lambda number, frame: models.reload())

    def up() -> None:
        names = ", ".join(card.name for card in models.classifier.cards)
        log.info("the link is up again" if status.ups else f"ready after {monotonic() - started:.2f} s: {names}")
        status.ups += 1

    link.hold(up)
    log.info("stopping: waiting for the calls at work")
    unfinished = drain(status, guard, gate, _DRAIN_S)
    link.close()
    log.info("stopped; %d calls unfinished", unfinished)
