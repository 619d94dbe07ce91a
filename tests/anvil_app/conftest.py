"""Words in English before each test, whatever the one before chose."""

from collections.abc import Iterator

import pytest

from anvil_app import words


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    words.use("en")
    yield
    words.use("en")
