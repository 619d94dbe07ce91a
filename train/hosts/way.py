"""The way of a recipe on several hosts.

All processes load and fit together, in a process of their own: Keras computes on JAX there, and what JAX does where
another host is lost is to end the process. Then process 0 walks the rest of the way as for any finished run, with
TensorFlow, whose converter makes the files that are served.
"""

import importlib.util
import logging
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from classifier.new_model import check_writable
from train.errors import HostsError, TrainError
from train.hosts.hosts import Hosts
from train.recipe import Run

_JOINED = "joined"


def train(run: Run, data: Path, models: Path, again: bool, hosts: Hosts) -> Path | None:
    """Walk the whole way; the model folder on process 0, None on the others.

    Raises:
        HostsError: the recipe is for one host only, or the hosts cannot train together, or no longer.
        and what train.way.train raises.
    """
    check_possible(run)
    check_writable(models)
    if fit_apart(run, data, again, hosts):
        return None
    from train import way  # here, since it brings TensorFlow

    return way.train(run, data, models)


def check_possible(run: Run) -> None:
    """Raise HostsError where several hosts cannot train this run."""
    if run.plan.teachers:
        raise HostsError(f"{run.recipe.name} learns from a teacher, on one host only. Train it without --hosts.")
    if run.plan.size:
        raise HostsError(f"{run.recipe.name} learns from crops, on one host only. Train it without --hosts.")
    if run.plan.after or run.plan.cutmix:
        raise HostsError(f"{run.recipe.name} goes on from another run or mixes its pictures, on one host only.")
    if importlib.util.find_spec("jax") is None:
        raise HostsError("Training on several hosts needs JAX: pip install '.[hosts]'")


def fit_apart(run: Run, data: Path, again: bool, hosts: Hosts) -> int:
    """Fit in a process of its own; the number of this one among all."""
    context = multiprocessing.get_context("spawn")
    answers, sender = context.Pipe(duplex=False)
    process = context.Process(target=_fit, args=(sender, run, data, again, hosts), daemon=True)
    process.start()
    sender.close()
    outcome: str | int | Exception | None = None
    try:
        while not isinstance(outcome, int | Exception):
            outcome = answers.recv()
    except EOFError:
        process.join()
        raise _lost(hosts, run, process.exitcode, outcome == _JOINED) from None
    finally:
        process.kill()
        process.join()
        answers.close()
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _lost(hosts: Hosts, run: Run, status: int | None, joined: bool) -> HostsError:
    if status == 1:  # Python has said why
        return HostsError("The training ended with the error above.")
    if status == -signal.SIGABRT and not joined:
        return HostsError(
            f"Not all processes came within {hosts.wait_s} s. Start the command on every host, with the same --hosts "
            f"and --processes, and let {hosts.address} be reachable. What JAX said: {_said(run)}"
        )
    if status == -signal.SIGABRT:
        return HostsError(LOST + f" What JAX said: {_said(run)}")
    return HostsError(f"The process that trains was ended (status {status}). Is there enough memory?")


LOST = "Another process was lost. Start the command again on every host: it goes on after the last whole epoch."


def _said(run: Run) -> Path:
    """The file for what libraries write past Python."""
    return run.folder.with_name(f"{run.folder.name}.jax.log")


def _fit(sender: Connection, run: Run, data: Path, again: bool, hosts: Hosts) -> None:
    """In the process of its own: send that all are there, then its number or an error."""
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent too, which ends this process
    os.environ["KERAS_BACKEND"] = "jax"
    _redirect(_said(run))
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    for library in ("tensorflow", "jax"):
        logging.getLogger(library).setLevel(logging.ERROR)
    from train.hosts import fit, group

    outcome: int | Exception
    try:
        outcome = fit.fit(run, data, again, hosts, lambda: sender.send(_JOINED))
    except TrainError as error:
        outcome = error
    except Exception as error:
        if not group.is_loss(error):
            raise
        outcome = HostsError(LOST)
    sender.send(outcome)
    sender.close()
    os._exit(0)  # JAX would wait for the others


def _redirect(file: Path) -> None:
    """What Python writes is still shown; what libraries write past it, as traces of C++, goes to a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    shown = [os.fdopen(os.dup(number), "w", buffering=1, errors="backslashreplace") for number in (1, 2)]
    with file.open("ab") as past:
        for number in (1, 2):
            os.dup2(past.fileno(), number)
    sys.stdout, sys.stderr = shown


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
