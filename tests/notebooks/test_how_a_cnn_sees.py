"""notebooks/3_how_a_cnn_sees.ipynb"""

import shutil
from pathlib import Path

import nbformat
import pytest

from tests.notebooks.notebook import check_committed, executed, figures, shown
from tests.photos import photos

NAME = "3_how_a_cnn_sees.ipynb"


def check(notebook: nbformat.NotebookNode) -> None:
    text = shown(notebook)
    assert "valid: 128 -> 126   same: 128 -> 128   stride 3: 128 -> 42" in text
    assert "max_pooling2d_2       14 x 14   128        0   22 x 22 pixels" in text
    assert "another picture outside the field: the place's numbers change by nothing" in text
    assert "a dark spot in the field: the place's numbers change by something" in text
    assert "196 x 128 = 25,088 numbers in, 12,845,568 weights" in text
    assert figures(notebook) == (8 if "map of" in text else 7)


@pytest.mark.timeout(300)
def test_it_runs_from_top_to_bottom_and_shows_a_map_where_a_model_has_one(
    shelf_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(shelf_dir / "with_map", tmp_path / "with_map")
    monkeypatch.setenv("CLASSIFIER_MODELS_DIR", str(tmp_path))
    monkeypatch.setenv("CLASSIFIER_SHIPPED_MODELS", "cats_vs_dogs_128")
    monkeypatch.delenv("PHOTOS", raising=False)
    notebook = executed(NAME, cell_seconds=240)
    check(notebook)
    assert "with_map: map of 4 x 4 places for 3 classes" in shown(notebook)


@pytest.mark.slow
def test_it_runs_on_a_real_photo() -> None:
    photos("cat")  # skips where there are none
    check(executed(NAME, cell_seconds=240))


def test_the_committed_outputs_are_whole_small_and_of_no_machine() -> None:
    check(check_committed(NAME, most_bytes=300_000))
