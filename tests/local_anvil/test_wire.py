"""Frames of the uplink protocol: whatever a peer sends is a message or a ProtocolError."""

import contextlib
import copy
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_anvil import wire
from local_anvil.wire import Answer, Call, ChunkHeader, Failure, MessageError, ProtocolError, Register, media_ids

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
CALL = {
    "type": "CALL",
    "id": "abc",
    "command": "f",
    "args": [None, {"deep": [None]}],
    "kwargs": {"k": None},
    "objects": [
        {"path": ["args", 0], "type": ["DataMedia"], "id": "m", "mime-type": "a/b", "name": None},
        {"path": ["args", 1, "deep", 0], "type": ["Long"], "value": "1099511627776"},
        {"path": ["kwargs", "k"], "type": ["DataMedia"], "id": "n", "mime-type": None, "name": "n.jpg"},
    ],
}
GOOD = [
    CALL,
    {"id": "abc", "response": {"x": None}, "objects": [{"path": ["response", "x"], "type": ["Long"], "value": "-7"}]},
    {"id": "abc", "error": {"type": "ValueError", "message": "boom", "trace": [["/w.py", 1]]}, "objects": []},
    {"type": "REGISTER", "name": "http:/thing/([^/]*)"},
    {"type": "CHUNK_HEADER", "requestId": "r", "mediaId": "m", "chunkIndex": 0, "lastChunk": True},
]


def spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(spot for key, item in inner for spot in spots(item, (*path, key)))]


@st.composite
def nearly_good(draw: st.DrawFn) -> Any:
    """A good message with one value, somewhere, replaced or left out."""
    message: Any = copy.deepcopy(draw(st.sampled_from(GOOD)))
    *parents, last = draw(st.sampled_from(spots(message)[1:]))
    holder = message
    for key in parents:
        holder = holder[key]
    if draw(st.booleans()):
        holder[last] = draw(VALUES | st.sampled_from(["LazyMedia", "Date", "Primitive", "args", "2024-01-01"]))
    else:
        del holder[last]
    return message


def parsed_or_refused(text: str) -> wire.Message | None:
    try:
        return wire.parse(text)
    except (MessageError, ProtocolError):
        return None


@given(st.text() | st.binary().map(lambda data: data.decode(errors="surrogateescape")) | VALUES.map(json.dumps))
def test_any_text_is_a_message_or_a_protocol_error(text: str) -> None:
    parsed_or_refused(text)
    with contextlib.suppress(ProtocolError):
        wire.hello(text)


@given(nearly_good())
def test_what_is_let_through_the_real_client_can_read(message: dict[str, Any]) -> None:
    """An exception where the client puts the objects in place would end a worker's receive thread."""
    from anvil import _server

    parsed = parsed_or_refused(json.dumps(message))
    if isinstance(parsed, Call) and not parsed.refusal:
        relayed = {"id": "x", "args": parsed.args, "kwargs": parsed.kwargs, "objects": parsed.objects}
    elif isinstance(parsed, Answer) and not parsed.error:
        relayed = {"id": parsed.id, "response": parsed.response, "objects": parsed.objects}
    else:
        return
    received = json.loads(wire.encode(relayed))
    media: list[str] = []
    _server._reconstruct_objects(received, lambda entry: media.append(entry["id"]), hold_back_value_types=True)
    assert media == media_ids(parsed.objects)


def test_a_call_is_read() -> None:
    call = wire.parse(json.dumps(CALL))
    assert isinstance(call, Call)
    assert (call.id, call.command) == ("abc", "f")
    assert media_ids(call.objects) == ["m", "n"]


def test_an_answer_an_error_and_a_chunk_are_read() -> None:
    answer, error, _, header = [wire.parse(json.dumps(message)) for message in GOOD[1:]]
    assert answer == Answer("abc", {"x": None}, [{"path": ["response", "x"], "type": ["Long"], "value": "-7"}])
    assert error == Answer("abc", None, [], Failure("ValueError", "boom"))
    assert header == ChunkHeader("r", "m", 0, last=True)


def test_a_message_of_an_unknown_type_is_passed_over() -> None:
    assert wire.parse('{"type": "NEWS", "id": 1}') is None


