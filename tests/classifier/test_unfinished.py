"""A table that is continued where it ended."""

from pathlib import Path

import pytest

from classifier.errors import BadRequestError
from classifier.unfinished import Unfinished

HEAD = "file,label,confidence,unsure,model,error,warning\n"
ROW = "a.jpg,cat,0.9,false,plain,,\n"


def test_a_file_that_is_not_there_is_begun(tmp_path: Path) -> None:
    begun = Unfinished(tmp_path / "new.csv", "plain")
    assert (begun.begun, begun.names) == (False, set())


def test_photos_in_the_file_are_known_refused_ones_too(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text(HEAD + ROW + '"b, c.jpg",,,,,Not a photo.,\n')
    begun = Unfinished(tmp_path / "old.csv", "plain")
    assert (begun.begun, begun.names) == (True, {"a.jpg", "b, c.jpg"})


@pytest.mark.parametrize("torn", ["b.jpg,ca", '"b', HEAD[:5]])
def test_a_row_that_was_not_written_whole_is_cut_off(tmp_path: Path, torn: str) -> None:
    file = tmp_path / "old.csv"
    whole = "" if HEAD.startswith(torn) else HEAD + ROW
    file.write_text(whole + torn)
    assert Unfinished(file, "plain").names == ({"a.jpg"} if whole else set())
    assert file.read_text() == whole


@pytest.mark.parametrize("content", [b"Dear diary,\n", b"a,b\n1,2\n", b"\xff\xfe\n", HEAD.encode() + b"a,b\n"])
def test_another_file_is_refused_and_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "diary").write_bytes(content)
    with pytest.raises(BadRequestError, match=r"diary (is not a table|cannot be continued)"):
        Unfinished(tmp_path / "diary", "plain")
    assert (tmp_path / "diary").read_bytes() == content


def test_answers_of_another_model_are_not_mixed_in(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text(HEAD + ROW)
    with pytest.raises(BadRequestError, match=r"has answers of plain\. Continue it with --model plain"):
        Unfinished(tmp_path / "old.csv", "other")


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadRequestError, match="cannot be continued: Is a directory"):
        Unfinished(tmp_path, "plain")
