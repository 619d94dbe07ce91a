"""A real browser at the real stand-in, with the real worker or one whose answers the tests choose."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.lessons import teacher
from tests.browser.visitor import NoBrowserError, Visitor, browser_is_required, chromium
from tests.stand_in import StandIn, stand_in, worker

SCRIPTED = Path(__file__).parent / "scripted_worker.py"

# The page is read, not measured: what the browser's second and third compilers save, they cost here.
UNHURRIED = ("--js-flags=--always-sparkplug --no-turbofan --no-maglev",)

Visit = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.browser)
    # Playwright keeps an event loop running to the end, beside which others cannot start theirs: so these come last.
    # The shortest files are the last of them, so that of two processes none waits long for the other.
    tests = Counter(item.path for item in ours)
    ours.sort(key=lambda item: -tests[item.path])
    items[:] = [item for item in items if item not in ours] + ours


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        try:
            found = stack.enter_context(chromium(playwright.chromium, UNHURRIED))
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


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with stand_in(tmp_path_factory.mktemp("stage")) as started, scripted(started, models=3):
        yield started


@pytest.fixture
def acted(stage: StandIn) -> StandIn:
    """A stand-in with a scripted worker of three models, shared by the tests that leave it alone."""
    for mark in marks(stage).iterdir():
        mark.unlink()
    return stage


def marks(host: StandIn) -> Path:
    """The folder by which tests and scripted workers tell each other what is."""
    folder = host.folder / "marks"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A stand-in with a worker by which one can teach, shared by the tests that keep no model."""
    with stand_in(tmp_path_factory.mktemp("school")) as started, teacher(started):
        yield started


@contextmanager
def scripted(host: StandIn, count: int = 1, models: int = 1) -> Iterator[list[Popen[bytes]]]:
    """Workers whose answers the photo's name decides: see scripted_worker.py."""
    environment = {"MARKS": str(marks(host)), "MODELS": str(models)}
    with ExitStack() as stack:
        yield [stack.enter_context(worker(host, SCRIPTED, environment)) for _ in range(count)]
