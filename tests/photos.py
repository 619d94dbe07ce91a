"""Real photos for the tests, where the environment variable PHOTOS names a folder of them: cat/, dog/, ..."""

import os
from pathlib import Path

import pytest


def photos(label: str) -> list[Path]:
    """The photos of PHOTOS/<label>; a skip without PHOTOS, a failure where REQUIRE_PHOTOS=1 says they must be there."""
    folder = os.environ.get("PHOTOS")
    if not folder:
        words = "set PHOTOS to a folder with photos in cat/ and dog/"
        if os.environ.get("REQUIRE_PHOTOS") == "1":
            pytest.fail(words)
        pytest.skip(words)
    return sorted(file for file in (Path(folder) / label).iterdir() if file.is_file())
