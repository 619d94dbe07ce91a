"""docs/openapi.yaml, held against the running thing."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from classifier.errors import ClassifierError
from tests.classifier.pictures import RED, encoded
from tests.classifier.tiny_models import only, tiny_model, write_model
from tests.stand_in import ROOT, stand_in, worker
from worker.http import STATUSES

TOKEN = "a-token-of-the-tests"  # noqa: S105


@pytest.fixture(scope="module")
def document() -> Any:
    return yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text())


def test_it_names_every_status_and_every_type_of_refusal(document: Any) -> None:
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    statuses = {int(status) for operation in operations for status in operation["responses"]}
    # A wrong method is one of none of the operations.
    assert statuses == {200, *STATUSES.values()} - {405}
    assert document["components"]["schemas"]["Error"]["properties"]["error"]["properties"]["type"]["enum"] == list(
        STATUSES
    )


def test_every_error_has_a_status() -> None:
    tree = [ClassifierError]
    for error in tree:
        tree.extend(error.__subclasses__())
    assert {error.type for error in tree} == set(STATUSES)


def test_it_describes_the_endpoints_that_the_worker_publishes(document: Any) -> None:
    source = (ROOT / "worker" / "http.py").read_text()
    published = re.findall(r'\("(/[^"]*)", "([A-Z]+)",', source)
    described = [(path, method.upper()) for path, entry in document["paths"].items() for method in entry]
    assert [(re.sub(r":(\w+)", r"{\1}", path), method) for path, method in published] == described


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_schemathesis_finds_no_difference(tmp_path: Path) -> None:
    shelf, photos = tmp_path / "shelf", tmp_path / "photos"
    write_model(shelf / "plain", tiny_model(False))
    outputs = {"probabilities": [3], "activation_map": [4, 4, 3]}
    for name in ("cats_vs_dogs", "cifar10", "cifar100"):
        write_model(shelf / name, tiny_model(True), outputs=outputs)
    photos.mkdir()
    (photos / "truck.jpg").write_bytes(encoded(Image.new("RGB", (32, 32), RED), "JPEG"))
    settings = {
        **only(shelf),
        "HTTP_PHOTOS_DIR": str(photos),
        "HTTP_TOKEN": TOKEN,
    }
    with stand_in(tmp_path) as host, worker(host, environment=settings):
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(ROOT / "docs" / "openapi.yaml")),
            *("--url", f"{host.page_url}_/api", "-H", f"Authorization: Bearer {TOKEN}"),
            *("--max-examples", "100", "--seed", "1", "--request-timeout", "30", "--continue-on-failure"),
        ]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.openapi_hooks", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=580,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-5_000:]
    assert "Tested: 6" in done.stdout, done.stdout
    for log in tmp_path.glob("worker-*.log"):
        assert " call failed" not in log.read_text()
        assert "call http_classify outcome=ok" in log.read_text()
        assert "call http_cifar10 outcome=ok" in log.read_text()
