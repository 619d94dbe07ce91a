"""python -m teach corrections, as a person runs it."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from classifier.errors import BadRequestError
from classifier.settings import Settings
from teach import corrections_command
from teach.corrections import correct, listed
from teach.corrections_command import main
from teach.examples import NONE, Examples
from teach.lesson import learn
from teach.model import put
from tests.teach.features import TRUNK, example, things

DAY = "2026-01-31"


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, synthetic_bank: object, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """With a model that has two corrections."""
    monkeypatch.setenv("CLASSIFIER_MODELS_DIR", str(tmp_path))
    monkeypatch.setattr(corrections_command, "shared_trunk", lambda threads: SimpleNamespace(card=TRUNK))
    settings = Settings(models_dir=tmp_path, shipped_models=())
    put(learn(Examples.of(things({"rose": 20, "tulip": 20})), TRUNK), "flowers", tmp_path, TRUNK, replace=False)
    given = [("tulip", 5, "hill.jpg"), (NONE, 6, "cat.jpg")]
    wrong = [example(label, kind, 1, name=name)._replace(corrected=DAY) for label, kind, name in given]
    correct("flowers", wrong, TRUNK, settings)
    return settings


def test_each_is_a_line_with_its_id_day_label_and_photo(shelf: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flowers"]) == 0
    ids = [one.id for one in listed("flowers", shelf)]
    lines = {line.split("  ", 1)[0]: line.split("  ", 1)[1] for line in capsys.readouterr().out.splitlines()}
    assert sorted(lines) == sorted(ids)
    assert sorted(lines.values()) == [f"{DAY}  none of its labels  cat.jpg", f"{DAY}  tulip  hill.jpg"]


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flowers", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["corrections"]
    assert {(one["label"], one["name"], one["day"]) for one in found} == {
        ("tulip", "hill.jpg", DAY),
        (NONE, "cat.jpg", DAY),
    }


def test_taken_back_it_says_how_good_the_model_was_and_is(shelf: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = listed("flowers", shelf)
    assert main(["flowers", "--take-back", first.id]) == 0
    said = capsys.readouterr().out
    assert re.fullmatch(r"Taken back\. Right before: \d+\.\d%; now: \d+\.\d% \(cross-validated\)\.\n", said)
    assert listed("flowers", shelf) == [second]
    assert main(["flowers", "--take-back", second.id, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["after"]["n"] == 40
    assert figures["kept"] is None


def test_a_model_that_has_none_says_so(shelf: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    main(["flowers", "--take-back", *(one.id for one in listed("flowers", shelf))])
    capsys.readouterr()
    assert main(["flowers"]) == 0
    assert capsys.readouterr().out == "Model flowers has no corrections.\n"


def test_those_of_a_model_of_ones_own_are_not_switched_off() -> None:
    with pytest.raises(BadRequestError, match="can be taken back, not switched off"):
        main(["flowers", "--off"])
