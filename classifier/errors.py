"""Everything that can go wrong with a call, as one tree.

    ClassifierError                  wire type
    ├── PhotoError                   (never raised itself)
    │   ├── NotAPhotoError           NotAPhoto          no picture format that we know
    │   ├── UnsupportedFormatError   UnsupportedFormat  a picture, but of a format that is not supported
    │   ├── TruncatedError           Truncated          a format that is read, but damaged or cut off
    │   └── TooLargeError            TooLarge           more bytes, pixels or scans than the limits allow
    ├── BadRequestError              BadRequest         the call itself makes no sense
    ├── UnknownModelError            UnknownModel       no model of that name on the shelf
    ├── NotFoundError                NotFound           no photo of that name in the owner's folder
    ├── UnauthorizedError            Unauthorized       the token is missing or wrong
    ├── WrongMethodError             WrongMethod        an HTTP endpoint takes another method
    ├── BusyError                    Busy               too many calls are waiting; worth another try
    ├── TimedOutError                Timeout            the call waited longer than its time limit
    ├── ModelError                   InternalError      a model folder is not what its card says
    └── SettingsError                InternalError      a setting has a value that cannot be used

A message is a sentence or two for the person who called: what is wrong, then what to do. It never holds a path, a
file name or a secret of the worker; `ModelError` and `SettingsError` are for the owner and do not leave the process.
"""

from typing import ClassVar, NotRequired, TypedDict


class ErrorBody(TypedDict):
    """What is wrong: `type` is one of the short fixed list above, `message` is for a person.

    `kind` says more closely what is wrong with a request, so that a page can say it in another language.
    """

    type: str
    message: str
    kind: NotRequired[str]


class ErrorDict(TypedDict):
    """A refusal as it travels to a caller."""

    error: ErrorBody


class ClassifierError(Exception):
    """Base of all errors of this project."""

    type: ClassVar[str] = "InternalError"

    def as_dict(self) -> ErrorDict:
        """The refusal as plain data."""
        return {"error": {"type": self.type, "message": str(self)}}


class PhotoError(ClassifierError):
    """The bytes cannot become a picture."""


class NotAPhotoError(PhotoError):
    """The bytes are of no picture format that we know."""

    type = "NotAPhoto"


class UnsupportedFormatError(PhotoError):
    """The bytes are a picture of a format that is not supported."""

    type = "UnsupportedFormat"


class TruncatedError(PhotoError):
    """The picture is damaged or cut off."""

    type = "Truncated"


class TooLargeError(PhotoError):
    """The picture is past a limit on bytes, pixels or scans."""

    type = "TooLarge"


class BadRequestError(ClassifierError):
    """The arguments of a call make no sense. `kind` is a word for what is wrong, where a page tells it to a person."""

    type = "BadRequest"

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind

    def as_dict(self) -> ErrorDict:
        """The refusal as plain data."""
        found = super().as_dict()
        if self.kind:
            found["error"]["kind"] = self.kind
        return found


class UnknownModelError(ClassifierError):
    """There is no model of that name."""

    type = "UnknownModel"


class NotFoundError(ClassifierError):
    """There is no photo of that name."""

    type = "NotFound"


class UnauthorizedError(ClassifierError):
    """The token is missing or wrong."""

    type = "Unauthorized"


class WrongMethodError(ClassifierError):
    """An HTTP endpoint does not take this method."""

    type = "WrongMethod"


class BusyError(ClassifierError):
    """Too many calls are waiting, or the worker is stopping."""

    type = "Busy"


class TimedOutError(ClassifierError):
    """The time limit of a call has passed."""

    type = "Timeout"


class ModelError(ClassifierError):
    """A model folder is not what its card says."""


class SettingsError(ClassifierError):
    """A setting has a value that cannot be used."""
