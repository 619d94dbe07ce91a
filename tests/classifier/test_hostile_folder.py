"""Every file of the folder that HOSTILE_IMAGES names, however bad, ends in an answer or a typed refusal.

Meant for the public collections of bad pictures: Pillow's Tests/images, PngSuite, BMP Suite, libwebp's test data,
fuzzing corpora, examples of EXIF orientation, polyglots. Files that are no pictures at all belong in it, too.
"""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.classifier.reader_process import MOST_MB, MOST_SECONDS, Reader


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
