"""Each command in the documents is run as it stands, in a folder like a clone with its environment and a few photos."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from classifier.settings import Settings
from classifier.shelf import SHIPPED
from classifier.trunk import BANK_FILE, FOLDER
from tests.classifier.pictures import scene
from tests.stand_in import ROOT, StandIn, process, stand_in, wait_until, worker
from tests.teach.drawn import fill

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])

# In an indented block, what begins so is a command; in a block of ```sh every line is one.
_BEGINNINGS = r"(?:[A-Z_]+=\S+ )*(?:\.venv/bin/|make |python3? |git |cp |curl |sudo |classify |anvil-app-server )"

NOT_RUN = {
    r"(\.venv/bin/)?python -m train (?!list)": "a training",
    r"sudo |journalctl ": "wants root and a machine that systemd runs; tests/deploy/ tests the unit",
    r"app-server/|python3 -m venv app-server": "fetches the App Server, and wants Java",
    r"podman": "tests/deploy/test_container.py builds the image and runs it",
    r"python -m benchmarks\.cluster": "takes minutes in which nobody else may work",
    r"(\.venv/bin/)?python -m cluster ": "starts a Ray cluster, as tests/cluster/ does",
    r"pip install ": "fetches packages; test_wheel.py installs without",
}
if not (FOLDER / BANK_FILE).exists():
    NOT_RUN[r"(\.venv/bin/)?python -m teach|\.venv/bin/classify --model garden"] = "wants the trunk, which is not here"
# Several documents have these, and they are the same after whatever came before: run for the first of them.
ONCE = r"\.venv/bin/python (uplink_server\.py|-m train list)"
# These run until they are ended; what they say once they are there.
UNTIL = {r"uplink_server\.py$": "ready after", r"-m local_anvil\b(?!.*--help)": "Page: "}


def commands(document: Path) -> list[str]:
    """The commands of a document, in their order."""
    found, fence = [], None
    for line in document.read_text().splitlines():
        if line.lstrip().startswith("```"):
            fence = None if fence is not None else line.strip("` ")
            continue
        written = re.sub(r"\s{2,}#.*", "", line.strip())
        indented = fence is None and line.startswith("    ") and re.match(_BEGINNINGS, written)
        if written and (indented or fence == "sh"):
            found.append(written)
    return found


def test_commands_are_found_in_both_kinds_of_blocks() -> None:
    assert "make run" in commands(ROOT / "README.md")
    assert ".venv/bin/python uplink_server.py --check" in commands(ROOT / "docs" / "WORKERS.md")


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with stand_in(tmp_path_factory.mktemp("stand-in")) as started, worker(started):
        yield started


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder like a clone: what commands may write to is a copy."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for entry in [*ROOT.iterdir(), Path(sys.prefix)]:
        name = ".venv" if entry == Path(sys.prefix) else entry.name
        if name not in ("classifier", ".git", ".env") and not (folder / name).exists():
            (folder / name).symlink_to(entry)
    shutil.copytree(ROOT / "classifier", folder / "classifier")
    (folder / "holiday").mkdir()
    (folder / "PHOTOS" / "roses").mkdir(parents=True)
    fill(folder / "PHOTOS" / "roses", "disc", 4)
    fill(folder / "PHOTOS" / "tulips", "cross", 4)
    for name in ("photo.jpg", "holiday/beach.jpg", "PHOTOS/roses/1.jpg"):
        scene(320, 240).save(folder / name)
    model(folder / "my_model")
    model(folder / "models" / "flowers")
    return folder


def model(folder: Path) -> None:
    """A model of another name: the committed one, copied."""
    shutil.copytree(SHIPPED / Settings.default_model, folder)
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**card, "name": folder.name}))


@pytest.fixture
def blank_app(tmp_path: Path) -> Path:
    """What Anvil has of a new app: a repository to be cloned and pushed to."""
    bare, first = tmp_path / "app.git", tmp_path / "first"
    git("init", "--quiet", "--bare", "--initial-branch=master", str(bare))
    git("clone", "--quiet", str(bare), str(first))
    (first / "client_code" / "Form1").mkdir(parents=True)
    (first / "client_code" / "Form1" / "__init__.py").write_text("# a blank form\n")
    git("-C", str(first), "add", ".")
    git("-C", str(first), "commit", "--quiet", "--message", "Blank")
    git("-C", str(first), "push", "--quiet")
    return bare


GIT = {f"GIT_{who}_{what}": "tests@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(*arguments: str) -> str:
    environment = {**os.environ, **GIT}
    done = subprocess.run(["git", *arguments], env=environment, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


def run(command: str, folder: Path, environment: dict[str, str]) -> None:
    """Run one command, to its end or until it says that it is there."""
    settings = {**environment, **GIT, "CLASSIFIER_MODELS_DIR": str(folder / "models")}
    awaited = [said for pattern, said in UNTIL.items() if re.search(pattern, command)]
    if awaited:
        log = folder / "log"
        line = ["bash", "-c", f"cd {shlex.quote(str(folder))}; exec env {command}"]
        with process(line, log, settings):
            wait_until(lambda: awaited[0] in log.read_text(), 60, log)
        return
    line = ["bash", "-o", "pipefail", "-c", command]
    done = subprocess.run(line, cwd=folder, env={**os.environ, **settings}, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


@pytest.fixture(scope="module")
def worked() -> set[str]:
    """Commands of ONCE that have been run."""
    return set()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("document", [document for document in DOCUMENTS if commands(document)], ids=lambda d: d.name)
def test_every_command_of_a_document_works(
    document: Path, clone: Path, blank_app: Path, host: StandIn, worked: set[str]
) -> None:
    environment = {**host.environment, "LOCAL_ANVIL_KEYS": str(clone / "keys.json")}
    for written in commands(document):
        if any(re.match(pattern, written) for pattern in NOT_RUN) or written in worked:
            continue
        if written.startswith("make "):
            subprocess.run([*written.split(), "--dry-run"], cwd=ROOT, check=True, capture_output=True, timeout=60)
            continue
        command = written
        for name, value in {
            "CLONE_ADDRESS": str(blank_app),
            "YOUR_KEY": host.uplink_key,
            "ws://localhost:3030/_/uplink": host.uplink_url,
            "http://localhost:3030/": host.page_url,
            "--port 3031": "--port 0 --no-browser",
        }.items():
            command = command.replace(name, value)
        run(command, clone, environment)
        if re.match(ONCE, written):
            worked.add(written)


def test_the_app_arrives_whole_in_a_new_app_of_anvil(clone: Path, blank_app: Path, host: StandIn) -> None:
    for written in commands(ROOT / "docs" / "ANVIL_HOSTED.md")[:6]:
        run(written.replace("CLONE_ADDRESS", str(blank_app)), clone, {})
    pushed = set(git("-C", str(blank_app), "ls-tree", "-r", "--name-only", "HEAD").split())
    ours = set(git("-C", str(ROOT / "anvil_app"), "ls-files").split())
    assert pushed == ours


def test_make_notebooks_opens_them(tmp_path: Path) -> None:
    words = ["make", "--dry-run", "--no-print-directory", "notebooks"]
    asked = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    line = f"{asked.stdout.splitlines()[-1]} --no-browser --ServerApp.ip=127.0.0.1 --port 0"
    settings = {"JUPYTER_CONFIG_DIR": str(tmp_path), "JUPYTER_DATA_DIR": str(tmp_path)}
    log = tmp_path / "log"
    with process(["bash", "-c", f"cd {shlex.quote(str(ROOT))}; exec {line}"], log, settings):
        wait_until(lambda: "is running at" in log.read_text(), 60, log)
        assert f"Serving notebooks from local directory: {ROOT / 'notebooks'}" in log.read_text()


def test_the_python_of_the_faq_works(clone: Path) -> None:
    [snippet] = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "FAQ.md").read_text(), re.DOTALL)
    done = subprocess.run([sys.executable, "-c", snippet], cwd=clone, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "'label': " in done.stdout
    with Image.open(clone / "photo.jpg") as photo:
        assert photo.size == (320, 240)


def test_each_way_not_to_run_a_command_is_in_use() -> None:
    every = [command for document in DOCUMENTS for command in commands(document)]
    for pattern in [*NOT_RUN, *UNTIL]:
        assert any(re.search(pattern, command) for command in every), pattern
