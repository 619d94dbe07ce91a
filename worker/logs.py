"""One line for each event, on stderr, without a secret."""

import logging
import threading


class OneLine(logging.Formatter):
    """Keeps an event on one line, a traceback too, and blacks out secrets wherever they may turn up."""

    def __init__(self, *secrets: str) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return " | ".join(line.splitlines())


def configure(level: str, *secrets: str) -> None:
    """Set up logging for the process, before the uplink library would do so in its own way."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(*secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("PIL").setLevel(logging.INFO)  # at DEBUG it tells the contents of pictures
    threading.excepthook = _log_thread


def _log_thread(arguments: threading.ExceptHookArgs) -> None:
    # The uplink library ends its threads with an exception whenever the link breaks; that is no error of ours.
    name = arguments.thread.name if arguments.thread else "?"
    logging.getLogger("worker").info("thread %s ended: %s: %s", name, arguments.exc_type.__name__, arguments.exc_value)
