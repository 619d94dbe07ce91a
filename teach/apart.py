"""Work in a process of its own: SciPy's memory goes back when it is done, and serving goes first meanwhile."""

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from classifier.errors import ClassifierError, TimedOutError

T = TypeVar("T")

_NICER = 5


def apart(function: Callable[..., T], *arguments: Any, timeout: float) -> T:
    """What `function` returns or raises in a process of its own; both travel, so they must be plain.

    Raises TimedOutError after `timeout` seconds, ClassifierError where the process was killed. Then it has ended.
    """
    context = multiprocessing.get_context("spawn")
    answers, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, function, arguments), daemon=True)
    process.start()
    sender.close()
    try:
        if not answers.poll(timeout):
            raise TimedOutError(f"Teaching took longer than {timeout:g} s. Use fewer photos.")
        outcome = answers.recv()
    except EOFError:
        raise ClassifierError("The process that taught was ended. Is there enough memory?") from None
    finally:
        process.kill()
        process.join()
        answers.close()
    if isinstance(outcome, Exception):
        raise outcome
    found: T = outcome
    return found


def _work(sender: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    if sys.platform != "win32":
        os.nice(_NICER)
    try:
        outcome = function(*arguments)
    except Exception as error:
        outcome = error
    sender.send(outcome)
    sender.close()
