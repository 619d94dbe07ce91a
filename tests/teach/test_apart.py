"""Work in a process of its own: what it returns and raises comes back, and it never outlives its time."""

import os
import signal
import time

import pytest

from classifier.errors import BadRequestError, ClassifierError, TimedOutError
from teach.apart import apart


def refuse() -> None:
    raise BadRequestError("not this")


def end_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_it_is_another_process_of_lower_priority() -> None:
    assert apart(os.getpid, timeout=30) != os.getpid()
    assert apart(os.nice, 0, timeout=30) == os.nice(0) + 5


def test_errors_come_back_as_they_are() -> None:
    with pytest.raises(BadRequestError, match="not this"):
        apart(refuse, timeout=30)


def test_it_ends_with_its_time() -> None:
    started = time.monotonic()
    with pytest.raises(TimedOutError, match=r"longer than 0.2 s"):
        apart(time.sleep, 60, timeout=0.2)
    assert time.monotonic() - started < 30


def test_one_that_is_killed_is_told() -> None:
    with pytest.raises(ClassifierError, match="was ended"):
        apart(end_itself, timeout=30)
