"""What the page says of the worker."""

import pytest

from anvil_app import presence


@pytest.mark.parametrize(("state", "name"), [("ready", "ready"), ("draining", "draining")])
def test_a_worker_that_answers_is_there(state: str, name: str) -> None:
    shown = presence.of({"state": state, "version": "1.0", "models": ["a"]})
    assert (shown["there"], shown["name"], shown["seconds"]) == (True, name, presence.SECONDS_WHILE_THERE)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("anvil.server.NoServerFunctionError", "away"),
        ("anvil.server.UplinkDisconnectedError", "away"),
        ("anvil.server.AppOfflineError", "offline"),
        ("anvil.server.SessionExpiredError", "expired"),
        ("Silent", "silent"),
    ],
)
def test_a_worker_that_cannot_be_reached_is_looked_for_often(kind: str, name: str) -> None:
    shown = presence.of({"error": {"type": kind, "message": "gone"}})
    assert (shown["there"], shown["name"], shown["seconds"]) == (False, name, presence.SECONDS_WHILE_AWAY)


def test_a_worker_for_which_calls_wait_is_busy() -> None:
    assert presence.of({"state": "ready", "version": "1.0", "models": ["a"], "waiting": 2})["name"] == "busy"


@pytest.mark.parametrize(
    ("models", "text"), [(["a"], "version 1.0 · 1 model"), (["a", "b"], "version 1.0 · 2 models"), ([], "")]
)
def test_the_details_are_version_and_models(models: list[str], text: str) -> None:
    assert presence.details(presence.of({"state": "ready", "version": "1.0", "models": models})) == text
