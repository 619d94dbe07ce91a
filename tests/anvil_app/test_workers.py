"""What the page says of the worker, and which models it offers."""

import pytest

from anvil_app import workers

OFFER = {"default": "a", "models": [{"name": "a", "title": "Model A"}, {"name": "b"}]}


@pytest.mark.parametrize(("state", "name"), [("ready", "ready"), ("draining", "draining")])
def test_a_worker_that_answers_is_there(state: str, name: str) -> None:
    shown = workers.state({"state": state, "version": "1.0", "models": ["a"]})
    assert (shown["there"], shown["name"], shown["seconds"]) == (True, name, workers.SECONDS_WHILE_THERE)


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
    shown = workers.state({"error": {"type": kind, "message": "gone"}})
    assert (shown["there"], shown["name"], shown["seconds"]) == (False, name, workers.SECONDS_WHILE_AWAY)


def test_a_worker_for_which_calls_wait_is_busy() -> None:
    assert workers.state({"state": "ready", "version": "1.0", "models": ["a"], "waiting": 2})["name"] == "busy"


@pytest.mark.parametrize(
    ("models", "text"), [(["a"], "version 1.0 · 1 model"), (["a", "b"], "version 1.0 · 2 models"), ([], "")]
)
def test_the_details_are_version_and_models(models: list[str], text: str) -> None:
    assert workers.details(workers.state({"state": "ready", "version": "1.0", "models": models})) == text


def test_patience_grows_with_what_has_to_travel() -> None:
    assert workers.patience(10_000) < 7
    assert workers.patience(5_000_000) > 25


def test_choices_are_titles_with_names() -> None:
    assert workers.choices(OFFER) == [("Model A", "a"), ("b", "b")]


def test_find_a_model() -> None:
    assert workers.find(OFFER, "b") == {"name": "b"}
    assert workers.find(OFFER, "c") == {}
