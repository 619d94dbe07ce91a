"""HTTP endpoints that a worker registers with the real library, asked for through the stand-in."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from local_anvil.host import Host
from local_anvil.keys import load_keys
from local_anvil.limits import Limits
from tests.http_client import Reply, ask
from tests.local_anvil.peers import FUNCTIONS, BareLink, bare_link, notebook
from tests.stand_in import ROOT, StandIn, stand_in, wait_until, worker

ELSEWHERE = "https://example.org"


def respond(host: StandIn, **wanted: Any) -> Reply:
    return ask(host.port, "POST", "/_/api/respond", wanted)


def test_an_endpoint_is_told_all_of_the_request(host: StandIn) -> None:
    origin = f"http://127.0.0.1:{host.port}"
    sent = {"X_Thing": "y", "Authorization": "Bearer x", "Origin": origin, "Content_Type": "image/x"}
    told = ask(host.port, "POST", "/_/api/request/a%2Fb?x=1&y=&x=2&name=z", b"\0\xff", **sent).json
    assert (told["name"], told["path"]) == ("a%2Fb", "/request/a%2Fb")
    assert told["method"] == "POST"
    assert told["query_params"] == {"x": ["1", "2"], "y": "", "name": "z"}
    assert told["parameters"] == {"x": ["1", "2"], "y": ""}
    assert (told["headers"]["x-thing"], told["headers"]["content-type"]) == ("y", "image/x")
    assert told["headers"]["authorization"] == "Bearer x"
    assert told["origin"] == origin
    assert told["remote_address"] == "127.0.0.1"
    assert told["body"] == ["image/x", "\0\xff"]
    assert told["callers"] == ["http", "http", False]


def test_a_request_without_anything_has_nothing(host: StandIn) -> None:
    told = ask(host.port, "GET", "/_/api/request/").json
    assert (told["name"], told["parameters"]) == ("", {})
    assert (told["body"], told["origin"]) == (None, None)


def test_a_slash_at_the_end_counts_where_the_endpoint_says_so(host: StandIn) -> None:
    assert ask(host.port, "GET", "/_/api/request/a/").json["name"] == "a"
    assert ask(host.port, "GET", "/_/api/fail/").status == 404


def test_head_is_a_request_like_any_other_and_its_answer_has_no_body(host: StandIn) -> None:
    reply = ask(host.port, "HEAD", "/_/api/request/a")
    assert (reply.status, reply.body) == (200, b"")


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_body_that_does_not_decode_is_a_bad_request(host: StandIn, coding: str) -> None:
    assert ask(host.port, "POST", "/_/api/respond", b"plain", Content_Encoding=coding).error == (400, "BadRequest")


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
    headers = {"X-One": "1", "Content-Type": "image/svg+xml"}
    reply = respond(host, body="<svg/>", status=404, headers=headers)
    assert (reply.status, reply.body) == (404, b"<svg/>")
    assert (reply.headers["x-one"], reply.headers["content-type"]) == ("1", "image/svg+xml")
    assert respond(host, body="", status="nonsense").status == 500


def test_what_http_cannot_carry_is_a_fault_of_the_endpoint(host: StandIn) -> None:
    assert respond(host, body="media").status == 500


def test_faults_and_gaps_are_answered_in_the_services_words(host: StandIn) -> None:
    failed = ask(host.port, "GET", "/_/api/fail")
    assert (failed.status, b"Check the application logs" in failed.body, b"boom" in failed.body) == (500, True, False)
    for path in ("/nothing", "/request", "/request/a/b", "/../request/a", ""):
        missing = ask(host.port, "GET", "/_/api" + path)
        assert missing.status == 404
    assert ask(host.port, "DELETE", "/_/api/request/x").status == 405


def test_other_names_and_other_origins_are_refused(host: StandIn) -> None:
    for headers in ({"Host": f"example.org:{host.port}"}, {"Origin": ELSEWHERE}, {"Origin": "null"}):
        assert ask(host.port, "GET", "/_/api/request/x", **headers).error == (403, "anvil.server.PermissionDenied")
    preflight = {"Origin": ELSEWHERE, "Access_Control_Request_Method": "POST"}
    reply = ask(host.port, "OPTIONS", "/_/api/request/x", **preflight)
    assert (reply.status, "access-control-allow-origin" in reply.headers) == (403, False)


@pytest.mark.parametrize(("allowed", "other"), [(ELSEWHERE, 403), ("*", 200)])
def test_pages_of_an_allowed_origin_may_ask_the_endpoints_and_nothing_else(
    tmp_path: Path, allowed: str, other: int
) -> None:
    with stand_in(tmp_path, environment={"HTTP_ALLOW_ORIGIN": allowed}) as ours, worker(ours, FUNCTIONS):
        assert ask(ours.port, "GET", "/_/api/request/x", Origin=ELSEWHERE).json["origin"] == ELSEWHERE
        assert ask(ours.port, "GET", "/_/api/request/x", Origin="http://example.net").status == other
        assert ask(ours.port, "GET", "/", Origin=ELSEWHERE).status == 403
        assert ask(ours.port, "POST", "/_/call", b"{}", Origin=ELSEWHERE).status == 403


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
            return ask(port, "GET", f"/_/api/hold?release={tmp_path / 'never'}"), slow.recv(1000)

    reply, told = small_host(tmp_path, Limits(http_seconds=0.5), use)
    assert reply.error == (503, "Timeout")
    assert told.startswith(b"HTTP/1.1 503 ")


def test_requests_at_work_are_bounded(tmp_path: Path) -> None:
    release = tmp_path / "go"

    def use(ours: StandIn, port: int) -> list[Reply]:
        with worker(ours, FUNCTIONS), ThreadPoolExecutor(6) as pool:
            asking = [pool.submit(ask, port, "GET", f"/_/api/hold?release={release}") for _ in range(6)]
            wait_until(lambda: sum(call.done() for call in asking) == 4, 10)  # refused while two are at work
            release.touch()
            return [call.result(10) for call in asking]

    replies = small_host(tmp_path, Limits(calls_per_caller=2), use)
    assert sorted(reply.status for reply in replies) == [200, 200, 429, 429, 429, 429]
    assert {reply.error for reply in replies if reply.status == 429} == {(429, "Busy")}


def test_a_chunked_body_is_bounded_too(tmp_path: Path) -> None:
    limits = Limits(media_bytes=1000)

    def use(_: StandIn, port: int) -> Reply:
        return ask(port, "POST", "/_/api/request/x", iter([b"x" * limits.media_bytes, b"x"]))

    assert small_host(tmp_path, limits, use).error == (413, "TooLarge")


def test_where_one_of_two_workers_goes_the_other_is_asked(tmp_path: Path) -> None:
    release = tmp_path / "go"
    with stand_in(tmp_path) as ours, worker(ours, FUNCTIONS) as first, ThreadPoolExecutor(1) as pool:
        page = ours.page()
        asking = pool.submit(ask, ours.port, "GET", f"/_/api/hold?release={release}")
        wait_until(lambda: page.call("held")["response"] == [first.pid, 1], 10, ours.log)
        with worker(ours, FUNCTIONS) as second:
            first.kill()
            wait_until(lambda: page.call("held").get("response") == [second.pid, 1], 10, ours.log)
            release.touch()
            assert asking.result(10).json == second.pid


def test_where_the_last_worker_goes_it_is_a_fault_at_once_and_nobody_is_asked_for_ever(tmp_path: Path) -> None:
    with stand_in(tmp_path) as ours, worker(ours, FUNCTIONS) as started, ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask, ours.port, "GET", f"/_/api/hold?release={tmp_path / 'never'}")
        page = ours.page()
        wait_until(lambda: page.call("held")["response"][1] == 1, 10, ours.log)
        started.kill()
        assert asking.result(10).status == 500
        assert ask(ours.port, "GET", "/_/api/request/x").status == 500


def test_no_third_worker_is_asked(host: StandIn) -> None:
    """A request that ends its worker does not end them all."""

    async def run() -> tuple[int, int]:
        async with AsyncExitStack() as stack:
            links = [await stack.enter_async_context(registered(host, "http:/deadly")) for _ in range(3)]
            asking = asyncio.create_task(asyncio.to_thread(ask, host.port, "GET", "/_/api/deadly"))
            given = [asyncio.create_task(link.get()) for link in links]
            for _ in range(2):
                done, _ = await asyncio.wait([task for task in given if task], return_when=asyncio.FIRST_COMPLETED)
                number = next(number for number, task in enumerate(given) if task in done)
                await links[number].socket.close()
                given.pop(number), links.pop(number)
            reply = await asking
            [left] = given
            asked_again = left.done()
            left.cancel()
            return reply.status, asked_again

    assert asyncio.run(run()) == (500, False)


@asynccontextmanager
async def registered(host: StandIn, name: str) -> AsyncIterator[BareLink]:
    """A worker's link that has registered a name."""
    async with bare_link(host, {"key": host.uplink_key, "v": 8}) as link:
        assert (await link.get())["auth"] == "OK"
        await link.send({"type": "REGISTER", "name": name})
        await link.call("registered?", "anvil.private.echo", None)
        await link.get()
        yield link


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
        async with registered(host, "http:/odd") as link:
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
