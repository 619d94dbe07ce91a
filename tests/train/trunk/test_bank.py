"""The bank is drawn evenly, and is the one that teaching reads."""

from pathlib import Path

import pytest

from classifier.settings import Settings
from classifier.trunk import FOLDER, TRUNK_FILE
from teach.bank import read_bank
from teach.embedding import Embedder
from tests.teach.drawn import fill
from train.errors import DataMissingError
from train.trunk.bank import evenly, make


def test_folders_take_turns(tmp_path: Path) -> None:
    for folder, count in (("a", 20), ("b/c", 3), ("d", 1)):
        (tmp_path / folder).mkdir(parents=True)
        for number in range(count):
            (tmp_path / folder / f"{number}.jpg").touch()
    found = evenly(tmp_path)
    assert len(set(found)) == 24
    assert [file.parent.name for file in found[:7]] == ["a", "c", "d", "a", "c", "a", "c"]
    assert found == evenly(tmp_path)
    assert [file.name for file in found if file.parent.name == "a"] != [f"{number}.jpg" for number in range(20)]


@pytest.mark.skipif(not (FOLDER / TRUNK_FILE).exists(), reason="the trunk is not here")
def test_what_is_made_is_read(tmp_path: Path) -> None:
    fill(tmp_path / "photos", "disc", 4)
    (tmp_path / "photos" / "notes.txt").write_text("no photo")
    assert make(tmp_path / "photos", tmp_path, count=4) == 4
    assert read_bank(Embedder(Settings()).trunk.card.sha256, tmp_path).shape == (4, 1280)
    with pytest.raises(DataMissingError, match="holds 4 photos; the bank wants 5"):
        make(tmp_path / "photos", tmp_path, count=5)
