"""Which names a model may have."""

import unicodedata
from pathlib import Path

import pytest

from classifier.errors import BadRequestError
from classifier.new_model import check_name
from tests.classifier.written import NAME, content, left, put


@pytest.mark.parametrize(
    "name", ["my flowers", "caf\u00e9", "\u732b\u3068\u72ac", "$HOME", "<b>", "a" * 200, "50%", "a.b", "'"]
)
def test_names_are_free_text(tmp_path: Path, name: str) -> None:
    assert check_name(name, tmp_path) == name
    put(tmp_path, "new", name)
    put(tmp_path, "newer", name)
    assert content(tmp_path, name) == "newer"
    assert left(tmp_path) == [name]


def test_accents_are_composed(tmp_path: Path) -> None:
    assert check_name(unicodedata.normalize("NFD", "caf\u00e9"), tmp_path) == "caf\u00e9"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        *[(name, "empty") for name in ("", " ", " a", "a ")],
        *[(name, "begins with a dot") for name in (".", "..", ".hidden", ".new.abc.x")],
        *[(name, "a slash") for name in ("a/b", "a\\b", "/", "a\nb", "a\0b", "caf\udce9", "a\u2028b")],
        ("a" * 201, "201 characters"),
        ("\u732b" * 80, "240 bytes"),
    ],
)
def test_a_name_that_no_folder_can_have_is_refused(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(BadRequestError, match=f"cannot be called .*{why}.*Choose another name"):
        check_name(name, tmp_path)


def test_the_name_of_a_shipped_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequestError, match="'cats_vs_dogs' is the name of a model that comes with the project"):
        check_name("cats_vs_dogs", tmp_path, replace=True)


def test_a_name_that_is_taken_is_refused_before_any_work(tmp_path: Path) -> None:
    put(tmp_path, "old")
    with pytest.raises(BadRequestError, match="already"):
        check_name(NAME, tmp_path)
    assert check_name(NAME, tmp_path, replace=True) == NAME
