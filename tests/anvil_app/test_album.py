"""Many photos are asked about, some in a call; what stops them, and how they go on."""

from anvil_app.album import Album
from anvil_app.request import ANSWERED, FAILED, QUEUED, STOPPED

from anvil_app import troubles
from tests.anvil_app.photos import album, answered, photo

AWAY = {"type": "anvil.server.NoServerFunctionError", "message": "No server function"}
LOST = {"type": "anvil.server.UplinkDisconnectedError", "message": "Uplink disconnected"}
REFUSED = {"type": "NotAPhoto", "message": "This is not a photo."}
EXPIRED = {"type": "anvil.server.SessionExpiredError", "message": "Expired"}


def test_the_next_photo_is_the_first_without_an_answer() -> None:
    photos = album("a", "b")
    first = photos.queued()[0]
    assert first is photos.requests[0]
    answered(first, "dog", 0.9)
    assert photos.queued()[0] is photos.requests[1]
    answered(photos.queued()[0], "cat", 0.9)
    assert not photos.queued()


def test_one_that_is_refused_does_not_hold_up_the_others() -> None:
    photos = album("a", "b")
    assert photos.failed(photos.queued()[0], REFUSED) == troubles.STOP
    assert photos.queued()[0].name == "b"


def test_without_a_worker_all_wait_and_go_on_together() -> None:
    photos = album("a", "b")
    assert photos.failed(photos.queued()[0], AWAY) == troubles.WAIT
    assert photos.waiting == AWAY
    assert photos.progress()["text"] == "0 of 2 · The worker is away"
    assert photos.resume()
    assert photos.queued()[0].name == "a"
    assert not photos.resume()


def test_one_lost_with_its_worker_is_next_again_once() -> None:
    photos = album("a", "b")
    assert photos.failed(photos.queued()[0], LOST) == troubles.RESEND
    assert photos.queued()[0].name == "a"
    assert photos.failed(photos.queued()[0], LOST) == troubles.STOP
    assert photos.queued()[0].name == "b"


def test_stopped_photos_and_failed_ones_can_be_asked_again() -> None:
    photos = album("a", "b", "c")
    answered(photos.queued()[0], "dog", 0.9)
    photos.failed(photos.queued()[0], REFUSED)
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
    assert photos.failed(photos.queued()[0], OVERDUE) == troubles.RESEND
    assert photos.queued()[0].name == "a"
    assert photos.progress()["advice"].startswith("One worker does not answer")
    for _ in range(2):
        answered(photos.queued()[0], "dog", 0.9)
    assert photos.progress()["advice"] == ""


def test_a_page_that_is_too_old_stops_all() -> None:
    photos = album("a", "b")
    photos.failed(photos.queued()[0], EXPIRED)
    assert [request.state for request in photos.requests] == [FAILED, STOPPED]
    progress = photos.progress()
    assert progress["text"] == "0 of 2 · This page has been open for too long"
    assert (progress["expired"], progress["missing"], progress["advice"]) == (True, 0, "Reload it to continue.")


def ready(photos: Album) -> Album:
    for request in photos.requests:
        request.fitted = True
    return photos


def names(photos: Album) -> str:
    return "".join(request.name for request in photos.pack())


def test_a_call_takes_as_many_photos_as_are_soon_answered() -> None:
    photos = ready(album(*"abcdefghijklmnopqrst"))
    assert names(photos) == "a"
    for count, seconds, following in ((1, 0.01, 2), (2, 0.02, 4), (4, 0.1, 4), (4, 0.2, 2), (2, 5.0, 1)):
        photos.lap(0.0, count, seconds)
        assert len(photos.pack()) == following
    for _ in range(9):
        photos.lap(0.0, len(photos.pack()), 0.0)
    assert len(photos.pack()) == 16


def test_a_call_takes_the_first_photos_that_are_ready_and_not_too_many_bytes() -> None:
    photos = ready(Album([photo(name, 400_000) for name in "abcd"]))
    photos.lap(0.0, 4, 0.0)
    assert names(photos) == "ab"
    photos.requests[1].fitted = False
    assert names(photos) == "a"
    photos.requests[0].fitted = False
    assert names(photos) == ""


def test_a_photo_that_was_lost_with_a_worker_goes_alone() -> None:
    photos = ready(album(*"abcd"))
    photos.lap(0.0, 4, 0.0)
    for request in photos.requests[1:3]:
        photos.failed(request, LOST)
    assert names(photos) == "a"
    answered(photos.requests[0], "dog", 0.9)
    assert names(photos) == "b"
    answered(photos.requests[1], "dog", 0.9)
    assert names(photos) == "c", "those that were not lost wait for it"


def test_what_was_stopped_meanwhile_stays_so() -> None:
    photos = album("a", "b")
    asked = photos.queued()[0]
    photos.stop()
    assert photos.failed(asked, LOST) == troubles.STOP
    assert asked.state == STOPPED


def test_more_photos_join_at_the_end() -> None:
    photos = album("a")
    photos.add([photo("b")])
    assert [(request.name, request.number) for request in photos.requests] == [("a", 0), ("b", 1)]


def test_the_time_left_is_named_once_there_is_a_pace() -> None:
    photos = album(*"abcdefgh")
    now = 100.0
    texts = []
    while photos.queued():
        request = photos.queued()[0]
        texts.append(photos.progress()["text"])
        photos.begin(now)
        now += 2
        photos.lap(now, 1, 2.0)
        answered(request, "dog", 0.9)
    assert texts[3] == "3 of 8"
    assert texts[4] == "4 of 8 · about 8 s left"
    assert photos.progress()["text"] == "8 photos in 16 s"


def test_waiting_for_a_worker_does_not_count_as_pace() -> None:
    photos = album("a", "b")
    photos.begin(0.0)
    photos.lap(1.0, 1, 1.0)
    photos.failed(photos.queued()[0], AWAY)
    photos.resume()
    photos.begin(500.0)
    photos.lap(501.0, 1, 1.0)
    assert photos.spent == 2
