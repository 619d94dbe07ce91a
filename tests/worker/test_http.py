"""The HTTP endpoints of a real worker, through a real stand-in."""

import base64
import io
import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from tests.classifier.pictures import GREEN, RED, encoded, scene
from tests.classifier.tiny_models import only, tiny_model, write_shelf
from tests.classifier.tiny_models import write_model as write
from tests.http_client import Reply, ask, form
from tests.stand_in import StandIn, stand_in, wait_until, worker
from worker import http
from worker.settings import Settings

PHOTO = encoded(Image.new("RGB", (64, 64), RED), "JPEG")
# Few bytes, many pixels: it keeps a worker busy for a good part of a second.
SLOW = encoded(Image.new("RGB", (3500, 3500), RED), "PNG", compress_level=1)
TOKEN = "a-token-of-the-tests"  # noqa: S105
JPEG = {"Content_Type": "image/jpeg"}


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a worker with models of the reports' names and a folder of photos."""
    shelf = write_shelf(tmp_path_factory.mktemp("shelf"))
    write(shelf / "cifar10", tiny_model(False))
    photos = tmp_path_factory.mktemp("photos")
    (photos / "truck.jpg").write_bytes(PHOTO)
    (photos / "green field.png").write_bytes(encoded(Image.new("RGB", (9, 9), GREEN), "PNG"))
    (photos / "notes.txt").write_text("no photo")
    (photos / "large.bin").write_bytes(b"\xff\xd8\xff" + bytes(2 * 2**20))
    (photos / ".hidden.jpg").write_bytes(PHOTO)
    (photos / "inside.jpg").symlink_to("truck.jpg")
    (photos / "outside.jpg").symlink_to(shelf / "plain" / "card.json")
    (photos / "folder.jpg").mkdir()
    os.mkfifo(photos / "pipe.jpg")
    return {
        **only(shelf),
        "HTTP_PHOTOS_DIR": str(photos),
        "CLASSIFIER_MAX_UPLOAD_MB": "2",
        "CLASSIFIER_MAX_MEGAPIXELS": "30",
    }


@pytest.fixture(scope="module")
def served(host: StandIn, settings: dict[str, str]) -> Iterator[StandIn]:
    with worker(host, environment=settings):
        yield host


def post(host: StandIn, path: str, body: Any = PHOTO, **headers: str) -> Reply:
    if isinstance(body, bytes):
        headers = {**JPEG, **headers}
    return ask(host.port, "POST", "/_/api" + path, body, **headers)


def get(host: StandIn, path: str, **headers: str) -> Reply:
    return ask(host.port, "GET", "/_/api" + path, **headers)


def test_a_photo_in_the_body_is_answered_with_the_dict_of_the_contract(served: StandIn) -> None:
    reply = post(served, "/classify/plain")
    assert reply.status == 200
    keys = ["model", "label", "confidence", "unsure", "predictions", "milliseconds", "heatmap"]
    assert sorted(reply.json) == sorted(keys)
    assert (reply.json["model"], reply.json["label"], reply.json["heatmap"]) == ("plain", "red", None)
    assert reply.json["predictions"][0] == {"label": "red", "probability": reply.json["confidence"]}
    assert reply.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in reply.headers


def test_a_tiff_is_answered_with_the_same_dict(served: StandIn) -> None:
    assert (
        post(served, "/classify/plain", encoded(scene(), "TIFF")).json.keys()
        == post(served, "/classify/plain").json.keys()
    )


@pytest.mark.parametrize("content_type", ["image/jpeg", "IMAGE/PNG", "application/octet-stream", "image/x; q=1"])
def test_the_content_decides_and_not_the_name_of_its_type(served: StandIn, content_type: str) -> None:
    assert post(served, "/classify/plain", Content_Type=content_type).json["label"] == "red"


def test_a_photo_may_come_as_the_file_of_a_form(served: StandIn) -> None:
    for name, filename in (("photo", "my photo.jpg"), ("another", ""), ("photo", None)):
        body, content_type = form(name, filename, PHOTO)
        assert post(served, "/classify/plain", body, Content_Type=content_type).json["label"] == "red"


