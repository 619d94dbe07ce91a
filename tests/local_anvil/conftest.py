"""A stand-in with one worker."""

from collections.abc import Iterator

import pytest

from tests.local_anvil.peers import FUNCTIONS
from tests.stand_in import StandIn, stand_in, worker


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A stand-in with one worker that serves functions.py, for tests that leave both as they are."""
    with stand_in(tmp_path_factory.mktemp("host")) as started, worker(started, FUNCTIONS):
        yield started
