"""The models there are: those that come with the project, and the owner's own.

A folder without a card is not a model. A new folder with a card is a new model: nothing else needs to change. One that
cannot be used is named with the reason, and the others are served.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from classifier.card import CARD_FILE, HEAD_FILE, Card, read_card
from classifier.errors import ClassifierError, ModelError, UnknownModelError

T = TypeVar("T")

# What the project ships. No running program writes to it.
SHIPPED = Path(__file__).parent / "weights"
# How the names of folders begin that are being written, or were put aside for a new one of their name (new_model.py).
HIDDEN = "."
ASIDE = ".old."
_TRIES = 5


@dataclass(frozen=True)
class Shelf:
    """Models by name, and why each of the others cannot be used."""

    cards: dict[str, Card] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)

    def card(self, name: str) -> Card:
        """The card of that name. Raises UnknownModelError, with the reason where the model is there but broken."""
        if name not in self.cards:
            raise unknown(name, self.cards, self.broken)
        return self.cards[name]


def unknown(name: str, usable: Iterable[str], broken: Mapping[str, str]) -> UnknownModelError:
    """The error for a name that is none of the `usable` models, with the reason where it is a `broken` one."""
    names = ", ".join(sorted(usable))
    hint = f"The models are: {names}." if names else "No model is there at all: check CLASSIFIER_MODELS_DIR."
    return UnknownModelError(f"{broken.get(name) or f'There is no model {name[:80]!r}.'} {hint}")


def read_shelves(own: Path, shipped: Sequence[str] | None = None) -> Shelf:
    """The shipped models, or those of them that `shipped` names, and the owner's, sorted by name.

    A model of the owner's is left out where its name is that of a shipped one, unless it is a head made over that one.
    """
    ours, theirs = read_shelf(SHIPPED), Shelf()
    if not (own.exists() and own.samefile(SHIPPED)):
        theirs = read_shelf(own)
    chosen = [*ours.cards, *ours.broken] if shipped is None else shipped
    cards = {name: card for name, card in ours.cards.items() if name in chosen}
    broken = {name: why for name, why in ours.broken.items() if name in chosen}
    for name in set(chosen) - {*ours.cards, *ours.broken}:
        broken[name] = f"Model {name} does not come with the project: check CLASSIFIER_SHIPPED_MODELS."
    for name in [*theirs.cards, *theirs.broken]:
        card = theirs.cards.get(name)
        if card and card.over and name in cards:
            try:
                cards[name] = _corrected(cards[name], card)
            except ModelError as error:
                broken[name] = str(error)
        elif name in chosen:
            broken[name] = f"Model {name} of your own has the name of a shipped model. Give it another, and its card."
        elif card:
            cards[name] = card
        else:
            broken[name] = theirs.broken[name]
    return Shelf(dict(sorted(cards.items())), dict(sorted(broken.items())))


def _corrected(shipped: Card, own: Card) -> Card:
    """The one of the two that answers. Raises ModelError where the owner's head is damaged, or of another version."""
    if own.over != shipped.digests.get(HEAD_FILE):
        raise ModelError(
            f"The corrections of model {own.name} were made for another version of it, which answers without them. "
            f"Fit them again: python -m teach corrections {own.name} --on"
        )
    own.check_digests()
    return shipped if own.off else own


def read_shelf(folder: Path) -> Shelf:
    """The models of one folder, sorted by name; none where there is no such folder."""
    shelf = Shelf()
    for name, place in _places(folder):
        try:
            shelf.cards[name] = read_card(place, name)
        except ModelError as error:
            shelf.broken[name] = str(error)
    return shelf


def steady(folder: Path, read: Callable[[], T]) -> T:
    """What `read` returns; where it fails while a model of the folder is being replaced, it reads again."""
    for _ in range(_TRIES):
        before = stamp(folder)
        try:
            return read()
        except ClassifierError:
            if stamp(folder) == before:
                raise
    return read()


def stamp(folder: Path) -> object:
    """Something that differs once any file of any model in the folder has been written, added or taken away.

    Cheap enough to be asked every second: names, sizes and times, no content.
    """
    found = []
    for name, place in _places(folder):
        try:
            files = [(file.name, file.stat()) for file in sorted(place.iterdir())]
        except OSError:  # taken away meanwhile, or not ours to read
            files = []
        found.append((name, [(file, stat.st_ino, stat.st_size, stat.st_mtime_ns) for file, stat in files]))
    return found


def _places(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each model's name and folder. One that was put aside stands for its name until the new one is in its place."""
    try:
        found = {entry.name: entry for entry in folder.iterdir() if has_card(entry)}
    except OSError:
        return
    places = {name: entry for name, entry in found.items() if not name.startswith(HIDDEN)}
    for name, entry in found.items():
        if name.startswith(ASIDE):
            places.setdefault(name.removeprefix(ASIDE).partition(".")[2], entry)
    for name, entry in sorted(places.items()):
        yield unicodedata.normalize("NFC", name), entry  # some file systems take names apart


def has_card(folder: Path) -> bool:
    """Whether the folder is a model, usable or not."""
    try:
        (folder / CARD_FILE).stat()
    except PermissionError:
        return True  # reading it will tell the owner
    except OSError:
        return False
    return True
