"""A file that a caller sent. Only Media that bring their bytes are taken.

Media that are a mere reference would be fetched from where the caller says, for as long as that takes.
"""

from typing import Any

import anvil
import anvil.server

from classifier.errors import BadRequestError, ClassifierError


def size_of(file: Any) -> int:
    """Bytes that a file brings, 0 for one that cannot be read: why, `bytes_of` tells."""
    try:
        return int(file.length) if _why_not(file) is None else 0
    except Exception:
        return 0


def bytes_of(file: Any) -> bytes:
    """The content of a file. Raises BadRequestError, which says how to send one."""
    if why := _why_not(file):
        raise BadRequestError(why)
    try:
        data: bytes = file.get_bytes()
    except ClassifierError:
        raise
    except Exception:  # the library rebuilds whatever error broke the upload off
        raise BadRequestError("The upload did not arrive whole. Send it again.") from None
    return data


def _why_not(file: object) -> str | None:
    if isinstance(file, anvil.URLMedia | anvil.server.LazyMedia):
        return (
            "file must bring its bytes, and this Media only says where they are, as one from a data table does. "
            "Send a copy of it: anvil.BlobMedia(m.content_type, m.get_bytes(), name=m.name)."
        )
    if not isinstance(file, anvil.Media):
        return (
            f"file must be Media, and not {_kind(file)}. Send the file of a FileLoader, "
            'anvil.media.from_file("photo.jpg"), or anvil.BlobMedia("image/jpeg", data).'
        )
    return None


def _kind(value: object) -> str:
    return {"NoneType": "None", "str": "text", "list": "a list", "dict": "a dict"}.get(
        type(value).__name__, type(value).__name__
    )
