"""Files for the large decoders, many of them made to do harm: what they cost, and whom."""

import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image, features

from classifier import pixels, sandbox
from classifier.errors import PhotoError, TooLargeError, TruncatedError, UnsupportedFormatError
from classifier.photo import PhotoLimits, decode
from tests.classifier.pictures import encoded, heic, noise, scene

pytestmark = pytest.mark.skipif(not features.check("avif"), reason="Pillow has no AVIF")
AVIF = encoded(scene(), "AVIF")


@pytest.fixture(autouse=True)
def _processes_of_its_own() -> Iterator[None]:
    sandbox.end_all()
    yield
    sandbox.end_all()


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def with_associations(data: bytes, count: int) -> bytes:
    """The AVIF with so many entries of properties of pictures that are not there."""
    entries = b"".join(struct.pack(">IB", number, 0) for number in range(10, 10 + count))
    many = box(b"ipma", b"\1\0\0\0" + struct.pack(">I", count) + entries)
    for outer in (b"iprp", b"meta"):  # both hold it, so both grow
        at = data.index(outer) - 4
        size = struct.unpack(">I", data[at : at + 4])[0]
        data = data[:at] + struct.pack(">I", size + len(many)) + data[at + 4 :]
    end = data.index(b"ipma") - 4
    end += struct.unpack(">I", data[end : end + 4])[0]
    return data[:end] + many + data[end:]


def claiming(data: bytes, width: int, height: int) -> bytes:
    """The AVIF with another size in its headers than the coded picture has."""
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def process_id() -> int:
    """Of the one process that waits for work."""
    [process] = sandbox._idle
    return process._process.pid


@pytest.mark.parametrize("at_least", [None, (20, 20)])
@pytest.mark.parametrize("kind", ["AVIF", "HEIC", "TIFF"])
def test_it_is_the_picture_that_this_process_would_decode(kind: str, at_least: tuple[int, int] | None) -> None:
    for picture in (noise(90, 60), scene(64, 48).convert("RGBA")):
        data = heic(picture) if kind == "HEIC" else encoded(picture, kind)
        ours = decode(data, at_least=at_least)
        assert ours.tobytes() == pixels.read(data, kind, 100, at_least, "squash").tobytes()


