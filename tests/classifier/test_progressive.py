"""A progressive JPEG at an eighth of its size: the same pixels from a fraction of the file."""

import io
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from classifier.errors import TruncatedError
from classifier.photo import decode
from classifier.progressive import coarse
from tests.classifier.pictures import encoded, exif_jpeg, in_scans, noise, scene, with_jpeg_size, with_scans

PROGRESSIVE = encoded(scene(640, 480), "JPEG", progressive=True)
SCAN = PROGRESSIVE.rindex(b"\xff\xda")


def an_eighth(data: bytes) -> NDArray[np.uint8]:
    """The pixels that libjpeg makes of it at an eighth of its size."""
    image = JpegImageFile(io.BytesIO(data))
    image.draft(None, (image.width // 8, image.height // 8))
    assert image.decoderconfig == (8, 0)
    return np.asarray(image)


@given(
    width=st.integers(8, 300),
    height=st.integers(8, 300),
    mode=st.sampled_from(["RGB", "L", "CMYK"]),
    quality=st.integers(20, 96),
    subsampling=st.sampled_from([0, 1, 2]),
    grain=st.booleans(),
)
@settings(deadline=None, max_examples=150)
def test_the_pixels_are_the_same(
    width: int, height: int, mode: str, quality: int, subsampling: int, grain: bool
) -> None:
    half = noise(width, height).reduce(2).resize((width, height)) if grain else scene(width, height)
    data = encoded(half.convert(mode), "JPEG", progressive=True, quality=quality, subsampling=subsampling)
    less = coarse(data)
    assert less is not data
    assert (an_eighth(less) == an_eighth(data)).all()


def test_so_they_are_of_more_blocks_than_one_code_stands_for() -> None:
    data = encoded(noise(100, 60).resize((1800, 1100)), "JPEG", progressive=True)
    assert 225 * 138 > 16_384
    assert len(coarse(data)) < len(data) / 2
    assert (an_eighth(coarse(data)) == an_eighth(data)).all()


@pytest.mark.parametrize(
    "data",
    [
        encoded(scene(640, 480), "JPEG"),
        in_scans(scene(640, 480)),
        PROGRESSIVE[:-2],  # no end
        PROGRESSIVE[: SCAN + 100],
        PROGRESSIVE[:SCAN] + b"\xff\xdd\0\4\0\x10" + PROGRESSIVE[SCAN:],  # with restarts
        PROGRESSIVE[:SCAN] + b"\xff\xdc\0\4\1\0" + PROGRESSIVE[SCAN:],  # its height comes at the end
        PROGRESSIVE[:SCAN] + PROGRESSIVE[PROGRESSIVE.index(b"\xff\xc2") :],  # two frames
        PROGRESSIVE[: PROGRESSIVE.index(b"\xff\xda", PROGRESSIVE.index(b"\xff\xda") + 2)] + b"\xff\xd9",  # means only
        PROGRESSIVE[:SCAN] + b"\xff\xf0" + PROGRESSIVE[SCAN:],  # a marker without a length
        PROGRESSIVE[:SCAN] + b"\xff\xe5\0\2" * 2_000 + PROGRESSIVE[SCAN:],
        PROGRESSIVE[:SCAN] + b"\xff\xd9",  # without the last bits: libjpeg smooths it
        b"\xff\xd8\xff\xc2\0\2\xff\xda\0\2\xff\xd9",
        b"\xff\xd8\xff\xc2\0\x0b\x08\0\x08\0\x08\1\1\0\0\xff\xda\0\3\1\xff\xd9",
        b"\xff\xd8",
    ],
)
def test_any_other_file_is_left_to_the_decoder(data: bytes) -> None:
    assert coarse(data) is data


def test_what_stands_behind_the_picture_is_left_out() -> None:
    assert coarse(PROGRESSIVE + PROGRESSIVE) == coarse(PROGRESSIVE)


def test_a_photo_is_read_so_in_a_fraction_of_the_time() -> None:
    grain = noise(1500, 1000).convert("L").convert("RGB").resize((3000, 2000))
    data = encoded(grain, "JPEG", quality=90, progressive=True)
    started = time.process_time()
    whole = an_eighth(data)
    taken = time.process_time() - started
    picture = decode(data, at_least=(200, 200))
    assert time.process_time() - started - taken < taken / 2  # measured: an eighth
    assert (np.asarray(picture) == whole).all()


def test_a_photo_that_is_read_so_is_upright_and_may_not_be_cut_off() -> None:
    turned = exif_jpeg(scene(1280, 800), 6)
    assert turned.count(b"\xff\xda") == 1
    image = Image.open(io.BytesIO(turned))
    data = encoded(image, "JPEG", progressive=True, exif=image.getexif())
    assert decode(data, at_least=(100, 100)).size == (160, 100)
    with pytest.raises(TruncatedError):
        decode(data[: len(data) // 2], at_least=(100, 100))


def test_a_hostile_number_of_scans_costs_little() -> None:
    large = with_jpeg_size(PROGRESSIVE, 500, 4_000)
    started = time.process_time()
    decode(with_scans(large, 80), at_least=(60, 60))
    assert time.process_time() - started < 0.5
