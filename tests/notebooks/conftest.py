"""Notebooks are executed in a kernel of their own, against a stand-in with one worker."""

from collections.abc import Iterator

import pytest

from tests.stand_in import StandIn, stand_in, worker


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A stand-in whose worker serves the committed models."""
    with stand_in(tmp_path_factory.mktemp("stand-in")) as started, worker(started):
        yield started
