"""`python -m train`: where a model goes, and how a command ends."""

from pathlib import Path

import pytest

from classifier.shelf import SHIPPED
from train import record, way
from train.__main__ import main
from train.errors import StaleRunError
from train.recipe import Run


class Walks:
    """Stands in for the way: what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[Run, Path, Path, bool]] = []
        self.recorded: list[tuple[Run, Path]] = []

    def train(self, run: Run, data: Path, models: Path, again: bool) -> Path:
        self.asked.append((run, data, models, again))
        return models / run.recipe.name


@pytest.fixture
def walks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Walks:
    found = Walks()
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(way, "train", found.train)
    monkeypatch.setattr(record, "record", lambda run, model: found.recorded.append((run, model)))
    return found


def test_without_being_asked_nothing_goes_into_the_source_tree(walks: Walks, tmp_path: Path) -> None:
    assert main(["cifar10"]) == 0
    [(run, _, models, again)] = walks.asked
    assert (run.schedule, run.seed, again) == ("fast", 0, False)
    assert models == tmp_path / "runs" / "cifar10-fast-seed0" / "models"
    assert not walks.recorded


def test_record_ships_the_model_and_keeps_the_evidence(walks: Walks) -> None:
    assert main(["cifar10", "--record"]) == 0
    assert walks.asked[0][2] == SHIPPED
    assert walks.recorded == [(walks.asked[0][0], SHIPPED / "cifar10")]


@pytest.mark.parametrize("words", [["--seed", "3"], ["--schedule", "plain"]])
def test_record_of_a_trial_keeps_its_evidence_and_ships_nothing(words: list[str], walks: Walks, tmp_path: Path) -> None:
    assert main(["cifar10_276k", "--record", *words]) == 0
    assert tmp_path in walks.asked[0][2].parents
    assert len(walks.recorded) == 1


def test_options_reach_the_run(walks: Walks, tmp_path: Path) -> None:
    main(
        [
            "cifar10_276k",
            "--data",
            "D",
            "--models",
            str(tmp_path / "m"),
            "--seed",
            "7",
            "--schedule",
            "plain",
            "--again",
        ]
    )
    [(run, data, models, again)] = walks.asked
    assert (run.schedule, run.seed, data, models, again) == ("plain", 7, Path("D"), tmp_path / "m", True)


def test_an_error_is_one_sentence(
    walks: Walks, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stale(*_: object) -> Path:
        raise StaleRunError("the folder holds another run.")

    monkeypatch.setattr(way, "train", stale)
    assert main(["cifar10"]) == 1
    assert capsys.readouterr().err == "error: the folder holds another run.\n"


def test_ctrl_c_is_answered_with_a_sentence(
    walks: Walks, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(way, "train", interrupted)
    assert main(["cifar10"]) == 130
    assert "The same command goes on" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "words"), [("a/b", "holds a slash"), ("cats_vs_dogs", "comes with the project")])
def test_a_name_that_a_model_cannot_have_is_refused_before_any_work(
    name: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["folder", str(tmp_path / "none"), "--name", name, "--models", str(tmp_path)]) == 1
    assert words in capsys.readouterr().err


def test_a_model_is_replaced_only_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "card.json").touch()
    words = ["folder", str(tmp_path / "none"), "--name", "mine", "--models", str(tmp_path)]
    assert main(words) == 1
    assert "There is a model called 'mine' already" in capsys.readouterr().err
    assert main([*words, "--replace"]) == 1
    assert "There is no folder" in capsys.readouterr().err


def test_an_own_model_has_a_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["folder", str(tmp_path)])
    assert "--name" in capsys.readouterr().err
