"""A rehearsal: what teaching would do with each file, with nothing written."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from classifier.errors import BadRequestError
from classifier.names import printable
from classifier.new_model import check_name
from classifier.runtime import without_greeting
from classifier.settings import Settings
from teach.bank import read_bank
from teach.copies import find_copies
from teach.embedding import Embedder
from teach.examples import NONE
from teach.lesson import check_enough
from teach.teacher import Progress, find, gather


@dataclass(frozen=True)
class Rehearsal:
    """What teaching would do."""

    files: list[dict[str, str]]  # name, what (use, copy, set aside, leave out), why
    photos: dict[str, int]  # used, of each label
    notes: list[str]
    refused: str | None  # why nothing could be taught from these photos

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    def __str__(self) -> str:
        lines = [f"{one['what']:<10} {one['name']}{': ' + one['why'] if one['why'] else ''}" for one in self.files]
        used = ", ".join(f"{count} of {label}" for label, count in self.photos.items())
        end = f"It would be refused: {self.refused}" if self.refused else f"It would be taught from {used}."
        return "\n".join(map(printable, [*lines, "", *self.notes, end, "Nothing was written."]))


def rehearse(
    photos: Path, name: str, none: Path | None, replace: bool, settings: Settings, progress: Progress | None
) -> Rehearsal:
    """Look at each file. Raises the errors of `teach` for a name or folder that cannot be."""
    check_name(name, settings.models_dir, replace)
    with without_greeting():
        embedder = Embedder(settings)
    gathered = gather(find(photos, none), embedder, progress)
    examples = gathered.examples
    copies = find_copies(examples, read_bank(embedder.trunk.card.sha256).astype("float32").mean(axis=0))
    planned = []
    for row, file in enumerate(examples.names):
        what, why = "use", f"as {examples.label(row)}"
        if row in copies.across:
            other = copies.across[row]
            what, why = "set aside", f"it is also {examples.names[other]}, a {examples.label(other)}"
        elif row in copies.within:
            what, why = "copy", f"of {examples.names[copies.within[row]]}"
        planned.append({"name": file, "what": what, "why": why})
    planned += [{"name": entry["name"], "what": "leave out", "why": entry["why"]} for entry in gathered.left_out]
    used, refused = copies.without(examples), None
    try:
        check_enough(used, examples, copies)
    except BadRequestError as error:
        refused = str(error)
    counts = zip((*used.labels, NONE), used.counts().tolist(), strict=True)
    ordered = sorted(planned, key=lambda entry: entry["name"])
    return Rehearsal(ordered, {label: count for label, count in counts if count}, gathered.notes, refused)
