"""The host over HTTP: what it serves, and whom it refuses."""

import asyncio
import http.client
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from local_anvil.forms import AppError
from local_anvil.host import Host
from local_anvil.keys import load_keys
from tests.local_anvil.peers import bare_link
from tests.stand_in import ROOT, StandIn, stand_in

APP = ROOT / "anvil_app"


def get(host: StandIn, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body; the path is sent as it stands."""
    connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=10)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def test_the_page_allows_its_own_scripts_and_nothing_else(host: StandIn) -> None:
    status, headers, body = get(host, "/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self' 'unsafe-eval';" in policy
    assert "https:" not in policy
    assert b"<script>" not in body
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_every_start_has_its_own_page_token(host: StandIn, tmp_path: Path) -> None:
    with stand_in(tmp_path) as other:
        stale = other.page().token
        assert stale != host.page().token
    page = host.page()
    page.token = stale
    status, answer = page.post("2", b"{}")
    assert (status, answer["error"]["type"]) == (403, "anvil.server.SessionExpiredError")


@pytest.mark.parametrize(
    ("path", "kind", "start"),
    [
        ("/_/bundle.js", "javascript", b"addEventListener"),
        ("/_/runtime/brython.js", "javascript", b"// brython.js brython.info"),
        ("/_/theme/theme.css", "css", b""),
    ],
)
def test_what_the_page_loads(host: StandIn, path: str, kind: str, start: bytes) -> None:
    status, headers, body = get(host, path)
    assert status == 200
    assert headers["content-type"].split(";")[0].endswith(f"/{kind}")
    assert body.startswith(start)
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/_/runtime/README.txt",
        "/_/runtime/../local_anvil/host.py",
        "/_/theme/../anvil.yaml",
        "/_/theme/%2e%2e/%2e%2e/anvil.yaml",
        "/_/theme/..%2f..%2fanvil.yaml",
        "/_/theme//etc/passwd",
        "/_/theme/%2fetc%2fpasswd",
        "/_/theme/x%00",
        "/_/media/unknown",
        "/_/nothing",
        "/.local_anvil.json",
    ],
)
def test_nothing_else_is_served(host: StandIn, path: str) -> None:
    status, headers, body = get(host, path)
    assert status == 404
    assert json.loads(body)["error"]["message"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/_/bundle.js", "/_/theme/theme.css", "/_/uplink", "/_/nothing"])
def test_other_names_and_other_origins_are_refused_everywhere(host: StandIn, path: str) -> None:
    ours = f"127.0.0.1:{host.port}"
    for headers in (
        {"Host": "example.org"},
        {"Host": f"example.org:{host.port}"},
        {"Host": "127.0.0.1"},
        {"Host": ""},
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": f"https://{ours}"},
        {"Origin": f"http://{ours}.example.org"},
    ):
        status, _, body = get(host, path, **headers)
        assert (status, json.loads(body)["error"]["type"]) == (403, "anvil.server.PermissionDenied")


def test_this_machines_other_name_is_its_own(host: StandIn) -> None:
    name = f"localhost:{host.port}"
    assert get(host, "/", Host=name, Origin=f"http://{name}")[0] == 200


def test_a_call_needs_the_page_token_and_the_pages_origin(host: StandIn) -> None:
    page, body = host.page(), json.dumps({"command": "pid", "args": [], "kwargs": {}}).encode()
    sizes = str(len(body))
    assert page.post(sizes, body)[0] == 200
    assert page.post(sizes, body, {"X-Page-Token": ""})[0] == 403
    assert page.post(sizes, body, {"X-Page-Token": "\xff" * 30})[0] == 403
    for origin in ("https://example.org", "null", f"ws://127.0.0.1:{host.port}"):
        assert page.post(sizes, body, {"Origin": origin})[0] == 403
    assert get(host, "/_/call")[0] == 405


def test_a_worker_is_never_told_the_page_token(host: StandIn) -> None:
    page = host.page()

    async def run() -> dict[str, Any]:
        async with bare_link(host, {"key": host.uplink_key, "v": 8}) as link:
            assert (await link.get())["auth"] == "OK"
            await link.send({"type": "REGISTER", "name": "told"})
            await link.call("registered?", "anvil.private.echo", None)
            await link.get()
            asking = asyncio.create_task(asyncio.to_thread(page.call, "told"))
            call = await link.get()
            await link.send({"id": call["id"], "response": None, "objects": []})
            assert "response" in await asking
        return call

    assert page.token not in json.dumps(asyncio.run(run()))


def test_a_malformed_call_is_refused(host: StandIn) -> None:
    status, answer = host.page().post("3", b"{}")
    assert (status, answer["error"]["type"]) == (400, "BadRequest")


def test_a_call_that_is_too_large_is_refused_before_it_is_read(host: StandIn) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=10)
    connection.putrequest("POST", "/_/call")
    connection.putheader("X-Page-Token", host.page().token)
    connection.putheader("Content-Length", str(10**9))
    connection.endheaders()
    response = connection.getresponse()
    assert (response.status, json.load(response)["error"]["type"]) == (413, "TooLarge")
    connection.close()


def test_a_typo_while_the_host_runs_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    app = tmp_path / "app"
    shutil.copytree(APP, app)
    typo = app / "client_code" / "typo.py"

    def bundle(port: int) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/_/bundle.js")
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, body

    async def run() -> tuple[int, bytes]:
        async with Host(load_keys(tmp_path / "keys.json"), app).running(0) as port:
            assert (await asyncio.to_thread(bundle, port))[0] == 200
            typo.write_text("x = = 1\n")
            broken = await asyncio.to_thread(bundle, port)
            typo.unlink()
            assert (await asyncio.to_thread(bundle, port))[0] == 200
            return broken

    status, body = asyncio.run(run())
    said = "typo.py, line 1: invalid syntax"
    assert (status, json.loads(body)) == (500, {"error": {"type": "AppError", "message": said}})
    assert said in caplog.text


def test_an_app_that_cannot_be_shown_stops_the_start(tmp_path: Path) -> None:
    async def run() -> None:
        async with Host(load_keys(tmp_path / "keys.json"), tmp_path).running(0):
            pass

    with pytest.raises(AppError):
        asyncio.run(run())
