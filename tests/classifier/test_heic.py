"""HEIC and HEIF, the default of many phones."""

import pytest
from PIL import Image

from classifier import formats
from classifier.errors import TooLargeError, TruncatedError, UnsupportedFormatError
from classifier.photo import PhotoLimits, decode
from tests.classifier.pictures import BLUE, LOSSY, RED, WHITE, far, heic, noise, scene

pillow_heif = pytest.importorskip("pillow_heif")


def with_brand(data: bytes, brand: bytes) -> bytes:
    return data[:8] + brand + data[12:]


def test_it_is_the_picture() -> None:
    decoded = decode(heic(scene()))
    assert (decoded.mode, decoded.size, decoded.info) == ("RGB", (64, 48), {})
    assert far(decoded, scene()) < LOSSY


def test_10_bits_keep_their_colours() -> None:
    deep = b"".join(bytes([value, value]) for pixel in (RED, BLUE) for value in pixel) * 32 * 64
    data = pillow_heif.from_bytes("RGB;16", (64, 64), deep)
    import io

    file = io.BytesIO()
    data.save(file, quality=100, chroma=444)
    assert pillow_heif.open_heif(file.getvalue(), convert_hdr_to_8bit=False).info["bit_depth"] == 10
    decoded = decode(file.getvalue())
    for place, colour in ((0, RED), (1, BLUE)):
        assert far(Image.new("RGB", (1, 1), decoded.getpixel((place, 5))), Image.new("RGB", (1, 1), colour)) < LOSSY


def test_alpha_is_put_on_white() -> None:
    picture = scene().convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 32, 48))
    assert far(decode(heic(picture, quality=100)).crop((0, 0, 30, 48)), Image.new("RGB", (30, 48), WHITE)) < LOSSY


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_upright(orientation: int) -> None:
    """HEIC turns by a property of its own, which the EXIF repeats: it must be turned once and not twice."""
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # values of Image.Transpose
    stored = scene().transpose(Image.Transpose(undo[orientation])) if orientation in undo else scene()
    exif = Image.Exif()
    exif[0x0112] = orientation
    decoded = decode(heic(stored, exif=exif.tobytes()))
    assert decoded.size == (64, 48)
    assert far(decoded, scene()) < LOSSY


def test_of_several_pictures_it_is_the_primary_one() -> None:
    import io

    several = pillow_heif.from_pillow(noise(64, 48))
    several.add_from_pillow(scene())
    file = io.BytesIO()
    several.save(file, quality=90, primary_index=1)
    assert far(decode(file.getvalue()), scene()) < LOSSY


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1", b"heim", b"hevc", b"msf1"])
def test_any_brand_of_it_is_known(brand: bytes) -> None:
    assert decode(with_brand(heic(scene()), brand)).size == (64, 48)


def test_it_comes_at_reduced_scale() -> None:
    assert decode(heic(scene(1000, 640)), at_least=(128, 128)).size == (250, 160)


def test_damage_and_size_are_refused_by_name() -> None:
    data = heic(noise(64, 48))
    with pytest.raises(TruncatedError, match="This HEIC file is damaged or incomplete"):
        decode(data[: len(data) // 2])
    with pytest.raises(TooLargeError, match="This HEIC has 64 x 48 pixels"):
        decode(data, PhotoLimits(max_megapixels=0.001))


def test_without_the_library_the_refusal_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    data = heic(scene())
    monkeypatch.setattr(formats, "_READ", formats._READ - {"HEIC"})
    with pytest.raises(UnsupportedFormatError, match=r"HEIC images are not supported .*Save the photo as JPEG"):
        decode(data)


@pytest.mark.parametrize("brand", [b"avci", b"vvic"])
def test_another_coder_in_the_same_container_is_not_called_damage(brand: bytes) -> None:
    with pytest.raises(UnsupportedFormatError, match="This kind of HEIC is not supported"):
        decode(with_brand(heic(scene()), brand).replace(b"mif1heic", brand * 2, 1))
