"""A run: from what was asked to a table of answers, on Ray."""

import hashlib
import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

# Read as Ray is imported: nothing is reported to its makers.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")


import ray
import ray.data
from ray.exceptions import RayError

from classifier.batch import Job
from classifier.card import CARD_FILE
from classifier.cores import cores
from classifier.errors import ClassifierError
from cluster.answerer import Answerer, Order, model_files
from cluster.listing import Listing, listing
from cluster.parts import Table
from cluster.places import why
from cluster.portions import Portion

# A cluster may have no core free for a while; 500 photos of the largest size take a core half of that.
_WAIT_S = 3600.0
_REACH_S = 60.0


T = TypeVar("T")


class RunError(ClassifierError):
    """The run ended before every photo was answered."""


@dataclass(frozen=True)
class Run:
    """What there is to do, settled before Ray is started."""

    order: Order
    model: dict[str, bytes]
    listing: Listing

    @classmethod
    def prepare(cls, job: Job, source: str, out: str, resume: bool) -> "Run":
        """Find the photos and begin the table. Raises the errors of Classifier, and BadRequestError."""
        [card] = job.classifier().cards
        files = model_files(card)
        digest = hashlib.sha256(files[CARD_FILE]).hexdigest()
        job = Job(job.settings, card.name, len(card.labels))
        table = Table.begin(out, resume)
        most = job.settings.photo_limits.max_bytes
        found = listing(source, most, table.done(card.name, digest))
        return cls(Order(job, digest, table, str(Path.cwd())), files, found)

    def go(self, address: str | None, answered: Callable[[int], object]) -> None:
        """Answer all photos; `answered` is called with the number of photos of each part that is there.

        Raises RunError where it ends before, or where there is no cluster at that address.
        """
        with _quiet(), _ray(address):
            actors = int(ray.cluster_resources().get("CPU", 1))
            portions = self.listing.portions(actors)
            with _sentence():
                for row in bounded(self._answers(portions, min(actors, len(portions))), _WAIT_S):
                    if row["trouble"]:
                        raise RunError(_unanswered(row["trouble"]))
                    answered(row["photos"])

    def _answers(self, portions: list[Portion], actors: int) -> Iterator[dict[str, Any]]:
        rows = [{"number": number, "portion": portion} for number, portion in enumerate(portions)]
        # One block each, so that no actor waits while another has several.
        answers = ray.data.from_items(rows, override_num_blocks=len(rows)).map(
            Answerer,
            fn_constructor_args=(self.order, partial(ray.get, ray.put(self.model))),
            compute=ray.data.ActorPoolStrategy(size=actors, max_tasks_in_flight_per_actor=2),
            num_cpus=1,
        )
        yield from answers.iter_rows()


def bounded(rows: Iterator[T], most_s: float) -> Iterator[T]:
    """The rows, and what goes wrong with them. Raises TimeoutError where one is waited for longer than that."""
    found: SimpleQueue[T | BaseException] = SimpleQueue()

    def read() -> None:
        try:
            for row in rows:
                found.put(row)
            found.put(StopIteration())
        except BaseException as error:  # raised again where it is waited for
            found.put(error)

    Thread(target=read, daemon=True).start()
    while True:
        try:
            row = found.get(timeout=most_s)
        except Empty:
            raise TimeoutError(f"nothing came for {most_s:.0f} seconds") from None
        if isinstance(row, StopIteration):
            return
        if isinstance(row, BaseException):
            raise row
        yield row


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep standard output free, and standard error for what Python writes.

    The compiled parts of Ray have no switch for their lines: they warn of each actor that it may not start again, since
    Ray Data hands it what it needs by reference. What Ray prints of a process or machine that died is no answer.
    """
    with open(os.dup(2), "w", buffering=1, errors="backslashreplace") as ours, Path(os.devnull).open("wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 2)
        try:
            with redirect_stderr(ours), redirect_stdout(ours):
                yield
        finally:
            os.dup2(ours.fileno(), 2)


@contextmanager
def _ray(address: str | None) -> Iterator[None]:
    """Be connected to the cluster at that address, None for one on this machine that ends with this process."""
    own = {"num_cpus": cores(), "include_dashboard": False}

    def start() -> Iterator[object]:
        yield ray.init(
            address or "local", logging_level=logging.CRITICAL, log_to_driver=False, **({} if address else own)
        )

    try:
        next(bounded(start(), _REACH_S) if address else start())  # a cluster that is not there is tried forever
    except Exception as error:  # Ray has no class of its own for it
        trouble = f"at {address} cannot be reached" if address else "cannot be started on this machine"
        raise RunError(f"Ray {trouble}: {why(error)}.") from error
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        ray.shutdown()


@contextmanager
def _sentence() -> Iterator[None]:
    """Raise what ends the work on Ray as RunError."""
    try:
        yield
    except (RayError, OSError) as error:
        cause: BaseException = error
        while cause.__cause__ is not None:
            cause = cause.__cause__
        said = why(cause) if isinstance(cause, Exception) else str(cause)
        raise RunError(_unanswered(said)) from error


def _unanswered(trouble: str) -> str:
    return f"Not every photo was answered: {trouble}. --resume asks for those that are missing."


class Progress:
    """A line at times on standard error, where it is no terminal that has a bar."""

    def __init__(self, total: int, say: Callable[[str], None], every_s: float = 10) -> None:
        self._total, self._say, self._every_s = total, say, every_s
        self._began = self._said = time.monotonic()
        self.photos = 0

    @property
    def seconds(self) -> float:
        """The time since it began."""
        return time.monotonic() - self._began

    def __call__(self, photos: int) -> None:
        """So many more are answered."""
        self.photos += photos
        if time.monotonic() >= self._said + self._every_s:
            self._said = time.monotonic()
            self._say(f"{self.photos:,} of {self._total:,} photos, {self.photos / self.seconds:.0f} a second.")
