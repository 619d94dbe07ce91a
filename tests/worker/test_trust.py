"""What callers may not reach, and what does not leave the worker: paths, addresses, keys."""

import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stand_in import ROOT, WORKER, Page, StandIn, process, stand_in, wait_until
from tests.worker.stream import PHOTOS

NAMES = [
    "/etc/passwd",
    "../plain",
    "plain/../plain",
    "plain/model.tflite",
    "./plain",
    "plain\0",
    "PLAIN",
    "~/plain",
    "file:///etc/passwd",
    "http://127.0.0.1:1/model",
    "",
    "x" * 100_000,
]
# Each in place of each argument of each function.
VALUES: list[Any] = [*NAMES, None, 0, -1, 1e308, True, [], {}, ["/etc/passwd"], {"path": "/etc/passwd"}, [[[]]]]
FUNCTIONS = {"classify_image": 4, "classify_images": 4, "list_models": 0, "model_card": 1, "worker_status": 0}
TYPES = {"NotAPhoto", "UnsupportedFormat", "Truncated", "TooLarge", "BadRequest", "UnknownModel", "Busy", "Timeout"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, tiny_settings: dict[str, str]) -> Iterator[tuple[StandIn, int]]:
    """A stand-in, and the process id of a worker that logs all it can."""
    folder = tmp_path_factory.mktemp("trust")
    with stand_in(folder) as host:
        log = folder / "worker.log"
        environment = {**host.environment, **tiny_settings, "WORKER_LOG_LEVEL": "DEBUG"}
        with process([sys.executable, str(WORKER)], log, environment) as started:
            wait_until(lambda: "ready after" in log.read_text(), 30, log)
            yield host, started.pid


def paths(shelf: Path) -> list[str]:
    return [str(path) for path in (ROOT, shelf, sys.prefix, Path(json.__file__).parent, Path.home())]


@pytest.mark.parametrize("name", NAMES)
def test_only_a_name_on_the_shelf_is_a_model(served: tuple[StandIn, int], name: str) -> None:
    page = served[0].page()
    photo = [(["args", 0], "image/jpeg", PHOTOS["red"])]
    for answer in (page.call("classify_image", None, name, media=photo), page.call("model_card", name)):
        assert answer["response"]["error"]["type"] == "UnknownModel"
        assert len(answer["response"]["error"]["message"]) < 300


def calls(page: Page) -> Iterator[dict[str, Any]]:
    """Answers to calls with all kinds of arguments, too few, too many and unknown ones."""
    for name, count in FUNCTIONS.items():
        yield page.call(name, *["x"] * (count + 1))
        yield page.call(name, path="/etc/passwd")
        for position in range(count):
            for value in VALUES:
                arguments: list[Any] = [None, None, 3, False][:count]
                arguments[position] = value
                yield page.call(name, *arguments)


def test_nothing_a_caller_sends_brings_back_a_path_or_an_error_of_ours(
    served: tuple[StandIn, int], shelf_dir: Path
) -> None:
    page = served[0].page()
    answers = [*calls(page), page.call("no_such_function"), page.call("classify_image.x"), page.call("__init__")]
    text = json.dumps(answers)
    for path in paths(shelf_dir):
        assert path not in text
    assert ".py" not in text
    refused = {answer["response"]["error"]["type"] for answer in answers if "error" in (answer.get("response") or {})}
    assert refused <= TYPES


def test_no_log_error_or_process_list_has_the_key(served: tuple[StandIn, int]) -> None:
    host, pid = served
    for key in (host.uplink_key, host.client_key):
        for log in host.folder.glob("*.log"):
            assert key not in log.read_text()
        for process_id in (pid, host.process.pid):
            assert key.encode() not in Path(f"/proc/{process_id}/cmdline").read_bytes()
        assert key not in json.dumps(host.page().call("worker_status"))
    # The key is in the worker's environment, which is for nobody but its owner.
    environment = Path(f"/proc/{pid}/environ").stat()
    assert stat.S_IMODE(environment.st_mode) == 0o400
    assert environment.st_uid == os.getuid()


def test_the_log_names_no_file_of_a_caller(served: tuple[StandIn, int]) -> None:
    host, _ = served
    objects = {"path": ["args", 0], "type": ["DataMedia"], "mime-type": "image/jpeg", "name": "a very private name.jpg"}
    call = {"command": "classify_image", "args": [None], "kwargs": {}, "objects": [objects]}
    parts = [json.dumps(call).encode(), PHOTOS["red"]]
    assert host.page().post(",".join(str(len(part)) for part in parts), b"".join(parts))[0] == 200
    for log in host.folder.glob("*.log"):
        assert "private" not in log.read_text()
