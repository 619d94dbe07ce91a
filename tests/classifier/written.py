"""Models that tests write to a shelf, and what is found there."""

from collections.abc import Callable
from pathlib import Path

from classifier.new_model import new_model
from classifier.shelf import read_shelf
from tests.classifier.tiny_models import card_of

NAME = "flowers"


def put(
    shelf: Path,
    content: str,
    name: str = NAME,
    replace: bool = True,
    size: int = 10,
    described: str | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    """Write a model whose title and file tell the same."""
    data = content.encode() * size
    with new_model(shelf, name, replace) as folder:
        (folder / "model.tflite").write_bytes(data)
        (folder / "card.json").write_text(card_of(name, described.encode() if described else data, title=content))
        meanwhile()


def interrupted() -> None:
    raise KeyboardInterrupt


def content(shelf: Path, name: str = NAME) -> str:
    """What the model on the shelf tells, which its digests have confirmed."""
    card = read_shelf(shelf).card(name)
    assert card.read("model.tflite").startswith(card.title.encode())
    return card.title


def left(shelf: Path) -> list[str]:
    return sorted(entry.name for entry in shelf.iterdir())
