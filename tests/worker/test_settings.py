"""The settings of a worker."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from classifier.environment import Environment
from classifier.errors import SettingsError
from classifier.settings import Settings as ClassifierSettings
from worker.settings import Settings

NO_FILE = Path("there-is-no-such-file")
EXAMPLE = Path(__file__).parents[2] / ".env.example"
SECRETS = {
    "ANVIL_UPLINK_KEY": "secret",
    "HTTP_TOKEN": "a-secret-of-some-length",
    "TEACH_PASSPHRASE": "a secret phrase",
}


def load(**values: str) -> Settings:
    return Settings.load(Environment(values, NO_FILE))


def test_nothing_set_gives_the_defaults() -> None:
    assert load() == Settings()


def test_the_example_file_names_every_setting_with_its_default() -> None:
    assert Settings.load(Environment({}, EXAMPLE)) == Settings()
    named = re.findall(r"^([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)
    assert len(named) == len(set(named)) == len(fields(Settings)) - 1 + len(fields(ClassifierSettings))


def test_each_setting_is_read_from_its_variable(tmp_path: Path) -> None:
    assert load(
        CLASSIFIER_THREADS="4",
        ANVIL_UPLINK_URL="ws://127.0.0.1:3030/_/uplink",
        WORKER_MAX_FILES="5",
        WORKER_MAX_WAITING="6",
        WORKER_CALL_TIMEOUT_S="7.5",
        WORKER_ECHO_EVERY_S="8",
        WORKER_LOG_LEVEL="debug",
        HTTP_PHOTOS_DIR=str(tmp_path),
        HTTP_ALLOW_ORIGIN="https://example.org",
        **SECRETS,
    ) == Settings(
        classifier=ClassifierSettings(threads=4),
        uplink_key="secret",
        uplink_url="ws://127.0.0.1:3030/_/uplink",
        max_files=5,
        max_waiting=6,
        call_timeout_s=7.5,
        echo_every_s=8,
        log_level="DEBUG",
        http_token=SECRETS["HTTP_TOKEN"],
        http_photos_dir=tmp_path,
        http_allow_origin="https://example.org",
        teach_passphrase=SECRETS["TEACH_PASSPHRASE"],
    )


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("WORKER_MAX_FILES", "0", "a whole number from 1 to 1000"),
        ("WORKER_MAX_WAITING", "-1", "a whole number"),
        ("WORKER_CALL_TIMEOUT_S", "0", "a number from 0.1"),
        ("WORKER_ECHO_EVERY_S", "0.1", "a number from 0.5"),
        ("ANVIL_UPLINK_URL", "https://anvil.works/uplink", "a websocket address"),
        ("ANVIL_UPLINK_URL", "ws://host:port/", "a websocket address"),
        ("ANVIL_UPLINK_URL", "wss:///uplink", "a websocket address"),
        ("ANVIL_UPLINK_URL", "ws://host:0/uplink", "a websocket address"),
        ("HTTP_PHOTOS_DIR", "there-is-no-such-folder", "a folder that exists"),
        ("HTTP_ALLOW_ORIGIN", "example.org", "the origin of a site"),
        ("HTTP_ALLOW_ORIGIN", "https://example.org/page", "the origin of a site"),
        ("HTTP_ALLOW_ORIGIN", "https://a.org https://b.org", "the origin of a site"),
        ("WORKER_LOG_LEVEL", "loud", "DEBUG, INFO, WARNING or ERROR"),
    ],
)
def test_a_bad_value_is_refused_with_its_name_and_the_fix(name: str, value: str, fix: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is '{value}'; it must be {fix}"):
        load(**{name: value})


def test_a_key_on_the_wrong_line_is_not_shown() -> None:
    with pytest.raises(SettingsError, match=r"^ANVIL_UPLINK_URL must be a websocket address") as caught:
        load(ANVIL_UPLINK_URL="server_ABCDEF")
    assert "server_ABCDEF" not in str(caught.value)


@pytest.mark.parametrize("token", ["short-secret", "a secret with spaces", "a-secret-with-\u00e9-in-it", "secret" * 50])
def test_a_token_that_cannot_be_used_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(SettingsError, match=r"^HTTP_TOKEN must be 16 to 200 ASCII letters") as caught:
        load(HTTP_TOKEN=token)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("phrase", ["secret", "secret\twith a tab", "secret" * 50])
def test_a_passphrase_that_cannot_be_used_is_refused_and_not_shown(phrase: str) -> None:
    with pytest.raises(SettingsError, match=r"^TEACH_PASSPHRASE must be 8 to 200 characters") as caught:
        load(TEACH_PASSPHRASE=phrase)
    assert "secret" not in str(caught.value)


def test_open_is_no_secret() -> None:
    assert load(TEACH_PASSPHRASE="open").secrets() == ["", ""]  # noqa: S106
    assert set(load(**SECRETS).secrets()) == set(SECRETS.values())


def test_secrets_are_not_in_the_repr() -> None:
    assert "secret" not in repr(load(**SECRETS))
