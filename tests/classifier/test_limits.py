"""How large a photo may be."""

import pytest
from PIL import Image

from classifier.errors import TooLargeError
from classifier.photo import PhotoLimits, decode
from tests.classifier.pictures import encoded, png, scene, with_jpeg_size


def test_a_file_of_exactly_the_limit_passes_and_one_byte_more_does_not() -> None:
    data = encoded(scene(), "PNG")
    assert decode(data, PhotoLimits(max_bytes=len(data))).size == (64, 48)
    with pytest.raises(TooLargeError, match="The file has"):
        decode(data, PhotoLimits(max_bytes=len(data) - 1))


def test_exactly_the_megapixels_pass_and_a_pixel_more_does_not() -> None:
    data = encoded(scene(100, 50), "PNG")
    assert decode(data, PhotoLimits(max_megapixels=0.005)).size == (100, 50)
    with pytest.raises(TooLargeError, match="100 x 50 pixels"):
        decode(data, PhotoLimits(max_megapixels=0.004_999))


@pytest.mark.parametrize(("width", "height"), [(12_000, 9_000), (16_320, 12_240), (16_384, 12_288)])
def test_the_largest_photos_of_phones_are_within(width: int, height: int) -> None:
    """A small JPEG that says that it is so large: libjpeg fills the rest, as it does for one that is."""
    data = with_jpeg_size(encoded(scene(), "JPEG"), width, height)
    assert decode(data, at_least=(320, 320)).size == (width // 8, height // 8)


def test_a_progressive_jpeg_may_be_less_large_than_one_in_a_single_scan() -> None:
    """All its coefficients are kept, however small it is decoded."""
    for progressive in (False, True):
        data = with_jpeg_size(encoded(scene(), "JPEG", progressive=progressive), 6_000, 4_100)
        if progressive:
            with pytest.raises(TooLargeError, match=r"This progressive JPEG has 6000 x 4100 pixels, 25 megapixels"):
                decode(data, at_least=(320, 320))
        else:
            assert decode(data, at_least=(320, 320)).size == (750, 513)


def test_a_screenshot_of_a_long_page_is_within() -> None:
    page = encoded(Image.new("RGB", (1080, 24_000), "red"), "PNG")
    assert decode(page, at_least=(320, 320)).size == (540, 12_000)


def test_a_side_of_65_535_pixels_is_the_longest() -> None:
    with pytest.raises(TooLargeError, match="limit for a side"):
        decode(png(65_536, 1))
    assert decode(encoded(Image.new("L", (65_535, 1)), "PNG")).size == (65_535, 1)
