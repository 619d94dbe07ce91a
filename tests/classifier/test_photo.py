"""What becomes of each kind of upload."""

import io
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image, features

from classifier.errors import NotAPhotoError, PhotoError, TooLargeError, TruncatedError, UnsupportedFormatError
from classifier.photo import PhotoLimits, decode, fit
from tests.classifier.pictures import (
    BLUE,
    GREEN,
    RED,
    chunk,
    encoded,
    exif_jpeg,
    noise,
    png,
    scene,
    with_jpeg_size,
    with_scans,
)

WHITE = (255, 255, 255)
# What lossy compression may cost, in grey levels; another picture, or a wrong turn of this one, differs by over 50.
LOSSY = 9


def far(image: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures in grey levels."""
    return float(np.abs(np.asarray(image, np.float32) - np.asarray(other, np.float32)).mean())


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"quality": 95}),
        ("JPEG", {"quality": 95, "progressive": True}),
        ("PNG", {}),
        ("WEBP", {"quality": 95}),
        ("WEBP", {"lossless": True}),
        ("GIF", {}),
        ("BMP", {}),
        pytest.param(
            "AVIF", {"quality": 95}, marks=pytest.mark.skipif(not features.check("avif"), reason="Pillow has no AVIF")
        ),
    ],
)
def test_each_format_decodes_to_the_same_picture(kind: str, options: dict[str, object]) -> None:
    decoded = decode(encoded(scene(), kind, **options))
    assert (decoded.mode, decoded.size) == ("RGB", (64, 48))
    assert far(decoded, scene()) < LOSSY


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_gives_the_upright_picture(orientation: int) -> None:
    decoded = decode(exif_jpeg(scene(), orientation))
    assert decoded.size == (64, 48)
    assert far(decoded, scene()) < LOSSY


def test_orientation_of_a_png_behind_its_pixels_is_honoured() -> None:
    exif = Image.Exif()
    exif[0x0112] = 3
    data = encoded(scene().transpose(Image.Transpose.ROTATE_180), "PNG")
    behind = data[:-12] + chunk(b"eXIf", exif.tobytes()[6:]) + data[-12:]
    assert far(decode(behind), scene()) == 0


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0",
        b"Exif\0\0garbage",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff",
        # An IFD with one tag whose value lies far outside, and a next IFD that is itself.
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x0e\x01\x02\0\xff\xff\0\0\xff\xff\xff\x0f\x08\0\0\0",
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")  # as photo.py itself has it outside of pytest
def test_broken_exif_does_not_cost_the_photo(exif: bytes) -> None:
    assert far(decode(encoded(scene(), "JPEG", quality=95, exif=exif)), scene()) < LOSSY


def test_orientation_out_of_range_is_ignored() -> None:
    assert decode(exif_jpeg(scene(), 99)).size == (64, 48)


def test_alpha_is_composited_on_white() -> None:
    image = scene().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 32, 48))
    image.paste((0, 0, 0, 128), (32, 0, 64, 48))
    for kind in ("PNG", "WEBP"):
        decoded = decode(encoded(image, kind, lossless=True))
        assert decoded.getpixel((10, 10)) == WHITE
        assert decoded.getpixel((50, 10)) == (127, 127, 127)


def test_palette_with_transparency_is_composited_on_white() -> None:
    image = scene().quantize(8)
    sun = image.getpixel((10, 8))
    for kind in ("PNG", "GIF"):
        decoded = decode(encoded(image, kind, transparency=sun))
        assert decoded.getpixel((10, 8)) == WHITE
        assert decoded.getpixel((60, 40)) == BLUE


def test_transparent_grey_and_colour_keys_are_composited_on_white() -> None:
    grey = Image.new("L", (4, 4), 7)
    assert decode(encoded(grey, "PNG", transparency=7)).getpixel((0, 0)) == WHITE
    assert decode(encoded(Image.new("RGB", (4, 4), RED), "PNG", transparency=RED)).getpixel((0, 0)) == WHITE


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_grey_becomes_three_equal_channels(mode: str) -> None:
    image = Image.new("L", (9, 7), 255).convert(mode)
    assert decode(encoded(image, "PNG")).getpixel((3, 3)) == WHITE


def test_16_bit_grey_keeps_its_brightness() -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(4, 0)
    decoded = np.asarray(decode(encoded(Image.fromarray(ramp), "PNG")))
    assert decoded.shape == (4, 256, 3)
    assert np.abs(decoded[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_16_bit_colour_keeps_its_colour() -> None:
    rows = b"\0" + struct.pack(">3H", 220 * 257, 30 * 257, 30 * 257) * 2
    data = bytearray(png(2, 1, data=rows))
    data[24] = 16
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    assert decode(bytes(data)).getpixel((1, 0)) == RED


def test_cmyk_is_not_inverted() -> None:
    decoded = decode(encoded(scene().convert("CMYK"), "JPEG", quality=95))
    assert decoded.mode == "RGB"
    assert far(decoded, scene()) < LOSSY


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_the_first_frame_of_an_animation_counts(kind: str) -> None:
    frames = [scene(), *(Image.new("RGB", (64, 48), (i, i, i)) for i in range(200, 230))]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], lossless=True)
    assert far(decode(data), scene()) == 0


def test_a_name_does_not_matter_only_the_content() -> None:
    """`decode` has no name to look at; what it gets is judged by its first bytes."""
    assert decode(encoded(scene(), "PNG")).size == (64, 48)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"hello, I am a text file",
        b"\0" * 5000,
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7\n1 0 obj",
        b"PK\x03\x04" + b"\0" * 100,
        b"GIF88a" + b"\0" * 100,
        b"BM, a text that begins like a bitmap",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"\x7fELF" + b"\0" * 60,
    ],
)
def test_what_is_not_a_picture_is_told_so(data: bytes) -> None:
    with pytest.raises(NotAPhotoError):
        decode(data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("TIFF", encoded(scene(), "TIFF")),
        ("JPEG 2000", encoded(scene(), "JPEG2000")),
        ("icon", encoded(scene(), "ICO")),
        ("PostScript", encoded(scene(), "EPS")),
        ("SVG", b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        ("Photoshop", b"8BPS\0\x01" + b"\0" * 20),
    ],
)
def test_pictures_of_other_formats_are_named(name: str, data: bytes) -> None:
    with pytest.raises(UnsupportedFormatError, match=f"{name} pictures"):
        decode(data)


TRUNCATED = {
    "JPEG": encoded(noise(64, 48), "JPEG"),
    "progressive": encoded(noise(64, 48), "JPEG", progressive=True),
    "PNG": encoded(noise(64, 48), "PNG"),
    "WEBP": encoded(noise(64, 48), "WEBP"),
    "GIF": encoded(noise(64, 48), "GIF"),
    "BMP": encoded(noise(64, 48), "BMP"),
    **({"AVIF": encoded(noise(64, 48), "AVIF")} if features.check("avif") else {}),
}


@pytest.mark.parametrize("kind", TRUNCATED)
def test_truncated_anywhere_is_a_typed_refusal(kind: str) -> None:
    data = TRUNCATED[kind]
    for cut in {*range(1, 64), *range(64, len(data) * 9 // 10, max(1, len(data) // 60))}:
        with pytest.raises(PhotoError):
            decode(data[:cut])
    with pytest.raises(TruncatedError, match="damaged or incomplete"):
        decode(data[: len(data) // 2])


@pytest.mark.parametrize("kind", TRUNCATED)
@pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")
def test_flipped_bytes_give_a_picture_or_a_typed_refusal(kind: str) -> None:
    random = np.random.default_rng(1)
    for _ in range(150):
        data = bytearray(TRUNCATED[kind])
        for at in random.integers(0, len(data), 4):
            data[at] = random.integers(256)
        try:
            assert decode(bytes(data)).mode == "RGB"
        except PhotoError:
            continue


@pytest.mark.parametrize(("width", "height"), [(0, 10), (10, 0), (0, 0)])
def test_a_picture_without_pixels_is_refused(width: int, height: int) -> None:
    with pytest.raises(TruncatedError):
        decode(png(width, height))
    with pytest.raises(PhotoError):
        decode(with_jpeg_size(encoded(scene(), "JPEG"), width, height))


def test_too_many_bytes_are_refused_before_anything_else() -> None:
    with pytest.raises(TooLargeError, match=r"20.0 MB; the limit is 10 MB"):
        decode(b"x" * (20 * 2**20), PhotoLimits(max_bytes=10 * 2**20))


def gif(width: int, height: int) -> bytes:
    data = encoded(scene(), "GIF")
    return data[:6] + struct.pack("<HH", width, height) + data[10:]


def bmp(width: int, height: int) -> bytes:
    data = encoded(scene(), "BMP")
    return data[:18] + struct.pack("<ii", width, height) + data[26:]


def webp(width: int, height: int) -> bytes:
    data = encoded(scene(), "WEBP", lossless=True)
    bits = struct.pack("<I", (width - 1) | (height - 1) << 14)
    return data[:21] + bits + data[25:]


JPEG = encoded(scene(), "JPEG")
PROGRESSIVE = encoded(scene(), "JPEG", progressive=True)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (png(50_000, 50_000), "limit for this format is 24.2"),
        (png(2**31 - 1, 2**31 - 1), "limit for this format is 24.2"),
        (with_jpeg_size(JPEG, 65_500, 65_500), "limit for this format is 100"),
        (with_jpeg_size(PROGRESSIVE, 8_000, 4_000), "This progressive JPEG has 8000 x 4000 pixels, 32 megapixels"),
        (gif(65_535, 65_535), "limit for this format is 24.2"),
        (bmp(30_000, 30_000), "limit for this format is 24.2"),
        (webp(16_383, 16_383), "WebP"),
        (webp(8_000, 8_000), "limit for this format is 12.6"),
    ],
)
def test_pixel_bombs_are_refused_from_their_headers(data: bytes, message: str) -> None:
    started = time.perf_counter()
    with pytest.raises(TooLargeError, match=message):
        decode(data)
    assert time.perf_counter() - started < 0.2


def test_a_jpeg_in_several_scans_has_the_limit_of_a_progressive_one() -> None:
    """Sequential, but in one scan for each colour: libjpeg keeps all coefficients, as for a progressive one."""
    grey = encoded(scene().convert("L"), "JPEG")
    header = grey.rindex(b"\xff\xda")
    two_scans = grey[:-2] + grey[header:]
    with pytest.raises(TooLargeError, match="progressive JPEG"):
        decode(with_jpeg_size(two_scans, 8_000, 4_000))


def test_a_thumbnail_in_the_exif_is_no_second_scan() -> None:
    plain = encoded(scene(), "JPEG")
    exif = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0" + plain
    data = with_jpeg_size(plain, 8_000, 4_000)
    data = data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]
    assert data.count(b"\xff\xda") == 2
    assert decode(data, at_least=(64, 64)).size == (1000, 500)  # a progressive one of that size is refused


def test_a_jpeg_of_thousands_of_scans_is_refused() -> None:
    assert decode(with_scans(PROGRESSIVE, 50)).size == (64, 48)
    with pytest.raises(TooLargeError, match="takes too long to read"):
        decode(with_scans(PROGRESSIVE, 5000))


def test_the_more_scans_a_jpeg_has_the_smaller_it_must_be() -> None:
    many = with_scans(PROGRESSIVE, 80)
    assert decode(many).size == (64, 48)
    with pytest.raises(TooLargeError, match=r"the limit for this format is 3\."):
        decode(with_jpeg_size(many, 3_000, 2_000))


@pytest.mark.parametrize("name", [b"iCCP", b"zTXt"])
def test_png_metadata_that_unpacks_to_much_costs_little(name: bytes) -> None:
    bomb = b"profile\0\0" + zlib.compress(b"\0" * 80_000_000, 9)
    honest = encoded(scene(), "PNG")
    data = honest[:33] + chunk(name, bomb) + honest[33:]
    started = time.perf_counter()
    with pytest.raises(PhotoError):
        decode(data)
    assert time.perf_counter() - started < 1


def test_a_file_of_many_frames_costs_no_more_than_its_first() -> None:
    frames = [Image.new("L", (16, 16), i % 256) for i in range(2000)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], optimize=False)
    started = time.perf_counter()
    assert decode(data).size == (16, 16)
    assert time.perf_counter() - started < 0.5


def test_a_picture_65_500_pixels_wide_is_read() -> None:
    assert decode(encoded(Image.new("RGB", (65_500, 20), RED), "JPEG")).size == (65_500, 20)


def test_reduced_scale_never_falls_below_what_is_asked() -> None:
    data = encoded(scene(1000, 640), "JPEG")
    assert decode(data).size == (1000, 640)
    assert decode(data, at_least=(128, 128)).size == (250, 160)
    assert decode(data, at_least=(161, 128)).size == (500, 320)
    assert decode(data, at_least=(2000, 2000)).size == (1000, 640)


def test_reduced_scale_counts_on_the_upright_picture() -> None:
    data = exif_jpeg(scene(1000, 640), 6)
    assert decode(data, at_least=(160, 250)).size == (250, 160)
    assert decode(data, at_least=(161, 128)).size == (500, 320)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "BMP"])
def test_what_must_be_read_whole_comes_at_reduced_scale_too(kind: str) -> None:
    data = encoded(scene(1001, 640), kind)
    assert decode(data, at_least=(128, 128)).size == (251, 160)
    assert decode(data, at_least=(161, 128)).size == (501, 320)
    assert far(decode(data, at_least=(128, 128)), scene(251, 160)) < LOSSY


def test_a_big_transparent_picture_is_put_on_white_strip_by_strip() -> None:
    picture = noise(1500, 1501).convert("RGBA")
    picture.putalpha(scene(1500, 1501).convert("L"))
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    data = encoded(picture, "PNG", compress_level=1)
    assert far(decode(data), white) == 0
    assert far(decode(data, at_least=(300, 300)), white.reduce(4)) == 0


def test_reduced_scale_is_the_same_picture() -> None:
    data = encoded(scene(1024, 768), "JPEG", quality=95)
    whole, reduced = fit(decode(data), 128, 128), fit(decode(data, at_least=(256, 256)), 128, 128)
    assert np.abs(whole.astype(int) - reduced).mean() < 1


@pytest.mark.parametrize("rule", ["squash", "crop", "pad"])
def test_fit_gives_the_networks_input(rule: str) -> None:
    pixels = fit(scene(300, 100), 32, 48, rule)  # type: ignore[arg-type]  # a parametrised literal
    assert (pixels.shape, pixels.dtype) == ((32, 48, 3), np.uint8)


def test_squash_is_pillows_bilinear_filter() -> None:
    """Training has used these very pixels: a change here would silently cost accuracy."""
    image = noise(200, 150)
    expected = np.asarray(image.resize((64, 64), Image.Resampling.BILINEAR))
    assert (fit(image, 64, 64) == expected).all()


def test_crop_keeps_the_centre_and_pad_keeps_all() -> None:
    image = Image.new("RGB", (300, 100), RED)
    image.paste(GREEN, (100, 0, 200, 100))
    assert fit(image, 10, 10, "crop")[5, 2:8].tolist() == [list(GREEN)] * 6
    padded = fit(image, 30, 30, "pad")
    assert padded[0].max() == 0
    assert padded[15, 2].tolist() == list(RED)


def test_unknown_resize_rule_is_an_error() -> None:
    with pytest.raises(ValueError, match="stretch"):
        fit(scene(), 8, 8, "stretch")  # type: ignore[arg-type]  # the mistake under test


def test_mpo_of_two_pictures_is_its_first() -> None:
    """Phones append a gain map or a second view to the JPEG."""
    file = io.BytesIO()
    scene().save(file, "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48))], quality=95)
    assert far(decode(file.getvalue()), scene()) < LOSSY
