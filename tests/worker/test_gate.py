"""The bound on calls at work and waiting."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from classifier.errors import BusyError
from worker.gate import Gate


def hold(gate: Gate, release: threading.Event, timeout: float = 10) -> None:
    with gate.turn(timeout):
        assert release.wait(10)


def until(gate: Gate, running: int, waiting: int) -> None:
    deadline = time.monotonic() + 5
    while (gate.running, gate.waiting) != (running, waiting):
        assert time.monotonic() < deadline, (gate.running, gate.waiting)
        time.sleep(0.005)


def test_past_the_bound_a_call_is_told_at_once() -> None:
    gate, release = Gate(running=2, waiting=1), threading.Event()
    with ThreadPoolExecutor(3) as pool:
        calls = [pool.submit(hold, gate, release) for _ in range(3)]
        until(gate, running=2, waiting=1)
        started = time.monotonic()
        with pytest.raises(BusyError, match="busy"), gate.turn(10):
            pass
        assert time.monotonic() - started < 2
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
        with gate.turn(10):
            order.append(number)
            time.sleep(0.002)

    for _ in range(10):
        order.clear()
        with ThreadPoolExecutor(10) as pool:
            with gate.turn(10):
                for number in range(10):
                    pool.submit(call, number)
                    until(gate, running=1, waiting=number + 1)
            with gate.turn(10):  # a newcomer, who is awake while they still sleep
                order.append(10)
        assert order == list(range(11))


def test_a_turn_that_comes_as_the_time_ends_is_not_lost() -> None:
    gate = Gate(running=1, waiting=100)

    def call(number: int) -> bool:
        try:
            with gate.turn(0.001 * (number % 7)):
                time.sleep(0.001)
                return True
        except BusyError:
            return False

    with ThreadPoolExecutor(20) as pool:
        assert {*pool.map(call, range(1000))} == {True, False}
    assert (gate.running, gate.waiting) == (0, 0)
    with gate.turn(0):
        assert gate.running == 1


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
    gate, most, lock, now = Gate(running=3, waiting=100), 0, threading.Lock(), 0

    def work(_: int) -> None:
        nonlocal most, now
        with gate.turn(10):
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.002)
            with lock:
                now -= 1

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(work, range(200)))
    assert most == 3
