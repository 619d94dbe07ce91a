"""Which reader a photo comes to."""

import pytest
from PIL import features

from classifier import pixels, sandbox
from classifier.photo import decode
from tests.classifier.pictures import encoded, scene


@pytest.mark.parametrize(
    ("kind", "apart"),
    [("JPEG", False), ("PNG", False), ("WEBP", False), ("GIF", False), ("BMP", False), ("TIFF", True), ("AVIF", True)],
)
def test_decoders_that_are_large_or_many_work_in_a_process_of_their_own(
    kind: str, apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("Pillow has no AVIF")
    for module in (pixels, sandbox):
        monkeypatch.setattr(module, "read", lambda *given, module=module: module)
    assert decode(encoded(scene(), kind)) is (sandbox if apart else pixels)


def test_a_name_does_not_matter_only_the_content() -> None:
    """`decode` has no name to look at; what it gets is judged by its first bytes."""
    assert decode(encoded(scene(), "PNG")).size == (64, 48)
