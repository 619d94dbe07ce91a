"""The answers as CSV."""

import csv
import io

import pytest

from anvil_app import spreadsheet
from tests.anvil_app.photos import album, answered


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_row_for_each_photo() -> None:
    photos = album("a.jpg", "b.jpg", "c.jpg")
    answered(photos.requests[0], "dog", 0.98765)
    answered(photos.requests[1], "cat", 0.5, unsure=True)
    assert read(spreadsheet.csv(photos.requests)) == [
        ["file", "label", "confidence", "unsure", "model"],
        ["a.jpg", "dog", "0.9877", "false", "pets"],
        ["b.jpg", "cat", "0.5000", "true", "pets"],
        ["c.jpg", "", "", "", ""],
    ]


@pytest.mark.parametrize("name", ['with "quotes".jpg', "a,b.jpg", "two\nlines.jpg", "año.jpg", ""])
def test_any_name_comes_back_as_it_was(name: str) -> None:
    assert read(spreadsheet.csv(album(name).requests))[1][0] == name


@pytest.mark.parametrize("name", ["=1+1.jpg", "@sum.jpg", "-2.jpg", "+3.jpg"])
def test_a_name_is_no_formula(name: str) -> None:
    assert read(spreadsheet.csv(album(name).requests))[1][0] == "'" + name
