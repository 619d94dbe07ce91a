"""AVIF decoded in a process of its own, whose memory and time the system bounds.

libavif takes quadratic time over the parts of a file and holds Python's lock meanwhile: 0.8 MB could stop every other
thread for 13 s. And it believes a size that the coded picture need not have: 3 kB could take 500 MB. No look at the
headers rules out either, so another process takes the risk, at the price of its start, a tenth of a second.
"""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

from PIL import AvifImagePlugin, Image

from classifier import errors, pixels
from classifier.errors import PhotoError, TooLargeError
from classifier.fit import ResizeRule

# What the process may take beside its code, and for how long it may compute.
MEMORY_BYTES = 256 * 2**20
CPU_SECONDS = 1
_WAIT_SECONDS = 20
_ROOT = Path(__file__).parents[1]


def read(
    data: bytes, kind: str, max_megapixels: float, at_least: tuple[int, int] | None, rule: ResizeRule
) -> Image.Image:
    """As `pixels.read`. Raises TooLargeError, or TruncatedError."""
    command = [sys.executable, "-m", __name__, json.dumps([MEMORY_BYTES, kind, max_megapixels, at_least, rule])]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # or NumPy would take memory for each core
    try:
        done = subprocess.run(  # noqa: S603 - words of our own
            command, input=data, capture_output=True, cwd=_ROOT, env=environment, timeout=_WAIT_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:  # or it could not even be started
        raise TooLargeError("This AVIF takes too long or too much memory to read. Save it as a JPEG.") from error
    head, _, pixels = done.stdout.partition(b"\n")
    answer = json.loads(head)
    if "error" in answer:
        refusal: type[PhotoError] = getattr(errors, answer["error"])
        raise refusal(answer["message"])
    return Image.frombytes("RGB", answer["size"], pixels)


def _main() -> None:
    memory, kind, max_megapixels, at_least, rule = json.loads(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each would take memory for its stack
    try:
        image = pixels.read(sys.stdin.buffer.read(), kind, max_megapixels, at_least, rule)
    except PhotoError as error:
        print(json.dumps({"error": type(error).__name__, "message": str(error)}))
        return
    print(json.dumps({"size": image.size}), flush=True)
    sys.stdout.buffer.write(image.tobytes())


if __name__ == "__main__":
    _main()
