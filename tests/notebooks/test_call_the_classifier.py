"""notebooks/1_call_the_classifier.ipynb"""

import re

import nbformat
import pytest

from tests.notebooks.notebook import FOLDER, executed, shown
from tests.photos import photos
from tests.stand_in import StandIn

NAME = "1_call_the_classifier.ipynb"


@pytest.fixture
def connected(host: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel's environment: the stand-in's address and key file, no key of its own."""
    monkeypatch.setenv("ANVIL_UPLINK_URL", host.uplink_url)
    monkeypatch.setenv("LOCAL_ANVIL_KEYS", str(host.key_file))
    monkeypatch.delenv("ANVIL_CLIENT_UPLINK_KEY", raising=False)


def check(text: str) -> None:
    assert "Connected." in text
    assert "* cats_vs_dogs_128: cat, dog" in text
    assert "'type': 'NotAPhoto'" in text
    assert "There is no model 'birds_and_bees'" in text
    assert "| photo.jpg | refused: This is not a photo." in text
    assert "NoServerFunctionError" in text


@pytest.mark.usefixtures("connected")
def test_it_runs_from_top_to_bottom_with_drawings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PHOTOS", raising=False)
    text = shown(executed(NAME))
    check(text)
    rows = [line for line in text.splitlines() if " ears, " in line]
    assert len(rows) == 6
    assert all("%" in row and ("cat" in row or "dog" in row) for row in rows)


@pytest.mark.usefixtures("connected")
def test_it_runs_on_a_folder_of_real_photos() -> None:
    photos("cat")  # skips where there are none
    text = shown(executed(NAME))
    check(text)
    assert len([line for line in text.splitlines() if line.startswith("| ") and ".jpg |" in line]) >= 12


@pytest.mark.usefixtures("connected")
def test_a_key_from_the_environment_wins(host: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANVIL_CLIENT_UPLINK_KEY", host.client_key)
    monkeypatch.setenv("LOCAL_ANVIL_KEYS", "there-is-no-such-file")
    monkeypatch.delenv("PHOTOS", raising=False)
    check(shown(executed(NAME)))


def test_the_committed_outputs_are_whole_small_and_of_no_machine() -> None:
    notebook = nbformat.read(FOLDER / NAME, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    check(shown(notebook))
    raw = (FOLDER / NAME).read_text()
    assert len(raw) < 60_000
    assert not re.search(r"/(home|root|work|tmp|usr|Users)/|site-packages|(client|server)_[\w-]{20}", raw)
