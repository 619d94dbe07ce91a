"""What the page says of the worker, and which models it offers."""

import pytest

from anvil_app import workers

OFFER = {"default": "a", "models": [{"name": "a", "title": "Model A"}, {"name": "b"}]}


@pytest.mark.parametrize(("state", "name"), [("ready", "ready"), ("draining", "draining")])
def test_a_worker_that_answers_is_there(state: str, name: str) -> None:
    shown = workers.state({"state": state})
    assert (shown["there"], shown["name"], shown["seconds"]) == (True, name, workers.SECONDS_WHILE_THERE)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("anvil.server.NoServerFunctionError", "away"),
        ("anvil.server.UplinkDisconnectedError", "away"),
        ("anvil.server.AppOfflineError", "offline"),
        ("anvil.server.SessionExpiredError", "expired"),
    ],
)
def test_a_worker_that_cannot_be_reached_is_looked_for_often(kind: str, name: str) -> None:
    shown = workers.state({"error": {"type": kind, "message": "gone"}})
    assert (shown["there"], shown["name"], shown["seconds"]) == (False, name, workers.SECONDS_WHILE_AWAY)


def test_choices_are_titles_with_names() -> None:
    assert workers.choices(OFFER) == [("Model A", "a"), ("b", "b")]


def test_find_a_model() -> None:
    assert workers.find(OFFER, "b") == {"name": "b"}
    assert workers.find(OFFER, "c") == {}
