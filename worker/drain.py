"""The end of a worker that loses no call."""

from time import monotonic

from worker.gate import Gate
from worker.guard import Guard
from worker.status import Status


def drain(status: Status, guard: Guard, gate: Gate, timeout: float) -> int:
    """Wait until the calls at work are answered; returns how many are not after `timeout` seconds.

    There is no way to tell the service to send no more. So calls that come meanwhile are answered, too, and only
    those of the last moment are refused as busy: for a caller that tries again, another worker is soon the only one.
    """
    status.draining = True
    end = monotonic() + timeout
    guard.wait(end - timeout / 2)
    gate.closed = True
    return guard.wait(end)
