"""Many photos on all cores, answered in their order, with no more in memory than the cores have at hand."""

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from classifier.classifier import Classifier
from classifier.cores import cores
from classifier.errors import BadRequestError, ClassifierError
from classifier.runtime import without_greeting
from classifier.settings import Settings
from classifier.sources import Source

# Starting a process costs as much of a core as some seventy small photos do (measured: 0.45 s).
_PHOTOS_PER_PROCESS = 64
# Photos given out ahead of the one that is waited for, for each process: a large one holds nobody up.
_AHEAD = 8


@dataclass(frozen=True)
class Job:
    """What is to be done with each photo."""

    settings: Settings
    model: str
    top: int

    def classifier(self) -> Classifier:
        """The model, loaded. Raises the errors of Classifier."""
        with without_greeting():
            return Classifier(self.model, settings=self.settings)

    def answer(self, classifier: Classifier, source: Source, map_file: Path | None) -> dict[str, Any]:
        """The answer for one photo, as a caller gets it, or its refusal; its heat map goes to `map_file`."""
        try:
            data = source.read(self.settings.photo_limits.max_bytes)
            answer = classifier.classify(data, top=self.top, heatmap=map_file is not None).as_dict()
            if map_file:
                answer["heatmap"] = _write(map_file, answer["heatmap"])
        except ClassifierError as error:
            return dict(error.as_dict())
        return answer


class ProcessLostError(ClassifierError):
    """One of the processes that classify ended by itself."""


def answers(
    job: Job, classifier: Classifier, sources: Sequence[Source], map_files: Sequence[Path | None]
) -> Generator[dict[str, Any]]:
    """One answer for each source, in their order, as soon as it is there. Close it to end the work.

    A few photos are answered here, by `classifier`; many by a process for each core, which have a copy each. Processes
    and not threads: what Python itself does for a photo would otherwise keep a dozen cores waiting for one.
    """
    pairs = zip(sources, map_files, strict=True)
    processes = min(cores(), len(sources) // _PHOTOS_PER_PROCESS)
    if processes < 2:
        yield from (job.answer(classifier, source, map_file) for source, map_file in pairs)
        return
    alone = replace(job, settings=replace(job.settings, threads=1))
    executor = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _begin, (alone,))
    waiting: deque[Future[dict[str, Any]]] = deque()
    try:
        for source, map_file in pairs:
            with _interrupts_held():
                waiting.append(executor.submit(_answer, source, map_file))
            if len(waiting) == processes * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise ProcessLostError("A process ended before its photos were answered. Is there enough memory?") from None
    except BaseException:
        for child in multiprocessing.active_children():
            child.kill()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Processes that are started inside never see Ctrl-C, which reaches the whole group: this one ends them."""
    if sys.platform == "win32":  # which has no such thing: Ctrl-C may show a trace of theirs
        yield
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


_job: Job
_classifier: Classifier


def _begin(job: Job) -> None:
    global _job, _classifier
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    _job, _classifier = job, job.classifier()


def _answer(source: Source, map_file: Path | None) -> dict[str, Any]:
    return _job.answer(_classifier, source, map_file)


def _end_with_the_parent() -> None:
    """A parent that is killed ends nobody, and its processes would wait for work forever."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _write(file: Path, png: bytes | None) -> str | None:
    if png is None:
        return None
    try:
        file.write_bytes(png)
    except OSError as error:
        raise BadRequestError(f"The heat map cannot be written: {error.strerror}.") from error
    return str(file)
