"""Every file of the folder that HOSTILE_IMAGES names, however bad, ends in an answer or a typed refusal.

Meant for the public collections of bad pictures: Pillow's Tests/images, PngSuite, BMP Suite, libwebp's test data,
fuzzing corpora, examples of EXIF orientation, polyglots. Files that are no pictures at all belong in it, too.
"""

import json
import os
import select
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

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


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_every_file_of_a_hostile_folder_is_answered_or_refused(tmp_path: Path) -> None:
    folder = os.environ.get("HOSTILE_IMAGES")
    if not folder:
        pytest.skip("HOSTILE_IMAGES names no folder of bad pictures")
    files = sorted(path for path in Path(folder).rglob("*") if path.is_file() and not path.is_symlink())
    assert files, f"HOSTILE_IMAGES: no files in {folder}"
    errors = tmp_path / "stderr"
    outcomes: Counter[str] = Counter()
    bad: list[dict[str, Any]] = []
    seconds = mb = 0.0
    reader = Reader(errors)
    try:
        for file in files:
            found = reader.read(file)
            kind = found["outcome"].split()[0]
            outcomes[kind] += 1
            seconds, mb = max(seconds, found["seconds"]), max(mb, found["mb"])
            said = errors.read_text(errors="replace")
            os.truncate(errors, 0)
            known = kind in ("label", "NotAPhoto", "UnsupportedFormat", "Truncated", "TooLarge")
            if not known or said or found["seconds"] > MOST_SECONDS or found["mb"] > MOST_MB:
                bad.append({**found, "stderr": said[:500]})
    finally:
        reader.close()
    print(f"{len(files)} files: {dict(outcomes)}; at most {seconds:.2f} s and {mb:.0f} MB")
    assert not bad, "\n".join(map(json.dumps, bad[:50])) + f"\n{len(bad)} of {len(files)} files"
