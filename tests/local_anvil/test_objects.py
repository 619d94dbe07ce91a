"""The typed values of a message."""

import json
from typing import Any

import pytest

from local_anvil import wire
from local_anvil.wire import Call, ProtocolError

CALL = {"type": "CALL", "id": "abc", "command": "f", "args": [None, 1], "kwargs": {}}


@pytest.mark.parametrize("kind", ["LazyMedia", "LiveObject", "Capability", "ValueType", "ClassType", "Other"])
def test_values_that_do_not_travel_here_are_refused_by_name(kind: str) -> None:
    entry = {"path": ["args", 0], "type": [kind], "typeName": "os.path"}
    call = wire.parse(json.dumps({**CALL, "objects": [entry]}))
    assert isinstance(call, Call)
    assert call.refusal
    assert call.refusal.type == "anvil.server.SerializationError"
    assert kind in call.refusal.message


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
    entry = {"path": path, "type": ["Long"], "value": "1"}
    with pytest.raises(ProtocolError, match=problem):
        wire.parse(json.dumps({**CALL, "objects": [entry]}))


def test_more_objects_than_any_call_has_are_refused() -> None:
    call = {**CALL, "args": [None] * 3000}
    entries = [{"path": ["args", number], "type": ["Long"], "value": "1"} for number in range(3000)]
    assert wire.parse(json.dumps({**call, "objects": entries[:2000]}))
    with pytest.raises(ProtocolError, match="more than 2000"):
        wire.parse(json.dumps({**call, "objects": entries}))


@pytest.mark.parametrize(
    ("kind", "value"),
    [("Long", "1" * 5000), ("Long", "1.5"), ("Float", "x"), ("Date", "2024-02-30"), ("DateTime", "yesterday")],
)
def test_an_unreadable_value_is_refused(kind: str, value: str) -> None:
    entry = {"path": ["args", 0], "type": [kind], "value": value}
    with pytest.raises(ProtocolError, match=kind):
        wire.parse(json.dumps({**CALL, "objects": [entry]}))
