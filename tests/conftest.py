"""What tests of several folders share."""

import signal
from pathlib import Path

import hypothesis
import pytest

from tests.classifier.tiny_models import write_shelf

# How long an example takes is nothing that these tests are about.
hypothesis.settings.register_profile("ours", deadline=None)
hypothesis.settings.load_profile("ours")

# What a shell starts in the background of a script ignores Ctrl-C, and so would the programs that the tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shelf_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shelf with two tiny models: "plain", and "with_map" that has an activation map."""
    return write_shelf(tmp_path_factory.mktemp("models"))