def test_a_form_without_a_file_or_broken_off_is_refused(served: StandIn) -> None:
    body, content_type = form("another", "x.jpg", PHOTO)
    assert post(served, "/classify/plain", body[:-100], Content_Type=content_type).error == (400, "BadRequest")
    for wrong in ("multipart/form-data", "multipart/form-data; boundary=other", 'multipart/form-data; boundary=""'):
        assert post(served, "/classify/plain", body, Content_Type=wrong).error == (400, "BadRequest")


def test_a_photo_may_come_as_text_in_json(served: StandIn) -> None:
    text = base64.b64encode(PHOTO).decode()
    for image in (text, f"data:image/jpeg;base64,{text}"):
        assert post(served, "/classify/plain?top=1", {"image": image}).json["label"] == "red"
    assert post(served, "/classify/plain", {"photo": 1}).error == (400, "BadRequest")
    large = base64.b64encode(bytes(3 * 2**20)).decode()
    assert post(served, "/classify/plain", {"image": large}).error == (413, "TooLarge")


def test_top_and_heatmap_are_parameters_of_the_query(served: StandIn) -> None:
    answer = post(served, "/classify/with_map?top=2&heatmap=true").json
    assert (answer["model"], len(answer["predictions"])) == ("with_map", 2)
    head, _, data = answer["heatmap"].partition(",")
    assert head == "data:image/png;base64"
    assert Image.open(io.BytesIO(base64.b64decode(data, validate=True))).size == (384, 384)
    assert post(served, "/classify/plain?heatmap=1").json["heatmap"] is None
    assert post(served, "/classify/with_map?heatmap=0").json["heatmap"] is None


@pytest.mark.parametrize(
    "query",
    ["self=1", "event=1", "parameters=1", "model=gone", "a=1&a=2", "=", "%ff=%00", "class=x&top=1", "method=GET"],
)
def test_unknown_parameters_are_nobodys_business(served: StandIn, query: str) -> None:
    assert post(served, f"/classify/plain?{query}").json["model"] == "plain"


@pytest.mark.parametrize(
    "query",
    ["top=0", "top=-1", "top=x", "top=", "top=1.5", "top=" + "9" * 5000, "top=1&top=2", "heatmap=yes", "heatmap="],
)
def test_parameters_that_make_no_sense_are_refused(served: StandIn, query: str) -> None:
    assert post(served, f"/classify/plain?{query}").error == (400, "BadRequest")


def test_every_refusal_of_a_photo_has_its_status(served: StandIn) -> None:
    png = encoded(scene(), "PNG")
    for body, error in (
        (b"some text", (415, "NotAPhoto")),
        (b"8BPS" + bytes(100), (415, "UnsupportedFormat")),
        (png[:200], (400, "Truncated")),
        (b"\xff\xd8\xff" + bytes(2 * 2**20), (413, "TooLarge")),
        (b"", (400, "BadRequest")),
    ):
        assert post(served, "/classify/plain", body).error == error
    body, content_type = form("photo", "x.jpg", b"\xff\xd8\xff" + bytes(2 * 2**20))
    assert post(served, "/classify/plain", body, Content_Type=content_type).error == (413, "TooLarge")


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "text/plain", "application/xml", "nonsense", ";", "multipart/mixed"],
)
def test_other_content_types_are_refused_with_the_fix(served: StandIn, content_type: str) -> None:
    reply = post(served, "/classify/plain", Content_Type=content_type)
    assert reply.error == (415, "UnsupportedFormat")
    assert "image/jpeg" in reply.json["error"]["message"]


@pytest.mark.parametrize("model", ["gone", "", "..", "%2e%2e%2fplain", "plain%00", "plain%0a", "%ff", "pl%61in%20"])
def test_an_unknown_model_is_not_found(served: StandIn, model: str) -> None:
    assert post(served, f"/classify/{model}").error == (404, "UnknownModel")


def test_the_model_is_read_as_an_address_is(served: StandIn) -> None:
    assert post(served, "/classify/pl%61in").json["model"] == "plain"


