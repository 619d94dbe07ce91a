"""Many photos are asked about one after another; what stops them, and how they go on."""

from anvil_app.request import ANSWERED, FAILED, QUEUED, STOPPED

from anvil_app import troubles
from tests.anvil_app.photos import album, answered, photo

AWAY = {"type": "anvil.server.NoServerFunctionError", "message": "No server function"}
LOST = {"type": "anvil.server.UplinkDisconnectedError", "message": "Uplink disconnected"}
REFUSED = {"type": "NotAPhoto", "message": "This is not a photo."}
EXPIRED = {"type": "anvil.server.SessionExpiredError", "message": "Expired"}


def test_the_next_photo_is_the_first_without_an_answer() -> None:
    photos = album("a", "b")
    first = photos.next()
    assert first is photos.requests[0]
    answered(first, "dog", 0.9)
    assert photos.next() is photos.requests[1]
    answered(photos.next(), "cat", 0.9)
    assert photos.next() is None


def test_one_that_is_refused_does_not_hold_up_the_others() -> None:
    photos = album("a", "b")
    assert photos.failed(photos.next(), REFUSED) == troubles.STOP
    assert photos.next().name == "b"


def test_without_a_worker_all_wait_and_go_on_together() -> None:
    photos = album("a", "b")
    assert photos.failed(photos.next(), AWAY) == troubles.WAIT
    assert photos.waiting == AWAY
    assert photos.progress()["text"] == "0 of 2 · The worker is away"
    assert photos.resume()
    assert photos.next().name == "a"
    assert not photos.resume()


def test_one_lost_with_its_worker_is_next_again_once() -> None:
    photos = album("a", "b")
    assert photos.failed(photos.next(), LOST) == troubles.RESEND
    assert photos.next().name == "a"
    assert photos.failed(photos.next(), LOST) == troubles.STOP
    assert photos.next().name == "b"


def test_stopped_photos_and_failed_ones_can_be_asked_again() -> None:
    photos = album("a", "b", "c")
    answered(photos.next(), "dog", 0.9)
    photos.failed(photos.next(), REFUSED)
    photos.stop()
    assert [request.state for request in photos.requests] == [ANSWERED, FAILED, STOPPED]
    assert photos.progress()["missing"] == 2
    photos.again()
    assert [request.state for request in photos.requests] == [ANSWERED, QUEUED, QUEUED]
    photos.again(everything=True)
    assert photos.count(QUEUED) == 3


OVERDUE = {"type": "Overdue", "message": ""}


def test_a_call_that_is_overdue_goes_out_again_and_the_page_says_why() -> None:
    photos = album("a", "b")
    assert photos.failed(photos.next(), OVERDUE) == troubles.RESEND
    assert photos.next().name == "a"
    assert photos.progress()["advice"].startswith("One worker does not answer")
    for _ in range(2):
        answered(photos.next(), "dog", 0.9)
    assert photos.progress()["advice"] == ""


def test_a_page_that_is_too_old_stops_all() -> None:
    photos = album("a", "b")
    photos.failed(photos.next(), EXPIRED)
    assert [request.state for request in photos.requests] == [FAILED, STOPPED]


def test_more_photos_join_at_the_end() -> None:
    photos = album("a")
    photos.add([photo("b")])
    assert [(request.name, request.number) for request in photos.requests] == [("a", 0), ("b", 1)]


def test_the_time_left_is_named_once_there_is_a_pace() -> None:
    photos = album(*"abcdefgh")
    now = 100.0
    texts = []
    while (request := photos.next()) is not None:
        texts.append(photos.progress()["text"])
        photos.begin(now)
        now += 2
        photos.lap(now)
        answered(request, "dog", 0.9)
    assert texts[3] == "3 of 8"
    assert texts[4] == "4 of 8 · about 8 s left"
    assert photos.progress()["text"] == "8 photos in 16 s"


def test_waiting_for_a_worker_does_not_count_as_pace() -> None:
    photos = album("a", "b")
    photos.begin(0.0)
    photos.lap(1.0)
    photos.failed(photos.next(), AWAY)
    photos.resume()
    photos.begin(500.0)
    photos.lap(501.0)
    assert photos.spent == 2
