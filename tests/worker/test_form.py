"""Photos in forms and in JSON."""

import base64
import json

import pytest

from classifier.errors import BadRequestError
from tests.classifier.pictures import encoded, scene
from worker.form import json_object, photo_of_form, photo_of_json

PNG = encoded(scene(40, 30), "PNG")
JPEG = encoded(scene(40, 30), "JPEG")


def form(*parts: tuple[str | bytes, bytes]) -> bytes:
    """A form whose parts have these Content-Dispositions, without their beginning, and contents."""
    text = b""
    for disposition, content in parts:
        given = disposition.encode() if isinstance(disposition, str) else disposition
        text += b"--b\r\nContent-Disposition: form-data; " + given + b"\r\n\r\n" + content + b"\r\n"
    return text + b"--b--\r\n"


@pytest.mark.parametrize(
    "parts",
    [
        [('name="photo"; filename="a.jpg"', JPEG)],
        [('name="photo"', JPEG)],
        [('name="anything"; filename=""', JPEG)],
        [("name=\"x\"; filename*=UTF-8''na%C3%AFve.jpg", JPEG)],
        [("name=\"x\"; FILENAME*=UTF-8''a.jpg", JPEG)],
        [('name="x"; filename="na\xefve.jpg"'.encode("latin-1"), JPEG)],
        [('name="x"; filename="\u5199\u771f.jpg"', JPEG)],
        [('name="note"', b"hello"), ('name="photo"; filename="a.jpg"', JPEG)],
        [('name="other"; filename=""', b""), ('name="photo"; filename="a.jpg"', JPEG)],
        [('name="photo"; filename=""', b""), ('name="photo"; filename="a.jpg"', JPEG)],
        [('name="doc"; filename="a.txt"', b"text"), ('name="x"; filename="b.bin"', JPEG)],
        [('name="first"; filename="a.jpg"', JPEG), ('name="second"; filename="b.png"', PNG)],
    ],
)
def test_the_photo_is_the_first_picture_among_the_files(parts: list[tuple[str | bytes, bytes]]) -> None:
    assert photo_of_form(form(*parts), "b") == JPEG


def test_a_picture_that_is_not_supported_is_the_photo_too() -> None:
    psd = b"8BPS" + bytes(100)
    assert photo_of_form(form(('name="a"; filename="a"', b"text"), ('name="b"; filename="b"', psd)), "b") == psd


def test_without_a_picture_it_is_the_first_file_with_anything_in_it() -> None:
    empty, text, more = ('name="a"; filename=""', b""), ('name="b"; filename="b"', b"text"), ('name="photo"', b"more")
    files = form(empty, text, more)
    assert photo_of_form(files, "b") == b"text"
    assert photo_of_form(form(('name="a"; filename=""', b"")), "b") == b""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (form(('name="note"', b"hello")), "has no file"),
        (b"--b--\r\n", "has no file"),
        (form(('name="photo"; filename="a"', JPEG))[:-20], "cannot be read"),
        (form(('name="photo"; filename="a"', JPEG)).replace(b"--b", b"--other"), "cannot be read"),
        (form(*[('name="note"', b"x")] * 21), "more than 20 parts"),
        (b"", "cannot be read"),
    ],
)
def test_a_form_without_a_file_or_broken_off_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadRequestError, match=said):
        photo_of_form(data, "b")


def image(text: str) -> bytes:
    return json.dumps({"image": text, "more": 1}).encode()


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(JPEG).decode(),
        base64.urlsafe_b64encode(JPEG).decode(),
        base64.b64encode(JPEG).decode().rstrip("="),
        base64.encodebytes(JPEG).decode(),
        "data:image/jpeg;base64," + base64.b64encode(JPEG).decode(),
        "data:;base64," + base64.b64encode(JPEG).decode(),
    ],
)
def test_a_photo_in_json_is_base64_or_a_data_url(text: str) -> None:
    assert photo_of_json(image(text)) == JPEG


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (image("not base64!"), "is not base64"),
        (image("abcde"), "is not base64"),
        (image("\u00e9\u00e9\u00e9\u00e9"), "is not base64"),
        (image("data:image/jpeg,abc"), "The JSON must be"),
        (image("data:image/jpeg"), "The JSON must be"),
        (b'{"image": 7}', "The JSON must be"),
        (b"{}", "The JSON must be"),
        (b"[]", "must be a JSON object"),
        (b"{", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[" * 90_000, "is not JSON"),
    ],
)
def test_json_without_a_photo_is_refused_with_what_to_send(data: bytes, said: str) -> None:
    with pytest.raises(BadRequestError, match=said):
        photo_of_json(data)


def test_a_json_object_is_read() -> None:
    assert json_object(b'{"key": "a"}') == {"key": "a"}
