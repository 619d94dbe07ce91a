"""The settings of the worker and of `python -m classifier`, from the environment and from the file .env.

The environment wins over .env, and an empty value counts as none. `.env.example` says what each setting means.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values

from classifier.errors import SettingsError
from classifier.photo import PhotoLimits

T = TypeVar("T")

# Beside the project's own files, so that a worker finds it whatever folder it was started in.
ENV_FILE = Path(__file__).parents[1] / ".env"


@dataclass(frozen=True)
class Settings:
    """All settings with their defaults. Secrets are left out of the repr, so that no log line can show them."""

    uplink_key: str = field(default="", repr=False)
    uplink_url: str = "wss://anvil.works/uplink"
    models_dir: Path = Path(__file__).parent / "weights"
    default_model: str = "cats_vs_dogs"
    max_upload_mb: float = 20
    max_megapixels: float = 100
    max_files: int = 50
    threads: int = 2
    max_waiting: int = 32
    call_timeout_s: float = 20
    echo_every_s: float = 15
    http_token: str = field(default="", repr=False)
    http_photos_dir: Path | None = None
    log_level: str = "INFO"

    @property
    def photo_limits(self) -> PhotoLimits:
        """The limits on one upload."""
        return PhotoLimits(max_bytes=int(self.max_upload_mb * 2**20), max_megapixels=self.max_megapixels)

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ, env_file: Path = ENV_FILE) -> "Settings":
        """Read the settings.

        Raises SettingsError, naming the variable and the fix, for a value that cannot be used.
        """
        try:
            from_file = dotenv_values(env_file, interpolate=False)  # a key may hold a dollar sign
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f".env cannot be read: {error}. Save it as UTF-8 text.") from None
        given = {name: value for source in (from_file, environ) for name, value in source.items() if value}

        def read(name: str, parse: Callable[[str], T], default: T) -> T:
            return _parsed(name, parse, given[name].strip()) if name in given else default

        return cls(
            uplink_key=read("ANVIL_UPLINK_KEY", str, cls.uplink_key),
            uplink_url=read("ANVIL_UPLINK_URL", _uplink_url, cls.uplink_url),
            models_dir=read("MODELS_DIR", _folder, cls.models_dir),
            default_model=read("DEFAULT_MODEL", str, cls.default_model),
            max_upload_mb=read("MAX_UPLOAD_MB", _number(0.01, 200), cls.max_upload_mb),
            max_megapixels=read("MAX_MEGAPIXELS", _number(0.01, 200), cls.max_megapixels),
            max_files=read("MAX_FILES", _whole(1, 1000), cls.max_files),
            threads=read("THREADS", _whole(1, 64), cls.threads),
            max_waiting=read("MAX_WAITING", _whole(0, 10_000), cls.max_waiting),
            call_timeout_s=read("CALL_TIMEOUT_S", _number(0.1, 3600), cls.call_timeout_s),
            echo_every_s=read("ECHO_EVERY_S", _number(0.5, 3600), cls.echo_every_s),
            http_token=read("HTTP_TOKEN", _token, cls.http_token),
            http_photos_dir=read("HTTP_PHOTOS_DIR", _folder, cls.http_photos_dir),
            log_level=read("LOG_LEVEL", _log_level, cls.log_level),
        )


def _parsed(name: str, parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except ValueError as error:
        # A key that was put on the wrong line is not shown.
        secret = name == "HTTP_TOKEN" or "key" in text.lower() or text.startswith(("server_", "client_"))
        shown = "" if secret else f" is {text!r}; it"
        raise SettingsError(f"{name}{shown} must be {error}. Change it in the environment or in .env.") from None


def _number(low: float, high: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        wanted = f"a number from {low:g} to {high:g}"
        try:
            value = float(text)
        except ValueError:
            raise ValueError(wanted) from None
        if not low <= value <= high:
            raise ValueError(wanted)
        return value

    return parse


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return parse


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


def _folder(text: str) -> Path:
    folder = Path(text).expanduser()
    if not folder.is_dir():
        raise ValueError("a folder that exists")
    return folder


def _token(text: str) -> str:
    if not re.fullmatch(r"[!-~]{16,200}", text):
        raise ValueError("16 to 200 ASCII letters, digits and signs, without spaces")
    return text


def _log_level(text: str) -> str:
    level = text.upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("DEBUG, INFO, WARNING or ERROR")
    return level
