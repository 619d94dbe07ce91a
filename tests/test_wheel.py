"""A wheel in an environment without the checkout gives commands that work from any folder."""

import os
import site
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.stand_in import ROOT, process, wait_until
from tests.test_api_docs import ship
from worker import __version__

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make dist` builds, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    here = [f"DIST={folder}", f"PIP={sys.executable} -m pip --quiet", "--old-file=.venv/.serve"]
    subprocess.run(["make", "dist", *here], cwd=ROOT, check=True, timeout=200)
    [file] = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def commands(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the commands: an environment with the wheel, and with the packages that it needs."""
    folder = tmp_path_factory.mktemp("elsewhere") / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=100)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(pip, check=True, timeout=100)
    [packages] = folder.glob("lib/python*/site-packages")
    # What is already here need not be fetched. This file is not read for links of its own, such as to the checkout.
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    return folder / "bin"


def run(command: Path, *arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(command), *arguments],
        cwd=folder,
        env=clean(environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Without what would lead Python to the checkout."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | dict(environment)


def test_app_and_models_are_inside_and_nothing_of_the_workshop(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        f"uplink_image_classifier-{__version__}.dist-info/licenses/NOTICE",
        "anvil_app/client_code/Main/form_template.yaml",
        "anvil_app/theme/assets/teach.css",
        "anvil_app/theme/assets/theme.css",
        "classifier/weights/cats_vs_dogs/card.json",
        "classifier/py.typed",
        "classifier/weights/bank.npz",
        "classifier/weights/trunk.tflite",
        "cluster/run.py",
        "local_anvil/browser/page.html",
        "uplink_server.py",
        "worker/run.py",
    ):
        assert name in names
    assert not [name for name in names if name.split("/")[0] in ("tests", "docs", "notebooks", "models", "benchmarks")]
    assert not [name for name in names if "__pycache__" in name or name.endswith(".env")]


def test_it_is_not_the_checkout_that_runs(commands: Path, tmp_path: Path) -> None:
    shown = run(commands / "python", "-c", "import classifier, worker; print(classifier.__file__)", folder=tmp_path)
    assert Path(shown.stdout.strip()).is_relative_to(commands.parent)
    assert str(ROOT) not in shown.stdout


def test_classify_answers_from_any_folder(commands: Path, tmp_path: Path) -> None:
    ship().save(tmp_path / "ship.jpg")
    (tmp_path / ".env").write_text("CLASSIFIER_DEFAULT_MODEL=cifar10\n")
    done = run(commands / "classify", "ship.jpg", folder=tmp_path, HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1].split()[:2] == ["ship.jpg", "ship"]


def test_the_worker_reads_the_settings_of_the_folder_one_stands_in(commands: Path, tmp_path: Path) -> None:
    missing = run(commands / "uplink-worker", "--check", folder=tmp_path)
    assert (missing.returncode, "ANVIL_UPLINK_KEY is not set" in missing.stdout) == (1, True)
    (tmp_path / ".env").write_text("ANVIL_UPLINK_KEY=client_of_this_folder\n")
    found = run(commands / "uplink-worker", "--check", folder=tmp_path)
    assert "ANVIL_UPLINK_KEY holds a client key" in found.stdout


def test_local_anvil_serves_the_page_with_a_worker(commands: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CLASSIFIER_SHIPPED_MODELS=cats_vs_dogs\n")
    log = tmp_path / "log"
    command = [str(commands / "local-anvil"), "--port", "0", "--no-browser"]
    with process(command, log, clean({}), tmp_path):
        wait_until(lambda: "ready after" in log.read_text(), 60, log)
    said = log.read_text()
    assert "Page: http://127.0.0.1:" in said
    assert ": cats_vs_dogs\n" in said, "the worker read the settings of this folder"
    assert (tmp_path / ".local_anvil.json").exists()
