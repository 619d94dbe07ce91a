"""The bound on calls at work and waiting."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from classifier.errors import BusyError
from tests.stand_in import wait_until
from worker.gate import Gate


def hold(gate: Gate, release: threading.Event, timeout: float = 30) -> None:
    with gate.turn(timeout):
        assert release.wait(30)


def until(gate: Gate, running: int, waiting: int) -> None:
    wait_until(lambda: (gate.running, gate.waiting) == (running, waiting), 10)


def test_past_the_bound_a_call_is_refused_while_the_others_wait() -> None:
    gate, release = Gate(running=2, waiting=1), threading.Event()
    with ThreadPoolExecutor(3) as pool:
        calls = [pool.submit(hold, gate, release) for _ in range(3)]
        until(gate, running=2, waiting=1)
        with pytest.raises(BusyError, match="busy"), gate.turn(30):
            pass
        assert not any(call.done() for call in calls)
        release.set()
        assert [call.result(10) for call in calls] == [None] * 3
    until(gate, running=0, waiting=0)
    with gate.turn(0.1):
        assert gate.running == 1


def test_waiting_has_a_time_limit_and_leaves_no_trace() -> None:
    gate, release = Gate(running=1, waiting=5), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(hold, gate, release)
        until(gate, running=1, waiting=0)
        with pytest.raises(BusyError, match=r"within 0\.05 s"), gate.turn(0.05):
            pass
        assert (gate.running, gate.waiting) == (1, 0)
        release.set()
        call.result(10)


def test_first_come_first_served() -> None:
    gate, order = Gate(running=1, waiting=20), []

    def call(number: int) -> None:
        with gate.turn(30):
            order.append(number)

    with ThreadPoolExecutor(10) as pool:
        with gate.turn(30):
            for number in range(10):
                pool.submit(call, number)
                until(gate, running=1, waiting=number + 1)
        with gate.turn(30):  # a newcomer, who is awake while they still sleep
            order.append(10)
    assert order == list(range(11))


def test_a_turn_that_comes_as_the_time_ends_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, first = Gate(running=1, waiting=1), ExitStack()
    first.enter_context(gate.turn(1))

    class Late(threading.Event):
        """The first passes its turn on in the very moment in which the one that waits gives up."""

        def wait(self, timeout: float | None = None) -> bool:
            first.close()
            return False

    with monkeypatch.context() as patched:
        patched.setattr(threading, "Event", Late)
        with gate.turn(1):
            assert (gate.running, gate.waiting) == (1, 0)
    assert (gate.running, gate.waiting) == (0, 0)


def test_who_gives_up_leaves_the_order_of_the_others() -> None:
    gate, order, release = Gate(running=1, waiting=3), [], threading.Event()

    def call(number: int, timeout: float) -> None:
        try:
            with gate.turn(timeout):
                order.append(number)
        except BusyError:
            order.append(-number)

    with ThreadPoolExecutor(4) as pool:
        pool.submit(hold, gate, release)
        until(gate, running=1, waiting=0)
        for number, timeout in ((1, 30), (2, 0.01), (3, 30)):
            pool.submit(call, number, timeout)
            wait_until(lambda number=number: len(order) + gate.waiting == number, 10)  # type: ignore[misc]
        wait_until(lambda: order == [-2], 10)
        release.set()
    assert order == [-2, 1, 3]


def test_an_error_gives_the_turn_back() -> None:
    gate = Gate(running=1, waiting=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), gate.turn(0.1):
            raise ZeroDivisionError
    assert (gate.running, gate.waiting) == (0, 0)


def test_a_closed_gate_lets_nobody_in() -> None:
    gate = Gate(running=1, waiting=1)
    gate.closed = True
    with pytest.raises(BusyError, match="stopping"), gate.turn(1):
        pass


def test_never_more_run_than_may() -> None:
    gate, lock, now, most = Gate(running=3, waiting=100), threading.Lock(), 0, 0
    together = threading.Barrier(3)

    def work(_: int) -> None:
        nonlocal most, now
        with gate.turn(30):
            with lock:
                now += 1
                most = max(most, now)
            together.wait(30)  # three are at work at once, or it never ends
            with lock:
                now -= 1

    with ThreadPoolExecutor(30) as pool:
        list(pool.map(work, range(60)))
    assert most == 3
