"""A folder as people and systems leave it."""

from pathlib import Path

import pytest

from classifier.walk import LeftOut, of_system, sentences, walk


def names(root: Path) -> list[str]:
    return [str(entry.relative_to(root)) for entry in walk(str(root)) if isinstance(entry, Path)]


def fill(root: Path, *files: str) -> Path:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"")
    return root


def test_files_of_a_folder_come_before_those_below_all_sorted(tmp_path: Path) -> None:
    fill(tmp_path, "b", "a", "z/1", "m/2", "m/1", "m/inner/1")
    assert names(tmp_path) == ["a", "b", "m/1", "m/2", "m/inner/1", "z/1"]


def test_what_systems_leave_is_left_out_as_a_whole(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", "._a.jpg", ".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX/b.jpg", "@eaDir/c.jpg")
    fill(tmp_path, ".thumbnails/d.jpg", "below/.git/e.jpg", "below/f.jpg", "$RECYCLE.BIN/g.jpg")
    assert names(tmp_path) == ["a.jpg", "below/f.jpg"]
    found = [entry for entry in walk(str(tmp_path)) if isinstance(entry, LeftOut)]
    assert {entry.why for entry in found} == {"hidden or of the system"}
    assert {str(Path(entry.name).relative_to(tmp_path)) for entry in found} == {
        *("._a.jpg", ".DS_Store", "Thumbs.db", "desktop.ini"),
        *("__MACOSX", "@eaDir", ".thumbnails", "below/.git", "$RECYCLE.BIN"),
    }


def test_the_folder_that_was_named_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    assert names(fill(tmp_path / ".hidden", "a.jpg")) == ["a.jpg"]


@pytest.mark.parametrize(("name", "is_folder"), [("desktop.ini", True), ("@eaDir", False), ("macosx", True)])
def test_only_what_is_named_just_so_is_of_the_system(name: str, is_folder: bool) -> None:
    assert not of_system(name, is_folder)


def test_links_to_folders_are_followed_once(tmp_path: Path) -> None:
    fill(tmp_path, "root/a", "elsewhere/b")
    (tmp_path / "root" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "root" / "linked again").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "root" / "round").symlink_to(tmp_path / "root")
    assert names(tmp_path / "root") == ["a", "linked/b"]


def test_a_folder_that_cannot_be_read_is_left_out_with_the_reason(tmp_path: Path) -> None:
    fill(tmp_path, "a")
    [entry] = walk(str(tmp_path / "gone"))
    assert entry == LeftOut(str(tmp_path / "gone"), "cannot be read: No such file or directory")


def test_what_was_left_out_is_a_sentence_for_each_reason() -> None:
    entries = [LeftOut(f"{number}.txt", "not a photo") for number in range(7)] + [LeftOut("a\n.raw", "too odd")]
    assert list(sentences(entries)) == [
        "Left out, not a photo: 0.txt, 1.txt, 2.txt, 3.txt, 4.txt and 2 more (7 in all).",
        "Left out, too odd: a\\n.raw (1 in all).",
    ]
