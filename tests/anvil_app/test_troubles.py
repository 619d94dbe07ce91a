"""Each thing that can go wrong has its words and its next step."""

import pytest

from anvil_app import troubles


@pytest.mark.parametrize(
    ("kind", "name", "step", "again"),
    [
        ("NotAPhoto", "not_a_photo", "stop", False),
        ("UnsupportedFormat", "format", "stop", False),
        ("Truncated", "truncated", "stop", False),
        ("TooLarge", "too_large", "stop", False),
        ("Busy", "busy", "stop", True),
        ("Timeout", "timeout", "stop", True),
        ("anvil.server.TimeoutError", "timeout", "stop", True),
        ("UnknownModel", "unknown_model", "stop", True),
        ("anvil.server.UplinkDisconnectedError", "lost", "resend", True),
        ("anvil.server.UplinkDisconnected", "lost", "resend", True),
        ("anvil.server.NoServerFunctionError", "away", "wait", False),
        ("anvil.server.AppOfflineError", "offline", "wait", False),
        ("anvil.server.SessionExpiredError", "expired", "stop", False),
        ("Silent", "silent", "wait", False),
        ("Overdue", "overdue", "resend", True),
        ("Unsendable", "unsendable", "stop", True),
    ],
)
def test_known_errors(kind: str, name: str, step: str, again: bool) -> None:
    trouble = troubles.of({"type": kind, "message": "Something"})
    assert (trouble["name"], trouble["next"], trouble["again"]) == (name, step, again)
    assert trouble["headline"]
    assert trouble["advice"]


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("anvil.server.UplinkDisconnectedError", 'The uplink server for "classify_image" has been disconnected'),
        ("anvil.server.InternalError", "Internal server error: Server runtime not available."),
    ],
)
def test_some_errors_mean_that_no_worker_is_there(kind: str, message: str) -> None:
    assert troubles.of({"type": kind, "message": message})["name"] == "away"


def test_a_wrapped_loss_is_known_by_its_text() -> None:
    assert troubles.of({"type": "AnvilWrappedError", "message": "Uplink disconnected"})["name"] == "lost"


def test_an_unknown_error_is_shown_with_its_own_message() -> None:
    trouble = troubles.of({"type": "SomethingNew", "message": "The moon is in the way."})
    assert trouble["name"] == "unknown"
    assert trouble["advice"].startswith("The moon is in the way. ")
    assert trouble["again"]


def test_an_error_without_a_message_has_words_all_the_same() -> None:
    assert troubles.of({"type": "SomethingNew", "message": ""})["advice"]


@pytest.mark.parametrize(
    ("kind", "state"), [("AppOfflineError", "waiting"), ("Busy", "trouble"), ("NotAPhoto", "refused")]
)
def test_how_a_trouble_is_shown(kind: str, state: str) -> None:
    assert troubles.state(troubles.of({"type": kind, "message": ""})) == state


def test_an_exception_reads_like_a_refusal() -> None:
    assert troubles.from_exception(ValueError("bad")) == {"type": "ValueError", "message": "bad"}


def test_a_wrapped_exception_keeps_its_type() -> None:
    error = Exception("full")
    error.error_obj = {"type": "Busy", "message": "full"}  # type: ignore[attr-defined]  # as Anvil's wrapper has it
    assert troubles.from_exception(error) == {"type": "Busy", "message": "full"}
