"""Workers as processes: their log, and what the page gets of them."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from tests.classifier.pictures import RED, encoded
from tests.stand_in import WORKER, StandIn, process

# As uplink_server.py, but with an echo that is waited for a second only, where ten are usual.
IMPATIENT = """
import sys
from worker.link import Link
Link.__init__.__defaults__ = (1.0,)
import uplink_server
sys.exit(uplink_server.main())
"""

PHOTO = encoded(Image.new("RGB", (64, 64), RED), "JPEG")
UPLOAD = [(["args", 0], "image/jpeg", PHOTO)]


def label(host: StandIn) -> str | None:
    """The label of a red photo, through the page; None where nobody answers."""
    try:
        answer = host.page().call("classify_image", None, media=UPLOAD)
    except OSError:
        return None
    return answer["response"]["label"] if "response" in answer else None


@contextlib.contextmanager
def logged_worker(
    folder: Path, environment: dict[str, str], program: Sequence[str] = (str(WORKER),)
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    log = folder / "worker.log"
    with process([sys.executable, *program], log, environment) as started:
        yield started, log


def refused(folder: Path, environment: dict[str, str]) -> str:
    """The log of a worker that ends by itself with the status for a configuration that must change."""
    with logged_worker(folder, environment) as (started, log):
        assert started.wait(30) == os.EX_CONFIG
        return log.read_text()
