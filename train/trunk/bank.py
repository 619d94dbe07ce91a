"""The bank that travels with the trunk: a thousand photos of all kinds, as evenly from each folder as there are."""

import logging
from collections import defaultdict
from itertools import chain, islice, zip_longest
from pathlib import Path

import numpy as np

from classifier.settings import Settings
from classifier.trunk import FOLDER
from teach.bank import write_bank
from teach.embedding import Embedder, Embedding
from train.errors import DataMissingError

log = logging.getLogger(__name__)

# Photos: 2.6 kB each. With 250 to 2,000 of them, models of three public folders answered alike (within 2 points).
COUNT = 1000


def make(root: Path, folder: Path = FOLDER, count: int = COUNT) -> int:
    """Write the bank of the installed trunk from the photos under `root`; returns how many it holds.

    Raises:
        DataMissingError: there are fewer than `count` photos.
    """
    embedder = Embedder(Settings())
    found = (one for one in embedder.embed_many(evenly(root)) if isinstance(one, Embedding))
    features = [one.features for one in islice(found, count)]
    if len(features) < count:
        raise DataMissingError(f"{root} holds {len(features)} photos; the bank wants {count}.")
    write_bank(np.stack(features), embedder.trunk.card.sha256, folder)
    log.info("bank: %d photos", len(features))
    return len(features)


def evenly(root: Path) -> list[Path]:
    """All files under `root`, one from each folder in turn; which of a folder comes first is drawn, always alike."""
    folders: defaultdict[Path, list[Path]] = defaultdict(list)
    for file in sorted(root.rglob("*")):
        if file.is_file():
            folders[file.parent].append(file)
    rng = np.random.default_rng(0)
    drawn = [[files[row] for row in rng.permutation(len(files))] for files in folders.values()]
    return [file for file in chain.from_iterable(zip_longest(*drawn)) if file is not None]
