"""The table of labelled photos keeps what it was given, whatever it is called."""

from pathlib import Path

import numpy as np
import pytest

from classifier.errors import BadRequestError, ModelError
from teach.examples import EXAMPLES_FILE, MOST_LABELS, NONE, Example, Examples, check_label
from tests.teach.features import example, things

ODD = ["猫", "a b", "$HOME", "<b>", "é", "x" * 200, "[red]"]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    given = [*things(dict.fromkeys(ODD, 3)), example(NONE, 20, 0)]
    given[0] = given[0]._replace(name="caf\udce9.jpg", corrected="2026-01-31")
    examples = Examples.of(given)
    examples.write(tmp_path)
    found = Examples.read(tmp_path)
    assert found.labels == tuple(sorted(ODD))
    assert found.names == examples.names
    assert "caf\udce9.jpg" in found.names
    assert found.corrected.count("2026-01-31") == 1
    assert [one.label for one in found] == [one.label for one in examples]
    np.testing.assert_array_equal(found.features[:], examples.features[:])
    np.testing.assert_array_equal(found.hashes, examples.hashes)


def test_the_order_in_which_photos_come_does_not_matter() -> None:
    given = things({"rose": 5, "tulip": 4})
    one, other = Examples.of(given), Examples.of(given[::-1])
    assert one.names == other.names
    np.testing.assert_array_equal(one.features[:], other.features[:])


def test_none_is_no_label() -> None:
    examples = Examples.of(things({"rose": 2, NONE: 3}))
    assert examples.labels == ("rose",)
    assert examples.counts().tolist() == [2, 3]
    assert examples.own.sum() == 2


def test_rows_can_be_left_out() -> None:
    examples = Examples.of(things({"rose": 3, "tulip": 3}))
    rest = examples.without({0, 4})
    assert rest.names == tuple(name for row, name in enumerate(examples.names) if row not in (0, 4))
    assert rest.counts().tolist() == [2, 2, 0]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"nonsense" * 100])
def test_a_damaged_table_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / EXAMPLES_FILE).write_bytes(content)
    with pytest.raises(ModelError, match="cannot be read"):
        Examples.read(tmp_path)


def test_a_model_without_a_table_cannot_be_taught_further(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="keeps no examples"):
        Examples.read(tmp_path)


@pytest.mark.parametrize("label", ODD)
def test_labels_are_free_text(label: str) -> None:
    assert check_label(label) == label


@pytest.mark.parametrize("label", ["none", "None", "none of these"])
def test_what_people_call_none_is_none(label: str) -> None:
    assert check_label(label) == NONE


def test_a_label_is_composed() -> None:
    assert check_label("e\u0301") == "\u00e9"


@pytest.mark.parametrize(
    ("label", "says"),
    [("", "0 characters"), ("x" * 201, "201 characters"), ("a\nb", "line break"), ("caf\udce9", "not UTF-8")],
)
def test_what_cannot_be_shown_is_refused(label: str, says: str) -> None:
    with pytest.raises(BadRequestError, match=says):
        check_label(label)


def test_labels_are_bounded() -> None:
    one = example("x", 0, 0)
    with pytest.raises(BadRequestError, match="at most"):
        Examples.of([Example(f"label {n}", "", one.embedding) for n in range(MOST_LABELS + 1)])
