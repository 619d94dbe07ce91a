"""What holds for every upload, whatever it is."""

import contextlib
from typing import get_args

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, features

from classifier.errors import PhotoError, TooLargeError
from classifier.headers import count_scans
from classifier.photo import PhotoLimits, ResizeRule, decode, fit
from tests.classifier.pictures import encoded, exif_jpeg, noise, scene

SEEDS = [
    encoded(noise(40, 30), "JPEG"),
    encoded(noise(40, 30), "JPEG", progressive=True),
    exif_jpeg(scene(), 5),
    encoded(scene(), "PNG"),
    encoded(scene().quantize(8), "PNG", transparency=1),
    encoded(scene(), "WEBP"),
    encoded(scene(), "WEBP", lossless=True),
    encoded(scene(), "GIF", save_all=True, append_images=[noise(64, 48)]),
    encoded(scene(), "BMP"),
    *([encoded(scene(), "AVIF")] if features.check("avif") else []),
]
BEGINNINGS = [seed[:16] for seed in SEEDS] + [b"%!PS-Adobe", b"<svg ", b"II*\0", b"\0\0\0\x18ftypmif1", b"8BPS"]
LIMITS = PhotoLimits(max_megapixels=1)

many = settings(max_examples=200, deadline=None)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file after a few accidents: bytes changed, pieces cut out, doubled, swapped or taken from another."""
    data = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 5))):
        start, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        piece, other = data[start:end], draw(st.sampled_from(SEEDS))
        few = draw(st.binary(max_size=8))
        written = data[start + len(few) :]
        data = data[:start] + draw(
            st.sampled_from(
                [few + written, few + data[start:], data[end:], piece * 2 + data[end:], other[start:end] + data[end:]]
            )
        )
    return data


def decoded_or_refused(data: bytes) -> Image.Image | None:
    try:
        return decode(data, LIMITS)
    except PhotoError as error:
        message = str(error)
    assert message[0].isupper()
    assert message.endswith(".")
    return None


@many
@given(st.binary(max_size=300) | st.tuples(st.sampled_from(BEGINNINGS), st.binary(max_size=300)).map(b"".join))
@example(b"")
def test_any_bytes_are_a_picture_or_a_typed_refusal(data: bytes) -> None:
    decoded_or_refused(data)


@many
@given(damaged())
def test_any_damage_gives_an_rgb_picture_within_the_limits_or_a_typed_refusal(data: bytes) -> None:
    picture = decoded_or_refused(data)
    if picture is not None:
        assert picture.mode == "RGB"
        assert 0 < picture.width * picture.height <= LIMITS.max_megapixels * 1e6
        assert fit(picture, 8, 8).shape == (8, 8, 3)


@given(st.sampled_from(SEEDS), st.data())
@settings(deadline=None)
def test_a_file_that_is_cut_off_is_never_a_crash_and_never_larger(seed: bytes, data: st.DataObject) -> None:
    picture = decoded_or_refused(seed[: data.draw(st.integers(0, len(seed)))])
    assert picture is None or picture.size == decode(seed).size


@given(damaged(), st.sampled_from(["JPEG", "PNG", "GIF"]))
@many
def test_headers_are_walked_over_in_any_file(data: bytes, kind: str) -> None:
    with contextlib.suppress(TooLargeError):
        assert count_scans(data, kind) >= 0


@given(
    st.integers(1, 400),
    st.integers(1, 400),
    st.integers(1, 300),
    st.integers(1, 300),
    st.integers(1, 8),
    st.sampled_from(["squash", "pad"]),
)
@settings(deadline=None, max_examples=100)
def test_reduced_scale_stays_at_or_above_what_is_asked_or_whole(
    width: int, height: int, at_least_height: int, at_least_width: int, orientation: int, rule: ResizeRule
) -> None:
    data = exif_jpeg(scene(width, height), orientation)
    picture = decode(data, at_least=(at_least_height, at_least_width), rule=rule)
    whole = picture.size == (width, height)
    enough = all if rule == "squash" else any
    assert whole or enough([picture.height >= at_least_height, picture.width >= at_least_width])
    assert picture.width <= width
    assert picture.height <= height


@given(
    st.integers(1, 300),
    st.integers(1, 300),
    st.integers(1, 64),
    st.integers(1, 64),
    st.sampled_from(get_args(ResizeRule)),
)
@settings(deadline=None, max_examples=60)
def test_any_picture_fits_any_network(width: int, height: int, rows: int, columns: int, rule: ResizeRule) -> None:
    pixels = fit(Image.new("RGB", (width, height), "white"), rows, columns, rule)
    assert (pixels.shape, pixels.dtype) == ((rows, columns, 3), np.uint8)
    assert rule == "pad" or pixels.min() == 255


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_lossless_formats_give_back_every_pixel(width: int, height: int, seed: int) -> None:
    picture = noise(width, height, seed)
    for kind, options in (("PNG", {}), ("BMP", {}), ("WEBP", {"lossless": True})):
        assert decode(encoded(picture, kind, **options)).tobytes() == picture.tobytes()
