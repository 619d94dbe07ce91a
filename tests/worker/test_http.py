"""Photos to the HTTP endpoints of a real worker, through a real stand-in."""

import base64
import io

import pytest
from PIL import Image

from tests.classifier.pictures import encoded, scene
from tests.http_client import form
from tests.stand_in import StandIn
from tests.worker.requests import PHOTO, post


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
