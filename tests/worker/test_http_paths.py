"""Which path and method reach which endpoint, and the photos of the owner by name."""

import re
from pathlib import Path

import pytest

from tests.http_client import ask
from tests.stand_in import StandIn, stand_in, worker
from tests.worker.requests import get, post


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


def test_no_path_of_the_machine_leaves(served: StandIn, http_settings: dict[str, str]) -> None:
    asked = [get(served, path) for path in ("/models", "/health", "/metrics")]
    for reply in (*asked, post(served, "/cifar10", {"key": "gone"})):
        assert http_settings["CLASSIFIER_MODELS_DIR"].encode() not in reply.body
        assert http_settings["HTTP_PHOTOS_DIR"].encode() not in reply.body


def test_without_a_folder_there_are_no_photos_by_name(tmp_path: Path, http_settings: dict[str, str]) -> None:
    with stand_in(tmp_path) as host, worker(host, environment={**http_settings, "HTTP_PHOTOS_DIR": ""}):
        reply = post(host, "/cifar10", {"key": "truck.jpg"})
        assert reply.error == (404, "NotFound")
        assert "switched off" in reply.json["error"]["message"]