def test_session_data_of_an_answer_is_passed_over() -> None:
    entry = {"path": ["sessionData", "x"], "type": ["LiveObject"]}
    answer = wire.parse(json.dumps({"id": "a", "response": 1, "sessionData": {"x": None}, "objects": [entry]}))
    assert answer == Answer("a", 1, [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        "9" * 5000,
    ],
)
def test_what_is_not_a_json_message_is_refused(text: str) -> None:
    with pytest.raises(MessageError):
        wire.parse(text)


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"type": "CALL", "id": "abc", "command": "f", "args": [nested(200)], "kwargs": {}}, "nests too deeply"),
        ({"type": "CALL", "id": "abc", "command": "f", "args": []}, "'kwargs' is missing"),
        ({"type": "CALL", "id": "abc", "command": "f", "args": [], "kwargs": {}, "objects": 1}, "not a list"),
        ({"id": "abc", "response": nested(200)}, "nests too deeply"),
        ({"id": "abc", "response": None, "objects": [{"path": ["response"], "type": ["Float"]}]}, "kind Float"),
    ],
)
def test_what_is_wrong_with_a_call_or_an_answer_is_what_to_refuse_it_with(message: dict[str, Any], said: str) -> None:
    parsed = wire.parse(json.dumps(message))
    assert isinstance(parsed, Call | Answer)
    failure = parsed.refusal if isinstance(parsed, Call) else parsed.error
    assert failure
    assert (parsed.id, failure.type) == ("abc", "anvil.server.SerializationError")
    assert said in failure.message


@pytest.mark.parametrize("bad", [1, None, ["abc"]])
def test_without_an_id_there_is_nobody_to_tell(bad: object) -> None:
    for message in ({**CALL, "id": bad}, {"id": bad, "response": 1}):
        with pytest.raises(MessageError, match="'id' is missing"):
            wire.parse(json.dumps(message))


@pytest.mark.parametrize("error", ["text", None, {}])
def test_an_error_of_another_shape_is_an_error_all_the_same(error: object) -> None:
    answer = wire.parse(json.dumps({"id": "abc", "error": error}))
    assert answer == Answer("abc", None, [], Failure("anvil.server.InternalError", ""))


@pytest.mark.parametrize(
    "name",
    [
        "classify_image",
        "http:/models/?",
        "http:/classify/([^/]*)/?",
        "dot.name",
        "http:/thing/([^/]*)/b/([^/]*)",
        "task:t",
        "anvil.server_side/a.B.m",
        "größe",
        "a b",
    ],
)
def test_names_are_regular_expressions(name: str) -> None:
    register = wire.parse(json.dumps({"type": "REGISTER", "name": name}))
    assert isinstance(register, Register)
    assert register.pattern == re.compile(name)


@pytest.mark.parametrize("name", ["(", "[a", None, 3, []])
def test_what_is_no_expression_is_not_taken(name: Any) -> None:
    with pytest.raises(ProtocolError, match=r"^Invalid function name specification$"):
        wire.parse(json.dumps({"type": "REGISTER", "name": name}))


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        ({"key": "k"}, "outdated"),
        ({"key": "k", "v": "8"}, "outdated"),
        ({"key": "k", "v": True}, "outdated"),
        ({"key": "k", "v": 4}, "outdated"),
        ({"v": 8}, "Incorrect uplink key"),
        ({"key": 5, "v": 8}, "Incorrect uplink key"),
    ],
)
def test_a_bad_first_frame_gets_the_services_words(frame: Any, text: str) -> None:
    with pytest.raises(ProtocolError, match=text):
        wire.hello(json.dumps(frame))


def test_a_good_first_frame() -> None:
    assert wire.hello('{"key": "k", "v": 8}') == ("k", 8)


def test_a_message_larger_than_a_frame_is_not_sent() -> None:
    with pytest.raises(wire.PayloadTooLarge, match=r"^Payload too large \(\d+\)$"):
        wire.encode({"x": "x" * wire.FRAME_BYTES})


@given(st.text())
def test_any_text_can_be_sent(text: str) -> None:
    assert json.loads(wire.encode({"x": text}).encode()) == {"x": text}
