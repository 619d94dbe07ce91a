"""Classifies the files whose names come in on stdin: for each a JSON line on stdout, and nothing on stderr.

A line has the file's name, what became of it (a label, the type of a refusal, or the fault), CPU seconds, and the
highest resident memory of the process while it was at it, in MB; of those that it started, the highest until then.
"""

import json
import re
import resource
import sys
import time
from pathlib import Path

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
    """The highest resident memory since the last call, in MB. Linux only."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    Path("/proc/self/clear_refs").write_text("5")
    return int(found[1]) / 1024 if found else 0.0


def cpu_seconds() -> float:
    """Of this process and those that it started."""
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + started.ru_utime + started.ru_stime


def started_mb() -> float:
    """The highest resident memory of a process that this one started, in MB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


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
            "mb": max(peak_mb(), started_mb()),
        }
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
