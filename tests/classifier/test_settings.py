"""Settings from the environment and .env."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from classifier.errors import SettingsError
from classifier.settings import ENV_FILE, Settings

NO_FILE = Path("there-is-no-such-file")
EXAMPLE = Path(__file__).parents[2] / ".env.example"


def test_nothing_set_gives_the_defaults() -> None:
    assert Settings.load({}, NO_FILE) == Settings()


def test_the_example_file_names_every_setting_with_its_default(tmp_path: Path) -> None:
    assert Settings.load({}, EXAMPLE) == Settings()
    named = re.findall(r"^([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)
    assert len(named) == len(set(named)) == len(fields(Settings))


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("THREADS=3\nMAX_WAITING=5\n")
    settings = Settings.load({"THREADS": "4"}, file)
    assert (settings.threads, settings.max_waiting) == (4, 5)


def test_an_empty_value_is_none_and_unknown_names_are_nobodys_business(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("THREADS=\nSOMETHING_ELSE=1\nA LINE THAT IS NO SETTING\n")
    assert Settings.load({"MODELS_DIR": ""}, file) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("THREADS", "many", "a whole number from 1 to 64"),
        ("THREADS", "0", "a whole number from 1 to 64"),
        ("MAX_WAITING", "-1", "a whole number"),
        ("MAX_UPLOAD_MB", "nan", "a number from 0.01 to 200"),
        ("MAX_MEGAPIXELS", "1000", "a number from 0.01 to 200"),
        ("CALL_TIMEOUT_S", "0", "a number from 0.1"),
        ("ANVIL_UPLINK_URL", "https://anvil.works/uplink", "a websocket address"),
        ("ANVIL_UPLINK_URL", "ws://host:port/", "a websocket address"),
        ("MODELS_DIR", "there-is-no-such-folder", "a folder that exists"),
        ("LOG_LEVEL", "loud", "DEBUG, INFO, WARNING or ERROR"),
    ],
)
def test_a_bad_value_is_refused_with_its_name_and_the_fix(name: str, value: str, fix: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is '{value}'; it must be {fix}"):
        Settings.load({name: value}, NO_FILE)


def test_a_key_on_the_wrong_line_is_not_shown() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({"ANVIL_UPLINK_URL": "server_ABCDEF"}, NO_FILE)
    assert "server_ABCDEF" not in str(caught.value)
    assert "ANVIL_UPLINK_URL must be a websocket address" in str(caught.value)


@pytest.mark.parametrize("token", ["short-secret", "a secret with spaces", "a-secret-with-\u00e9-in-it", "secret" * 50])
def test_a_token_that_cannot_be_used_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(SettingsError, match=r"^HTTP_TOKEN must be 16 to 200 ASCII letters") as caught:
        Settings.load({"HTTP_TOKEN": token}, NO_FILE)
    assert "secret" not in str(caught.value)


def test_a_dollar_sign_in_the_file_means_itself(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ANVIL_UPLINK_KEY=a${HOME}b\n")
    assert Settings.load({}, tmp_path / ".env").uplink_key == "a${HOME}b"


def test_a_file_that_is_not_utf_8_is_named_with_the_fix(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"LOG_LEVEL=INF\xd6\n")
    with pytest.raises(SettingsError, match="UTF-8"):
        Settings.load({}, tmp_path / ".env")


def test_the_file_is_looked_for_beside_the_project_whatever_the_folder() -> None:
    assert EXAMPLE.with_name(".env") == ENV_FILE


def test_secrets_are_not_in_the_repr() -> None:
    secrets = {"ANVIL_UPLINK_KEY": "secret", "HTTP_TOKEN": "a-secret-of-some-length"}
    assert "secret" not in repr(Settings.load(secrets, NO_FILE))


def test_upload_limits_are_those_of_the_settings() -> None:
    limits = Settings.load({"MAX_UPLOAD_MB": "1.5", "MAX_MEGAPIXELS": "8"}, NO_FILE).photo_limits
    assert (limits.max_bytes, limits.max_megapixels) == (1_572_864, 8)
