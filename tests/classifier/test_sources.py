"""What words on a command line stand for."""

import os
import threading
from pathlib import Path

import pytest

from classifier.errors import BadRequestError, TooLargeError
from classifier.sources import Source, expand
from tests.classifier.pictures import encoded, scene

MOST = 1000


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.jpg", "a.PNG", "notes.txt", "below/c.webp", "above/d.heic", "[1].jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


def names(*words: str | Path) -> list[str]:
    return [source.name for source in expand(map(str, words), MOST)[0]]


def test_a_folder_is_its_pictures_and_those_below_sorted(tree: Path) -> None:
    wanted = ["[1].jpg", "a.PNG", "b.jpg", "above/d.heic", "below/c.webp"]
    assert names(tree) == [str(tree / name) for name in wanted]


def test_a_pattern_is_what_it_matches_whatever_its_name(tree: Path) -> None:
    assert names(f"{tree}/*.*") == [str(tree / name) for name in ("[1].jpg", "a.PNG", "b.jpg", "notes.txt")]
    assert names(f"{tree}/**/*.webp", f"{tree}/be*") == [str(tree / "below/c.webp")] * 2


def test_a_file_whose_name_looks_like_a_pattern_is_itself(tree: Path) -> None:
    assert names(tree / "[1].jpg") == [str(tree / "[1].jpg")]


def test_what_names_nothing_says_so_when_it_is_read(tree: Path) -> None:
    (tree / "empty").mkdir()
    for word in ("*.gone", "empty", "gone.jpg"):
        [[source], _] = expand([str(tree / word)], MOST)
        with pytest.raises(BadRequestError, match=r"matches this pattern|holds no photos|cannot be read"):
            source.read(MOST)


def test_no_more_is_read_than_may_be(tree: Path) -> None:
    (tree / "large.jpg").write_bytes(bytes(MOST + 1))
    assert len(Source(str(tree / "b.jpg")).read(5)) == 5
    with pytest.raises(TooLargeError):
        Source(str(tree / "large.jpg")).read(MOST)


def test_a_pipe_is_read_where_it_is_open(tree: Path) -> None:
    pipe = tree / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"a photo",))
    writer.start()
    [[source], _] = expand([str(pipe)], MOST)
    writer.join(10)
    assert source.read(MOST) == b"a photo"


def test_in_a_folder_a_photo_is_what_is_named_like_one_or_begins_like_one(tmp_path: Path) -> None:
    photo = encoded(scene(), "JPEG")
    for name in ("a.jfif", "b.jpe", "c.mpo", "d.heif", "e.tif", "f", "g.unheard", "h.JPG"):
        (tmp_path / name).write_bytes(photo)
    (tmp_path / "broken.jpg").write_bytes(b"no photo, but named like one: it is refused and not left out")
    assert [Path(name).name for name in names(tmp_path)] == sorted(entry.name for entry in tmp_path.iterdir())


def test_what_is_left_out_is_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"photo")
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / "drawing").write_bytes(b"8BPS and so on")
    (tmp_path / ".DS_Store").write_bytes(b"")
    (tmp_path / "gone.jpg").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe.jpg")
    sources, left_out = expand([str(tmp_path)], MOST)
    assert [source.name for source in sources] == [str(tmp_path / "photo.jpg")]
    assert {Path(entry.name).name: entry.why for entry in left_out} == {
        ".DS_Store": "hidden or of the system",
        "drawing": "Photoshop images are not supported",
        "gone.jpg": "a link to nothing",
        "notes.txt": "not a photo",
        "pipe.jpg": "not a file",
    }
