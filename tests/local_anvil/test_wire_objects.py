"""The typed values of a message."""

import json
from typing import Any

import pytest

from local_anvil import wire
from local_anvil.wire import Call

CALL = {"type": "CALL", "id": "abc", "command": "f", "args": [None, 1], "kwargs": {}}


def refusal(entries: Any, args: Any = CALL["args"]) -> str | None:
    """Why a call with these objects is refused; None where it is taken."""
    call = wire.parse(json.dumps({**CALL, "args": args, "objects": entries}))
    assert isinstance(call, Call)
    assert call.refusal is None or call.refusal.type == "anvil.server.SerializationError"
    return call.refusal and call.refusal.message


@pytest.mark.parametrize("kind", ["LazyMedia", "LiveObject", "Capability", "ValueType", "Date", "Float", "Other"])
def test_values_that_do_not_travel_here_are_refused_by_name(kind: str) -> None:
    said = refusal([{"path": ["args", 0], "type": [kind], "value": "x"}])
    assert said == f"Values of the kind {kind} do not travel through local_anvil"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        (["args", 5], "nowhere"),
        (["args", -1], "nowhere"),
        (["args", True], "nowhere"),
        (["args", "0"], "nowhere"),
        (["kwargs", "z"], "nowhere"),
        (["args"], "a value"),
        ([], "no path"),
        ("args", "no path"),
    ],
)
def test_an_object_must_have_its_place(path: Any, problem: str) -> None:
    assert problem in str(refusal([{"path": path, "type": ["Long"], "value": "1"}]))


@pytest.mark.parametrize("value", ["1" * 4001, "1.5", "", "x", "--1", 1, None])
def test_a_number_that_cannot_be_read_is_refused(value: object) -> None:
    assert "Long" in str(refusal([{"path": ["args", 0], "type": ["Long"], "value": value}]))


@pytest.mark.parametrize("value", ["1" * 4000, "-" + "9" * 4000, "0"])
def test_a_number_of_4000_digits_is_read(value: str) -> None:
    assert refusal([{"path": ["args", 0], "type": ["Long"], "value": value}]) is None


@pytest.mark.parametrize(("media", "taken"), [("x", True), (1, False), (None, False)])
def test_media_have_an_id(media: object, taken: bool) -> None:
    said = refusal([{"path": ["args", 0], "type": ["DataMedia"], "id": media, "mime-type": "a/b", "name": None}])
    assert (said is None) == taken


@pytest.mark.parametrize("kind", [None, [], [1], "Long"])
def test_an_object_has_a_type(kind: object) -> None:
    assert "no type" in str(refusal([{"path": ["args", 0], "type": kind, "value": "1"}]))


def test_media_need_neither_a_type_nor_a_name() -> None:
    call = wire.parse(json.dumps({**CALL, "objects": [{"path": ["args", 0], "type": ["DataMedia"], "id": "m"}]}))
    assert isinstance(call, Call)
    assert call.objects == [{"path": ["args", 0], "type": ["DataMedia"], "id": "m", "mime-type": None, "name": None}]
