"""What an actor answers in one go: files, objects that are fetched ahead, and rows of a table."""

import io
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from classifier.errors import BadRequestError
from classifier.sources import Source
from cluster import portions
from cluster.portions import Files, Rows


def test_a_portion_says_which_photos_it_has() -> None:
    assert str(Files([Source("a.jpg")])) == "a.jpg"
    assert str(Files([Source("a.jpg"), Source("b.jpg"), Source("c.jpg")])) == "a.jpg to c.jpg"
    assert str(Rows("t.parquet", 3, {0: "a.jpg"})) == "row group 3 of t.parquet"


def test_files_are_left_to_the_classifier_to_read() -> None:
    photos = [Source("gone.jpg"), Source("a.jpg")]
    assert list(Files(photos).sources(10)) == photos


class Storage:
    """Stands in for a bucket: objects by name, and how many were opened."""

    def __init__(self) -> None:
        self.opened = 0

    def open_input_stream(self, path: str) -> io.BytesIO:
        self.opened += 1
        if "gone" in path:
            raise FileNotFoundError(path)
        if "broken" in path:
            raise OSError("connection reset")
        return io.BytesIO(path.encode())


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Storage:
    found = Storage()

    def place(name: str) -> tuple[Storage, str]:
        if "forbidden" in name:
            raise BadRequestError("s3://forbidden cannot be used: access denied.")
        return found, name.removeprefix("s3://")

    monkeypatch.setattr(portions, "place", place)
    return found


def test_objects_come_in_their_order_and_not_all_are_fetched_at_once(storage: Storage) -> None:
    names = [f"s3://shots/{number}.jpg" for number in range(100)]
    sources = Files([Source(name) for name in names]).sources(100)
    assert next(sources) == Source("s3://shots/0.jpg", b"shots/0.jpg")
    assert storage.opened <= portions._AHEAD
    assert [source.name for source in sources] == names[1:]


def test_of_an_object_one_byte_is_read_past_the_limit(storage: Storage) -> None:
    [source] = Files([Source("s3://shots/a.jpg")]).sources(5)
    assert source.data == b"shots/"


def test_an_object_that_cannot_be_had_is_a_trouble_of_its_own(storage: Storage) -> None:
    photos = [Source("s3://shots/gone.jpg"), Source("s3://forbidden/a.jpg"), Source("local.jpg")]
    gone, forbidden, local = Files(photos).sources(5)
    assert gone.trouble == "The file cannot be read: it is not in the bucket."
    assert forbidden.trouble == "s3://forbidden cannot be used: access denied."
    assert local == Source("local.jpg")


def test_a_storage_that_fails_fails_the_portion(storage: Storage) -> None:
    with pytest.raises(OSError, match="connection reset"):
        list(Files([Source("s3://shots/broken.jpg")]).sources(5))


def test_rows_are_those_of_their_group_that_are_named(tmp_path: Path) -> None:
    table = pa.table({"bytes": [b"0", b"1", None, b"3", b"4"], "path": list("abcde")})
    parquet.write_table(table, tmp_path / "t.parquet", row_group_size=4)
    found = Rows(str(tmp_path / "t.parquet"), 0, {1: "b", 2: "c", 3: "d"})
    assert len(found) == 3
    assert [(source.name, source.data, source.trouble) for source in found.sources(5)] == [
        ("b", b"1", None),
        ("c", None, "The row has no bytes."),
        ("d", b"3", None),
    ]
    [last] = Rows(str(tmp_path / "t.parquet"), 1, {0: "e"}).sources(5)
    assert last.data == b"4"
