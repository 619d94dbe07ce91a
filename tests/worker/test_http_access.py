"""Who may ask over HTTP, and what one gets of a worker that has no time."""

import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.http_client import ask
from tests.stand_in import StandIn, stand_in, wait_until, worker
from tests.worker.requests import SLOW, TOKEN, get, post
from worker import http
from worker.settings import Settings


def test_a_token_is_asked_for_where_one_is_set_and_is_in_no_log(tmp_path: Path, http_settings: dict[str, str]) -> None:
    environment = {**http_settings, "HTTP_TOKEN": TOKEN, "WORKER_LOG_LEVEL": "DEBUG"}
    with stand_in(tmp_path) as host, worker(host, environment=environment):
        for path in ("/models", "/health", "/metrics"):
            reply = get(host, path)
            assert reply.error == (401, "Unauthorized")
            assert reply.headers["www-authenticate"] == "Bearer"
            assert get(host, path, Authorization=f"Bearer {TOKEN}").status == 200
        for wrong in ("", "Bearer", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer \xff"):
            assert post(host, "/classify/plain", Authorization=wrong).error == (401, "Unauthorized")
        assert post(host, "/cifar10", {"key": "truck.jpg"}).error == (401, "Unauthorized")
        assert ask(host.port, "PUT", "/_/api/models").error == (401, "Unauthorized")
        assert post(host, "/classify/plain", Authorization=f"bearer {TOKEN}").json["label"] == "red"
    logs = [file.read_text() for file in tmp_path.glob("*.log")]
    assert len(logs) == 2
    assert not any(TOKEN in log for log in logs)
    assert any("call http_models outcome=Unauthorized" in log for log in logs)


def test_a_busy_worker_says_so_at_once(tmp_path: Path, http_settings: dict[str, str]) -> None:
    environment = {**http_settings, "CLASSIFIER_THREADS": "1", "WORKER_MAX_WAITING": "0"}
    with stand_in(tmp_path) as host, worker(host, environment=environment), ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda _: post(host, "/classify/plain", SLOW), range(6)))
    assert {reply.status for reply in replies} == {200, 429}
    for reply in replies:
        if reply.status == 429:
            assert reply.error == (429, "Busy")
            assert reply.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("kind", "draining", "status", "again"),
    [
        ("Busy", False, 429, "1"),
        ("Busy", True, 503, "1"),
        ("Timeout", False, 503, "1"),
        ("InternalError", False, 500, None),
        ("NotAPhoto", False, 415, None),
    ],
)
def test_what_may_pass_says_when_to_come_again(
    kind: str, draining: bool, status: int, again: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http.anvil.server, "request", SimpleNamespace(method="POST"))
    refused = {"error": {"type": kind, "message": "Try again."}}
    endpoints = http.Endpoints(
        None,  # type: ignore[arg-type]  # no function is reached
        SimpleNamespace(draining=draining),  # type: ignore[arg-type]  # all of a Status that is read
        lambda function: lambda parameters: refused,  # type: ignore[arg-type]  # a guard that refuses
        Settings(),
    )
    response = endpoints.endpoint("POST", endpoints.http_classify)()
    headers = {name.lower(): value for name, value in response._headers._headers}
    assert (response.status, headers.get("retry-after")) == (status, again)


def test_who_waits_too_long_is_told_to_come_again(tmp_path: Path, http_settings: dict[str, str]) -> None:
    environment = {**http_settings, "CLASSIFIER_THREADS": "1", "WORKER_CALL_TIMEOUT_S": "0.1"}
    with stand_in(tmp_path) as host, worker(host, environment=environment), ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(lambda _: post(host, "/classify/plain", SLOW), range(12)))
    late = [reply for reply in replies if reply.status != 200]
    assert late
    assert {reply.error for reply in late} <= {(503, "Timeout"), (429, "Busy")}
    assert {reply.headers["retry-after"] for reply in late} == {"1"}


def test_a_worker_that_stops_finishes_its_work_and_refuses_new(tmp_path: Path, http_settings: dict[str, str]) -> None:
    with stand_in(tmp_path) as host, worker(host, environment={**http_settings, "CLASSIFIER_THREADS": "1"}) as started:
        # So many that a fast machine, too, is at work on them when the next question comes.
        with ThreadPoolExecutor(10) as pool:
            at_work = [pool.submit(post, host, "/classify/plain", SLOW) for _ in range(10)]
            wait_until(lambda: get(host, "/health").json["waiting"] >= 7, 20)
            started.send_signal(signal.SIGTERM)
            refused = wait_until(lambda: (reply := get(host, "/health")).status != 200 and reply, 20)
            assert refused.error == (503, "Busy")
            # What still gets in is answered, what does not is refused.
            late = post(host, "/classify/plain")
            assert late.status == 200 or late.error == (503, "Busy")
            statuses = [call.result().status for call in at_work]
            # One was at work and seven waited, in a slow machine perhaps too long; what came later is refused.
            assert statuses.count(200) >= 2
            assert set(statuses) <= {200, 429, 503}
        assert started.wait(20) == 0
        # The service's own answer for an endpoint whose worker is gone.
        wait_until(lambda: host.links() == 0, 10, host.log)
        reply = get(host, "/health")
        assert (reply.status, reply.headers["content-type"]) == (500, "text/plain; charset=utf-8")


ELSEWHERE = "https://example.org"


@pytest.mark.parametrize("allowed", [ELSEWHERE, "*"])
def test_pages_of_an_allowed_origin_may_ask_with_a_photo_and_a_token(
    tmp_path: Path, http_settings: dict[str, str], allowed: str
) -> None:
    cors = {"HTTP_ALLOW_ORIGIN": allowed}
    environment = {**http_settings, **cors, "HTTP_TOKEN": TOKEN}
    with stand_in(tmp_path, environment=cors) as host, worker(host, environment=environment):
        preflight = {"Origin": ELSEWHERE, "Access_Control_Request_Method": "POST"}
        reply = ask(host.port, "OPTIONS", "/_/api/classify/plain", None, **preflight)
        assert (reply.status, reply.body) == (204, b"")
        assert reply.headers["access-control-allow-origin"] == allowed
        assert reply.headers["access-control-allow-methods"] == "POST"
        assert reply.headers["access-control-allow-headers"] == "authorization, content-type"
        assert reply.headers["vary"] == "Origin"
        reply = ask(host.port, "OPTIONS", "/_/api/models", None, **preflight)
        assert reply.headers["access-control-allow-methods"] == "GET, HEAD"
        bearer = {"Authorization": f"Bearer {TOKEN}", "Origin": ELSEWHERE}
        assert post(host, "/classify/plain", **bearer).headers["access-control-allow-origin"] == allowed
        # A refusal, too, is for the page to read.
        refused = post(host, "/classify/plain", Origin=ELSEWHERE)
        assert (refused.status, refused.headers["access-control-allow-origin"]) == (401, allowed)


def test_without_the_setting_nobody_is_allowed(served: StandIn) -> None:
    reply = ask(served.port, "OPTIONS", "/_/api/classify/plain")
    assert reply.error == (405, "WrongMethod")
    for answer in (reply, get(served, "/models")):
        assert not [name for name in answer.headers if name.startswith("access-control-")]
