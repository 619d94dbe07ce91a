"""python -m tests.cluster.fatal OUT: a run whose one portion ends the process that reads it; prints what is said."""

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from classifier.batch import Job
from classifier.settings import Settings
from classifier.sources import Source
from cluster.listing import Listing
from cluster.portions import Portion
from cluster.run import Run, RunError


@dataclass(frozen=True)
class Fatal:
    """A portion that no process outlives."""

    def __len__(self) -> int:
        return 1

    def __str__(self) -> str:
        return "fatal.jpg"

    def sources(self, most: int) -> Iterator[Source]:
        os.kill(os.getpid(), signal.SIGKILL)
        yield Source("never")


class One(Listing):
    def portions(self, actors: int) -> list[Portion]:
        return [Fatal()]


if __name__ == "__main__":
    settings = Settings.load()
    begun = Run.prepare(Job(settings, settings.default_model, 1), "none-at-all", sys.argv[1], False)
    try:
        Run(begun.order, begun.model, One()).go(None, print)
    except RunError as error:
        print(error)
