"""notebooks/2_train_and_compare.ipynb"""

import re
from pathlib import Path

import nbformat
import pytest
from PIL import Image

from tests.notebooks.notebook import check_committed, executed, figures, shown
from tests.photos import photos
from tests.tracked import tracked
from train.recipes import RECIPES

NAME = "2_train_and_compare.ipynb"
# Enough to run every cell, too little to learn anything.
SMALL = {"TRAINING = 150": "TRAINING = 16", "VALIDATION = 150": "VALIDATION = 4", "EPOCHS = 16": "EPOCHS = 1"}


def gaps(text: str) -> list[tuple[int, int, int]]:
    """Accuracy on the pictures it learns from and on those held out, and the gap, of the four trainings, in percent."""
    rows = re.findall(
        r"^cats_vs_dogs_64_\w+ +(?:as they are|augmented) +(\d+) % +(\d+) % +(-?\d+)$", text, re.MULTILINE
    )
    return [(int(seen), int(held_out), int(gap)) for seen, held_out, gap in rows]


def check(notebook: nbformat.NotebookNode) -> None:
    text = shown(notebook)
    assert len(gaps(text)) == 4
    assert figures(notebook) == 3
    for file in tracked("train/results/*.csv"):
        [line] = [line for line in text.splitlines() if line.startswith(f"{file.stem} ")]
        reported = RECIPES[file.stem.split("-")[0]].reported.accuracy
        assert line.split()[1] == (f"{reported:.3f}" if reported else "none")


@pytest.mark.timeout(300)
def test_it_runs_from_top_to_bottom_with_drawings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATA_DIR", raising=False)
    notebook = executed(NAME, cell_seconds=240, changes=SMALL)
    assert "Drawings: 32 to learn from, 8 held out." in shown(notebook)
    check(notebook)


@pytest.mark.slow
def test_it_runs_on_real_photos_laid_out_as_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for label in ("Cat", "Dog"):
        (tmp_path / "PetImages" / label).mkdir(parents=True)
        for number, file in enumerate(photos(label.lower())[:24]):
            Image.open(file).convert("RGB").save(tmp_path / "PetImages" / label / f"{number}.jpg")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    notebook = executed(NAME, cell_seconds=240, changes=SMALL)
    assert "Photos: 32 to learn from, 8 held out." in shown(notebook)
    check(notebook)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_large_network_learns_by_heart_and_augmentation_closes_the_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATA_DIR", raising=False)
    large, augmented, *_ = gaps(shown(executed(NAME, cell_seconds=800)))
    assert large[0] > 85
    assert augmented[2] < large[2] / 2


def test_the_committed_outputs_are_whole_small_and_of_no_machine() -> None:
    notebook = check_committed(NAME, most_bytes=300_000)
    check(notebook)
    large, augmented, *_ = gaps(shown(notebook))
    assert augmented[2] < large[2] / 2, "the text beside it says that the gap closes"
