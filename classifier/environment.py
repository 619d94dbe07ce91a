"""Named values from the environment and from a file .env, which loses against it. An empty value counts as none."""

import logging
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from dotenv import dotenv_values

from classifier.errors import SettingsError

T = TypeVar("T")
Parse = Callable[[str], T]

log = logging.getLogger("classifier")

_ROOT = Path(__file__).parents[1]
# Where the project's files are, unless it was installed as a package.
CHECKOUT = _ROOT if (_ROOT / "pyproject.toml").is_file() else None
# Settings had no prefix once, so that those of any other program were taken for ours.
_PREFIX = re.compile(r"^(CLASSIFIER|WORKER)_")


class Environment:
    """What the owner has set, to be read by name."""

    def __init__(self, environ: Mapping[str, str] = os.environ, env_file: Path | None = None) -> None:
        """Read `env_file`, or the .env that `find_env_file` finds. Raises SettingsError for one that is not UTF-8."""
        self._file = env_file or find_env_file()
        try:
            written = dotenv_values(self._file, interpolate=False) if self._file else {}  # a key may hold a dollar sign
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{self._file} cannot be read: {error}. Save it as UTF-8 text.") from None
        self._written = {name: value for name, value in written.items() if value}
        self._given = self._written | {name: value for name, value in environ.items() if value}

    def read(self, name: str, parse: Parse[T], default: T, secret: bool = False) -> T:
        """The value of that name, or `default` where there is none. The error never shows a value that is a secret.

        Raises SettingsError, naming the variable and the fix, where `parse` raises ValueError with what it wants.
        """
        if name not in self._given:
            self._warn_of_old_name(name)
            return default
        text = self._given[name].strip()
        try:
            return parse(text)
        except ValueError as error:
            # A key that was put on the wrong line is not shown.
            secret = secret or "key" in text.lower() or text.startswith(("server_", "client_"))
            shown = "" if secret else f" is {text!r}; it"
            raise SettingsError(f"{name}{shown} must be {error}. Change it in the environment or in .env.") from None

    def _warn_of_old_name(self, name: str) -> None:
        """Only in the file, which is ours: in the environment it may be anybody's."""
        old = _PREFIX.sub("", name)
        if old != name and old in self._written:
            log.warning("%s has %s, which is now called %s. Rename it: it is ignored.", self._file, old, name)


def find_env_file() -> Path | None:
    """The .env of the folder one stands in, else the one beside this checkout, else None."""
    places = [Path.cwd(), *([CHECKOUT] if CHECKOUT else [])]
    return next((place / ".env" for place in places if (place / ".env").is_file()), None)


def number(low: float, high: float) -> Parse[float]:
    """Parses a number from `low` to `high`."""

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


def whole(low: int, high: int) -> Parse[int]:
    """Parses a whole number from `low` to `high`."""

    def parse(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return parse


def folder(text: str) -> Path:
    """Parses the path of a folder that exists; ~ is the home folder."""
    path = Path(text).expanduser()
    if not path.is_dir():
        raise ValueError("a folder that exists")
    return path
