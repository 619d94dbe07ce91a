"""The folder whose photos HTTP clients may ask for by name. Nothing leaves it but files that lie in it themselves."""

import os
import stat
import sys
from pathlib import Path

from classifier.errors import BadRequestError, NotFoundError

# Windows has none of these, nor pipes in folders.
_FLAGS = 0
if sys.platform != "win32":
    _FLAGS = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def photo_by_key(folder: Path, key: object, max_bytes: int) -> bytes:
    """The bytes of the file `key`, a bare name, in `folder`; no more than one byte past `max_bytes`.

    Raises BadRequestError for what is no bare name; NotFoundError where there is no such file, and for hidden ones,
    links and whatever is no regular file: a caller cannot tell these apart.
    """
    if not isinstance(key, str) or not key or any(sign in key for sign in "/\\:\0") or key in (".", ".."):
        raise BadRequestError('key must be the bare name of a photo, such as {"key": "truck.jpg"}.')
    missing = NotFoundError("There is no photo of that name.")
    if key.startswith("."):
        raise missing
    try:
        # Not through a link, and without waiting for the other end of a pipe.
        if not _FLAGS and (folder / key).is_symlink():
            raise missing
        descriptor = os.open(folder / key, os.O_RDONLY | _FLAGS)
    except (OSError, ValueError):
        raise missing from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise missing
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(max_bytes + 1)
    finally:
        os.close(descriptor)
