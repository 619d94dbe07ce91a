"""The end of a worker that loses no call."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.classifier.pictures import BLUE, RED
from tests.stand_in import wait_until
from tests.worker.published import HeldUpload, photo, published
from worker.drain import drain


def test_new_calls_are_answered_while_others_are_at_work_and_refused_after_that(shelf_dir: Path) -> None:
    ours, let_go = published(shelf_dir), threading.Event()
    held = HeldUpload(photo(RED).get_bytes(), let_go)
    answers = []
    at_work = threading.Thread(target=lambda: answers.append(ours.ask("classify_image", held)))
    at_work.start()
    wait_until(lambda: ours.gate.running == 1, 10)
    with ThreadPoolExecutor(1) as pool, ThreadPoolExecutor(1) as caller:
        ending = pool.submit(drain, ours.status, ours.guard, ours.gate, 20)
        wait_until(lambda: ours.status.draining, 10)
        assert ours.status.report()["state"] == "draining"
        assert caller.submit(ours.ask, "classify_image", photo(BLUE)).result(10)["label"] == "blue"
        caller.shutdown()
        assert not ending.done()
        let_go.set()
        assert ending.result(10) == 0
    at_work.join(10)
    assert answers[0]["label"] == "red"
    assert ours.ask("classify_image", photo(RED))["error"]["type"] == "Busy"


def test_what_does_not_end_in_time_is_counted_and_nobody_is_waited_for_longer(shelf_dir: Path) -> None:
    ours, let_go = published(shelf_dir), threading.Event()
    held = HeldUpload(photo(RED).get_bytes(), let_go)
    at_work = threading.Thread(target=ours.ask, args=("classify_image", held))
    at_work.start()
    wait_until(lambda: ours.gate.running == 1, 10)
    assert drain(ours.status, ours.guard, ours.gate, 0.1) == 1
    assert ours.gate.closed
    let_go.set()
    at_work.join(10)
