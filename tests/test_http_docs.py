"""Each command of docs/HTTP.md and docs/API.md, typed as it stands, against a real stand-in and worker."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.classifier.pictures import RED, encoded
from tests.classifier.tiny_models import only, tiny_model, write_model
from tests.stand_in import ROOT, StandIn, stand_in, worker
from worker.http import STATUSES

TEXT = (ROOT / "docs" / "HTTP.md").read_text()
API = (ROOT / "docs" / "API.md").read_text()
IN_README = re.findall(r"^    (curl .*/_/api/.*)$", (ROOT / "README.md").read_text(), re.M)
COMMANDS = IN_README + [
    line for block in re.findall(r"^```bash\n(.*?)^```", TEXT + API, re.M | re.S) for line in block.splitlines()
]
TOKEN = "a-token-of-the-tests"  # noqa: S105

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands are typed: photos, and a shelf with models of the names that the page uses."""
    folder = tmp_path_factory.mktemp("typed")
    for name in ("photo.jpg", "truck.jpg"):
        (folder / name).write_bytes(encoded(Image.new("RGB", (32, 32), RED), "JPEG"))
    outputs = {"probabilities": [3], "activation_map": [4, 4, 3]}
    for name in ("cats_vs_dogs", "cifar10"):
        write_model(folder / "shelf" / name, tiny_model(True), outputs=outputs)
    return folder


@pytest.fixture(scope="module", params=[False, True], ids=["open", "with a token"])
def host(
    tmp_path_factory: pytest.TempPathFactory, folder: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[StandIn, bool]]:
    settings = {**only(folder / "shelf", "cats_vs_dogs"), "HTTP_PHOTOS_DIR": str(folder)}
    if request.param:
        settings["HTTP_TOKEN"] = TOKEN
    place, options = tmp_path_factory.mktemp("host"), ["--http-port", "0"]
    with stand_in(place, options=options) as started, worker(started, environment=settings):
        yield started, request.param


def typed(command: str, host: StandIn, folder: Path) -> Any:
    """The JSON that a command gives, or its text, with the ports of this stand-in."""
    [second] = re.findall(r"^HTTP: http://127\.0\.0\.1:(\d+)/$", host.log.read_text(), re.M)
    for port, ours in (("3030", str(host.port)), ("5000", second)):
        command = re.sub(rf"(127\.0\.0\.1|localhost):{port}", rf"\1:{ours}", command)
    environment = {**os.environ, "TOKEN": TOKEN}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()
    return json.loads(text) if text.startswith("{") else text


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_does_what_is_said(command: str, host: tuple[StandIn, bool], folder: Path) -> None:
    stand_in, asks_for_a_token = host
    answer = typed(command, stand_in, folder)
    if asks_for_a_token and "$TOKEN" not in command:
        assert answer["error"]["type"] == "Unauthorized"
        return
    if "/classify/" in command:
        assert answer["label"] == "red"
        assert len(answer["predictions"]) == (1 if "top=1" in command else 3)
        assert (answer["heatmap"] or "").startswith("data:image/png;base64,") == ("heatmap=true" in command)
    elif "/cifar10" in command:
        assert answer["lines"][0].startswith("Predicción 1: red (99.")
    elif "/metrics" in command:
        assert 'worker_info{version="' in answer
    elif "/models" in command:
        assert answer["default"] == "cats_vs_dogs"
    else:
        assert "/health" in command
        assert answer["state"] == "ready"


def test_the_table_of_statuses_is_the_workers() -> None:
    rows = {
        int(status): set(re.findall(r"`(\w+)`", types))
        for status, types in re.findall(r"^\| (\d+) \| ([^|]*)", TEXT, re.M)
    }
    expected: dict[int, set[str]] = {}
    for kind, status in STATUSES.items():
        expected.setdefault(status, set()).add(kind)
    expected[503].add("Busy")
    assert rows == expected
