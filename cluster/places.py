"""Where files lie: on this machine, in a folder that machines share, or in a bucket."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyarrow import ArrowInvalid
from pyarrow.fs import FileSystem, LocalFileSystem

from classifier.errors import BadRequestError

SCHEMES = ("s3", "gs")


def in_bucket(name: str) -> bool:
    """Whether the name is an address such as s3://bucket/folder/photo.jpg."""
    return name.startswith(tuple(f"{scheme}://" for scheme in SCHEMES))


def place(name: str) -> tuple[FileSystem, str]:
    """The file system of a file or folder, and its path there. Raises BadRequestError where there is no such bucket."""
    if not in_bucket(name):
        return LocalFileSystem(), str(Path(name).absolute())
    scheme, _, path = name.partition("://")
    bucket = path.partition("/")[0]
    with storage_troubles(f"{scheme}://{bucket}"):
        return _bucket(scheme, bucket), path.rstrip("/")


@contextmanager
def storage_troubles(name: str) -> Iterator[None]:
    """Raise what goes wrong inside with the storage as BadRequestError, by one sentence."""
    try:
        yield
    except (OSError, ArrowInvalid) as error:
        raise BadRequestError(f"{name} cannot be used: {why(error)}.") from error


def why(error: Exception) -> str:
    """What the system or the storage said, in one line."""
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return said.splitlines()[0].rstrip(".")


@functools.cache
def _bucket(scheme: str, bucket: str) -> FileSystem:
    # Asking for the bucket's region is a request: once a process, not once a photo.
    return FileSystem.from_uri(f"{scheme}://{bucket}")[0]