@pytest.mark.parametrize("path", ["/", "/classify", "/classify/plain/more", "/nothing", "/models//", "/%6dodels"])
def test_where_no_endpoint_is_the_service_answers_itself(served: StandIn, path: str) -> None:
    reply = get(served, path)
    assert (reply.status, reply.body) == (404, b"No matching API endpoint")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/classify/plain", "POST"),
        ("/cifar10", "POST"),
        ("/cifar100", "POST"),
        ("/models", "GET, HEAD"),
        ("/health", "GET, HEAD"),
        ("/metrics", "GET, HEAD"),
    ],
)
def test_another_method_is_told_the_right_one(served: StandIn, path: str, allowed: str) -> None:
    methods = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY"}
    for method in methods - set(allowed.split(", ")):
        reply = ask(served.port, method, "/_/api" + path)
        assert reply.error == (405, "WrongMethod")
        assert reply.headers["allow"] == allowed


def test_head_is_get_without_the_body(served: StandIn) -> None:
    for path in ("/health", "/models", "/metrics"):
        reply = ask(served.port, "HEAD", f"/_/api{path}")
        assert (reply.status, reply.body, reply.headers["cache-control"]) == (200, b"", "no-store")
    assert ask(served.port, "HEAD", "/_/api/health").headers["content-type"] == "application/json"
    refused = ask(served.port, "HEAD", "/_/api/classify/plain")
    assert (refused.status, refused.headers["allow"], refused.body) == (405, "POST", b"")


def test_a_slash_at_the_end_makes_no_difference(served: StandIn) -> None:
    for path in ("/models/", "/health/", "/metrics/"):
        assert get(served, path).status == 200
    assert post(served, "/classify/plain/").json["label"] == "red"
    assert post(served, "/cifar10/", {"key": "truck.jpg"}).json["label"] == "red"


