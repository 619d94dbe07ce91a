"""Classifies the files whose names come in on stdin: for each a JSON line on stdout, and nothing on stderr.

A line has the file's name, what became of it (a label, the type of a refusal, or the fault), CPU seconds, and the
highest resident memory of the process, or of one that it started, while it was at it, in MB.
"""

import json
import re
import resource
import sys
import time
from pathlib import Path

import psutil

from classifier.classifier import Classifier
from classifier.errors import ClassifierError
from classifier.settings import Settings


def outcome(classifier: Classifier, data: bytes) -> str:
    """A label, or the type of the refusal."""
    try:
        return "label " + classifier.classify(data, heatmap=True).label
    except ClassifierError as error:
        return error.type


def peak_mb() -> float:
    """The highest resident memory of this process or one that it started, since the last call, in MB. Linux only."""
    return max(_peak_mb(process.pid) for process in (psutil.Process(), *psutil.Process().children()))


def _peak_mb(number: int) -> float:
    process = Path("/proc", str(number))
    found = re.search(r"VmHWM:\s+(\d+) kB", (process / "status").read_text())
    (process / "clear_refs").write_text("5")
    return int(found[1]) / 1024 if found else 0.0


def cpu_seconds() -> float:
    """Of this process and those that it started, ended ones too."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    running = (process.cpu_times() for process in psutil.Process().children())
    return time.process_time() + ended.ru_utime + ended.ru_stime + sum(times.user + times.system for times in running)


def main() -> None:
    """Serve until stdin ends."""
    classifier = Classifier(settings=Settings())
    limit = Settings().photo_limits.max_bytes
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        name = json.loads(line)
        with Path(name).open("rb") as file:
            data = file.read(limit + 1)
        peak_mb()
        started = cpu_seconds()
        result = outcome(classifier, data)
        found = {
            "file": name,
            "outcome": result,
            "seconds": cpu_seconds() - started,
            "mb": peak_mb(),
        }
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
