"""Work on many photos by several threads, whose answers come in the order of the photos."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from classifier.errors import ClassifierError

Photo = TypeVar("Photo")
Answer = TypeVar("Answer")


def in_order(
    answer: Callable[[Photo], Answer], photos: Iterable[Photo], threads: int
) -> Iterator[Answer | ClassifierError]:
    """What `answer` returns, or the ClassifierError it raises, for each photo, in their order, as soon as it is there.

    Only a few photos are taken ahead, so any number of them takes little memory.
    """

    def answered(photo: Photo) -> Answer | ClassifierError:
        try:
            return answer(photo)
        except ClassifierError as error:
            return error

    waiting: deque[Future[Answer | ClassifierError]] = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for photo in photos:
            waiting.append(pool.submit(answered, photo))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
