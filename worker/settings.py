"""The settings of a worker: key, bounds, log, HTTP, and those of classifying. `.env.example` says what each means."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from classifier.environment import Environment, folder, number, whole
from classifier.settings import Settings as ClassifierSettings
from worker.passphrase import OPEN


@dataclass(frozen=True)
class Settings:
    """All settings with their defaults. Secrets are left out of the repr, so that no log line can show them."""

    classifier: ClassifierSettings = field(default_factory=ClassifierSettings)
    uplink_key: str = field(default="", repr=False)
    uplink_url: str = "wss://anvil.works/uplink"
    max_files: int = 50
    max_waiting: int = 32
    call_timeout_s: float = 20
    echo_every_s: float = 15
    log_level: str = "INFO"
    http_token: str = field(default="", repr=False)
    http_photos_dir: Path | None = None
    teach_passphrase: str = field(default="", repr=False)  # empty: teaching is off; "open": no passphrase is asked for
    http_allow_origin: str = ""  # whose pages may read the endpoints' answers; "*" for all, none where it is empty

    def secrets(self) -> list[str]:
        """What no line of a log may show."""
        return [self.uplink_key, self.http_token, *({self.teach_passphrase} - {OPEN})]

    @classmethod
    def load(cls, environment: Environment | None = None) -> Self:
        """Read the settings. Raises SettingsError, naming the variable and the fix, for a value that cannot be used."""
        environment = environment or Environment()
        read = environment.read
        return cls(
            classifier=ClassifierSettings.load(environment),
            uplink_key=read("ANVIL_UPLINK_KEY", str, cls.uplink_key, secret=True),
            uplink_url=read("ANVIL_UPLINK_URL", _uplink_url, cls.uplink_url),
            max_files=read("WORKER_MAX_FILES", whole(1, 1000), cls.max_files),
            max_waiting=read("WORKER_MAX_WAITING", whole(0, 10_000), cls.max_waiting),
            call_timeout_s=read("WORKER_CALL_TIMEOUT_S", number(0.1, 3600), cls.call_timeout_s),
            echo_every_s=read("WORKER_ECHO_EVERY_S", number(0.5, 3600), cls.echo_every_s),
            log_level=read("WORKER_LOG_LEVEL", _log_level, cls.log_level),
            http_token=read("HTTP_TOKEN", _token, cls.http_token, secret=True),
            http_photos_dir=read("HTTP_PHOTOS_DIR", folder, cls.http_photos_dir),
            teach_passphrase=read("TEACH_PASSPHRASE", _passphrase, cls.teach_passphrase, secret=True),
            http_allow_origin=read("HTTP_ALLOW_ORIGIN", _origin, cls.http_allow_origin),
        )


def _uplink_url(text: str) -> str:
    wanted = "a websocket address such as wss://anvil.works/uplink or ws://127.0.0.1:3030/_/uplink"
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("ws", "wss") and parts.hostname and parts.port != 0
    except ValueError:
        raise ValueError(wanted) from None
    if not usable:
        raise ValueError(wanted)
    return text


def _passphrase(text: str) -> str:
    if text != OPEN and not (8 <= len(text) <= 200 and text.isprintable()):
        raise ValueError("8 to 200 characters, or open for a worker that anyone who opens the page may teach")
    return text


def _token(text: str) -> str:
    if not re.fullmatch(r"[!-~]{16,200}", text):
        raise ValueError("16 to 200 ASCII letters, digits and signs, without spaces")
    return text


def _origin(text: str) -> str:
    if not re.fullmatch(r"\*|https?://[^\s/?#@]+", text):
        raise ValueError("the origin of a site, such as https://example.org, or * for all")
    return text


def _log_level(text: str) -> str:
    level = text.upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("DEBUG, INFO, WARNING or ERROR")
    return level
