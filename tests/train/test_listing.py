"""`python -m train list`."""

import json

import pytest

from train.__main__ import main
from train.recipes import RECIPES


def test_json_has_a_line_for_every_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == list(RECIPES)
    for row in rows:
        assert set(row) == {"name", "data", "input", "parameters", "trainable", "reported", "ours"}
        assert set(row["ours"]) == {"accuracy", "loss", "auc", "minutes"}


def test_table_shows_reported_beside_ours(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    printed = capsys.readouterr().out
    assert "0.6665" in printed
    assert "14,497" in printed
