"""What a run says while it works, and what it says when it cannot go on."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from classifier.errors import BadRequestError, UnknownModelError
from cluster.run import Progress, Run, bounded
from tests.cluster.photos import fill


def test_progress_is_a_line_now_and_then_with_the_rate() -> None:
    said: list[str] = []
    often, never = Progress(2000, said.append, every_s=0), Progress(2000, said.append, every_s=1000)
    often(1500)
    never(1500)
    [line] = said
    assert line.startswith("1,500 of 2,000 photos, ")
    assert line.endswith(" a second.")


def test_what_is_waited_for_has_a_bound() -> None:
    never = threading.Event()
    seen: list[int] = []

    def rows() -> Iterator[int]:
        yield from (1, 2)
        never.wait()

    with pytest.raises(TimeoutError, match="nothing came for 0 seconds"):
        seen.extend(bounded(rows(), 0.2))
    never.set()
    assert seen == [1, 2]
    assert list(bounded(iter((3, 4)), 60)) == [3, 4]


def test_what_goes_wrong_meanwhile_is_raised() -> None:
    def rows() -> Iterator[int]:
        yield 1
        raise OSError("the disk is full")

    found = bounded(rows(), 60)
    assert next(found) == 1
    with pytest.raises(OSError, match="the disk is full"):
        next(found)


def test_an_unknown_model_is_refused_before_a_table_is_begun(prepare: Callable[..., Run], tmp_path: Path) -> None:
    fill(tmp_path / "photos", 1)
    with pytest.raises(UnknownModelError):
        prepare(tmp_path / "photos", model="flowers")
    assert not (tmp_path / "answers").exists()


def test_answers_of_a_model_that_has_changed_are_not_continued(prepare: Callable[..., Run], tmp_path: Path) -> None:
    fill(tmp_path / "photos", 1)
    run = prepare(tmp_path / "photos")
    run.order.table.add(0, [{"path": "a", "model": "plain", "digest": run.order.digest}])
    assert prepare(tmp_path / "photos", resume=True).order.digest == run.order.digest
    with pytest.raises(BadRequestError, match=r"answers of plain\. Continue it with --model plain"):
        prepare(tmp_path / "photos", resume=True, model="with_map")
