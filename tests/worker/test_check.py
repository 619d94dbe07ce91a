"""python uplink_server.py --check, as its owner runs it."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anvil
import anvil.server
import pytest

from tests.classifier.tiny_models import only, tiny_model, write_model
from tests.stand_in import ROOT, WORKER, StandIn, stand_in, worker
from worker.check import _there_and_back
from worker.settings import Settings

SERVER_KEY = "server_this-is-not-the-key-of-any-app"
# As uplink_server.py, but with a link that is waited for a second only, where ten are usual.
IMPATIENT = """
import sys
from worker import check
check._LINK_S = 1.0
import uplink_server
sys.exit(uplink_server.main())
"""


def check(*program: str, **environment: str) -> tuple[int, str]:
    """The exit status, and what it says on standard output; there is nothing on standard error."""
    done = subprocess.run(
        [sys.executable, *(program or [str(WORKER)]), "--check"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    assert done.stderr == ""
    key = environment["ANVIL_UPLINK_KEY"]
    assert not key or key not in done.stdout
    return done.returncode, done.stdout


def test_all_is_well_and_nobody_who_calls_meanwhile_is_disturbed(host: StandIn, tiny_settings: dict[str, str]) -> None:
    with worker(host, environment=tiny_settings):
        status, said = check(**tiny_settings, **host.environment)
        assert host.page().call("worker_status")["response"]["state"] == "ready"
    assert status == 0, said
    assert [line.split()[:2] for line in said.splitlines() if "ok:" in line] == [
        ["key", "ok:"],
        ["models", "ok:"],
        ["photo", "ok:"],
        ["shelves", "ok:"],
        ["trunk", "ok:"],
        ["heic", "ok:"],
        ["disk", "ok:"],
        ["teach", "ok:"],
        ["link", "ok:"],
    ]
    assert "plain, with_map; plain is the default" in said
    assert f"0 models come with the project; 2 are your own, in {tiny_settings['CLASSIFIER_MODELS_DIR']}" in said
    assert said.endswith("All is well. Start the worker: .venv/bin/python uplink_server.py\n")


@pytest.mark.parametrize(
    ("changes", "wrong", "fix"),
    [
        ({"ANVIL_UPLINK_KEY": ""}, "ANVIL_UPLINK_KEY is not set.", "into .env"),
        ({"ANVIL_UPLINK_KEY": SERVER_KEY}, "does not know this key.", "Copy your app's server uplink key"),
        ({"ANVIL_UPLINK_KEY": f"'{SERVER_KEY}'"}, "has blanks, quotes", "Copy the key again"),
        ({"ANVIL_UPLINK_KEY": f"client_{SERVER_KEY}"}, "holds a client key", "begins with server_"),
        (
            {"CLASSIFIER_DEFAULT_MODEL": "gone"},
            "CLASSIFIER_DEFAULT_MODEL: There is no model 'gone'. The models are: plain",
            "or of your own in CLASSIFIER_MODELS_DIR",
        ),
        ({"ANVIL_UPLINK_URL": "ws://127.0.0.1:1/"}, "Nothing listens at ws://127.0.0.1:1/.", "Start the service"),
        ({"ANVIL_UPLINK_URL": "ws://nowhere.invalid/"}, "No machine of the name in ws://nowhere.inv", "a slip"),
    ],
)
def test_what_is_wrong_is_told_and_how_to_mend_it(
    host: StandIn, tiny_settings: dict[str, str], changes: dict[str, str], wrong: str, fix: str
) -> None:
    status, said = check(**{**tiny_settings, **host.environment, **changes})
    assert status == 1, said
    lines = said.splitlines()
    [at] = [number for number, line in enumerate(lines) if wrong in line]
    assert "WRONG: " in lines[at]
    assert fix in lines[at + 1]
    assert lines[-1] == "Fix this, and check again."


def test_a_client_key_of_another_look_is_told_by_the_service(tmp_path: Path, tiny_settings: dict[str, str]) -> None:
    (tmp_path / "keys.json").write_text(f'{{"uplink_key": "{"s" * 32}", "client_uplink_key": "{"c" * 32}"}}')
    with stand_in(tmp_path) as host:
        status, said = check(**{**tiny_settings, **host.environment, "ANVIL_UPLINK_KEY": host.client_key})
    assert status == 1
    assert "takes this for a client key, which may call functions but not serve any." in said


def test_a_wrong_path_and_a_wrong_scheme(host: StandIn, tiny_settings: dict[str, str]) -> None:
    environment = {**tiny_settings, **host.environment}
    _, said = check(**{**environment, "ANVIL_UPLINK_URL": host.uplink_url.replace("/_/", "/")})
    assert "answers, but not as an uplink does." in said
    _, said = check(**{**environment, "ANVIL_UPLINK_URL": host.uplink_url.replace("ws:", "wss:")})
    assert "The encryption of wss:" in said


def test_a_service_that_says_nothing_ends_the_check_in_time(tiny_settings: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"ws://127.0.0.1:{silent.getsockname()[1]}/_/uplink"
        status, said = check("-c", IMPATIENT, **tiny_settings, ANVIL_UPLINK_KEY=SERVER_KEY, ANVIL_UPLINK_URL=url)
    assert status == 1
    assert f"{url} does not answer in time." in said


def test_a_damaged_model_is_named(host: StandIn, tmp_path: Path) -> None:
    folder = write_model(tmp_path / "plain", tiny_model(False))
    (folder / "model.tflite").write_bytes(b"not what the card says")
    _, said = check(**host.environment, **only(tmp_path))
    assert "models  WRONG: CLASSIFIER_DEFAULT_MODEL: Model plain: model.tflite is not the file" in said
    assert "link    ok:" in said


def test_a_setting_that_cannot_be_used_is_status_1_too() -> None:
    done = subprocess.run(
        [sys.executable, str(WORKER), "--check"],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "CLASSIFIER_THREADS": "many"},
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "CLASSIFIER_THREADS is 'many'; it must be a whole number from 1 to 64" in done.stderr


def test_help_teaches_and_is_quick() -> None:
    done = subprocess.run([sys.executable, str(WORKER), "--help"], capture_output=True, text=True, timeout=60)
    assert "--check" in done.stdout
    assert "ANVIL_UPLINK_KEY" in done.stdout
    assert "exit status:" in done.stdout


class Service:
    """What the uplink library finds of a service that calls the published function with `brings` and returns `back`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, brings: bytes | None = None, back: str | None = None) -> None:
        self.published: dict[str, Callable[..., Any]] = {}
        self.ended = False
        self._brings, self._back = brings, back
        monkeypatch.setattr(anvil.server, "callable", self.callable)
        monkeypatch.setattr(anvil.server, "connect", lambda *_: None)
        monkeypatch.setattr(anvil.server, "call", self.call)
        monkeypatch.setattr(anvil.server, "disconnect", self.disconnect)

    def callable(self, name: str) -> Callable[..., Any]:
        return lambda function: self.published.setdefault(name, function)

    def call(self, name: str, argument: Any) -> Any:
        if name == "anvil.private.echo":
            return argument
        sent = argument if self._brings is None else anvil.BlobMedia("image/jpeg", self._brings)
        answer = self.published[name](sent)
        return answer if self._back is None else self._back

    def disconnect(self) -> None:
        self.ended = True


def test_the_link_is_well_where_the_drawing_comes_through_and_is_left_again(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(monkeypatch)
    assert "a drawing came back" in _there_and_back(Settings(uplink_url="ws://h/"), [])
    assert service.ended
    [name] = service.published
    assert re.fullmatch("uplink_check_[0-9a-f]{32}", name)


@pytest.mark.parametrize(("brings", "back"), [(b"another drawing", None), (None, "another answer")])
def test_another_drawing_or_another_answer_is_found_and_the_link_left_all_the_same(
    monkeypatch: pytest.MonkeyPatch, brings: bytes | None, back: str | None
) -> None:
    service = Service(monkeypatch, brings, back)
    with pytest.raises(RuntimeError, match="the drawing was answered"):
        _there_and_back(Settings(uplink_url="ws://h/"), [])
    assert service.ended
