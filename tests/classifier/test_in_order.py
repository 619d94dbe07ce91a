"""Work on several threads, answered in order."""

from collections.abc import Iterator
from threading import Barrier, Event

import pytest

from classifier.errors import ClassifierError, NotAPhotoError
from classifier.in_order import in_order


def test_answers_come_in_the_order_of_the_photos_however_long_each_takes() -> None:
    last = Event()

    def answer(number: int) -> int:
        if number == 0:
            assert last.wait(10)
        if number == 2:
            last.set()
        return number * number

    assert list(in_order(answer, range(5), threads=2)) == [0, 1, 4, 9, 16]


def test_a_refusal_stands_in_the_place_of_its_answer_and_a_fault_is_a_fault() -> None:
    def answer(number: int) -> int:
        if number == 1:
            raise NotAPhotoError("This is not a photo.")
        return 6 // (3 - number)

    answers = in_order(answer, range(4), threads=2)
    first, second, third = (next(answers) for _ in range(3))
    assert (first, str(second), third) == (2, "This is not a photo.", 6)
    assert isinstance(second, ClassifierError)
    with pytest.raises(ZeroDivisionError):
        next(answers)


def test_as_many_are_at_work_as_there_are_threads() -> None:
    together = Barrier(3, timeout=10)
    assert list(in_order(lambda _: together.wait() >= 0, range(6), threads=3)) == [True] * 6


def test_only_a_few_are_taken_ahead() -> None:
    taken: list[int] = []

    def photos() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    answers = in_order(str, photos(), threads=2)
    assert next(answers) == "0"
    assert len(taken) == 5
    answers.close()  # type: ignore[attr-defined]
    assert len(taken) == 5
