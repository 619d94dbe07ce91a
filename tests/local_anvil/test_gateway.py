"""HTTP endpoints that a worker registers with the real library, asked for through the stand-in."""

import asyncio
import base64
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local_anvil.endpoints import FORM_BYTES, MAX_FIELDS
from local_anvil.host import Host
from local_anvil.keys import load_keys
from local_anvil.limits import Limits
from local_anvil.page_call import JSON_BYTES
from tests.http_client import Reply, ask
from tests.local_anvil.media_pattern import pattern
from tests.local_anvil.peers import FUNCTIONS, bare_link, notebook
from tests.stand_in import ROOT, StandIn, stand_in, wait_until, worker

FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with stand_in(tmp_path_factory.mktemp("host")) as started, worker(started, FUNCTIONS):
        yield started


def respond(host: StandIn, **wanted: Any) -> Reply:
    return ask(host.port, "POST", "/_/api/respond", wanted)


def test_an_endpoint_is_told_all_of_the_request(host: StandIn) -> None:
    origin = f"http://127.0.0.1:{host.port}"
    credentials = "Basic " + base64.b64encode(b"ann:a:b").decode()
    sent = {"X_Thing": "\xe4", "Authorization": credentials, "Origin": origin, "Content_Type": "image/x"}
    told = ask(host.port, "POST", "/_/api/request/a%2Fb?x=1&y=&x=2&name=z", b"\0\xff", **sent).json
    assert (told["name"], told["path"]) == ("a%2Fb", "/request/a%2Fb")
    assert told["method"] == "POST"
    assert told["query_params"] == {"x": ["1", "2"], "y": "", "name": "z"}
    assert told["parameters"] == {"x": ["1", "2"], "y": ""}
    assert (told["headers"]["x-thing"], told["headers"]["content-type"]) == ("\xe4", "image/x")
    assert told["origin"] == origin
    assert told["remote_address"] == "127.0.0.1"
    assert (told["username"], told["password"]) == ("ann", "a:b")
    assert told["body"] == ["image/x", "\0\xff"]
    assert told["callers"] == ["http", "http", False]


def test_a_request_without_anything_has_nothing(host: StandIn) -> None:
    told = ask(host.port, "GET", "/_/api/request/").json
    assert (told["name"], told["parameters"], told["form_params"]) == ("", {}, {})
    assert (told["body"], told["origin"], told["username"]) == (None, None, None)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_body_that_does_not_decode_is_a_bad_request(host: StandIn, coding: str) -> None:
    assert ask(host.port, "POST", "/_/api/respond", b"plain", Content_Encoding=coding).error == (400, "BadRequest")


def test_a_form_is_parsed_and_comes_whole_as_well(host: StandIn) -> None:
    told = ask(host.port, "POST", "/_/api/request/n?b=3", b"a=1&b=%C3%A4&a=2", Content_Type=FORM).json
    assert told["form_params"] == {"a": ["1", "2"], "b": "\xe4"}
    assert told["parameters"] == {"a": ["1", "2"], "b": "3"}
    assert told["body"] == [FORM, "a=1&b=%C3%A4&a=2"]


@pytest.mark.parametrize("sent", ["Basic ?", "Basic", "Basic YQ==", "Basic YQ", "Bearer x"])
def test_what_is_no_basic_authorization_names_nobody(host: StandIn, sent: str) -> None:
    assert ask(host.port, "GET", "/_/api/request/x", Authorization=sent).json["username"] is None
    assert ask(host.port, "GET", "/_/api/private", Authorization=sent).status == 401


def test_credentials_that_an_endpoint_requires(host: StandIn) -> None:
    refused = ask(host.port, "GET", "/_/api/private")
    assert (refused.status, refused.headers["www-authenticate"]) == (401, 'Basic realm="Anvil App API"')
    sent = "Basic " + base64.b64encode(b"ann:").decode()
    assert ask(host.port, "GET", "/_/api/private", Authorization=sent).body == b"ann's own"


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 3_000_000])
def test_media_return_as_they_are(host: StandIn, size: int) -> None:
    reply = respond(host, body={"media": "image/png", "size": size}, status=201)
    assert (reply.status, reply.headers["content-type"], reply.body) == (201, "image/png", pattern(size, 0))


