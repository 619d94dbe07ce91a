"""What the page says and does when something goes wrong: real processes that die, and answers chosen by the test."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Visit, marks, scripted
from tests.browser.drawings import cat, dog
from tests.stand_in import StandIn, stand_in, worker


def test_without_a_worker_the_photo_is_kept_and_sent_when_one_comes(host: StandIn, visit: Visit) -> None:
    person = visit(host)
    person.sees_worker("away")
    person.drop((cat(), "cat.jpg"))
    person.sees("The worker is away")
    with worker(host):
        person.sees("ms", ".footnote")
        person.sees_worker("ready")


def test_the_worker_dies_and_comes_back(host: StandIn, visit: Visit) -> None:
    with worker(host) as process:
        person = visit(host)
        person.drop((cat(), "cat.jpg"))
        person.sees("ms", ".footnote")
        process.kill()
        process.wait()
        person.drop((dog(), "dog.jpg"))
        person.sees("The worker is away")
        person.sees_worker("away")
    with worker(host):
        person.window.locator('.photo img[alt="Your photo, dog.jpg"]').wait_for()
        person.sees_worker("ready")


@pytest.fixture
def alert(tmp_path: Path) -> Iterator[StandIn]:
    """A stand-in that drops a silent link after three seconds, in place of six."""
    with stand_in(tmp_path, options=["--ping-seconds", "2"]) as host:
        yield host


def test_a_frozen_worker_is_away_until_it_thaws_and_the_photo_is_kept(alert: StandIn, visit: Visit) -> None:
    with worker(alert) as process:
        person = visit(alert)
        person.sees_worker("ready")
        process.send_signal(signal.SIGSTOP)
        person.drop((cat(), "cat.jpg"))
        person.sees("The worker is away")
        process.send_signal(signal.SIGCONT)
        person.sees("ms", ".footnote")


def test_a_photo_lost_with_a_worker_is_sent_once_more_by_itself(host: StandIn, visit: Visit) -> None:
    with scripted(host, count=2):
        person = visit(host)
        person.drop((cat(), "crash_once.jpg"))
        person.sees("98 %", ".board .headline")


def test_a_photo_lost_twice_is_not_sent_again(host: StandIn, visit: Visit) -> None:
    with scripted(host, count=3):
        person = visit(host)
        person.drop((cat(), "crash.jpg"))
        person.sees("The worker disappeared twice")
        person.sees_worker("ready")
        assert person.window.get_by_role("button", name="Try again").is_visible()


@pytest.mark.parametrize(
    ("state", "text", "details"),
    [("busy", "Worker busy", "version 1.0 · 3 models"), ("draining", "Worker about to restart", "")],
)
def test_the_status_line_says_how_the_worker_is(
    acted: StandIn, visit: Visit, state: str, text: str, details: str
) -> None:
    (marks(acted) / state).touch()
    person = visit(acted)
    person.sees_worker(state)
    person.sees(text, ".worker")
    shown = person.window.locator(".anvil-role-worker-details")
    assert shown.is_visible() == bool(details)
    assert (shown.text_content() or "").strip() == details


def test_refusals_have_words_and_a_busy_worker_can_be_asked_again(acted: StandIn, visit: Visit) -> None:
    person = visit(acted)
    person.drop()
    person.sees("That was not a file")
    for name, text in (("too_large.jpg", "The photo is too large"), ("moon.jpg", "The moon is in the way.")):
        person.drop((cat(), name))
        person.sees(text)
    person.drop((cat(), "busy_once.jpg"))
    person.sees("The worker is busy")
    person.window.get_by_role("button", name="Try again").click()
    person.sees("98 %", ".board .headline")


def test_the_host_goes_and_another_one_comes(tmp_path: Path, visit: Visit) -> None:
    with stand_in(tmp_path) as host:
        person = visit(host)
        person.sees_worker("away")
    person.sees_worker("offline")
    person.drop((cat(), "cat.jpg"))
    person.sees("This page cannot reach its server")
    with stand_in(tmp_path, port=host.port):
        person.sees_worker("expired")
        person.sees("Please reload the page")
    # The browser itself reports each call that found no host.
    person.complaints = [text for text in person.complaints if "ERR_CONNECTION_REFUSED" not in text]
    person.complaints = [text for text in person.complaints if "403" not in text]


def test_a_page_that_is_too_old_leaves_nothing_waiting_and_has_a_button(tmp_path: Path, visit: Visit) -> None:
    with stand_in(tmp_path) as host:
        person = visit(host)
        person.sees_worker("away")
    with stand_in(tmp_path, port=host.port):
        person.drop((cat(), "1.jpg"), (cat(), "2.jpg"), (cat(), "3.jpg"))
        person.sees("0 of 3 · This page has been open for too long", ".gallery-text")
        assert not any("Waiting" in tile for tile in person.tiles())
        with person.window.expect_navigation(wait_until="commit"):
            person.window.get_by_role("button", name="Reload the page").click()
    person.complaints = [text for text in person.complaints if "ERR_CONNECTION_REFUSED" not in text]
    person.complaints = [text for text in person.complaints if "403" not in text]


def test_with_one_of_two_workers_frozen_the_other_answers_all(alert: StandIn, visit: Visit) -> None:
    with scripted(alert, count=2) as [frozen, _]:
        person = visit(alert)
        person.sees_worker("ready")
        frozen.send_signal(signal.SIGSTOP)
        person.drop(*[(cat(), f"cat{number}.jpg") for number in range(20)])
        person.sees("20 photos in")
