"""What tests of several folders share."""

from pathlib import Path

import hypothesis
import pytest

from tests.classifier.tiny_models import write_shelf

# How long an example takes is nothing that these tests are about.
hypothesis.settings.register_profile("ours", deadline=None)
hypothesis.settings.load_profile("ours")


@pytest.fixture(scope="session")
def shelf_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shelf with two tiny models: "plain", and "with_map" that has an activation map."""
    return write_shelf(tmp_path_factory.mktemp("models"))
