"""A plain HTTP client for the tests: what is asked goes out as it stands."""

import http.client
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reply:
    """A response; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        assert self.headers["content-type"].split(";")[0] == "application/json", self.body
        return json.loads(self.body)

    @property
    def error(self) -> tuple[int, str]:
        """Status and type of a refusal, whose form is checked."""
        assert set(self.json) == {"error"}
        assert set(self.json["error"]) == {"type", "message"}
        assert len(self.json["error"]["message"]) > 10
        return self.status, self.json["error"]["type"]


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> Reply:
    """One request to 127.0.0.1. A dict goes as JSON; underscores in header names become hyphens."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, dict):
        body = json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        received = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, received, response.read())
    finally:
        connection.close()


def form(name: str, filename: str | None, data: bytes) -> tuple[bytes, str]:
    """A multipart form with a text field before the one that is asked for, and its content type."""
    file = f'; filename="{filename}"' if filename is not None else ""
    note = '--lim1t\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
    head = f'--lim1t\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return (note + head).encode() + data + b"\r\n--lim1t--\r\n", "multipart/form-data; boundary=lim1t"