def test_a_photo_of_the_owners_folder_is_answered_as_the_report_printed_it(served: StandIn) -> None:
    answer = post(served, "/cifar10", {"key": "truck.jpg"}).json
    assert (answer["model"], answer["label"], len(answer["predictions"])) == ("cifar10", "red", 3)
    assert answer["lines"] == [
        f"Predicción {place}: {entry['label']} ({100 * entry['probability']:.4f} %)"
        for place, entry in enumerate(answer["predictions"], 1)
    ]
    assert answer["lines"][0].startswith("Predicción 1: red (99.")
    assert post(served, "/cifar10", {"key": "green field.png", "more": 1}).json["label"] == "green"


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("gone.jpg", (404, "NotFound")),
        (".hidden.jpg", (404, "NotFound")),
        ("inside.jpg", (404, "NotFound")),
        ("outside.jpg", (404, "NotFound")),
        ("folder.jpg", (404, "NotFound")),
        ("pipe.jpg", (404, "NotFound")),
        ("x" * 300, (404, "NotFound")),
        ("\ud800.jpg", (404, "NotFound")),
        ("", (400, "BadRequest")),
        (".", (400, "BadRequest")),
        ("..", (400, "BadRequest")),
        ("../photos/truck.jpg", (400, "BadRequest")),
        ("./truck.jpg", (400, "BadRequest")),
        ("/etc/passwd", (400, "BadRequest")),
        ("..\\truck.jpg", (400, "BadRequest")),
        ("truck.jpg\0", (400, "BadRequest")),
        (None, (400, "BadRequest")),
        (7, (400, "BadRequest")),
        (["truck.jpg"], (400, "BadRequest")),
        ("notes.txt", (415, "NotAPhoto")),
        ("large.bin", (413, "TooLarge")),
    ],
)
def test_a_key_is_a_bare_name_and_nothing_leaves_the_folder(
    served: StandIn, key: object, error: tuple[int, str]
) -> None:
    reply = post(served, "/cifar10", {"key": key})
    assert reply.error == error
    assert "/" not in reply.json["error"]["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"truck.jpg"', b"[" * 90_000, b'{"key": NaN}', b"\xff", b"{}"])
def test_a_body_without_a_key_is_refused(served: StandIn, body: bytes) -> None:
    assert post(served, "/cifar10", body, Content_Type="application/json; charset=utf-8").error == (400, "BadRequest")


def test_a_key_wants_json_of_some_size(served: StandIn) -> None:
    assert post(served, "/cifar10", b'{"key": "truck.jpg"}', Content_Type="text/plain").status == 415
    assert post(served, "/cifar10", {"key": "truck.jpg", "more": "x" * 200_000}).error == (413, "TooLarge")


def test_a_model_that_is_not_on_the_shelf_yet_is_not_found(served: StandIn) -> None:
    assert post(served, "/cifar100", {"key": "truck.jpg"}).error == (404, "UnknownModel")


def test_models_and_health(served: StandIn) -> None:
    models = get(served, "/models?x=1").json
    assert models["default"] == "plain"
    assert [entry["name"] for entry in models["models"]] == ["cifar10", "plain", "with_map"]
    before = get(served, "/health").json
    assert (before["state"], before["default_model"]) == ("ready", "plain")
    post(served, "/classify/plain")
    assert get(served, "/health").json["calls"]["ok"] == before["calls"].get("ok", 0) + 1


def test_metrics_are_prometheus_text(served: StandIn) -> None:
    post(served, "/classify/with_map")
    reply = get(served, "/metrics")
    assert (reply.status, reply.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert re.search(rb'^worker_calls_total{model="with_map",outcome="ok"} [1-9]', reply.body, re.MULTILINE)


def test_no_path_of_the_machine_leaves(served: StandIn, settings: dict[str, str]) -> None:
    asked = [get(served, path) for path in ("/models", "/health", "/metrics")]
    for reply in (*asked, post(served, "/cifar10", {"key": "gone"})):
        assert settings["CLASSIFIER_MODELS_DIR"].encode() not in reply.body
        assert settings["HTTP_PHOTOS_DIR"].encode() not in reply.body


def test_a_token_is_asked_for_where_one_is_set_and_is_in_no_log(tmp_path: Path, settings: dict[str, str]) -> None:
    environment = {**settings, "HTTP_TOKEN": TOKEN, "WORKER_LOG_LEVEL": "DEBUG"}
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


def test_without_a_folder_there_are_no_photos_by_name(tmp_path: Path, settings: dict[str, str]) -> None:
    with stand_in(tmp_path) as host, worker(host, environment={**settings, "HTTP_PHOTOS_DIR": ""}):
        reply = post(host, "/cifar10", {"key": "truck.jpg"})
        assert reply.error == (404, "NotFound")
        assert "switched off" in reply.json["error"]["message"]


def test_a_busy_worker_says_so_at_once(tmp_path: Path, settings: dict[str, str]) -> None:
    environment = {**settings, "CLASSIFIER_THREADS": "1", "WORKER_MAX_WAITING": "0"}
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


def test_who_waits_too_long_is_told_to_come_again(tmp_path: Path, settings: dict[str, str]) -> None:
    environment = {**settings, "CLASSIFIER_THREADS": "1", "WORKER_CALL_TIMEOUT_S": "0.1"}
    with stand_in(tmp_path) as host, worker(host, environment=environment), ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(lambda _: post(host, "/classify/plain", SLOW), range(12)))
    late = [reply for reply in replies if reply.status != 200]
    assert late
    assert {reply.error for reply in late} <= {(503, "Timeout"), (429, "Busy")}
    assert {reply.headers["retry-after"] for reply in late} == {"1"}


def test_a_worker_that_stops_finishes_its_work_and_refuses_new(tmp_path: Path, settings: dict[str, str]) -> None:
    with stand_in(tmp_path) as host, worker(host, environment={**settings, "CLASSIFIER_THREADS": "1"}) as started:
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
    tmp_path: Path, settings: dict[str, str], allowed: str
) -> None:
    cors = {"HTTP_ALLOW_ORIGIN": allowed}
    environment = {**settings, **cors, "HTTP_TOKEN": TOKEN}
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
