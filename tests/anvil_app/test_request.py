"""A photo is sent once more when it is lost with a worker, and waits for one that is away."""

from types import SimpleNamespace

import pytest

from anvil_app import request, troubles
from tests.anvil_app.photos import photo

LOST = {"type": "anvil.server.UplinkDisconnectedError", "message": "Uplink disconnected"}
AWAY = {"type": "anvil.server.NoServerFunctionError", "message": "No server function"}
OFFLINE = {"type": "anvil.server.AppOfflineError", "message": "Connection to server failed"}
BUSY = {"type": "Busy", "message": "Too many calls are waiting."}
SILENT = {"type": "Silent", "message": ""}
OVERDUE = {"type": "Overdue", "message": ""}
REFUSED = {"type": "NotAPhoto", "message": "This is not a photo."}


def asked_for() -> request.Request:
    return request.Request(*photo())


def test_lost_with_a_worker_it_is_sent_once_more_and_not_twice() -> None:
    asked = asked_for()
    assert asked.failed(LOST) == troubles.RESEND
    assert asked.failed(LOST) == troubles.STOP
    assert asked.state == request.FAILED


def test_without_a_worker_it_waits() -> None:
    asked = asked_for()
    assert asked.failed(AWAY) == troubles.WAIT
    assert asked.state == request.QUEUED


def test_lost_and_then_nobody_there_it_waits() -> None:
    asked = asked_for()
    asked.failed(LOST)
    assert asked.failed(AWAY) == troubles.WAIT
    assert asked.state == request.QUEUED


def test_a_refusal_ends_it() -> None:
    asked = asked_for()
    assert asked.failed(REFUSED) == troubles.STOP
    assert asked.state == request.FAILED


def test_a_busy_worker_is_waited_for_only_by_the_patient() -> None:
    assert asked_for().failed(BUSY) == troubles.STOP
    assert asked_for().failed(BUSY, patient=True) == troubles.WAIT


@pytest.mark.parametrize(("error", "said"), [(OFFLINE, "unsendable"), (SILENT, "timeout"), (AWAY, "lost")])
def test_it_does_not_wait_for_ever_where_a_worker_comes_each_time(error: dict[str, str], said: str) -> None:
    asked = asked_for()
    assert [asked.failed(error) for _ in range(request.WAITS + 1)] == [troubles.WAIT] * request.WAITS + [troubles.STOP]
    assert troubles.of(asked.error)["name"] == said


def test_a_busy_worker_is_waited_for_as_often_as_it_takes() -> None:
    asked = asked_for()
    assert {asked.failed(BUSY, patient=True) for _ in range(20)} == {troubles.WAIT}


def test_an_overdue_call_goes_to_another_worker_each_time() -> None:
    asked = asked_for()
    assert {asked.failed(OVERDUE) for _ in range(5)} == {troubles.RESEND}
    assert asked.overdue
    asked.forget()
    assert not asked.overdue


class Unreadable:
    """A folder that was dropped, or a file that is gone: Anvil's client finds out when it reads it."""

    name = "gone.jpg"

    @property
    def length(self) -> int:
        raise OSError


def test_what_cannot_be_read_is_known_before_it_is_sent() -> None:
    assert asked_for().is_readable()
    assert not request.Request(Unreadable(), SimpleNamespace(size=4096)).is_readable()


def test_the_heat_map_comes_with_the_answer() -> None:
    asked = asked_for()
    assert not asked.heat
    asked.answered({"label": "dog", "heatmap": "a map"})
    assert asked.heat == "a map"


def test_forgotten_it_is_as_new_and_what_is_on_its_way_counts_no_more() -> None:
    asked = asked_for()
    attempt = asked.attempt
    asked.failed(REFUSED)
    asked.forget()
    assert (asked.state, asked.error, asked.resent) == (request.QUEUED, None, False)
    assert asked.attempt != attempt


def test_among_many_a_large_photo_is_shown_once_there_is_a_copy_of_it() -> None:
    asked = request.Request(*photo(size=request.SMALL_BYTES + 1))
    assert asked.small is None
    asked.photo, asked.fitted = "its copy", True
    assert asked.small == "its copy"
    assert asked.seen is asked.shown


@pytest.mark.parametrize("state", [request.ANSWERED, request.FAILED, request.STOPPED])
def test_among_many_a_photo_is_shown_as_it_is_once_no_copy_is_to_come(state: str) -> None:
    asked = request.Request(*photo(size=request.SMALL_BYTES + 1))
    asked.state = state
    assert asked.small is asked.shown


def test_among_many_a_small_file_is_shown_at_once() -> None:
    asked = request.Request(*photo(size=request.SMALL_BYTES))
    assert asked.small is asked.shown


def test_among_many_what_the_worker_saw_is_shown_rather_than_what_no_browser_can_show() -> None:
    asked = asked_for()
    asked.answered({"label": "cat", "seen": "as the worker saw it"})
    assert asked.small == "as the worker saw it"
