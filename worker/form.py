"""The photo in the body of a request: as a file of a form, or as text in JSON.

In memory only, since photos are not kept, not even for a moment.
"""

import base64
import binascii
import json
from io import BytesIO
from typing import Any

from multipart import MultipartError, MultipartSegment, PushMultipartParser

from classifier.errors import BadRequestError, NotAPhotoError, PhotoError
from classifier.formats import format_of

_MOST_PARTS = 20
_IN_JSON = 'The JSON must be {"image": "..."}: the photo in base64, or as a data URL.'


def json_object(data: bytes) -> dict[str, Any]:
    """A JSON object. Raises BadRequestError."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise BadRequestError("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise BadRequestError("The body must be a JSON object.")
    return value


def photo_of_json(data: bytes) -> bytes:
    """The bytes of {"image": "..."}, in base64 (either alphabet, padded or not) or as a data URL.

    Raises BadRequestError.
    """
    text = json_object(data).get("image")
    if not isinstance(text, str):
        raise BadRequestError(_IN_JSON)
    if text.startswith("data:"):
        head, _, text = text.partition(",")
        if not head.endswith(";base64"):
            raise BadRequestError(_IN_JSON)
    text = "".join(text.split()).rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise BadRequestError(f"The image is not base64. {_IN_JSON}") from None


def photo_of_form(data: bytes, boundary: str) -> bytes:
    """The photo of a form: of its files, the first that is a picture; where none is, the first with anything in it.

    Raises BadRequestError for a form without a file, or one that is broken off.
    """
    try:
        files = _files(data, boundary)
    except (MultipartError, ValueError):
        text = f"it is broken off, has another boundary, or more than {_MOST_PARTS} parts."
        raise BadRequestError(f"The form cannot be read: {text} Send the photo as its only file.") from None
    if not files:
        raise BadRequestError("The form has no file: send the photo as one.")
    return next((file for file in files if _is_picture(file)), None) or next(filter(None, files), b"")


def _files(data: bytes, boundary: str) -> list[bytes]:
    files: list[list[bytes]] = []
    reading = False
    # Names are nobody's business here, so it does not matter in which encoding they come.
    with PushMultipartParser(boundary, max_segment_count=_MOST_PARTS, header_charset="latin-1") as parser:
        for event in parser.parse_blocking(BytesIO(data).read):
            if isinstance(event, MultipartSegment):
                if reading := _is_file(event):
                    files.append([])
            elif event and reading:
                files[-1].append(bytes(event))
    return [b"".join(parts) for parts in files]


def _is_file(part: MultipartSegment) -> bool:
    # The parser does not know `filename*`, which some clients send alone.
    return (
        part.filename is not None or part.name == "photo" or "filename*=" in part.header("Content-Disposition").lower()
    )


def _is_picture(data: bytes) -> bool:
    try:
        format_of(data)
    except NotAPhotoError:
        return False
    except PhotoError:  # of a format that is not supported: that is what to say then
        return True
    return True
