"""A rehearsal: what teaching would do with each file, with nothing written."""

from pathlib import Path

from classifier.new_model import check_name
from classifier.runtime import without_greeting
from classifier.settings import Settings
from teach.bank import read_bank
from teach.copies import find_copies
from teach.embedding import Embedder
from teach.teacher import Progress, find, gather


def rehearse(
    photos: Path, name: str, none: Path | None, replace: bool, settings: Settings, progress: Progress | None
) -> list[dict[str, str]]:
    """For each file its name, `what` (use, copy, set aside, leave out) and `why`. Raises the errors of `teach`."""
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
    return sorted(planned, key=lambda entry: entry["name"])
