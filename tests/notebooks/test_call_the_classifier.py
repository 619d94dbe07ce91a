"""notebooks/1_call_the_classifier.ipynb"""

import re
from pathlib import Path

import pytest

from tests.classifier.tiny_models import only
from tests.notebooks.notebook import check_committed, executed, figures, shown
from tests.photos import photos
from tests.stand_in import StandIn, stand_in, worker
from tests.tracked import tracked

NAME = "1_call_the_classifier.ipynb"


@pytest.fixture
def connected(host: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel's environment: the stand-in's address and key file, no key of its own."""
    connect(host, monkeypatch)


def connect(host: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANVIL_UPLINK_URL", host.uplink_url)
    monkeypatch.setenv("LOCAL_ANVIL_KEYS", str(host.key_file))
    monkeypatch.delenv("ANVIL_CLIENT_UPLINK_KEY", raising=False)


def check(text: str) -> None:
    assert "Connected." in text
    assert re.search(r"^\* cats_vs_dogs\w*: cat, dog", text, re.MULTILINE)
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


def test_heat_maps_are_shown_where_a_model_has_a_map(
    shelf_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PHOTOS", raising=False)
    models = only(shelf_dir)
    with stand_in(tmp_path) as host, worker(host, environment=models):
        connect(host, monkeypatch)
        notebook = executed(NAME)
    assert "Heat map by with_map, for its answer: red" in shown(notebook)
    assert "From left to right: red, " in shown(notebook)
    assert figures(notebook) == 3  # the drawing, it beside its heat map, the folder's


def test_the_committed_outputs_are_whole_small_and_of_no_machine() -> None:
    text = shown(check_committed(NAME, most_bytes=300_000))
    check(text)
    for card in tracked("classifier/weights/*/card.json"):
        assert f" {card.parent.name}: " in text, "run it again: python -m tests.notebooks.notebook"
