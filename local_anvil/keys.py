"""The uplink keys of this machine's stand-in: made once, kept in a file that only the owner can read."""

import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

KEY_FILE = Path(".local_anvil.json")

Privilege = Literal["uplink", "client"]


class KeyFileError(Exception):
    """The key file cannot be read, or not written; the message names it and the fix."""


@dataclass(frozen=True)
class Keys:
    """A server key may register functions and call; a client key may only call. Kept out of the repr, so of logs."""

    uplink: str = field(repr=False)
    client: str = field(repr=False)

    def privilege(self, key: str) -> Privilege | None:
        """What a link with this key may do; None for a key that is not ours."""
        given = key.encode(errors="surrogatepass")
        if hmac.compare_digest(given, self.uplink.encode()):
            return "uplink"
        return "client" if hmac.compare_digest(given, self.client.encode()) else None


def load_keys(path: Path) -> Keys:
    """The keys in `path`, made now if there is no such file. Raises KeyFileError."""
    try:
        _make(path)
        path.chmod(0o600)
        content = json.loads(path.read_text(encoding="utf-8"))
        keys = Keys(content["uplink_key"], content["client_uplink_key"])
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be used: {error.strerror}.") from None
    except (ValueError, TypeError, KeyError):
        keys = Keys("", "")
    if not all(isinstance(key, str) and key.isascii() and len(key) >= 16 for key in (keys.uplink, keys.client)):
        raise KeyFileError(f"The key file {path} holds no keys. Delete it: the next start makes new ones.")
    return keys


def _make(path: Path) -> None:
    names = {"uplink_key": "server", "client_uplink_key": "client"}
    keys = {name: f"{kind}_{secrets.token_urlsafe(24)}" for name, kind in names.items()}
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(keys, file, indent=2)