def test_a_refusal_keeps_its_type_and_words() -> None:
    data = encoded(noise(90, 60), "AVIF")
    with pytest.raises(TruncatedError, match="damaged or incomplete"):
        decode(data[: len(data) // 2])
    with pytest.raises(TooLargeError, match="90 x 60 pixels"):
        decode(data, PhotoLimits(max_megapixels=0.001))
    with pytest.raises(UnsupportedFormatError, match="Camera RAW"):
        decode(encoded(scene(), "TIFF", tiffinfo={50706: b"\1\4\0\0"}))


def test_a_process_stays_for_the_next_file_and_for_one_after_a_refusal() -> None:
    decode(AVIF)
    first = process_id()
    with pytest.raises(TruncatedError):
        decode(AVIF[: len(AVIF) // 2])
    assert decode(encoded(scene(), "TIFF")).size == (64, 48)
    assert process_id() == first


def test_after_one_was_killed_another_takes_its_place_and_no_photo_is_lost() -> None:
    decode(AVIF)
    first = process_id()
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert decode(AVIF).size == (64, 48)
    assert process_id() != first


@pytest.mark.parametrize(
    ("number", "refusal"), [(signal.SIGSEGV, TruncatedError), (signal.SIGPROF, TooLargeError)], ids=["crash", "time"]
)
def test_a_crash_is_called_damage_and_the_end_of_its_time_too_large(
    number: signal.Signals, refusal: type[PhotoError], monkeypatch: pytest.MonkeyPatch
) -> None:
    decode(AVIF)
    with monkeypatch.context() as patched:
        patched.setattr(sandbox, "_write", lambda *_: os.kill(one_id, number))
        one_id = process_id()
        with pytest.raises(refusal):
            decode(AVIF)
    assert decode(AVIF).size == (64, 48)


def test_its_alarm_is_off_once_it_has_answered() -> None:
    decode(AVIF)
    alarms = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
    assert all(alarm.finished.is_set() for alarm in alarms)


def test_one_whose_reader_is_interrupted_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the next file would get the answer to this one."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    decode(AVIF)
    [process] = sandbox._idle
    monkeypatch.setattr(sandbox, "_write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        decode(AVIF)
    assert not process.alive
    assert sandbox._idle == []


def test_ctrl_c_on_the_terminal_is_not_for_it() -> None:
    decode(AVIF)
    assert os.getpgid(process_id()) == process_id()


def test_there_are_never_more_processes_than_cores() -> None:
    with ThreadPoolExecutor(16) as threads:
        sizes = list(threads.map(lambda _: decode(AVIF).size, range(64)))
    assert sizes == [(64, 48)] * 64
    assert 1 <= len(sandbox._idle) <= len(os.sched_getaffinity(0))


def test_one_that_takes_long_is_ended_and_others_go_on_meanwhile() -> None:
    data = with_associations(AVIF, 300_000)
    over, pauses = threading.Event(), []

    def tick() -> None:
        last = time.monotonic()
        while not over.wait(0.01):
            pauses.append(time.monotonic() - last)
            last = time.monotonic()

    other = threading.Thread(target=tick)
    other.start()
    try:
        with pytest.raises(TooLargeError, match="takes too long or too much memory"):
            decode(data)
    finally:
        over.set()
        other.join()
    assert max(pauses) < 1
    assert decode(AVIF).size == (64, 48)


def test_one_that_is_larger_than_it_says_gets_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    data = claiming(encoded(Image.new("RGB", (3000, 2000), "red"), "AVIF", speed=10), 64, 48)
    assert len(data) < 2000
    assert decode(data).size == (64, 48)  # what it takes is within the bound
    sandbox.end_all()
    monkeypatch.setattr(sandbox, "MEMORY_BYTES", 48 * 2**20)
    with pytest.raises(PhotoError):
        decode(data)


def test_it_is_given_up_by_the_clock_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_WAIT_SECONDS", 0.01)
    with pytest.raises(TooLargeError, match="takes too long"):
        decode(AVIF)


TRIES = """
import resource, socket
from classifier.sandbox import confine
confine(2**28)
for new in (lambda: open("/etc/hostname"), lambda: open("/tmp/new", "w"), socket.socket, socket.socketpair):
    try:
        new()
    except OSError as error:
        print(error.strerror)
try:
    bytearray(2**29)
except MemoryError:
    print("no memory")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other limits")
def test_it_can_open_no_file_and_no_socket_and_get_no_more_memory() -> None:
    done = subprocess.run([sys.executable, "-c", TRIES], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["Too many open files"] * 4 + ["no memory"]


def test_it_is_confined_and_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANVIL_UPLINK_KEY", "server_SECRET")
    decode(AVIF)
    process = Path("/proc", str(process_id()))
    assert b"SECRET" not in (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
    limits = {line[:26].strip(): line[26:].split()[:2] for line in (process / "limits").read_text().splitlines()}
    assert limits["Max open files"] == ["0", "0"]
    assert limits["Max data size"] == [str(sandbox.MEMORY_BYTES)] * 2


def test_it_ends_with_the_program_that_it_works_for() -> None:
    words = "import os, signal, sys\nfrom classifier import sandbox\nfrom classifier.photo import decode\n"
    words += "decode(sys.stdin.buffer.read())\nprint(sandbox._idle[0]._process.pid, flush=True)\n"
    words += "os.kill(os.getpid(), signal.SIGKILL)"
    done = subprocess.run([sys.executable, "-c", words], input=AVIF, capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    orphan = Path("/proc", done.stdout.decode().strip(), "cmdline")
    deadline = time.monotonic() + 20
    while orphan.exists() and b"sandbox" in orphan.read_bytes():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_on_windows_which_has_no_such_bounds_these_formats_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sandbox, "_taken", lambda: pytest.fail("a process was started"))
    with pytest.raises(UnsupportedFormatError, match=r"^AVIF images are not supported on Windows\. Save it as JPEG\.$"):
        decode(AVIF)
