"""Named values from the environment and .env."""

import logging
from pathlib import Path

import pytest

from classifier.environment import CHECKOUT, Environment, find_env_file, folder, number, whole
from classifier.errors import SettingsError

ROOT = Path(__file__).parents[2]


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / ".env"
    file.write_text(text)
    return file


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    values = Environment({"A": "1"}, written(tmp_path, "A=2\nB=3\n"))
    assert (values.read("A", str, ""), values.read("B", str, "")) == ("1", "3")


def test_an_empty_value_is_none_and_unknown_names_are_nobodys_business(tmp_path: Path) -> None:
    values = Environment({"A": ""}, written(tmp_path, "A=2\nB=\nSOMETHING_ELSE=1\nA LINE THAT IS NO SETTING\n"))
    assert (values.read("A", str, "default"), values.read("B", str, "default")) == ("2", "default")


def test_blanks_around_a_value_do_not_count() -> None:
    assert Environment({"A": " 7\n"}).read("A", whole(1, 9), 1) == 7


def test_a_dollar_sign_in_the_file_means_itself(tmp_path: Path) -> None:
    assert Environment({}, written(tmp_path, "A=a${HOME}b\n")).read("A", str, "") == "a${HOME}b"


def test_a_file_that_is_not_utf_8_is_named_with_the_fix(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"A=INF\xd6\n")
    with pytest.raises(SettingsError, match=r"\.env cannot be read: .*Save it as UTF-8 text\."):
        Environment({}, tmp_path / ".env")


def test_a_bad_value_is_refused_with_its_name_and_the_fix() -> None:
    with pytest.raises(SettingsError, match=r"^A is 'x'; it must be a number from 1 to 2\. Change it in the environm"):
        Environment({"A": "x"}).read("A", number(1, 2), 1.5)


@pytest.mark.parametrize("value", ["server_ABCDEF", "client_ABCDEF", "my-KEY-ABCDEF"])
def test_a_key_on_the_wrong_line_is_not_shown(value: str) -> None:
    with pytest.raises(SettingsError, match=r"^A must be a number") as caught:
        Environment({"A": value}).read("A", number(1, 2), 1.5)
    assert "ABCDEF" not in str(caught.value)


def test_a_secret_is_not_shown() -> None:
    with pytest.raises(SettingsError, match=r"^A must be a number") as caught:
        Environment({"A": "hush"}).read("A", number(1, 2), 1.5, secret=True)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("parse", "good", "value"), [(number(0.5, 2), "0.5", 0.5), (number(0.5, 2), "2", 2), (whole(0, 3), "0", 0)]
)
def test_a_bound_itself_is_allowed(parse: object, good: str, value: float) -> None:
    assert callable(parse)
    assert parse(good) == value


@pytest.mark.parametrize(
    ("parse", "bad"),
    [
        *[(number(0.5, 2), bad) for bad in ("0.49", "2.01", "nan", "two")],
        *[(whole(1, 3), bad) for bad in ("0", "4", "2.0", "-1", "two")],
        (folder, "there-is-no-such-folder"),
        (folder, str(Path(__file__))),
    ],
)
def test_what_is_past_a_bound_or_no_such_thing_is_refused(parse: object, bad: str) -> None:
    assert callable(parse)
    with pytest.raises(ValueError, match=r"a number from|a whole number from|a folder that exists"):
        parse(bad)


def test_a_folder_may_be_named_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    assert folder("~/models") == tmp_path / "models"


def test_the_file_of_the_folder_one_stands_in_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "A=here\n")
    monkeypatch.chdir(tmp_path)
    assert find_env_file() == tmp_path / ".env"
    assert Environment({}).read("A", str, "") == "here"


def test_elsewhere_the_file_beside_the_checkout_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").mkdir()  # some call their virtual environment so
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("classifier.environment.CHECKOUT", None)
    assert find_env_file() is None
    (tmp_path / "checkout").mkdir()
    monkeypatch.setattr("classifier.environment.CHECKOUT", tmp_path / "checkout")
    assert find_env_file() is None
    file = written(tmp_path / "checkout", "A=1\n")
    assert find_env_file() == file


def test_this_is_a_checkout() -> None:
    assert CHECKOUT == ROOT


def test_a_name_of_before_in_the_file_gets_a_sentence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    values = Environment({}, written(tmp_path, "THREADS=3\nMAX_FILES=4\n"))
    assert values.read("CLASSIFIER_THREADS", whole(1, 64), 2) == 2
    assert values.read("WORKER_MAX_FILES", whole(1, 64), 5) == 5
    assert [record.getMessage() for record in caplog.records] == [
        f"{tmp_path / '.env'} has THREADS, which is now called CLASSIFIER_THREADS. Rename it: it is ignored.",
        f"{tmp_path / '.env'} has MAX_FILES, which is now called WORKER_MAX_FILES. Rename it: it is ignored.",
    ]
    assert caplog.records[0].levelno == logging.WARNING


def test_in_the_environment_such_a_name_is_somebody_elses(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    values = Environment({"THREADS": "128"}, written(tmp_path, "CLASSIFIER_MAX_FILES=3\nMAX_FILES=3\n"))
    assert values.read("CLASSIFIER_THREADS", whole(1, 64), 2) == 2
    assert values.read("CLASSIFIER_MAX_FILES", whole(1, 64), 2) == 3
    assert not caplog.records
