"""Copies of photos in a folder for each label."""

from pathlib import Path
from typing import Any

import pytest

from classifier.errors import BadRequestError
from classifier.sorted_copies import SortedCopies
from classifier.sources import STDIN, Source


def answer(label: str = "cat", unsure: bool = False) -> dict[str, Any]:
    return {"label": label, "unsure": unsure}


def photo(folder: Path, name: str, content: str = "photo") -> Source:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content)
    return Source(str(folder / name))


def files(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_photos_are_copied_by_label_and_unsure_ones_apart(tmp_path: Path) -> None:
    copies = SortedCopies(tmp_path / "sorted")
    copies.add(photo(tmp_path, "a.jpg"), answer("cat"))
    copies.add(photo(tmp_path, "b.jpg"), answer("dog"))
    copies.add(photo(tmp_path, "c.jpg"), answer("dog", unsure=True))
    copies.add(photo(tmp_path, "d.jpg"), {"error": {"type": "NotAPhoto", "message": "no"}})
    assert list(files(tmp_path / "sorted")) == ["cat/a.jpg", "dog/b.jpg", "unsure/c.jpg"]
    assert (tmp_path / "a.jpg").read_text() == "photo"


def test_photos_of_one_name_are_numbered(tmp_path: Path) -> None:
    copies = SortedCopies(tmp_path / "sorted")
    for number in (1, 2, 3):
        copies.add(photo(tmp_path / str(number), "a.jpg", f"photo {number}"), answer())
    assert files(tmp_path / "sorted") == {"cat/a-2.jpg": "photo 2", "cat/a-3.jpg": "photo 3", "cat/a.jpg": "photo 1"}


def test_the_same_command_again_changes_nothing_and_overwrites_nothing(tmp_path: Path) -> None:
    sources = [photo(tmp_path / str(number), "a.jpg", f"photo {number}") for number in (1, 2)]
    for given in (sources, sources, sources[1:]):
        copies = SortedCopies(tmp_path / "sorted")
        for source in given:
            copies.add(source, answer())
    assert files(tmp_path / "sorted") == {"cat/a-2.jpg": "photo 2", "cat/a.jpg": "photo 1"}


def test_standard_input_is_copied_too(tmp_path: Path) -> None:
    SortedCopies(tmp_path).add(Source(STDIN, b"photo"), answer())
    assert files(tmp_path) == {"cat/stdin": "photo"}


@pytest.mark.parametrize(("label", "folder"), [("cat/dog", "cat_dog"), ("..", "_"), (".x", "x"), ("a\\b", "a_b")])
def test_a_label_that_no_folder_can_have_stays_inside(tmp_path: Path, label: str, folder: str) -> None:
    SortedCopies(tmp_path / "sorted").add(photo(tmp_path, "a.jpg"), answer(label))
    assert list(files(tmp_path / "sorted")) == [f"{folder}/a.jpg"]


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadRequestError, match="cannot be made: "):
        SortedCopies(tmp_path / "file" / "sorted")
    copies = SortedCopies(tmp_path / "sorted")
    (tmp_path / "sorted" / "cat").write_text("in the way")
    with pytest.raises(BadRequestError, match="cannot be written: "):
        copies.add(photo(tmp_path, "a.jpg"), answer())
