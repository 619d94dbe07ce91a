"""A photo is sent once more when it is lost with a worker, and waits for one that is away."""

from types import SimpleNamespace

import pytest

from anvil_app import request, troubles

PHOTO = SimpleNamespace(name="photo.jpg", length=1000)
LOST = {"type": "anvil.server.UplinkDisconnectedError", "message": "Uplink disconnected"}
AWAY = {"type": "anvil.server.NoServerFunctionError", "message": "No server function"}
OFFLINE = {"type": "anvil.server.AppOfflineError", "message": "Connection to server failed"}
BUSY = {"type": "Busy", "message": "Too many calls are waiting."}
SILENT = {"type": "Silent", "message": ""}
REFUSED = {"type": "NotAPhoto", "message": "This is not a photo."}


def test_lost_with_a_worker_it_is_sent_once_more_and_not_twice() -> None:
    asked = request.Request(PHOTO)
    assert asked.failed(LOST) == troubles.RESEND
    assert asked.failed(LOST) == troubles.STOP
    assert asked.state == request.FAILED


def test_without_a_worker_it_waits() -> None:
    asked = request.Request(PHOTO)
    assert asked.failed(AWAY) == troubles.WAIT
    assert asked.state == request.QUEUED


def test_lost_and_then_nobody_there_it_waits() -> None:
    asked = request.Request(PHOTO)
    asked.failed(LOST)
    assert asked.failed(AWAY) == troubles.WAIT
    assert asked.state == request.QUEUED


def test_a_refusal_ends_it() -> None:
    asked = request.Request(PHOTO)
    assert asked.failed(REFUSED) == troubles.STOP
    assert asked.state == request.FAILED


def test_a_busy_worker_is_waited_for_only_by_the_patient() -> None:
    assert request.Request(PHOTO).failed(BUSY) == troubles.STOP
    assert request.Request(PHOTO).failed(BUSY, patient=True) == troubles.WAIT


@pytest.mark.parametrize(("error", "said"), [(OFFLINE, "unsendable"), (SILENT, "timeout"), (AWAY, "lost")])
def test_it_does_not_wait_for_ever_where_a_worker_comes_each_time(error: dict[str, str], said: str) -> None:
    asked = request.Request(PHOTO)
    assert [asked.failed(error) for _ in range(request.WAITS + 1)] == [troubles.WAIT] * request.WAITS + [troubles.STOP]
    assert troubles.of(asked.error)["name"] == said


def test_a_busy_worker_is_waited_for_as_often_as_it_takes() -> None:
    asked = request.Request(PHOTO)
    assert {asked.failed(BUSY, patient=True) for _ in range(20)} == {troubles.WAIT}


class Unreadable:
    """A folder that was dropped, or a file that is gone: Anvil's client finds out when it reads it."""

    name = "gone.jpg"

    @property
    def length(self) -> int:
        raise OSError


def test_a_file_is_measured_once_and_one_that_cannot_be_read_is_told() -> None:
    asked = request.Request(PHOTO)
    assert asked.measure()
    assert asked.size == 1000
    assert not request.Request(Unreadable()).measure()


def test_forgotten_it_is_as_new_and_what_is_on_its_way_counts_no_more() -> None:
    asked = request.Request(PHOTO)
    attempt = asked.attempt
    asked.failed(REFUSED)
    asked.forget()
    assert (asked.state, asked.error, asked.resent) == (request.QUEUED, None, False)
    assert asked.attempt != attempt
