"""What Python callers have for a photo."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from classifier.errors import BadRequestError, NotAPhotoError, TooLargeError, TruncatedError
from classifier.limits import DEFAULT_LIMITS, PhotoLimits
from classifier.photo import decode
from classifier.photo_like import PhotoLike, read_photo, to_image
from tests.classifier.pictures import encoded, exif_jpeg, scene


def image(photo: PhotoLike, limits: PhotoLimits = DEFAULT_LIMITS) -> Image.Image:
    return to_image(photo, limits, (16, 16), "squash")


def test_a_path_bytes_an_image_and_pixels_are_the_same_picture(tmp_path: Path) -> None:
    data = encoded(scene(), "PNG")
    (tmp_path / "photo").write_bytes(data)
    photos: list[PhotoLike] = [tmp_path / "photo", str(tmp_path / "photo"), data, scene(), np.asarray(scene())]
    assert [image(photo).tobytes() for photo in photos] == [image(data).tobytes()] * 5


@pytest.mark.parametrize("turn", range(1, 9))
def test_an_image_that_is_stored_sideways_is_turned_upright_and_stays_as_it_was(turn: int) -> None:
    data = exif_jpeg(scene(400, 300), turn)
    opened = Image.open(io.BytesIO(data))
    size, exif = opened.size, dict(opened.getexif())
    at_least = (150, 200)
    expected = decode(data, DEFAULT_LIMITS, at_least)
    found = to_image(opened, DEFAULT_LIMITS, at_least, "squash")
    assert found.size == expected.size
    assert np.abs(np.asarray(found, float) - np.asarray(expected, float)).mean() < 2
    assert (opened.size, dict(opened.getexif())) == (size, exif)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "I;16", "1"])
def test_an_image_of_any_mode_comes_as_rgb(mode: str) -> None:
    found = image(Image.new(mode, (20, 10)))
    assert (found.mode, found.size, found.info) == ("RGB", (20, 10), {})


def test_what_is_clear_is_white() -> None:
    assert image(Image.new("RGBA", (4, 4), (255, 0, 0, 0))).getpixel((0, 0)) == (255, 255, 255)


def test_what_an_image_tells_of_itself_is_no_warning_of_ours() -> None:
    told = scene()
    told.info["warning"] = "mine"
    assert image(told).info == {}


def test_a_file_that_was_opened_and_is_cut_off_is_damaged() -> None:
    opened = Image.open(io.BytesIO(encoded(scene(300, 300), "PNG")[:-200]))
    with pytest.raises(TruncatedError, match="damaged or incomplete"):
        image(opened)


def test_the_limits_hold_for_all_of_them(tmp_path: Path) -> None:
    for photo in (scene(200, 200), np.zeros((200, 200, 3), np.uint8), encoded(scene(200, 200), "PNG")):
        with pytest.raises(TooLargeError, match="the limit"):
            image(photo, PhotoLimits(max_megapixels=0.01))
    assert image(np.zeros((100, 100, 3), np.uint8), PhotoLimits(max_megapixels=0.01)).size == (25, 25)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((8, 8, 3), np.float32),
        np.zeros((8, 8), np.uint8),
        np.zeros((8, 8, 4), np.uint8),
        np.zeros((3, 8, 8), np.uint8),
        np.zeros((0, 8, 3), np.uint8),
        np.zeros((1, 8, 8, 3), np.uint8),
    ],
)
def test_pixels_of_another_type_or_shape_are_refused_with_what_is_wanted(pixels: np.ndarray) -> None:
    with pytest.raises(BadRequestError, match=r"must be uint8 \[height, width, 3\], not .*astype"):
        image(pixels)


def test_pixels_may_be_a_view(tmp_path: Path) -> None:
    pixels = np.asarray(scene())
    assert np.array_equal(np.asarray(image(pixels[::-2, ::3])), pixels[::-2, ::3])


@pytest.mark.parametrize("photo", [None, 7, ["a.jpg"]])
def test_what_is_no_photo_is_told(photo: object) -> None:
    with pytest.raises(BadRequestError, match="A photo is a path, bytes, a Pillow image or a NumPy array, not"):
        image(photo)  # type: ignore[arg-type]


def test_refusals_of_the_decoder_pass_through() -> None:
    with pytest.raises(NotAPhotoError):
        image(b"hello")


@pytest.mark.parametrize("name", ["gone.jpg", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadRequestError, match="The file cannot be read: "):
        image(tmp_path / name)


def test_a_file_of_exactly_the_limit_is_read_and_one_more_byte_is_not(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(bytes(100))
    assert len(read_photo(tmp_path / "photo", 100)) == 100
    with pytest.raises(TooLargeError, match="more than"):
        read_photo(tmp_path / "photo", 99)