@pytest.mark.parametrize(
    ("body", "content_type", "sent"),
    [
        ("text \xe4", "text/plain; charset=utf-8", "text \xe4".encode()),
        ({"a": [1, None, True]}, "application/json", b'{"a": [1, null, true]}'),
        (None, "application/json", b"null"),
        ("big", "application/json", str(2**70).encode()),
    ],
)
def test_text_and_json_return_with_their_type(host: StandIn, body: Any, content_type: str, sent: bytes) -> None:
    reply = respond(host, body=body)
    assert (reply.status, reply.headers["content-type"], reply.body) == (200, content_type, sent)
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_status_and_headers_are_the_endpoints(host: StandIn) -> None:
    headers = {
        "X-One": "1",
        "Content-Type": "image/svg+xml",
        "Content-Length": "7",
        "X-Bad": "a\r\nX-Two: 2",
        "a b": "c",
    }
    reply = respond(host, body="<svg/>", status=404, headers=headers)
    assert (reply.status, reply.body) == (404, b"<svg/>")
    assert (reply.headers["x-one"], reply.headers["content-type"]) == ("1", "image/svg+xml")
    assert "x-two" not in reply.headers
    assert respond(host, body="", status="nonsense").status == 500


def test_what_http_cannot_carry_is_a_fault_of_the_endpoint(host: StandIn) -> None:
    assert respond(host, body="infinity").status == 500
    assert respond(host, body=[{"media": "a/b"}]).status == 200


def test_faults_and_gaps_are_answered_in_the_services_words(host: StandIn) -> None:
    failed = ask(host.port, "GET", "/_/api/fail")
    assert (failed.status, b"Check the application logs" in failed.body, b"boom" in failed.body) == (500, True, False)
    for path in ("/nothing", "/request", "/request/a/b", "/../request/a", ""):
        missing = ask(host.port, "GET", "/_/api" + path)
        assert missing.status == 404
    assert ask(host.port, "DELETE", "/_/api/request/x").status == 405


def test_other_names_and_other_origins_are_refused(host: StandIn) -> None:
    for headers in ({"Host": f"example.org:{host.port}"}, {"Origin": "https://example.org"}, {"Origin": "null"}):
        assert ask(host.port, "GET", "/_/api/request/x", **headers).error == (403, "anvil.server.PermissionDenied")
    preflight = {"Origin": "https://example.org", "Access_Control_Request_Method": "POST"}
    reply = ask(host.port, "OPTIONS", "/_/api/request/x", **preflight)
    assert (reply.status, "access-control-allow-origin" in reply.headers) == (403, False)


def test_only_http_and_the_owners_uplinks_call_endpoints(host: StandIn) -> None:
    assert host.page().call("http:/fail")["error"]["type"] == "anvil.server.PermissionDenied"
    code = """
try:
    anvil.server.call("http:/fail")
except anvil.server.PermissionDenied:
    result = "denied"
"""
    assert notebook(host, code) == "denied"


def test_what_is_no_endpoint_cannot_be_asked_for(host: StandIn) -> None:
    for path in ("/pid", "pid", ":pid", "/http:/fail"):
        assert ask(host.port, "GET", "/_/api" + path).status == 404


