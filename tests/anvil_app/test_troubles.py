"""Each thing that can go wrong has its words and its next step."""

import ast
from pathlib import Path

import pytest

from anvil_app import troubles, words

ROOT = Path(__file__).parents[2]


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


def test_a_refusal_is_told_in_the_workers_words_or_in_those_of_its_kind() -> None:
    error = {"type": "BadRequest", "message": "'cat' has 2 usable photos. At least 3 are needed.", "kind": "few"}
    assert troubles.of(error)["advice"] == error["message"]
    words.use("es")
    assert "muy pocas fotos" in troubles.of(error)["advice"]
    assert troubles.of({**error, "kind": "new to this page"})["advice"] == words.say("refused_advice")
    del error["kind"]
    assert troubles.of(error)["advice"] == words.say("refused_advice")


def test_what_a_worker_could_not_do_is_told_in_the_language_of_the_page() -> None:
    words.use("es")
    trouble = troubles.of({"type": "InternalError", "message": "The worker could not answer."})
    assert (trouble["name"], trouble["again"]) == ("internal", True)
    assert "worker" not in trouble["headline"] + trouble["advice"]


def test_each_kind_that_workers_name_has_words() -> None:
    """The second argument of each BadRequestError in the rooms that answer the page."""
    named = set()
    for path in [path for room in ("classifier", "teach", "worker") for path in (ROOT / room).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "BadRequestError":
                named |= {ast.literal_eval(argument) for argument in node.args[1:]}
    assert named == set(troubles.KINDS)


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
