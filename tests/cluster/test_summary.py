"""What is said at the end."""

from pathlib import Path

from cluster.parts import Table
from cluster.summary import Summary


def test_labels_unsure_and_refusals_are_counted_over_all_parts(tmp_path: Path) -> None:
    table = Table.begin(str(tmp_path / "answers"), False)
    table.add(0, [{"path": "1", "label": "cat", "unsure": False}, {"path": "2", "label": "dog", "unsure": True}])
    table.add(1, [{"path": "3", "label": "cat", "unsure": False}, {"path": "4", "error": "This is not a photo."}])
    found = Summary.of(table)
    assert found.photos == 4
    assert found.lines() == ["cat 2, dog 1; unsure of 1.", "1 refused: This is not a photo."]


def test_of_many_labels_the_most_frequent_are_named(tmp_path: Path) -> None:
    table = Table.begin(str(tmp_path / "answers"), False)
    rows = [{"path": f"{n}-{m}", "label": f"label{n}", "unsure": False} for n in range(12) for m in range(n + 1)]
    table.add(0, rows)
    [line] = Summary.of(table).lines()
    assert line.startswith("label11 12, label10 11, ")
    assert line.endswith("label2 3 and 2 labels more; unsure of 0.")
