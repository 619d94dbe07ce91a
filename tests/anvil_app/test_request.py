"""A photo is sent once more when it is lost with a worker, and waits for one that is away."""

from anvil_app import request, troubles

LOST = troubles.of({"type": "anvil.server.UplinkDisconnectedError", "message": "Uplink disconnected"})
AWAY = troubles.of({"type": "anvil.server.NoServerFunctionError", "message": "No server function"})
REFUSED = troubles.of({"type": "NotAPhoto", "message": "This is not a photo."})


def test_lost_with_a_worker_it_is_sent_once_more_and_not_twice() -> None:
    asked = request.Request("photo")
    assert asked.failed(LOST) == troubles.RESEND
    assert asked.failed(LOST) == troubles.STOP
    assert not asked.waiting


def test_without_a_worker_it_waits() -> None:
    asked = request.Request("photo")
    assert asked.failed(AWAY) == troubles.WAIT
    assert asked.waiting


def test_lost_and_then_nobody_there_it_waits() -> None:
    asked = request.Request("photo")
    asked.failed(LOST)
    assert asked.failed(AWAY) == troubles.WAIT
    assert asked.waiting


def test_a_refusal_ends_it() -> None:
    asked = request.Request("photo")
    assert asked.failed(REFUSED) == troubles.STOP
    assert not asked.waiting
