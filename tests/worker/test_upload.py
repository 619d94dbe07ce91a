"""Files that callers send."""

from typing import Any

import anvil
import anvil.server
import pytest

from classifier.errors import BadRequestError, NotFoundError
from worker.upload import bytes_of, size_of


def test_media_bring_their_bytes_whatever_their_type_and_name() -> None:
    for media in (anvil.BlobMedia("image/jpeg", b"abc", name="a.jpg"), anvil.BlobMedia(None, b"abc")):
        assert (size_of(media), bytes_of(media)) == (3, b"abc")


FETCHED: list[object] = []


def fetch(self: object) -> Any:
    FETCHED.append(self)
    return b""


class Address(anvil.URLMedia):  # type: ignore[misc]  # the library is untyped
    get_bytes = get_length = get_content_type = fetch


class Row(anvil.server.LazyMedia):  # type: ignore[misc]  # the library is untyped
    get_bytes = get_length = get_content_type = fetch


@pytest.mark.parametrize("media", [Address("http://127.0.0.1:1/"), Row({"manager": "m", "id": "i", "key": "k"})])
def test_a_mere_reference_is_never_fetched_and_the_way_out_is_said(media: anvil.Media) -> None:
    FETCHED.clear()
    assert size_of(media) == 0
    with pytest.raises(BadRequestError, match=r"anvil\.BlobMedia\(m\.content_type, m\.get_bytes\(\), name=m\.name\)"):
        bytes_of(media)
    assert FETCHED == []


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "None"),
        ("/etc/passwd", "text"),
        ([anvil.BlobMedia("a/b", b"")], "a list"),
        ({"a": 1}, "a dict"),
        (7, "int"),
    ],
)
def test_what_is_no_media_is_named_and_told_what_to_send(value: object, kind: str) -> None:
    assert size_of(value) == 0
    with pytest.raises(BadRequestError, match=f"^file must be Media, and not {kind}. .*anvil.BlobMedia"):
        bytes_of(value)


class Broken(anvil.Media):  # type: ignore[misc]  # the library is untyped
    """As the library hands it over when the caller vanished: reading raises whatever the other side said."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_bytes(self) -> bytes:
        raise self._error


def test_an_upload_that_broke_off_is_told_so_and_what_the_other_side_said_is_not() -> None:
    media = Broken(anvil.server.TimeoutError("at /srv/caller"))
    assert size_of(media) == 0
    with pytest.raises(BadRequestError, match=r"^The upload did not arrive whole\. Send it again\.$"):
        bytes_of(media)


def test_a_refusal_of_ours_passes() -> None:
    with pytest.raises(NotFoundError):
        bytes_of(Broken(NotFoundError("no photo of that name")))
