"""python -m benchmarks.training FOLDER...: what training pays beside teaching, on folders of class folders.

As many photos are held out and taught with as in benchmarks.teaching, in one draw. Right answers for photos held out:

    head            as python -m teach makes it
    trained on      head and trained blocks, as python -m train folder makes them; their mixture is fitted to a fifth of
                    the photos, where that command takes five times a fifth
    from scratch    a small residual network at 128 px that has seen nothing else
"""

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from benchmarks.teaching import PHOTOS, drawn
from classifier.runtime import without_greeting
from classifier.settings import Settings
from teach.embedding import Embedder
from teach.examples import Examples
from teach.lesson import learn
from teach.teacher import find
from teach.validation import held_out_rows
from train.data.part import Part
from train.folder.mixture import Mixture
from train.folder.photos import Photos, kept_maps, load, views
from train.folder.tail import Maps, Plan, answers, cut, train_on
from train.learning.loop import learn as train_network
from train.networks.residual import residual
from train.schedule import Augmentation, Schedule
from train.trunk import served

_SIDE = 128
_SEEN = 6_000


@dataclass(frozen=True)
class Subject:
    """A folder, looked at once."""

    photos: Photos
    maps: Maps
    pictures: NDArray[np.uint8]  # [N, 128, 128, 3], for the network from scratch
    tail: keras.Model


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="a folder with a folder for each class")
    parser.add_argument("--photos", type=int, nargs="+", default=PHOTOS, help="of each class (default: 20 50 200)")
    arguments = parser.parse_args()
    settings = Settings.load()
    with without_greeting():
        embedder = Embedder(settings)
    print("| folder | photos | head | trained on | from scratch | training on, s |\n|" + "---|" * 6)
    for folder in arguments.folders:
        with tempfile.TemporaryDirectory() as place:
            subject = _looked_at(folder, embedder, settings, Path(place))
            for count in arguments.photos:
                taught, held_out = drawn(subject.photos.examples, count, draw=0)
                row = _measured(
                    subject, np.array(sorted(taught)), np.array(held_out), embedder, Path(place) / str(count)
                )
                figures = " | ".join(f"{value:.3f}" for value in row[:3])
                print(f"| {folder.name} | {count} | {figures} | {row[3]:.0f} |", flush=True)


def _looked_at(folder: Path, embedder: Embedder, settings: Settings, place: Path) -> Subject:
    photos = load(find(folder), embedder)
    stem, tail = cut(served.network())
    pictures = np.stack([looks[0] for looks in views(photos, _SIDE, settings)])
    return Subject(photos, kept_maps(photos, stem, settings, place / "maps.npy"), pictures, tail)


def _measured(
    subject: Subject, taught: NDArray[np.int64], held_out: NDArray[np.int64], embedder: Embedder, run: Path
) -> list[float]:
    examples = subject.photos.examples
    truth, features = examples.truth, examples.features[:].astype(np.float32)

    def right(chances: NDArray[np.float32]) -> float:
        return float((chances.argmax(axis=1) == truth[held_out]).mean())

    def said(rows: NDArray[np.int64], of: NDArray[np.int64]) -> NDArray[np.float32]:
        head = learn(_only(examples, rows), embedder.trunk.card).head
        return features[of] @ head.kernel + head.bias

    def trained(rows: NDArray[np.int64], of: NDArray[np.int64], name: str) -> NDArray[np.float32]:
        model = train_on(subject.tail, subject.maps, rows, truth, Plan(), run / name)
        return answers(model, subject.maps, of)

    started = time.perf_counter()
    fold = held_out_rows(truth[taught])[0]
    chosen, rest = taught[fold], taught[~fold]
    mixture = Mixture.fitted(said(rest, chosen), trained(rest, chosen, "fold"), truth[chosen])
    of_head = said(taught, held_out)
    both = mixture.chances(of_head, trained(taught, held_out, "all"))
    seconds = time.perf_counter() - started
    return [right(of_head), right(both), right(_from_scratch(subject, taught, held_out, run / "scratch")), seconds]


def _only(examples: Examples, rows: NDArray[np.int64]) -> Examples:
    return examples.without(set(range(len(examples))) - set(rows.tolist()))


def _from_scratch(
    subject: Subject, taught: NDArray[np.int64], held_out: NDArray[np.int64], run: Path
) -> NDArray[np.float32]:
    examples = subject.photos.examples
    keras.utils.set_random_seed(0)
    network = residual((_SIDE, _SIDE, 3), len(examples.labels), (16, 32, 64, 128))
    plan = Schedule(
        optimizer="adamw",
        learning_rate=2e-3,
        batch=16,
        epochs=min(60, max(6, _SEEN // len(taught))),
        one_cycle=True,
        weight_decay=0.05,
        label_smoothing=0.05,
        augmentation=Augmentation(flip=True, rotation=10, shift=0.1, zoom=0.15, aspect=0.15, light=0.2),
    )
    run.mkdir(parents=True)
    learnt, others = (
        Part(subject.pictures[rows], examples.truth[rows], tuple(map(str, rows))) for rows in (taught, held_out)
    )
    found = train_network(network, plan, learnt, others, run, seed=0)
    said = np.asarray(found.predict(others.images, verbose=0))
    return said if said.shape[1] > 1 else np.concatenate([-said, said], axis=1)  # one logit for two labels


if __name__ == "__main__":
    main()
