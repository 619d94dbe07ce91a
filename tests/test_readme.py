"""What the README says can be done, can be done."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tracked import tracked

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_pictures_are_there(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text()):
        assert (document.parent / target).exists(), target


def test_make_has_the_targets() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) <= targets


@pytest.mark.parametrize("package", sorted(set(re.findall(r"python -m (\w+)", README))))
def test_each_command_explains_itself(package: str) -> None:
    done = subprocess.run([sys.executable, "-m", package, "--help"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert f"python -m {package}" in done.stdout


def test_the_folders_of_the_layout_are_there() -> None:
    for name in re.findall(r"^    ([\w_]+/|[\w_]+\.py)", README.split("## Where things are")[1], re.MULTILINE):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("table", ["README.md", "docs/MODELS.md"])
def test_the_tables_of_models_tell_the_figures_of_their_cards(table: str) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` (\|.*)$", (ROOT / table).read_text(), re.MULTILINE))
    for path in tracked("classifier/weights/*/card.json"):
        card = json.loads(path.read_text())
        for figures in (card["metrics"], *card.get("elsewhere", {}).values()):
            assert f"{figures['accuracy']['value']}" in rows[card["name"]], card["name"]


def test_nothing_committed_names_a_path_of_one_machine_or_holds_a_key() -> None:
    for path in tracked():
        if path.suffix in {".tflite", ".keras", ".npz", ".png"}:
            continue
        name, text = path.name, path.read_text()
        assert not re.search(r"(?<![\w.])/(?:home|Users|root|work)/\w", text), f"{name} names a path"
        assert not re.search(r"\b[a-z_]*_?uplink_key\"?\s*[:=]\s*\"?server_[A-Z0-9]{16,}", text), f"{name} holds a key"
