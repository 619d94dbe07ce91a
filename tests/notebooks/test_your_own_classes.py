"""notebooks/4_your_own_classes.ipynb"""

import re

import nbformat
import pytest

from classifier.trunk import BANK_FILE, FOLDER
from tests.notebooks.notebook import check_committed, executed, figures, shown

NAME = "4_your_own_classes.ipynb"


def check(notebook: nbformat.NotebookNode) -> None:
    text = shown(notebook)
    assert re.search(r"^Right for \d+\.\d% of 72 photos", text, re.MULTILINE)
    assert figures(notebook) == 1
    [*drawn, cat] = re.findall(r"^a (\w+) +is called ([\w ]+?),? +\d+%", text, re.MULTILINE)
    assert len(drawn) == 6
    assert sum(kind == called for kind, called in drawn) >= 5
    assert cat == ("cat", "none of these")


@pytest.mark.skipif(not (FOLDER / BANK_FILE).exists(), reason="the trunk and its bank are not here")
@pytest.mark.timeout(300)
def test_it_runs_from_top_to_bottom() -> None:
    check(executed(NAME, cell_seconds=240))


@pytest.mark.skipif(not (FOLDER / BANK_FILE).exists(), reason="the trunk and its bank are not here")
def test_the_committed_outputs_are_whole_small_and_of_no_machine() -> None:
    check(check_committed(NAME, most_bytes=300_000))
