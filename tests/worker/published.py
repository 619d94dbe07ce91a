"""A worker's published functions as the uplink library calls them, without a link."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anvil
from PIL import Image

from classifier.settings import Settings as ClassifierSettings
from tests.classifier.pictures import encoded
from worker.callables import Callables
from worker.gate import Gate
from worker.guard import Guard
from worker.models import Models
from worker.settings import Settings
from worker.status import Status
from worker.tally import Tally


@dataclass
class Published:
    """The parts of a worker, put together as worker/run.py does."""

    models: Models
    gate: Gate
    status: Status
    guard: Guard
    callables: Callables

    def ask(self, function: str, /, *arguments: Any, **keywords: Any) -> Any:
        """The answer of a published function."""
        return self.guard(getattr(self.callables, function))(*arguments, **keywords)


def published(shelf: Path, threads: int = 2, max_upload_mb: float = 20, **changes: Any) -> Published:
    """Over the models of a shelf; the default one is "plain"."""
    inner = ClassifierSettings(shelf, (), "plain", threads=threads, max_upload_mb=max_upload_mb)
    settings = Settings(classifier=inner, **changes)
    models = Models(inner)
    gate, tally = Gate(threads, settings.max_waiting), Tally()
    status = Status(models, gate, tally)
    return Published(models, gate, status, Guard(tally), Callables(models, gate, status, settings))


def media(data: bytes, name: str = "a very private name.jpg") -> anvil.BlobMedia:
    return anvil.BlobMedia("image/jpeg", data, name=name)


def photo(colour: tuple[int, int, int]) -> anvil.BlobMedia:
    return media(encoded(Image.new("RGB", (64, 64), colour), "JPEG"))


class HeldUpload(anvil.BlobMedia):  # type: ignore[misc]  # the library is untyped
    """A photo that keeps its call at work until it is let go."""

    def __init__(self, content: bytes, let_go: threading.Event) -> None:
        super().__init__("image/jpeg", content)
        self._let_go = let_go

    def get_length(self) -> int:
        return len(super().get_bytes())

    def get_bytes(self) -> bytes:
        assert self._let_go.wait(30)
        return bytes(super().get_bytes())
