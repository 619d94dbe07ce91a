"""The photos of one call and its bounds: size, turn and time."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import anvil
import pytest

from classifier.errors import BadRequestError
from tests.classifier.pictures import BLUE, RED
from tests.stand_in import wait_until
from tests.worker.published import HeldUpload, media, photo, published
from worker import photos
from worker.settings import Settings


def test_what_is_too_large_is_refused_before_it_waits_for_its_turn(shelf_dir: Path) -> None:
    ours = published(shelf_dir, max_upload_mb=0.1, max_waiting=0)
    large, half = media(bytes(200 * 1024)), media(bytes(60 * 1024))
    with ours.gate.turn(1), ours.gate.turn(1):  # nobody else gets one
        assert ours.ask("classify_image", large)["error"]["type"] == "TooLarge"
        assert ours.ask("classify_images", [half] * 12)["error"]["type"] == "TooLarge"
        assert ours.ask("classify_images", [half] * 8)["error"]["type"] == "Busy"


def test_a_list_has_as_many_photos_as_a_call_may_bring_and_no_more() -> None:
    settings = Settings(max_files=3)
    assert photos.check_list([1, 2, 3], settings) == [1, 2, 3]
    for count in (4, 9):
        with pytest.raises(BadRequestError, match=f"{count} photos in one call; the limit is 3"):
            photos.check_list([0] * count, settings)


def test_a_call_waits_a_second_and_a_half_for_its_turn_and_no_longer_than_it_may_take(shelf_dir: Path) -> None:
    for timeout, waits in ((20, 1.5), (0.5, 0.5)):
        ours, waited = published(shelf_dir, call_timeout_s=timeout), []

        @contextmanager
        def turn(seconds: float, waited: list[float] = waited) -> Iterator[None]:
            waited.append(seconds)
            yield

        ours.gate.turn = turn  # type: ignore[method-assign]
        assert ours.ask("classify_image", photo(RED))["label"] == "red"
        assert waited == [waits]


def test_photos_past_the_time_limit_are_told_so(shelf_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, now = published(shelf_dir, call_timeout_s=10), [monotonic()]
    monkeypatch.setattr(photos, "monotonic", lambda: now[0])

    class Slow(anvil.BlobMedia):  # type: ignore[misc]  # the library is untyped
        def get_bytes(self) -> bytes:
            now[0] += 4
            return bytes(super().get_bytes())

    monkeypatch.setattr(Slow, "get_length", lambda self: 1)
    answers = ours.ask("classify_images", [Slow("image/jpeg", photo(RED).get_bytes())] * 5)
    assert [answer.get("label") or answer["error"]["type"] for answer in answers] == ["red"] * 3 + ["Timeout"] * 2


def test_past_the_bound_calls_are_told_busy(shelf_dir: Path) -> None:
    ours, let_go = published(shelf_dir, threads=1, max_waiting=1), threading.Event()
    held = HeldUpload(photo(RED).get_bytes(), let_go)
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(ours.ask, "classify_image", held) for _ in range(2)]
        wait_until(lambda: (ours.gate.running, ours.gate.waiting) == (1, 1), 10)
        refused = [ours.ask("classify_image", photo(BLUE)) for _ in range(10)]
        let_go.set()
        answers = [call.result(10) for call in calls]
    assert [answer["error"]["type"] for answer in refused] == ["Busy"] * 10
    assert [answer["label"] for answer in answers] == ["red"] * 2
    assert ours.status.report()["refusals"] == {"Busy": 10}
    assert ours.ask("classify_image", photo(BLUE))["label"] == "blue"
