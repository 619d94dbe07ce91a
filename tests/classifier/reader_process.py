"""A process that reads bad files, and the bounds it keeps."""

import json
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.stand_in import ROOT

# Of the whole process, with the committed model loaded.
MOST_MB = 300.0
# CPU time, which a busy machine does not lengthen. A hang is found by the clock.
MOST_SECONDS = 1.0
HANG_SECONDS = 60.0


class Reader:
    """A process that classifies one file after another; a crash of it is a finding about the file."""

    def __init__(self, errors: Path) -> None:
        self._errors = errors
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-m", "tests.classifier.hostile_reader"]
        pipe = subprocess.PIPE
        with self._errors.open("ab") as errors:
            self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=errors)
        assert self._line() == "ready"
        os.truncate(self._errors, 0)  # what the network's runtime says of itself when it is loaded

    def read(self, file: Path) -> dict[str, Any]:
        """What became of a file."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(str(file)).encode() + b"\n")
        self._process.stdin.flush()
        found = self._line()
        if found is None:
            self.close()
            self._start()
            return {"file": str(file), "outcome": "CRASH OR HANG", "seconds": 0.0, "mb": 0.0}
        return dict(found)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()

    def _line(self) -> Any:
        assert self._process.stdout
        if not select.select([self._process.stdout], [], [], HANG_SECONDS)[0]:
            return None
        line = self._process.stdout.readline()
        return json.loads(line) if line else None
