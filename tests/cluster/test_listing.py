"""What SOURCE names, and in which portions it is answered."""

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from classifier.errors import BadRequestError
from classifier.sources import Source, expand
from cluster.listing import Listing, listing
from tests.cluster.photos import fill

MOST = 2**20


def names(found: Listing) -> list[str]:
    return [photo.name for photo in found.files] + [name for rows in found.rows for name in rows.names.values()]


def test_a_folder_and_a_pattern_stand_for_the_photos_that_classify_finds(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    (tmp_path / "notes.txt").write_text("no photo")
    (tmp_path / ".hidden.jpg").write_text("no photo")
    for word in (str(tmp_path), str(tmp_path / "*-red.jpg"), str(tmp_path / "*.png")):
        photos, left_out = expand([word], MOST)
        found = listing(word, MOST, set())
        assert (found.files, found.left_out) == (photos, left_out)


def test_a_list_names_photos_one_a_line(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("b.jpg\n\ns3://bucket/a.jpg\nb.jpg\n")
    found = listing(str(tmp_path / "names.txt"), MOST, set())
    assert names(found) == ["b.jpg", "s3://bucket/a.jpg"]
    assert found.repeated == 1


def test_a_table_with_paths_names_photos(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"path": ["a.jpg", "b.jpg"], "size": [1, 2]}), tmp_path / "t.parquet")
    assert listing(str(tmp_path / "t.parquet"), MOST, {"a.jpg"}).files == [Source("b.jpg")]


def test_a_table_with_bytes_holds_photos_and_those_without_a_path_have_a_number(tmp_path: Path) -> None:
    folder = tmp_path / "t.parquet"
    folder.mkdir()
    table = pa.table({"bytes": [b"0", b"1", b"2"], "path": ["a.jpg", None, "c.jpg"]})
    parquet.write_table(table, folder / "1.parquet", row_group_size=2)
    found = listing(str(folder), MOST, set())
    assert names(found) == ["a.jpg", f"{folder}/1.parquet#1", "c.jpg"]
    assert [(rows.row_group, len(rows)) for rows in found.rows] == [(0, 2), (1, 1)]
    [rest] = listing(str(folder), MOST, {"a.jpg", "c.jpg"}).rows
    assert [(source.name, source.data) for source in rest.sources(MOST)] == [(f"{folder}/1.parquet#1", b"1")]


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"price": [1]}), tmp_path / "t.parquet")
    with pytest.raises(BadRequestError, match="neither a column 'bytes' nor a column 'path'"):
        listing(str(tmp_path / "t.parquet"), MOST, set())


@pytest.mark.parametrize("source", ["none.parquet", "none*.parquet", "none.txt"])
def test_a_source_that_is_not_there_is_said(source: str, tmp_path: Path) -> None:
    with pytest.raises(BadRequestError, match=r"cannot be used|Nothing matches"):
        listing(str(tmp_path / source), MOST, set())


def test_what_is_done_is_left_out_and_counted(tmp_path: Path) -> None:
    photos = fill(tmp_path, 3)
    found = listing(str(tmp_path), MOST, {str(photos[0]), "another.jpg"})
    assert names(found) == [str(photo) for photo in photos[1:]]
    assert (found.done, found.repeated, len(found)) == (1, 0, 2)


@pytest.mark.parametrize(
    ("photos", "actors", "sizes"),
    [(0, 2, []), (3, 2, [1, 1, 1]), (100, 2, [7] * 14 + [2]), (20_000, 2, [500] * 40)],
)
def test_portions_are_many_enough_for_all_actors_and_none_is_large(photos: int, actors: int, sizes: list[int]) -> None:
    found = Listing([Source(str(number)) for number in range(photos)])
    portions = found.portions(actors)
    assert [len(portion) for portion in portions] == sizes
    assert [source.name for portion in portions for source in portion.sources(MOST)] == list(map(str, range(photos)))
