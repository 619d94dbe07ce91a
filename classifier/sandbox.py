"""Formats whose decoders are large or many, read by processes of their own, which the system bounds.

libavif takes quadratic time over the parts of a file and believes a size that the coded picture need not have;
libheif and libtiff bring dozens of decoders; the colour profile of a press is a program of its own. No look at the
headers rules out harm. So other processes take the risk. Each may take so much memory, and so much processor time a
file; it can open no file and no socket, and sees none of the worker's settings. It stays for the next file, and after
a fault another one takes its place.
"""

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any, cast

from PIL import Image

from classifier import pixels
from classifier.cores import cores
from classifier.errors import PhotoError, TooLargeError, TruncatedError, UnsupportedFormatError
from classifier.fit import ResizeRule

FORMATS = frozenset({"AVIF", "HEIC", "TIFF", "CMYK JPEG"})

# What a process may take beside its code, and how long it may compute for one file: three times what the largest
# pictures take (test_largest.py). The clock is for one that sleeps.
MEMORY_BYTES = 288 * 2**20
CPU_SECONDS = 3.0
_WAIT_SECONDS = 20.0
_REFUSALS = {kind.__name__: kind for kind in (TooLargeError, TruncatedError, UnsupportedFormatError)}
_ROOT = Path(__file__).parents[1]
# Bytes of an answer without its pixels, and of a pipe: a photo of a few megabytes comes in a few pieces.
_LONGEST_LINE = 10_000
_PIPE_BYTES = 2**20


def read(
    data: bytes, kind: str, max_megapixels: float, at_least: tuple[int, int] | None, rule: ResizeRule
) -> Image.Image:
    """As `pixels.read`, in another process. Raises the errors of `pixels.read` and UnsupportedFormatError.

    As many files are read at a time as there are cores; others wait, no longer than the limits of those take.
    """
    if sys.platform == "win32":
        raise UnsupportedFormatError(f"{kind} images are not supported on Windows. Save it as JPEG.")
    order = {"kind": kind, "max_megapixels": max_megapixels, "at_least": at_least, "rule": rule, "bytes": len(data)}
    with _places:
        process = _taken()
        try:
            answer, raw = process.ask(order, data)
        except _LostError as error:
            process.end()
            if error.signal in (0, signal.SIGPROF, signal.SIGKILL):
                message = f"This {kind} takes too long or too much memory to read. Save it as a JPEG."
                raise TooLargeError(message) from error
            raise TruncatedError(f"This {kind} file is damaged or incomplete. Save or send it again.") from error
        except BaseException:
            process.end()
            raise
        _idle.append(process)
    if "error" in answer:
        raise _REFUSALS[answer["error"]](answer["message"])
    image = Image.frombytes("RGB", answer["size"], raw)
    image.info.update(answer["info"])
    return image


class _LostError(Exception):
    """The process ended, by that signal, or 0."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.signal = number


class _Process:
    """One process that reads files, one after the other."""

    def __init__(self) -> None:
        kept = {name: value for name, value in os.environ.items() if name.startswith(("PYTHON", "LD_"))}
        kept["OPENBLAS_NUM_THREADS"] = "1"  # or NumPy would take memory for each core
        limits = json.dumps([MEMORY_BYTES, CPU_SECONDS])
        self._process = subprocess.Popen(  # noqa: S603 - words of our own
            [sys.executable, "-m", __name__, limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env=kept,
            pipesize=_PIPE_BYTES,
            process_group=0,  # Ctrl-C is for the program that it works for
        )
        self._orders, self._answers = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ask(self, order: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
        """The answer and its pixels. Raises _LostError."""
        alarm = threading.Timer(_WAIT_SECONDS, self._process.kill)
        alarm.start()
        try:
            _write(self._orders, order, data)
            answer = json.loads(self._answers.readline(_LONGEST_LINE))
            width, height = answer.get("size", (0, 0))
            if 0 <= width * height <= order["max_megapixels"] * 1e6:
                raw = self._answers.read(3 * width * height)
                if len(raw) == 3 * width * height:
                    return answer, raw
        except (OSError, ValueError):  # it ended before or amid its answer
            pass
        finally:
            alarm.cancel()
        self._process.kill()
        raise _LostError(-min(self._process.wait(), 0))

    def end(self) -> None:
        """End it and wait for that."""
        self._process.kill()
        self._process.wait()
        for stream in (self._orders, self._answers):
            with contextlib.suppress(BrokenPipeError):
                stream.close()


_places = threading.BoundedSemaphore(cores())
_idle: list[_Process] = []


def _taken() -> _Process:
    """A process that waits for work, or a new one. Raises TooLargeError where none can be started."""
    while _idle:
        process = _idle.pop()
        if process.alive:
            return process
        process.end()
    try:
        return _Process()
    except OSError as error:
        raise TooLargeError("There is too little memory to read this photo. Save it as a JPEG.") from error


@atexit.register
def end_all() -> None:
    while _idle:
        _idle.pop().end()


def _write(pipe: IO[bytes], head: dict[str, Any], body: bytes) -> None:
    pipe.write(json.dumps(head).encode() + b"\n")
    pipe.write(body)
    pipe.flush()


def _main() -> None:
    """Read files that come in on standard input until it ends."""
    if sys.platform == "win32":  # `read` has refused
        return
    memory, seconds = json.loads(sys.argv[1])
    orders = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints something does not garble the answers
    pixels.prepare()
    confine(memory)
    for line in orders:
        order = json.loads(line)
        data = orders.read(order.pop("bytes"))
        signal.setitimer(signal.ITIMER_PROF, seconds)  # then SIGPROF ends the process
        try:
            image = pixels.read(data, **order)
        except PhotoError as error:
            _write(answers, {"error": type(error).__name__, "message": str(error)}, b"")
        else:
            _write(answers, {"size": image.size, "info": image.info}, image.tobytes())
            del image
        signal.setitimer(signal.ITIMER_PROF, 0)
        del data


def confine(memory: int) -> None:
    """From here on this process gets no more memory than that, no descriptor for a file or a socket, and no core dump.

    The last descriptor that may be had is below 0, so that neither open() nor socket() can give one.
    """
    if sys.platform == "win32":
        return
    import resource  # here, because Windows has none

    for limit, value in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    _main()
