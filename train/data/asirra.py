"""Cats and dogs (Asirra, Elson et al. 2007) from the folders of Microsoft's archive."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from train.data.cache import cached, identity, kept
from train.data.part import Dataset, Part
from train.data.pictures import decoded, decoded_to, duplicates
from train.errors import DataMissingError

# Pictures that show no animal: seen by eye, two of them as scaled banners of a shelter's web page.
NOT_ANIMALS = frozenset(
    {"Cat/8456", "Cat/11565", "Dog/2877", "Dog/8736", "Dog/10401", "Dog/10797"},
)
FEWEST = 24_000  # some copies of the archive lack a few of the 25,000


def asirra(root: Path, height: int, width: int, variant: str = "fixed") -> Dataset:
    """Labels cat (0) and dog (1), without pictures of neither and without copies.

    `root` holds PetImages/{Cat,Dog}/N.jpg. Variant "fixed": train N < 9000, validation 9000 <= N < 10000,
    test N >= 10000. Variant "reports": the 8,000 / 2,000 split of two of the reports, train N = 1..4000 of each
    class (of which the last 400 are our validation), test N = 4001..5000; copies inside it are kept, as there.

    Raises:
        DataMissingError: the photos are not in `root`.
    """
    names = _names(root)
    paths = [root / "PetImages" / f"{name}.jpg" for name in names]
    numbers = np.array([int(name.split("/")[1]) for name in names])
    classes = np.array([name.startswith("Dog") for name in names], np.int64)
    if variant == "fixed":
        keep = ~np.isin(names, _dropped(names, paths))
        bounds = ((0, 9_000), (9_000, 10_000), (10_000, 12_500))
        split = "train N < 9000, validation 9000 <= N < 10000, test N >= 10000"
    else:
        keep = np.ones(len(names), bool)
        bounds = ((1, 3_601), (3_601, 4_001), (4_001, 5_001))
        split = "train N = 1..3600, validation 3601..4000, test 4001..5000"

    def part(name: str, first: int, end: int) -> Part:
        rows = np.flatnonzero(keep & (numbers >= first) & (numbers < end))
        files = [paths[row] for row in rows]
        # A file for each part, from which pictures are read when they are wanted.
        images = kept(
            f"asirra-{variant}-{height}x{width}-{name}",
            identity(files),
            lambda path: decoded_to(path, files, height, width),
        )
        return Part(images, classes[rows], tuple(names[row] for row in rows))

    named = zip(("train", "validation", "test"), bounds, strict=True)
    train, validation, test = (part(name, *bound) for name, bound in named)
    files = tuple(root / "PetImages" / f"{key}.jpg" for key in test.keys)
    return Dataset("Asirra cats and dogs", split, ("cat", "dog"), train, validation, test, root, files=files)


def _names(root: Path) -> list[str]:
    pictures = root / "PetImages"
    names = [
        f"{kind}/{number}"
        for kind in ("Cat", "Dog")
        for number in range(12_500)
        if (pictures / kind / f"{number}.jpg").exists()
    ]
    if len(names) < FEWEST:
        raise DataMissingError(
            f"{pictures} holds {len(names)} of 25,000 Asirra photos; unpack Microsoft's cats-and-dogs archive there "
            "(PetImages/Cat/0.jpg ...), or name the folder that holds PetImages with --data"
        )
    return names


def _dropped(names: Sequence[str], paths: Sequence[Path]) -> list[str]:
    """Pictures that no figure may use: no animal on them, or a copy of one that comes earlier."""
    pairs = cached(
        "asirra-copies", identity(paths), lambda: np.array(duplicates(decoded(paths, 16, 17)), int).reshape(-1, 2)
    )
    return sorted(NOT_ANIMALS | {names[later] for _, later in pairs})
