"""Requests to a worker's HTTP endpoints."""

from typing import Any

from PIL import Image

from tests.classifier.pictures import RED, encoded
from tests.http_client import Reply, ask
from tests.stand_in import StandIn

PHOTO = encoded(Image.new("RGB", (64, 64), RED), "JPEG")
# Few bytes, many pixels: it keeps a worker busy for a good part of a second.
SLOW = encoded(Image.new("RGB", (3500, 3500), RED), "PNG", compress_level=1)
TOKEN = "a-token-of-the-tests"  # noqa: S105
JPEG = {"Content_Type": "image/jpeg"}


def post(host: StandIn, path: str, body: Any = PHOTO, **headers: str) -> Reply:
    if isinstance(body, bytes):
        headers = {**JPEG, **headers}
    return ask(host.port, "POST", "/_/api" + path, body, **headers)


def get(host: StandIn, path: str, **headers: str) -> Reply:
    return ask(host.port, "GET", "/_/api" + path, **headers)
