"""A table in parts: each whole or not at all, from one run at a time, continued where it ended."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from classifier.errors import BadRequestError
from cluster.parts import OvertakenError, Table, text


def row(path: str, model: str | None = "plain", digest: str | None = "d1") -> dict[str, Any]:
    return {"path": path, "label": "red", "confidence": 0.9, "unsure": False, "model": model, "digest": digest}


@pytest.fixture
def begin(tmp_path: Path) -> Callable[[bool], Table]:
    return lambda resume: Table.begin(str(tmp_path / "new" / "answers"), resume)


def test_a_part_appears_under_its_name_only_when_it_is_whole(
    begin: Callable[[bool], Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = begin(False)
    seen: list[list[Path]] = []

    def half(rows: pa.Table, opened: Any, **options: Any) -> None:
        opened.write(b"PAR1 and no more")
        seen.append(list(Path(table.out).glob("*.parquet")))
        raise OSError("the machine ends here")

    monkeypatch.setattr(parquet, "write_table", half)
    with pytest.raises(OSError, match="ends here"):
        table.add(0, [row("a.jpg")])
    monkeypatch.undo()
    assert seen == [[]]
    assert not table.has(0)
    table.add(0, [row("a.jpg")])
    assert table.has(0)
    assert table.done("plain", "d1") == {"a.jpg"}


def test_what_was_left_half_written_is_cleared_away(begin: Callable[[bool], Table]) -> None:
    half = Path(begin(False).out) / ".part-0"
    half.write_bytes(b"PAR1")
    assert begin(True).done("plain", "d1") == set()
    assert not half.exists()


def test_a_table_with_answers_is_only_continued_where_that_is_asked(begin: Callable[[bool], Table]) -> None:
    begin(False).add(0, [row("a.jpg")])
    with pytest.raises(
        BadRequestError, match=r"has answers already\. Continue it with --resume, or name another folder"
    ):
        begin(False)
    assert begin(True).done("plain", "d1") == {"a.jpg"}


def test_a_run_that_was_overtaken_adds_nothing_more(begin: Callable[[bool], Table]) -> None:
    before = begin(False)
    before.add(0, [row("a.jpg")])
    after = begin(True)
    with pytest.raises(OvertakenError):
        before.add(1, [row("b.jpg")])
    after.add(1, [row("b.jpg")])
    assert sorted(after.done("plain", "d1")) == ["a.jpg", "b.jpg"]
    assert after.size()[0] == 2
    assert not list(Path(after.out).glob(".part-*"))


@pytest.mark.parametrize(
    ("model", "digest", "said"),
    [
        ("other", "d1", "has answers of other. Continue it with --model other, or name another folder"),
        ("plain", "d0", "has answers of plain as it was before. Name another folder"),
    ],
)
def test_answers_of_another_model_are_not_mixed_in(
    begin: Callable[[bool], Table], model: str, digest: str, said: str
) -> None:
    begin(False).add(0, [row("a.jpg", model, digest), row("b.jpg", None, None)])
    with pytest.raises(BadRequestError, match=said):
        begin(True).done("plain", "d1")


def test_a_folder_of_other_tables_is_refused(begin: Callable[[bool], Table]) -> None:
    table = begin(False)
    parquet.write_table(pa.table({"path": ["a"], "price": [1]}), Path(table.out) / "prices.parquet")
    with pytest.raises(BadRequestError, match="Parquet files that are no answers"):
        begin(True).done("plain", "d1")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadRequestError, match=r"file/answers cannot be used: .*"):
        Table.begin(str(tmp_path / "file" / "answers"), False)


def test_a_name_of_any_bytes_fits_in_a_table() -> None:
    assert text("naïve.jpg") == "naïve.jpg"
    assert text(b"caf\xe9.jpg".decode("utf-8", "surrogateescape")) == "caf\\xe9.jpg"
