"""A real browser at the real stand-in, with the real worker or one whose answers the tests choose."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visitor import NoBrowserError, Visitor, browser_is_required, chromium
from tests.stand_in import StandIn, stand_in, worker

SCRIPTED = Path(__file__).parent / "scripted_worker.py"

Visit = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.browser)
    # Playwright keeps an event loop running to the end, beside which others cannot start theirs: so these come last.
    items[:] = [item for item in items if item not in ours] + ours


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        try:
            found = stack.enter_context(chromium(playwright.chromium))
        except NoBrowserError as error:
            if browser_is_required():
                raise
            pytest.skip(str(error))
        yield found


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A function that opens the page of a host; at the end the browser must have had nothing to complain about."""
    visitors: list[Visitor] = []

    def open_page(host: StandIn, **window: Any) -> Visitor:
        visitors.append(Visitor(browser, host.page_url, **window))
        return visitors[-1]

    yield open_page
    complaints = [text for visitor in visitors for text in visitor.complaints]
    for visitor in visitors:
        visitor.window.close()
    assert not complaints


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A stand-in with the real worker, shared by the tests that leave it alone."""
    with stand_in(tmp_path_factory.mktemp("served")) as host, worker(host):
        yield host


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A stand-in without a worker."""
    with stand_in(tmp_path_factory.mktemp("bare")) as started:
        yield started


@pytest.fixture
def host(bare: StandIn, tmp_path: Path) -> StandIn:
    """A stand-in without a worker, and a folder of the test's own for those that it starts."""
    return replace(bare, folder=tmp_path)


@contextmanager
def scripted(host: StandIn, count: int = 1, models: int = 1) -> Iterator[list[Popen[bytes]]]:
    """Workers whose answers the photo's name decides: see scripted_worker.py."""
    environment = {"MARKS": str(host.folder), "MODELS": str(models)}
    with ExitStack() as stack:
        yield [stack.enter_context(worker(host, SCRIPTED, environment)) for _ in range(count)]
