"""notebooks/4_your_own_classes.ipynb"""

import re

import nbformat
import pytest

from tests.notebooks.notebook import check_committed, executed, figures, shown

NAME = "4_your_own_classes.ipynb"
# The same command with fewer epochs and pictures: enough to run every cell, too little to learn much.
SHORT = "import sys; from train import __main__, folder; folder.SEEN = 300; sys.exit(__main__.main(sys.argv[1:]))"
SMALL = {"EACH = 60": "EACH = 10", 'command = ["-m", "train", ': f'command = ["-c", "{SHORT}", '}


def check(notebook: nbformat.NotebookNode) -> int:
    """The drawings that are called what they are, of the six."""
    text = shown(notebook)
    assert "taking: " in text
    assert "labels: house, sun, tree" in text
    assert "['symbols']" in text
    assert text.endswith("Done.\n")
    assert figures(notebook) == 4
    answers = re.findall(r"^a (\w+) +is called (\w+),? +\d+%", text, re.MULTILINE)
    [*drawn, cat] = answers
    assert len(drawn) == 6
    assert cat[0] == "cat"
    return sum(kind == called for kind, called in drawn)


@pytest.mark.timeout(300)
def test_it_runs_from_top_to_bottom_on_few_pictures() -> None:
    check(executed(NAME, cell_seconds=240, changes=SMALL))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_served_model_knows_the_drawings() -> None:
    assert check(executed(NAME, cell_seconds=800)) >= 4


def test_the_committed_outputs_are_whole_small_and_of_no_machine() -> None:
    assert check(check_committed(NAME, most_bytes=300_000)) >= 4
