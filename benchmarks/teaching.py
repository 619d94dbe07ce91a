"""python -m benchmarks.teaching FOLDER... --none FOLDER: how well a few photos teach, on folders of class folders.

Of each class a quarter, at most 60, is held out and never taught with. Models are taught with 20, 50 and 200 of the
others (or all, where there are fewer), several draws each, and asked about the photos held out and about those of the
folder --none, which must be things of no class. A line of a Markdown table for each:

    photos      of each class, taught with
    accuracy    right answers for photos held out, *none of these* being wrong
    its card    the cross-validated accuracy that the card says
    none        of photos of none, how many are called so; lost: of the photos held out
    at 5 %      of photos of none, how many would be, were the threshold such that 5 % of those held out are lost
    fit         processor seconds
"""

import argparse
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.runtime import without_greeting
from classifier.settings import Settings
from classifier.trunk import TrunkCard
from teach.embedding import Embedder, Embedding
from teach.examples import Examples
from teach.lesson import learn
from teach.teacher import find, gather

PHOTOS = (20, 50, 200)
HELD_OUT = 60
LOST = 0.05

Floats = NDArray[np.float32]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.teaching", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="a folder with a folder for each class")
    parser.add_argument("--none", type=Path, required=True, metavar="FOLDER", help="photos of none of the classes")
    parser.add_argument("--most", type=int, default=1000, help="how many photos of --none to take (default 1000)")
    parser.add_argument("--draws", type=int, default=3, help="how often to draw what is held out (default 3)")
    arguments = parser.parse_args()
    with without_greeting():
        embedder = Embedder(Settings.load())
    others = _others(embedder, arguments.none, arguments.most)
    print("| folder | classes | photos | accuracy | its card | none | lost | none at 5 % | fit, s |\n|" + "---|" * 9)
    for folder in arguments.folders:
        examples = gather(find(folder), embedder).examples
        for photos in PHOTOS:
            rows = [_measured(examples, photos, draw, others, embedder.trunk.card) for draw in range(arguments.draws)]
            figures = " | ".join(f"{value:.3f}" for value in np.mean(rows, axis=0)[1:])
            print(f"| {folder.name} | {len(examples.labels)} | {rows[0][0]:.0f} | {figures} |", flush=True)


def _others(embedder: Embedder, folder: Path, most: int) -> Floats:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    chosen = np.random.default_rng(0).permutation(len(files))[:most]
    found = embedder.embed_many(files[row] for row in chosen)
    return np.stack([one.features for one in found if isinstance(one, Embedding)]).astype(np.float32)


def drawn(examples: Examples, photos: int, draw: int) -> tuple[set[int], list[int]]:
    """Rows that are taught with, at most `photos` of each label, and rows that are held out."""
    rng = np.random.default_rng(draw)
    taught: set[int] = set()
    held_out: list[int] = []
    for label in range(len(examples.labels)):
        rows = rng.permutation(np.flatnonzero(examples.truth == label)).tolist()
        count = min(HELD_OUT, len(rows) // 4)
        held_out += rows[:count]
        taught |= set(rows[count : count + photos])
    return taught, held_out


def _measured(examples: Examples, photos: int, draw: int, others: Floats, trunk: TrunkCard) -> list[float]:
    taught, held_out = drawn(examples, photos, draw)
    started = time.process_time()
    lesson = learn(examples.without(set(range(len(examples))) - taught), trunk)
    seconds = time.process_time() - started
    chances = lesson.head.probabilities(examples.features.rows(np.array(held_out)).astype(np.float32))
    of_none, last = lesson.head.probabilities(others), len(examples.labels)
    threshold = np.quantile(chances[:, last], 1 - LOST)
    return [
        len(taught) / len(examples.labels),
        float((chances.argmax(axis=1) == examples.truth[held_out]).mean()),
        lesson.report.accuracy["value"],
        float((of_none.argmax(axis=1) == last).mean()),
        float((chances.argmax(axis=1) == last).mean()),
        float((of_none[:, last] > threshold).mean()),
        seconds,
    ]


if __name__ == "__main__":
    main()