def test_too_many_parameters_are_refused(host: StandIn) -> None:
    body = "&".join(f"a{number}=1" for number in range(MAX_FIELDS + 1)).encode()
    assert ask(host.port, "POST", "/_/api/request/x", body, Content_Type=FORM).error == (400, "BadRequest")
    large = b"a=" + b"%ff" * (FORM_BYTES // 3)
    assert ask(host.port, "POST", "/_/api/request/x", large, Content_Type=FORM).error == (400, "BadRequest")
    assert ask(host.port, "POST", "/_/api/request/x", large, Content_Type="image/x").status == 200


def test_a_body_that_is_too_large_is_refused_before_it_is_read(host: StandIn) -> None:
    with socket.create_connection(("127.0.0.1", host.port), timeout=30) as connection:
        head = f"POST /_/api/request/x HTTP/1.1\r\nHost: 127.0.0.1:{host.port}\r\nContent-Length: 1000000000\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def small_host(folder: Path, limits: Limits, use: Callable[[StandIn, int], Any]) -> Any:
    """What `use` gives, with a host in this process that has these limits, and a worker."""

    async def run() -> Any:
        keys = load_keys(folder / "keys.json")
        async with Host(keys, ROOT / "anvil_app", limits).running(0) as port:
            ours = StandIn(None, port, folder, folder / "keys.json", folder / "x", keys.uplink, keys.client)  # type: ignore[arg-type]
            return await asyncio.to_thread(use, ours, port)

    return asyncio.run(run())


def test_a_request_has_a_time_limit_from_its_first_byte_on(tmp_path: Path) -> None:
    def use(ours: StandIn, port: int) -> tuple[Reply, bytes]:
        with worker(ours, FUNCTIONS), socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
            head = f"POST /_/api/request/x HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 5\r\n\r\nab"
            slow.sendall(head.encode())
            return ask(port, "GET", "/_/api/wait/3"), slow.recv(1000)

    reply, told = small_host(tmp_path, Limits(http_seconds=0.5), use)
    assert reply.error == (503, "Timeout")
    assert told.startswith(b"HTTP/1.1 503 ")


def test_requests_at_work_are_bounded(tmp_path: Path) -> None:
    def use(ours: StandIn, port: int) -> list[Reply]:
        with worker(ours, FUNCTIONS), ThreadPoolExecutor(6) as pool:
            return list(pool.map(lambda _: ask(port, "GET", "/_/api/wait/1"), range(6)))

    replies = small_host(tmp_path, Limits(calls_per_caller=2), use)
    assert sorted(reply.status for reply in replies) == [200, 200, 429, 429, 429, 429]
    assert {reply.error for reply in replies if reply.status == 429} == {(429, "Busy")}


def test_a_chunked_body_is_bounded_too(tmp_path: Path) -> None:
    limits = Limits(media_bytes=1000)

    def use(_: StandIn, port: int) -> Reply:
        return ask(port, "POST", "/_/api/request/x", iter([b"x" * (JSON_BYTES + limits.media_bytes), b"x"]))

    assert small_host(tmp_path, limits, use).error == (413, "TooLarge")


def test_a_worker_that_goes_during_a_request_is_a_fault_at_once(tmp_path: Path) -> None:
    with stand_in(tmp_path) as ours, worker(ours, FUNCTIONS) as started, ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask, ours.port, "GET", "/_/api/wait/20")
        page = ours.page()
        wait_until(lambda: page.call("waiting")["response"] == 1, 10, ours.log)
        began = time.monotonic()
        started.kill()
        assert asking.result().status == 500
        assert time.monotonic() - began < 5
        assert ask(ours.port, "GET", "/_/api/wait/0").status == 500


def test_a_worker_may_answer_nonsense(host: StandIn) -> None:
    answers = [
        7,
        [],
        {},
        {"status": True, "body": "x"},
        {"status": 999, "body": "x"},
        {"headers": [["a"], 3], "body": 1},
    ]

    async def run() -> list[int]:
        statuses = []
        async with bare_link(host, {"key": host.uplink_key, "v": 8}) as link:
            assert (await link.get())["auth"] == "OK"
            await link.send({"type": "REGISTER", "name": "http:/odd"})
            await link.call("registered?", "anvil.private.echo", None)
            await link.get()
            for answer in answers:
                asking = asyncio.create_task(asyncio.to_thread(ask, host.port, "GET", "/_/api/odd"))
                call = await link.get()
                await link.send({"id": call["id"], "response": answer, "objects": []})
                statuses.append((await asking).status)
        return statuses

    assert asyncio.run(run()) == [500] * 6


def test_the_second_port_has_the_endpoints_and_nothing_else(tmp_path: Path) -> None:
    with stand_in(tmp_path, options=["--http-port", "0"]) as ours, worker(ours, FUNCTIONS):
        [line] = [line for line in ours.log.read_text().splitlines() if line.startswith("HTTP: ")]
        port = int(line.removeprefix("HTTP: http://127.0.0.1:").removesuffix("/"))
        for path in ("/request/x", "/_/api/request/x"):
            assert ask(port, "GET", path).json["path"] == "/request/x"
        for path in ("/", "/_/call", "/_/uplink", "/_/bundle.js"):
            assert (reply := ask(port, "GET", path)).status == 404
            assert reply.body == b"No matching API endpoint"
        assert ask(port, "GET", "/request/x", Host=f"127.0.0.1:{ours.port}").status == 403
        assert ask(port, "GET", "/request/x", Origin=f"http://127.0.0.1:{ours.port}").status == 403
